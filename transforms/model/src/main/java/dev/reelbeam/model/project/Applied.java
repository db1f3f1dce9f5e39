package dev.reelbeam.model.project;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How the ledger took a control event that raises the epoch.
 *
 * @param row the project as it stands now, null when it is unknown
 */
public record Applied(Verdict verdict, @Nullable ProjectRow row) implements Serializable {
  /** What happened. */
  public enum Verdict {
    /** The epoch was raised by this event, now or at an earlier attempt with the same row. */
    APPLIED,
    /** The event had been applied before and the project has moved on since. */
    REPEATED,
    /** It names an epoch that is over. */
    STALE,
    /** A cancel of what has come to its end: there is nothing left to cancel. */
    ENDED,
    UNKNOWN_PROJECT
  }
}
