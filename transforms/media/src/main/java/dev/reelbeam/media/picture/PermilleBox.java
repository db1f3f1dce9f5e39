package dev.reelbeam.media.picture;

import java.io.Serializable;

/**
 * A rectangle inside a picture, in permille of its width and height; right and bottom exclusive.
 */
public record PermilleBox(int left, int top, int right, int bottom) implements Serializable {
  /** The whole picture. */
  public static final PermilleBox WHOLE = new PermilleBox(0, 0, 1000, 1000);

  /** Width in permille of the picture's width. */
  public int width() {
    return right - left;
  }

  /** Height in permille of the picture's height. */
  public int height() {
    return bottom - top;
  }
}
