package dev.reelbeam.model.port;

import dev.reelbeam.model.engagement.OperationsEvent;
import java.util.List;

/**
 * What the books say about the running of the house. They know what no event tells: what waits is
 * silent. Thread-safe.
 */
public interface OperationsBooks extends AutoCloseable {
  /** Name of the queue, and of the bearer of costs, that stands for everybody. */
  String ALL = "all";

  /**
   * What is so at a moment.
   *
   * @param nowMs ms since 1970 UTC
   * @return the costs of the quarter of an hour and of the one before it, by site and for {@link
   *     #ALL}, each as a whole; and, as the queue {@link #ALL}, how many projects wait: drafts that
   *     are not admitted yet, and those of whose renders nothing has come yet
   */
  List<OperationsEvent> look(long nowMs);

  @Override
  void close();
}
