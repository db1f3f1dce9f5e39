package dev.reelbeam.media.text;

/**
 * The part of a canvas that no platform covers, in pixels.
 *
 * <p>Vertical: 250 px at the top, 480 at the bottom, 140 at the right and 60 at the left of
 * 1080x1920, the union of what the platforms' controls cover. Otherwise title-safe: 90 % of each
 * side.
 *
 * @param scale pixels of this canvas per pixel of a canvas whose shorter side is 1080
 */
public record SafeArea(
    int canvasWidth,
    int canvasHeight,
    double left,
    double top,
    double right,
    double bottom,
    double scale) {
  private static final int MAX_SIDE = 8_192;

  /**
   * The safe area of a canvas.
   *
   * @throws IllegalArgumentException when a side lies outside 64-8192 px
   */
  public static SafeArea of(int width, int height) {
    if (width < 64 || height < 64 || width > MAX_SIDE || height > MAX_SIDE) {
      throw new IllegalArgumentException("canvas " + width + "x" + height + " is out of bounds");
    }
    double scale = Math.min(width, height) / 1080.0;
    if (height > width) {
      double x = width / 1080.0;
      double y = height / 1920.0;
      return new SafeArea(width, height, 60 * x, 250 * y, width - 140 * x, height - 480 * y, scale);
    }
    return new SafeArea(
        width, height, width * 0.05, height * 0.05, width * 0.95, height * 0.95, scale);
  }

  /** Taller than wide. */
  public boolean vertical() {
    return canvasHeight > canvasWidth;
  }

  public double width() {
    return right - left;
  }

  public double height() {
    return bottom - top;
  }

  /** The middle between left and right: what captions are centred on. */
  public double centreX() {
    return (left + right) / 2;
  }

  /** Pixels of this canvas for a length given for a shorter side of 1080. */
  public double px(double designPx) {
    return designPx * scale;
  }

  /** Whether a rectangle lies inside, with half a pixel of tolerance for rounding. */
  public boolean contains(double x, double y, double w, double h) {
    return x >= left - 0.5 && y >= top - 0.5 && x + w <= right + 0.5 && y + h <= bottom + 0.5;
  }
}
