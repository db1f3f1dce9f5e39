package dev.reelbeam.model.project;

import java.io.Serializable;
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
    implements Serializable {}
