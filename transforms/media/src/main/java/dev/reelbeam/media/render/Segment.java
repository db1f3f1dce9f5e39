package dev.reelbeam.media.render;

import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.composition.Overlay;
import dev.reelbeam.model.store.StepKey;
import java.io.Serializable;
import java.util.List;

/**
 * A slice of a timeline that describes itself: every frame number is relative to the slice, and
 * what its frames do not show is not in it. So a slice that looks the same is equal, wherever it
 * lies in whichever video, and its encoded form is found again.
 *
 * @param canvas picture area and frame rate
 * @param frames length, at least 2
 * @param slices one shot, or two while one takes over from the other, in order of time
 * @param overlays in drawing order
 */
public record Segment(Canvas canvas, int frames, List<ShotSlice> slices, List<Overlay> overlays)
    implements Serializable {
  /**
   * Raised whenever the same segment and settings may give other bytes: changes of the compositor,
   * of the encoder's fixed options, of the native libraries.
   */
  public static final int PIXEL_VERSION = 5;

  public Segment {
    slices = List.copyOf(slices);
    overlays = List.copyOf(overlays);
    if (frames < 2) {
      throw new IllegalArgumentException("a segment has at least 2 frames: " + frames);
    }
    if (slices.isEmpty() || slices.size() > 2) {
      throw new IllegalArgumentException("a segment sees one or two shots: " + slices.size());
    }
  }

  /** The key under which this slice, encoded like this, is found. */
  public StepKey key(EncodingSettings settings) {
    return StepKey.of("render-segment", PIXEL_VERSION, this, settings);
  }
}
