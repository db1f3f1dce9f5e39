package dev.reelbeam.model.port;

import dev.reelbeam.model.project.ProgressEvent;

/**
 * Takes progress events from every stage and every worker. Thread-safe, never blocks for long,
 * never throws: progress is worth less than the work.
 *
 * <p>The sink thins them out to what a person can see and merges them with {@link
 * dev.reelbeam.model.project.ProgressBoard}; the last event of a delivery is never thinned out.
 */
public interface ProgressSink extends AutoCloseable {
  void send(ProgressEvent event);

  /** An element came to its end in a stage; every one of them counts. */
  default void outcome(String stage, boolean failed) {}

  @Override
  void close();
}
