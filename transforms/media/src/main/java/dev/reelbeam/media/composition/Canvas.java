package dev.reelbeam.media.composition;

import java.io.Serializable;

/**
 * The picture area and its clock.
 *
 * @param width in pixels, even, 64 to 4096
 * @param height in pixels, even, 64 to 4096
 * @param frameRate whole frames per second, 1 to 120
 */
public record Canvas(int width, int height, int frameRate) implements Serializable {
  private static final int MIN_SIDE = 64;
  private static final int MAX_SIDE = 4096;

  public Canvas {
    Require.that(
        width >= MIN_SIDE && width <= MAX_SIDE && width % 2 == 0,
        "canvas width must be even and within 64..4096: %d",
        width);
    Require.that(
        height >= MIN_SIDE && height <= MAX_SIDE && height % 2 == 0,
        "canvas height must be even and within 64..4096: %d",
        height);
    Require.that(frameRate >= 1 && frameRate <= 120, "frame rate must be 1..120: %d", frameRate);
  }

  /** Whether the canvas is higher than wide. */
  public boolean portrait() {
    return height > width;
  }
}
