package dev.reelbeam.model.port;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;

/** The right to work on a step alone until it is closed; see {@link ObjectStore#lease}. */
@FunctionalInterface
public interface Lease extends AutoCloseable {
  /**
   * So many may end with a step before it is theirs no more: the machine may have been at fault.
   */
  int MOST_LOST = 3;

  /**
   * From so many on it is not by chance that workers end with a step: it is done alone, so that
   * those beside it are not counted with it.
   */
  int SUSPECT = 2;

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

  /** How many workers ended while they did this step, one after the other, and none finished it. */
  default int lost() {
    return 0;
  }

  /**
   * Sees to it that a step does not take worker after worker with it, as a damaged clip does that
   * crashes the library which decodes it.
   *
   * @throws StageException {@code WORKERS_LOST} when more than {@value #MOST_LOST} were lost
   */
  default void requireHarmless() throws StageException {
    if (lost() > MOST_LOST) {
      throw new StageException(
          FailureCode.WORKERS_LOST,
          lost() + " workers ended, one after the other, while they did this step");
    }
  }

  /** Lets the next one in. Closing twice does nothing. */
  @Override
  void close();
}
