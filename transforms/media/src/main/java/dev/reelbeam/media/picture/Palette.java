package dev.reelbeam.media.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Dominant colours: k-means over a histogram of 4 bits per channel, begun at the places that are
 * both frequent and far apart, so that the result has nothing random in it.
 */
final class Palette {
  private static final int BINS = 1 << 12;
  private static final int ROUNDS = 8;

  private Palette() {}

  /** One to {@code wanted} colours as {@code #rrggbb}, the largest share first. */
  static List<String> dominant(PixelGrid picture, int wanted) {
    long[] count = new long[BINS];
    long[][] sum = new long[3][BINS];
    for (int p : picture.argb()) {
      int r = p >> 16 & 0xFF;
      int g = p >> 8 & 0xFF;
      int b = p & 0xFF;
      int bin = r >> 4 << 8 | g >> 4 << 4 | b >> 4;
      count[bin]++;
      sum[0][bin] += r;
      sum[1][bin] += g;
      sum[2][bin] += b;
    }
    List<long[]> points = new ArrayList<>();
    for (int i = 0; i < BINS; i++) {
      if (count[i] > 0) {
        points.add(
            new long[] {
              sum[0][i] / count[i], sum[1][i] / count[i], sum[2][i] / count[i], count[i]
            });
      }
    }
    List<long[]> centres = seeds(points, wanted);
    long[] share = new long[0];
    for (int round = 0; round < ROUNDS; round++) {
      share = refine(points, centres);
    }
    List<long[]> ordered = new ArrayList<>();
    for (int k = 0; k < centres.size(); k++) {
      long[] c = centres.get(k);
      ordered.add(new long[] {c[0], c[1], c[2], share[k]});
    }
    ordered.sort((a, b) -> Long.compare(b[3], a[3]));
    List<String> names = new ArrayList<>();
    for (long[] c : ordered) {
      String name = String.format(Locale.ROOT, "#%02x%02x%02x", c[0], c[1], c[2]);
      if (c[3] > 0 && !names.contains(name)) {
        names.add(name);
      }
    }
    return names;
  }

  private static List<long[]> seeds(List<long[]> points, int wanted) {
    List<long[]> centres = new ArrayList<>();
    while (centres.size() < Math.min(wanted, points.size())) {
      long[] best = points.get(0);
      double bestScore = -1;
      for (long[] p : points) {
        double nearest = 1;
        if (!centres.isEmpty()) {
          nearest = Double.MAX_VALUE;
          for (long[] c : centres) {
            nearest = Math.min(nearest, (double) distance(p, c));
          }
        }
        double score = StrictMath.sqrt((double) p[3]) * nearest;
        if (score > bestScore) {
          bestScore = score;
          best = p;
        }
      }
      if (bestScore <= 0) {
        break;
      }
      centres.add(best.clone());
    }
    return centres;
  }

  private static long[] refine(List<long[]> points, List<long[]> centres) {
    long[][] sums = new long[centres.size()][4];
    for (long[] p : points) {
      int nearest = 0;
      for (int k = 1; k < centres.size(); k++) {
        if (distance(p, centres.get(k)) < distance(p, centres.get(nearest))) {
          nearest = k;
        }
      }
      for (int c = 0; c < 3; c++) {
        sums[nearest][c] += p[c] * p[3];
      }
      sums[nearest][3] += p[3];
    }
    long[] share = new long[centres.size()];
    for (int k = 0; k < centres.size(); k++) {
      share[k] = sums[k][3];
      for (int c = 0; c < 3 && share[k] > 0; c++) {
        centres.get(k)[c] = (sums[k][c] + share[k] / 2) / share[k];
      }
    }
    return share;
  }

  /** Squared, weighted by how strongly the eye takes each channel ("redmean" without the mean). */
  private static long distance(long[] a, long[] b) {
    long r = a[0] - b[0];
    long g = a[1] - b[1];
    long v = a[2] - b[2];
    return 3 * r * r + 4 * g * g + 2 * v * v;
  }
}
