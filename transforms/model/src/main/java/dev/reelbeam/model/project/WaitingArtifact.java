package dev.reelbeam.model.project;

import dev.reelbeam.model.content.RecordKey;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An artifact that waits at a gate for a decision.
 *
 * @param variant id of the variant
 * @param presets the deliveries that wait with it
 * @param artifact sha256 of what is to be decided about
 * @param refs what a reviewer looks at: name to sha256, for example {@code preview.mp4}
 * @param sinceMs when it began to wait, ms since 1970 UTC
 * @param deadlineMs when the deadline decides, null when it waits for ever
 * @param parked whether the element left the flow: a decision sends the record through again
 */
public record WaitingArtifact(
    RecordKey key,
    Gate gate,
    String variant,
    List<String> presets,
    String artifact,
    long epoch,
    java.util.Map<String, dev.reelbeam.model.store.MediaRef> refs,
    long sinceMs,
    @Nullable Long deadlineMs,
    boolean parked)
    implements Serializable {}
