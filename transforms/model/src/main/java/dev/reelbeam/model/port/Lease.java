package dev.reelbeam.model.port;

/** The right to work on a step alone until it is closed; see {@link ObjectStore#lease}. */
@FunctionalInterface
public interface Lease extends AutoCloseable {
  /** None: nobody is kept waiting, and nothing may be bought under it; see {@link Fence}. */
  Lease NONE =
      new Lease() {
        @Override
        public boolean held() {
          return false;
        }

        @Override
        public void close() {}
      };

  /** Whether nobody else can have it now; asks whoever gave it, so ask before what is dear. */
  default boolean held() {
    return true;
  }

  /** Lets the next one in. Closing twice does nothing. */
  @Override
  void close();
}
