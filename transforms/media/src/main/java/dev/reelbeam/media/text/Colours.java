package dev.reelbeam.media.text;

import java.util.regex.Pattern;

/** Arithmetic on packed 0xRRGGBB colours; contrast as defined by WCAG 2.1. */
public final class Colours {
  private static final Pattern HEX = Pattern.compile("#[0-9a-fA-F]{6}");

  public static final int WHITE = 0xffffff;

  /** Nearly black with a blue cast: softer beside photographs than pure black. */
  public static final int INK = 0x0b0f19;

  private Colours() {}

  /**
   * Reads {@code #rrggbb}.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static int parse(String hex) {
    if (!HEX.matcher(hex).matches()) {
      throw new IllegalArgumentException("not a colour of the form #rrggbb: " + hex);
    }
    return Integer.parseInt(hex.substring(1), 16);
  }

  /** Opaque ARGB of a colour. */
  public static int opaque(int rgb) {
    return 0xff000000 | rgb;
  }

  /** ARGB of a colour at an opacity of 0 to 1. */
  public static int alpha(int rgb, double opacity) {
    return ((int) Math.round(255 * Math.min(1, Math.max(0, opacity))) << 24) | (rgb & 0xffffff);
  }

  /** Linear mix in sRGB: 0 gives the first, 1 the second. */
  public static int mix(int first, int second, double share) {
    int result = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int a = (first >> shift) & 0xff;
      int b = (second >> shift) & 0xff;
      result |= (int) Math.round(a + (b - a) * share) << shift;
    }
    return result;
  }

  /** Relative luminance, 0 for black to 1 for white. */
  public static double luminance(int rgb) {
    return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8) + 0.0722 * linear(rgb);
  }

  private static double linear(int channel) {
    double c = (channel & 0xff) / 255.0;
    return c <= 0.04045 ? c / 12.92 : StrictMath.pow((c + 0.055) / 1.055, 2.4);
  }

  /** Contrast ratio of two colours, 1 to 21. */
  public static double contrast(int first, int second) {
    double a = luminance(first);
    double b = luminance(second);
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }

  /**
   * Whichever of {@link #INK} and white stands out more, or black where neither reaches 4.5:1; the
   * contrast of the result is at least 4.5:1 on every background.
   */
  public static int readableOn(int background) {
    double ink = contrast(INK, background);
    double white = contrast(WHITE, background);
    if (Math.max(ink, white) < 4.5) {
      return 0;
    }
    return ink >= white ? INK : WHITE;
  }

  /** The colour, moved towards white or ink only as far as the contrast demands. */
  public static int ensureContrast(int colour, int background, double ratio) {
    int target = readableOn(background);
    for (int step = 0; step < 20; step++) {
      int candidate = mix(colour, target, step / 20.0);
      if (contrast(candidate, background) >= ratio) {
        return candidate;
      }
    }
    return target;
  }

  /** Hue in turns 0-1, saturation 0-1 and lightness 0-1. */
  public static double[] toHsl(int rgb) {
    double r = ((rgb >> 16) & 0xff) / 255.0;
    double g = ((rgb >> 8) & 0xff) / 255.0;
    double b = (rgb & 0xff) / 255.0;
    double max = Math.max(r, Math.max(g, b));
    double min = Math.min(r, Math.min(g, b));
    double lightness = (max + min) / 2;
    double chroma = max - min;
    if (chroma == 0) {
      return new double[] {0, 0, lightness};
    }
    double hue;
    if (max == r) {
      hue = ((g - b) / chroma + 6) % 6;
    } else if (max == g) {
      hue = (b - r) / chroma + 2;
    } else {
      hue = (r - g) / chroma + 4;
    }
    return new double[] {hue / 6, chroma / (1 - Math.abs(2 * lightness - 1)), lightness};
  }

  /** Inverse of {@link #toHsl}; saturation and lightness are clamped to 0-1. */
  public static int fromHsl(double hue, double saturation, double lightness) {
    double s = Math.min(1, Math.max(0, saturation));
    double l = Math.min(1, Math.max(0, lightness));
    double chroma = (1 - Math.abs(2 * l - 1)) * s;
    double h = (hue - Math.floor(hue)) * 6;
    double x = chroma * (1 - Math.abs(h % 2 - 1));
    double[][] sectors = {
      {chroma, x, 0}, {x, chroma, 0}, {0, chroma, x}, {0, x, chroma}, {x, 0, chroma}, {chroma, 0, x}
    };
    double[] c = sectors[Math.min(5, (int) h)];
    double m = l - chroma / 2;
    int result = 0;
    for (double channel : c) {
      result = (result << 8) | (int) Math.round(255 * Math.min(1, Math.max(0, channel + m)));
    }
    return result;
  }
}
