package dev.reelbeam.media.composition;

import dev.reelbeam.model.store.MediaRef;
import java.io.Serializable;

/**
 * A transparent raster drawn over the shots: a caption, a label, a lower third, a watermark.
 *
 * <p>While it fades in, it also slides from ({@code x + slideDx}, {@code y + slideDy}) to its
 * place.
 *
 * @param raster PNG with alpha, drawn at its own size
 * @param x left edge on the canvas in pixels; may lie outside
 * @param y top edge on the canvas in pixels; may lie outside
 * @param startFrame first visible frame
 * @param endFrame first frame that does not show it any more
 * @param fadeInFrames frames until it is fully there; 0 appears at once
 * @param fadeOutFrames frames of the fade before {@code endFrame}; 0 leaves at once
 * @param slideDx horizontal distance of the slide-in in pixels
 * @param slideDy vertical distance of the slide-in in pixels
 * @param layer drawing order, lower first; equal layers in list order
 */
public record Overlay(
    MediaRef raster,
    int x,
    int y,
    int startFrame,
    int endFrame,
    int fadeInFrames,
    int fadeOutFrames,
    int slideDx,
    int slideDy,
    int layer)
    implements Serializable {
  private static final int MAX_OFFSET = 16_384;

  public Overlay {
    Require.that(
        endFrame > startFrame, "overlay must last: starts %d, ends %d", startFrame, endFrame);
    Require.that(fadeInFrames >= 0, "fadeInFrames must not be negative: %d", fadeInFrames);
    Require.that(fadeOutFrames >= 0, "fadeOutFrames must not be negative: %d", fadeOutFrames);
    Require.that(
        Math.abs(x) <= MAX_OFFSET
            && Math.abs(y) <= MAX_OFFSET
            && Math.abs(slideDx) <= MAX_OFFSET
            && Math.abs(slideDy) <= MAX_OFFSET,
        "overlay lies too far outside the canvas: x %d, y %d, slide %d, %d",
        x,
        y,
        slideDx,
        slideDy);
    // A slide takes place during the fade-in: without one it would never be seen.
    if (fadeInFrames == 0) {
      slideDx = 0;
      slideDy = 0;
    }
  }

  /** An overlay that appears and leaves at once. */
  public static Overlay hard(
      MediaRef raster, int x, int y, int startFrame, int endFrame, int layer) {
    return new Overlay(raster, x, y, startFrame, endFrame, 0, 0, 0, 0, layer);
  }

  /** An overlay that fades in and out in its place. */
  public static Overlay fading(
      MediaRef raster, int x, int y, int startFrame, int endFrame, int fadeFrames, int layer) {
    return new Overlay(raster, x, y, startFrame, endFrame, fadeFrames, fadeFrames, 0, 0, layer);
  }
}
