package dev.reelbeam.model.port;

/** The right to work on a step alone until it is closed; see {@link ObjectStore#lease}. */
@FunctionalInterface
public interface Lease extends AutoCloseable {
  /** Lets the next one in. Closing twice does nothing. */
  @Override
  void close();
}
