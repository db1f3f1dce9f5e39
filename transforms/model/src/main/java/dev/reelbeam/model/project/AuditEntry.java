package dev.reelbeam.model.project;

import dev.reelbeam.model.json.RecordJson;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who decided what about which version, when and why; also what came of an event that did nothing.
 *
 * @param id unique and repeatable: the same decision writes the same row
 * @param eventId the event behind it, or {@code deadline:...} for a deadline that decided
 * @param version sha256 of the artifact, null where there is none
 * @param decision {@code approved}, {@code rejected}, {@code applied}, {@code duplicate}, {@code
 *     stale}, {@code early}, {@code unknown}, ...
 */
public record AuditEntry(
    String id,
    String project,
    @Nullable String gate,
    String eventId,
    String eventType,
    String who,
    long atMs,
    @Nullable String version,
    long epoch,
    String decision,
    @Nullable String reason)
    implements Serializable {
  /**
   * The line of an edit that a record itself has put an end to.
   *
   * @param now the record
   * @param epoch of the project with that record
   * @param what was given up
   */
  public static AuditEntry givenUp(
      ProjectEntry now, long epoch, String what, String why, long atMs) {
    String content = now.content().sha256();
    return new AuditEntry(
        // By the epoch too: the same text may put an end to a later edit once more.
        RecordJson.sha256(List.of(now.project(), now.key().revision(), epoch, what, content))
            .substring(0, 32),
        now.project(),
        null,
        "record:" + content.substring(0, Math.min(12, content.length())),
        "record_changed",
        "record",
        atMs,
        content,
        epoch,
        "given_up",
        what + ": " + why);
  }
}
