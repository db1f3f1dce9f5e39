package dev.reelbeam.model.visual;

import java.io.Serializable;

/**
 * The shape of a canvas, which is all that a provider of visuals has to know of it: videos of one
 * shape share their visuals, the small preview of the gate and the full video for instance.
 */
public enum Shape implements Serializable {
  PORTRAIT(1080, 1920),
  LANDSCAPE(1920, 1080),
  SQUARE(1080, 1080);

  private final int width;
  private final int height;

  Shape(int width, int height) {
    this.width = width;
    this.height = height;
  }

  /** The shape of a canvas of this size. */
  public static Shape of(int width, int height) {
    return width == height ? SQUARE : width < height ? PORTRAIT : LANDSCAPE;
  }

  /** Pixels that fill the largest canvas of this shape. */
  public int width() {
    return width;
  }

  /** Pixels that fill the largest canvas of this shape. */
  public int height() {
    return height;
  }
}
