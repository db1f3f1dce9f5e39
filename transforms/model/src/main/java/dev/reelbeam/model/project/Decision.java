package dev.reelbeam.model.project;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A decision about one artifact of a project at a gate; it holds for these bytes and no others,
 * also in later epochs.
 *
 * @param artifact sha256 of what was decided about
 * @param who user id, or {@code deadline}
 */
public record Decision(
    String project,
    Gate gate,
    String artifact,
    boolean approved,
    String eventId,
    String who,
    long atMs,
    @Nullable String reason)
    implements Serializable {}
