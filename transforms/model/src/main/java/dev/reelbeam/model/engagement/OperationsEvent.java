package dev.reelbeam.model.engagement;

import java.io.Serializable;

/**
 * Something that the running of the house is watched by.
 *
 * @param name the stage, the queue or the bearer of the cost
 * @param atMs when it was, ms since 1970 UTC
 * @param value {@link Kind#COST}: micro-dollars of the whole quarter of an hour so far, as the
 *     books say, so that one that is told twice counts once; {@link Kind#ATTEMPT}: how many failed;
 *     {@link Kind#QUEUE}: how many wait
 * @param count {@link Kind#ATTEMPT}: of how many; else 1
 */
public record OperationsEvent(Kind kind, String name, long atMs, long value, long count)
    implements Serializable {
  public OperationsEvent {
    // As those were written that did not say it.
    count = Math.max(1, count);
  }

  /** One that stands for itself. */
  public OperationsEvent(Kind kind, String name, long atMs, long value) {
    this(kind, name, atMs, value, 1);
  }

  /** What is watched. */
  public enum Kind {
    COST,
    ATTEMPT,
    QUEUE
  }
}
