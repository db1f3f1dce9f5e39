package dev.reelbeam.media.picture;

/**
 * Makes pictures smaller: halved by 2x2 means while more than twice too large, then one separable
 * pass with the cubic of Keys 1981 (a = -0.5) stretched to the ratio, so that every source pixel
 * counts. Fixed point with StrictMath-free arithmetic: the same bytes on every machine.
 */
final class Resampler {
  private static final int ONE = 1 << 14;

  private Resampler() {}

  /** At most {@code maxSidePx} on the longer side; never larger than before. */
  static PixelGrid atMost(PixelGrid source, int maxSidePx) {
    int longest = Math.max(source.width(), source.height());
    if (longest <= maxSidePx) {
      return source;
    }
    int w = Math.max(1, (int) (((long) source.width() * maxSidePx + longest / 2) / longest));
    int h = Math.max(1, (int) (((long) source.height() * maxSidePx + longest / 2) / longest));
    return toSize(source, w, h);
  }

  /** What the cap lets be kept; never larger than before. */
  static PixelGrid atMost(PixelGrid source, PictureCap cap) {
    PictureCap.Size kept = cap.fit(source.width(), source.height());
    return kept.widthPx() == source.width() && kept.heightPx() == source.height()
        ? source
        : toSize(source, kept.widthPx(), kept.heightPx());
  }

  /** Exactly this size; where it is larger than the source, the cubic interpolates. */
  static PixelGrid toSize(PixelGrid source, int w, int h) {
    boolean alpha = source.usesAlpha();
    PixelGrid grid = alpha ? premultiplied(source) : source;
    while (grid.width() >= 2 * w && grid.height() >= 2 * h) {
      grid = halved(grid);
    }
    if (grid.width() != w || grid.height() != h) {
      grid = columns(rows(grid, w), h);
    }
    return alpha ? unmultiplied(grid) : grid;
  }

  /** Mean of whole 2x2 blocks; an odd last row or column joins nothing and is left out. */
  static PixelGrid halved(PixelGrid s) {
    int w = s.width() / 2;
    int h = s.height() / 2;
    PixelGrid result = new PixelGrid(w, h);
    int[] in = s.argb();
    int[] out = result.argb();
    for (int y = 0; y < h; y++) {
      int top = 2 * y * s.width();
      int bottom = top + s.width();
      for (int x = 0; x < w; x++) {
        int a = in[top + 2 * x];
        int b = in[top + 2 * x + 1];
        int c = in[bottom + 2 * x];
        int d = in[bottom + 2 * x + 1];
        // Two channels at a time: the sums of four bytes stay inside their 16 bits.
        int rb = (a & 0xFF00FF) + (b & 0xFF00FF) + (c & 0xFF00FF) + (d & 0xFF00FF) + 0x20002;
        int ag =
            (a >>> 8 & 0xFF00FF)
                + (b >>> 8 & 0xFF00FF)
                + (c >>> 8 & 0xFF00FF)
                + (d >>> 8 & 0xFF00FF)
                + 0x20002;
        out[y * w + x] = (rb >>> 2 & 0xFF00FF) | (ag >>> 2 & 0xFF00FF) << 8;
      }
    }
    return result;
  }

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Taps(int[] first, int[] weights, int count) {
    static Taps of(int from, int to) {
      double ratio = (double) from / to;
      double stretch = Math.max(1.0, ratio);
      int count = (int) StrictMath.ceil(4 * stretch) + 1;
      int[] first = new int[to];
      int[] weights = new int[to * count];
      double[] exact = new double[count];
      for (int i = 0; i < to; i++) {
        double centre = (i + 0.5) * ratio - 0.5;
        int start = (int) StrictMath.floor(centre - 2 * stretch) + 1;
        double sum = 0;
        for (int k = 0; k < count; k++) {
          exact[k] = cubic((start + k - centre) / stretch);
          sum += exact[k];
        }
        int clampedStart = Math.max(0, Math.min(start, from - count));
        first[i] = clampedStart;
        int total = 0;
        int largest = 0;
        for (int k = 0; k < count; k++) {
          int source = Math.max(0, Math.min(from - 1, start + k));
          int slot = Math.max(0, Math.min(count - 1, source - clampedStart));
          int weight = (int) StrictMath.rint(exact[k] / sum * ONE);
          weights[i * count + slot] += weight;
          total += weight;
          if (weights[i * count + slot] > weights[i * count + largest]) {
            largest = slot;
          }
        }
        weights[i * count + largest] += ONE - total;
      }
      return new Taps(first, weights, count);
    }

    private static double cubic(double distance) {
      double x = Math.abs(distance);
      if (x < 1) {
        return 1.5 * x * x * x - 2.5 * x * x + 1;
      }
      return x < 2 ? -0.5 * x * x * x + 2.5 * x * x - 4 * x + 2 : 0;
    }
  }

