package dev.reelbeam.stages.review;

import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.project.AuditEntry;
import dev.reelbeam.model.project.ControlEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lines of the audit log: what came of an event, also of one that did nothing. */
public final class Audits {
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
