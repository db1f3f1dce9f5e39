package dev.reelbeam.model.engagement;

import java.io.Serializable;

/**
 * Something that the running of the house is watched by.
 *
 * @param name the stage, the queue or the bearer of the cost
 * @param atMs when it was, ms since 1970 UTC
 * @param value {@link Kind#COST}: micro-dollars of the whole quarter of an hour so far, as the
 *     books say, so that one that is told twice counts once; {@link Kind#ATTEMPT}: 1 when it
 *     failed, else 0; {@link Kind#QUEUE}: how many wait
 */
public record OperationsEvent(Kind kind, String name, long atMs, long value)
    implements Serializable {
  /** What is watched. */
  public enum Kind {
    COST,
    ATTEMPT,
    QUEUE
  }
}