  private static PixelGrid rows(PixelGrid s, int w) {
    Taps taps = Taps.of(s.width(), w);
    int count = Math.min(taps.count, s.width());
    PixelGrid result = new PixelGrid(w, s.height());
    int[] in = s.argb();
    int[] out = result.argb();
    for (int y = 0; y < s.height(); y++) {
      int row = y * s.width();
      for (int x = 0; x < w; x++) {
        int at = row + taps.first[x];
        int wAt = x * taps.count;
        int a = ONE / 2;
        int r = ONE / 2;
        int g = ONE / 2;
        int b = ONE / 2;
        for (int k = 0; k < count; k++) {
          int p = in[at + k];
          int weight = taps.weights[wAt + k];
          a += (p >>> 24) * weight;
          r += (p >> 16 & 0xFF) * weight;
          g += (p >> 8 & 0xFF) * weight;
          b += (p & 0xFF) * weight;
        }
        out[y * w + x] = clamp(a) << 24 | clamp(r) << 16 | clamp(g) << 8 | clamp(b);
      }
    }
    return result;
  }

  private static PixelGrid columns(PixelGrid s, int h) {
    Taps taps = Taps.of(s.height(), h);
    int count = Math.min(taps.count, s.height());
    int w = s.width();
    PixelGrid result = new PixelGrid(w, h);
    int[] in = s.argb();
    int[] out = result.argb();
    int[] sums = new int[4 * w];
    for (int y = 0; y < h; y++) {
      java.util.Arrays.fill(sums, ONE / 2);
      for (int k = 0; k < count; k++) {
        int weight = taps.weights[y * taps.count + k];
        if (weight == 0) {
          continue;
        }
        int row = (taps.first[y] + k) * w;
        for (int x = 0, c = 0; x < w; x++, c += 4) {
          int p = in[row + x];
          sums[c] += (p >>> 24) * weight;
          sums[c + 1] += (p >> 16 & 0xFF) * weight;
          sums[c + 2] += (p >> 8 & 0xFF) * weight;
          sums[c + 3] += (p & 0xFF) * weight;
        }
      }
      for (int x = 0, c = 0; x < w; x++, c += 4) {
        out[y * w + x] =
            clamp(sums[c]) << 24
                | clamp(sums[c + 1]) << 16
                | clamp(sums[c + 2]) << 8
                | clamp(sums[c + 3]);
      }
    }
    return result;
  }

  private static int clamp(int scaled) {
    int value = scaled >> 14;
    return value < 0 ? 0 : Math.min(value, 255);
  }

  private static PixelGrid premultiplied(PixelGrid s) {
    PixelGrid result = new PixelGrid(s.width(), s.height());
    for (int i = 0; i < s.argb().length; i++) {
      int p = s.argb()[i];
      int a = p >>> 24;
      int r = ((p >> 16 & 0xFF) * a + 127) / 255;
      int g = ((p >> 8 & 0xFF) * a + 127) / 255;
      int b = ((p & 0xFF) * a + 127) / 255;
      result.argb()[i] = a << 24 | r << 16 | g << 8 | b;
    }
    return result;
  }

  private static PixelGrid unmultiplied(PixelGrid s) {
    int[] argb = s.argb();
    for (int i = 0; i < argb.length; i++) {
      int p = argb[i];
      int a = p >>> 24;
      if (a != 0 && a != 255) {
        int r = Math.min(255, ((p >> 16 & 0xFF) * 255 + a / 2) / a);
        int g = Math.min(255, ((p >> 8 & 0xFF) * 255 + a / 2) / a);
        int b = Math.min(255, ((p & 0xFF) * 255 + a / 2) / a);
        argb[i] = a << 24 | r << 16 | g << 8 | b;
      }
    }
    return s;
  }
}
