package dev.reelbeam.model.content;

import dev.reelbeam.model.video.VideoType;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of a record.
 *
 * @param type wanted length class; null: inferred from the presets
 * @param presets ids of the target presets, in the order asked for
 * @param priority one of {@link #PRIORITIES}
 * @param videoEnabled whether videos are wanted at all
 * @param overlays texts to be read at their times; null for none
 */
public record ProjectRequest(
    @Nullable VideoType type,
    List<String> presets,
    VideoSettings settings,
    ReviewPolicy review,
    String priority,
    boolean videoEnabled,
    @Nullable List<TextOverlay> overlays)
    implements Serializable {
  /** Priorities, the most urgent first. */
  public static final List<String> PRIORITIES = List.of("high", "normal", "low");

  public ProjectRequest {
    overlays = overlays == null || overlays.isEmpty() ? null : List.copyOf(overlays);
  }

  /** Without texts of its own. */
  public ProjectRequest(
      @Nullable VideoType type,
      List<String> presets,
      VideoSettings settings,
      ReviewPolicy review,
      String priority,
      boolean videoEnabled) {
    this(type, presets, settings, review, priority, videoEnabled, null);
  }

  /** Texts to be read at their times; none usually. */
  public List<TextOverlay> texts() {
    return overlays == null ? List.of() : overlays;
  }
}
