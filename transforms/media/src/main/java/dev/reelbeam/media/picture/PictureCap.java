package dev.reelbeam.media.picture;

/**
 * The most that is kept of a picture. The shorter side counts, because it is what fills a canvas:
 * of a landscape in a portrait video the rows, of which a long side says nothing.
 *
 * @param shortSidePx most pixels on the shorter side, at least 64
 * @param pixels most pixels altogether, at least 4096
 */
public record PictureCap(int shortSidePx, long pixels) {
  /**
   * What a store keeps. 1.35 times the 1920 rows of the largest canvas, which is more than the
   * closest that a camera comes; 12 megapixels are still 2000 rows of a panorama of 3:1.
   */
  public static final PictureCap DEFAULT = new PictureCap(2600, 12_000_000);

  /** Longer rows and columns than this are no picture's; encoders and scalers have their ends. */
  private static final int LONGEST_SIDE_PX = 16_384;

  private static final int SMALLEST_PX = 64;

  public PictureCap {
    if (shortSidePx < SMALLEST_PX || pixels < SMALLEST_PX * SMALLEST_PX) {
      throw new IllegalArgumentException(shortSidePx + " px, " + pixels + " pixels");
    }
  }

  /** A size in pixels. */
  record Size(int widthPx, int heightPx) {
    long pixels() {
      return (long) widthPx * heightPx;
    }
  }

  /** The size that a picture of this one is kept in: in its shape, and never larger. */
  Size fit(int widthPx, int heightPx) {
    double scale =
        Math.min(
            Math.min(1.0, (double) shortSidePx / Math.min(widthPx, heightPx)),
            Math.min(
                Math.sqrt(pixels / ((double) widthPx * heightPx)),
                (double) LONGEST_SIDE_PX / Math.max(widthPx, heightPx)));
    return scale >= 1
        ? new Size(widthPx, heightPx)
        : new Size(scaled(widthPx, scale), scaled(heightPx, scale));
  }

  /** Down, so that the cap holds; the little more is for what should have come out whole. */
  private static int scaled(int px, double scale) {
    return Math.max(1, (int) (px * scale + 1e-6));
  }
}
