package dev.reelbeam.model.project;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A decision about one artifact of a project at a gate; it holds for these bytes and no others. An
 * approval holds in later epochs, too; what was rejected may be asked about again in one.
 *
 * @param artifact sha256 of what was decided about
 * @param who user id, or {@link #DEADLINE}
 * @param atMs when it was decided, ms since 1970 UTC; of a deadline, when it passed
 * @param epoch the epoch for which it was decided
 */
public record Decision(
    String project,
    Gate gate,
    String artifact,
    boolean approved,
    String eventId,
    String who,
    long atMs,
    @Nullable String reason,
    long epoch)
    implements Serializable {
  /** Who decided when nobody did in time. */
  public static final String DEADLINE = "deadline";

  /** What an event decides about an artifact: {@code approved} or {@code rejected}. */
  public static Decision of(ControlEvent event, Gate gate, String artifact, long epoch) {
    return new Decision(
        event.project(),
        gate,
        artifact,
        event.type().equals(ControlType.APPROVED.label()),
        event.eventId(),
        event.who(),
        event.atMs(),
        event.reason(),
        epoch);
  }

  /**
   * Whether it takes the place of another one about the same bytes. That of a later epoch does,
   * whatever the clocks of those who decided say: who decides in it is asked anew. Within an epoch
   * the newest decision of a person holds, of two of the same millisecond the one that is told of
   * last. A deadline stands for a person who did not decide, so it never counts against one who did
   * in the same epoch, however late it was heard of them.
   */
  public boolean replaces(Decision known) {
    if (eventId.equals(known.eventId)) {
      return false;
    }
    if (epoch != known.epoch) {
      return epoch > known.epoch;
    }
    return byDeadline() == known.byDeadline() ? atMs >= known.atMs : known.byDeadline();
  }

  /** Whether it replaces another one and says the opposite. */
  public boolean turns(Decision known) {
    return approved != known.approved && replaces(known);
  }

  /** Whether nobody decided in time. */
  public boolean byDeadline() {
    return who.equals(DEADLINE);
  }
}
