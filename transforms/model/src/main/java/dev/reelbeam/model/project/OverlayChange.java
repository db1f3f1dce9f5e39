package dev.reelbeam.model.project;

import dev.reelbeam.model.content.TextOverlay;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Payload of {@code overlay_changed}.
 *
 * @param overlays all texts that are to be read at their times, an empty list for none; null: those
 *     of the record again
 */
public record OverlayChange(@Nullable List<TextOverlay> overlays) implements Serializable {}
