package dev.reelbeam.stages.review;

import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.project.AuditEntry;
import dev.reelbeam.model.project.ControlEvent;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lines of the audit log: what came of an event, also of one that did nothing. */
public final class Audits {
  /** A decision whose artifact has not come yet. */
  static final String EARLY = "early";

  /** A decision that turns another one round whose artifact has gone on. */
  static final String PAST = "past";

  /** The same event once more; what came of it the first time is another line. */
  static final String REPEATED = "repeated";

  private static final int MOST_CHARACTERS = 4_000;

  private Audits() {}

  /**
   * The text as every database takes it: what went wrong with an event may quote what was in it.
   */
  private static @Nullable String readable(@Nullable String text) {
    if (text == null) {
      return null;
    }
    String clean = text.replace('\0', '\uFFFD');
    return clean.length() > MOST_CHARACTERS ? clean.substring(0, MOST_CHARACTERS) : clean;
  }

  /**
   * Whether an event that is heard now was dealt with in an epoch before this one: then it is over
   * with that, also if it names none. It comes again from its sender or after a restart, and what
   * has been decided since, or is asked about anew, is not its affair.
   *
   * @param lines what was written of it so far
   */
  public static boolean isSpent(List<AuditEntry> lines, long epoch) {
    return lines.stream().anyMatch(line -> line.epoch() < epoch && !isOpen(line));
  }

  /** The line by which its gate has dealt with an event; empty while it has not. */
  public static Optional<AuditEntry> answer(List<AuditEntry> lines, ControlEvent event) {
    return lines.stream()
        .filter(line -> !isOpen(line))
        .filter(
            line ->
                event.gate() != null
                    && line.id().equals(of(event, event.gate(), line.decision(), 0, null).id()))
        .findFirst();
  }

  /**
   * Whether a line leaves open what comes of the event, as the ledger's look for early ones has it.
   */
  private static boolean isOpen(AuditEntry line) {
    return switch (line.decision()) {
      case EARLY, PAST, REPEATED -> true;
      default -> false;
    };
  }

  /**
   * The line of an event at one place of the graph; the same line when it is written again.
   *
   * @param place a gate's label, or {@code project}
   * @param decision what came of it
   * @param epoch the project's epoch when it was decided
   */
  public static AuditEntry of(
      ControlEvent event, String place, String decision, long epoch, @Nullable String reason) {
    return new AuditEntry(
        RecordJson.sha256(List.of(event.project(), event.eventId(), place, decision))
            .substring(0, 32),
        event.project(),
        event.gate(),
        event.eventId(),
        event.type(),
        event.who(),
        event.atMs(),
        event.artifact(),
        epoch,
        decision,
        readable(reason == null ? event.reason() : reason));
  }
}
