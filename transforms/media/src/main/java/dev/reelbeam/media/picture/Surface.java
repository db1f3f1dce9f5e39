package dev.reelbeam.media.picture;

/**
 * How a picture was made, told from its pixels at full size: drawings are flat, of few colours, and
 * ruled; photos have grain and gradients everywhere.
 *
 * @param flatPermille pixels that equal their right and lower neighbours within one step
 * @param topColoursPermille pixels of the eight most frequent colours (5 bits per channel)
 * @param ruledPermille pixels on straight horizontal or vertical edges of at least 24 pixels
 * @param evenBorderPermille pixels along the border that have the border's commonest colour
 */
record Surface(
    int flatPermille, int topColoursPermille, int ruledPermille, int evenBorderPermille) {
  static Surface of(PixelGrid g) {
    int w = g.width();
    int h = g.height();
    int[] in = g.argb();
    int[] histogram = new int[1 << 15];
    long flat = 0;
    long seen = 0;
    long ruled = 0;
    int rowStep = Math.max(1, h / 500);
    for (int y = 0; y < h - 1; y += rowStep) {
      int run = 0;
      for (int x = 0; x < w - 1; x++) {
        int p = in[y * w + x];
        int below = in[(y + 1) * w + x];
        histogram[bin(p)]++;
        seen++;
        if (near(p, in[y * w + x + 1], 1) && near(p, below, 1)) {
          flat++;
        }
        if (!near(p, below, 24)) {
          run++;
        } else {
          ruled += run >= 24 ? run : 0;
          run = 0;
        }
      }
      ruled += run >= 24 ? run : 0;
    }
    return new Surface(
        (int) (flat * 1000 / seen),
        (int) (largest(histogram, 8) * 1000 / seen),
        (int) (ruled * 1000 / seen),
        evenBorder(g));
  }

  /** The kind, with what else was found of text and transparency. */
  PictureKind kind(TextFinder.Found text, int transparentPermille) {
    // Gradients and defocus are flat too, but they spread over many colours.
    boolean drawn =
        (flatPermille >= 550 && topColoursPermille >= 600)
            || (flatPermille >= 700 && topColoursPermille >= 400 && text.letters() >= 20);
    boolean onEvenGround = transparentPermille >= 150 || evenBorderPermille >= 950;
    if (drawn && onEvenGround && text.lines() <= 2 && topColoursPermille >= 850) {
      return PictureKind.LOGO;
    }
    if (drawn) {
      boolean wordy = text.lines() >= 25 || text.areaPermille() >= 150;
      return wordy ? PictureKind.SCREENSHOT : PictureKind.DIAGRAM;
    }
    return PictureKind.PHOTO;
  }

  private static int bin(int p) {
    return (p >> 19 & 31) << 10 | (p >> 11 & 31) << 5 | (p >> 3 & 31);
  }

  private static boolean near(int p, int q, int within) {
    return Math.abs((p >> 16 & 0xFF) - (q >> 16 & 0xFF)) <= within
        && Math.abs((p >> 8 & 0xFF) - (q >> 8 & 0xFF)) <= within
        && Math.abs((p & 0xFF) - (q & 0xFF)) <= within;
  }

  private static long largest(int[] histogram, int count) {
    int[] copy = histogram.clone();
    java.util.Arrays.sort(copy);
    long sum = 0;
    for (int i = 1; i <= count; i++) {
      sum += copy[copy.length - i];
    }
    return sum;
  }

  private static int evenBorder(PixelGrid g) {
    int w = g.width();
    int h = g.height();
    int[] histogram = new int[1 << 15];
    int total = 0;
    for (int x = 0; x < w; x++) {
      histogram[bin(g.argb()[x])]++;
      histogram[bin(g.argb()[(h - 1) * w + x])]++;
      total += 2;
    }
    for (int y = 0; y < h; y++) {
      histogram[bin(g.argb()[y * w])]++;
      histogram[bin(g.argb()[y * w + w - 1])]++;
      total += 2;
    }
    return (int) (largest(histogram, 1) * 1000 / total);
  }
}
