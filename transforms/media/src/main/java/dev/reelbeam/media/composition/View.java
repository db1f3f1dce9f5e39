package dev.reelbeam.media.composition;

import java.io.Serializable;

/**
 * What the camera sees, relative to the base frame of a {@link Still}.
 *
 * <p>A centre may lie outside the base frame where a covering picture goes on; the engine keeps the
 * view inside the picture.
 *
 * @param centerXPermyriad centre of the view in 1/10000 of the base frame's width, 5000 its middle
 * @param centerYPermyriad centre of the view in 1/10000 of the base frame's height, 5000 its middle
 * @param zoomPermille 1000 shows the width of the base frame, 2000 half of it; 1000 to 4000
 */
public record View(int centerXPermyriad, int centerYPermyriad, int zoomPermille)
    implements Serializable {
  /** The base frame itself. */
  public static final View BASE = new View(5000, 5000, 1000);

  private static final int MAX_OFFSET = 40_000;

  public View {
    Require.that(
        Math.abs(centerXPermyriad - 5000) <= MAX_OFFSET,
        "centerXPermyriad must be within 40000 of 5000: %d",
        centerXPermyriad);
    Require.that(
        Math.abs(centerYPermyriad - 5000) <= MAX_OFFSET,
        "centerYPermyriad must be within 40000 of 5000: %d",
        centerYPermyriad);
    Require.that(
        zoomPermille >= 1000 && zoomPermille <= 4000,
        "zoomPermille must be 1000..4000: %d",
        zoomPermille);
  }

  /** A zoom towards the middle. */
  public static View zoom(int zoomPermille) {
    return new View(5000, 5000, zoomPermille);
  }
}
