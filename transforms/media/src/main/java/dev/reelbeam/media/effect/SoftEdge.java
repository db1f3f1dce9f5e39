package dev.reelbeam.media.effect;

import dev.reelbeam.media.frame.Plane;
import dev.reelbeam.media.frame.YuvFrame;

/**
 * Mixes two pictures by a weight of its own for every place, and makes such weights of distances.
 *
 * <p>Places are counted in half pixels of the frame, so that the centres of all samples are whole
 * numbers, chroma samples (sited left, between two rows) included.
 */
final class SoftEdge {
  /** Weights of the new picture, 0 to 256, along one row. */
  interface Mask {
    /**
     * @param y height of the row, in half pixels
     * @param firstX place of the first sample, in half pixels
     * @param stepX distance of two samples, in half pixels
     * @param weights to be filled, one for each of the row's samples
     */
    void row(int y, int firstX, int stepX, int[] weights, int count);
  }

  private static final int[] SMOOTH = new int[257];

  static {
    for (int i = 0; i <= 256; i++) {
      SMOOTH[i] = (i * i * (3 * 256 - 2 * i) + (1 << 15)) >> 16;
    }
  }

  private int[] weights = new int[0];

  /**
   * The weight at a distance behind the front.
   *
   * @param behind how far the front has gone past the place; negative before it arrives
   * @param width of the soft edge, in the same unit
   */
  static int weight(int behind, int width) {
    if (behind <= 0) {
      return 0;
    }
    return behind >= width ? 256 : SMOOTH[(int) ((long) behind * 256 / width)];
  }

  /** Mixes the new picture into the old one. */
  void mix(YuvFrame frame, YuvFrame incoming, Mask mask) {
    if (weights.length < frame.width()) {
      weights = new int[frame.width()];
    }
    Plane luma = frame.luma();
    for (int y = 0; y < luma.height(); y++) {
      mask.row(2 * y + 1, 1, 2, weights, luma.width());
      mixRow(luma, incoming.luma(), y);
    }
    for (int y = 0; y < frame.u().height(); y++) {
      mask.row(4 * y + 2, 1, 4, weights, frame.u().width());
      mixRow(frame.u(), incoming.u(), y);
      mixRow(frame.v(), incoming.v(), y);
    }
  }

  private void mixRow(Plane old, Plane incoming, int y) {
    int width = old.width();
    int start = y * old.stride();
    byte[] a = old.bytes();
    byte[] b = incoming.bytes();
    int x = 0;
    while (x < width) {
      int from = x;
      int weight = weights[x];
      if (weight == 256 || weight == 0) {
        while (x < width && weights[x] == weight) {
          x++;
        }
        if (weight == 256) {
          System.arraycopy(b, start + from, a, start + from, x - from);
        }
      } else {
        int below = a[start + x] & 0xFF;
        a[start + x] = (byte) (below + (((b[start + x] & 0xFF) - below) * weight + 128 >> 8));
        x++;
      }
    }
  }
}
