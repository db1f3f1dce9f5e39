package dev.reelbeam.media.effect;

import dev.reelbeam.media.frame.Bt709;
import dev.reelbeam.media.frame.Plane;
import dev.reelbeam.media.frame.Plate;
import dev.reelbeam.media.frame.Window;
import dev.reelbeam.media.frame.YuvFrame;

/**
 * A soft dark ground made of a picture's own colours, for a picture that does not fill the frame.
 */
public final class Backdrop {
  /** How many times smaller than the frame the picture is blurred. */
  public static final int REDUCTION = 16;

  private static final int PASSES = 3;
  private static final int BLACK = 16;
  private static final int GREY = 128;

  /** Light kept of a picture of middle brightness, in 1/256. */
  private static final int LIGHT = 120;

  /** Brightest mean above black that a ground may have, so that what lies on it stands out. */
  private static final int MAX_MEAN = 58;

  /** Darkest mean above black, so that the edge of a dark picture is seen; within reason. */
  private static final int MIN_MEAN = 26;

  private static final int MAX_LIGHT = 400;

  /** Colour kept of a picture, in 1/256: less than of the light would look like a faded print. */
  private static final int COLOUR = 150;

  /** Light at the top and at the bottom edge, in 1/256 of that in the middle. */
  private static final int EDGE_LIGHT = 168;

  // What has no colour of its own (paper, a screenshot) becomes a quiet blue instead of grey.
  private static final int COLOURLESS = 16;
  private static final int TINT_BLUE = 16;
  private static final int TINT_RED = -8;

  private Backdrop() {}

  /**
   * Blurs, darkens and enlarges.
   *
   * @param small the picture filling the frame's shape, about {@value #REDUCTION} times smaller;
   *     changed
   * @param width of the result
   * @param height of the result
   */
  public static YuvFrame of(YuvFrame small, int width, int height) {
    int radius = Math.max(1, Math.min(small.width(), small.height()) / 10);
    blur(small.luma(), radius);
    blur(small.u(), Math.max(1, radius / 2));
    blur(small.v(), Math.max(1, radius / 2));
    int mean = mean(small.luma()) - BLACK;
    int light = Math.min(MAX_LIGHT, Math.max(LIGHT, MIN_MEAN * 256 / Math.max(1, mean)));
    light = Math.min(light, MAX_MEAN * 256 / Math.max(1, mean));
    darken(small.luma(), light);
    tint(small.u(), small.v());
    YuvFrame result = new YuvFrame(width, height);
    Window whole = new Window(0, 0, small.width(), small.height());
    new Warp(width, height).resample(new Plate(small, whole, whole), whole, result);
    return result;
  }

  /** A ground of one colour, a little lighter in the middle than at the top and the bottom. */
  public static YuvFrame plain(int rgb, int width, int height) {
    YuvFrame result = new YuvFrame(width, height);
    int r = rgb >> 16 & 0xFF;
    int g = rgb >> 8 & 0xFF;
    int b = rgb & 0xFF;
    int light = Bt709.luma(r, g, b) - BLACK;
    int middle = height / 2;
    for (int y = 0; y < height; y++) {
      int away = Math.abs(y - middle) * 256 / middle;
      int falloff = 256 - (((256 - EDGE_LIGHT) * away * away) >> 16);
      for (int x = 0; x < width; x++) {
        // Two alternating roundings: a slow gradient shows no steps.
        int dither = ((x ^ y) & 1) == 0 ? 64 : 192;
        result.luma().set(x, y, BLACK + ((light * falloff + dither) >> 8));
      }
    }
    result.u().fill(GREY + Bt709.blueDifference(r, g, b));
    result.v().fill(GREY + Bt709.redDifference(r, g, b));
    return result;
  }

  /** Three box filters one after the other come close to a Gaussian. */
  private static void blur(Plane plane, int radius) {
    int longest = Math.max(plane.width(), plane.height());
    int[] line = new int[longest];
    for (int pass = 0; pass < PASSES; pass++) {
      for (int y = 0; y < plane.height(); y++) {
        box(plane.bytes(), y * plane.stride(), 1, plane.width(), radius, line);
      }
      for (int x = 0; x < plane.width(); x++) {
        box(plane.bytes(), x, plane.stride(), plane.height(), radius, line);
      }
    }
  }

  private static void box(byte[] bytes, int start, int step, int length, int radius, int[] line) {
    for (int i = 0; i < length; i++) {
      line[i] = bytes[start + i * step] & 0xFF;
    }
    int count = 2 * radius + 1;
    int sum = 0;
    for (int i = -radius; i <= radius; i++) {
      sum += line[Math.min(length - 1, Math.max(0, i))];
    }
    for (int i = 0; i < length; i++) {
      bytes[start + i * step] = (byte) ((sum + count / 2) / count);
      sum += line[Math.min(length - 1, i + radius + 1)] - line[Math.max(0, i - radius)];
    }
  }

  private static int mean(Plane plane) {
    long sum = 0;
    for (int y = 0; y < plane.height(); y++) {
      for (int x = 0; x < plane.width(); x++) {
        sum += plane.at(x, y);
      }
    }
    return (int) (sum / ((long) plane.width() * plane.height()));
  }

  private static void darken(Plane luma, int light) {
    int middle = luma.height() / 2;
    for (int y = 0; y < luma.height(); y++) {
      int away = Math.abs(y - middle) * 256 / Math.max(1, middle);
      int falloff = 256 - (((256 - EDGE_LIGHT) * away * away) >> 16);
      for (int x = 0; x < luma.width(); x++) {
        luma.set(x, y, BLACK + (((luma.at(x, y) - BLACK) * light * falloff) >> 16));
      }
    }
  }

  private static void tint(Plane u, Plane v) {
    for (int y = 0; y < u.height(); y++) {
      for (int x = 0; x < u.width(); x++) {
        int blue = u.at(x, y) - GREY;
        int red = v.at(x, y) - GREY;
        int missing = Math.max(0, COLOURLESS - Math.abs(blue) - Math.abs(red));
        u.set(x, y, GREY + ((blue * COLOUR) >> 8) + TINT_BLUE * missing / COLOURLESS);
        v.set(x, y, GREY + ((red * COLOUR) >> 8) + TINT_RED * missing / COLOURLESS);
      }
    }
  }
}
