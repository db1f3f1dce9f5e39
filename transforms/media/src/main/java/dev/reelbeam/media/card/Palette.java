package dev.reelbeam.media.card;

import dev.reelbeam.media.text.Colours;
import dev.reelbeam.model.video.Brand;
import java.awt.image.BufferedImage;

/**
 * The colours of one card, 0xRRGGBB.
 *
 * @param top upper background
 * @param bottom lower background
 * @param glow first light in the background
 * @param secondGlow second light in the background
 * @param text on either background, contrast at least 7:1
 * @param muted for what matters less, contrast at least 4.5:1
 * @param accent rules and emphasis, contrast at least 4.5:1
 * @param highlight second accent, contrast at least 4.5:1
 */
record Palette(
    int top, int bottom, int glow, int secondGlow, int text, int muted, int accent, int highlight) {
  private static final int SAMPLES = 64;
  private static final int HUES = 24;

  static Palette of(Brand brand) {
    int background = Colours.parse(brand.background());
    int surface = Colours.parse(brand.surface());
    int accent = Colours.parse(brand.accent());
    int highlight = Colours.parse(brand.highlight());
    int top = Colours.mix(background, surface, 0.55);
    int bottom = Colours.mix(background, Colours.luminance(background) > 0.4 ? 0xffffff : 0, 0.35);
    return readable(
        top,
        bottom,
        Colours.mix(surface, highlight, 0.55),
        neighbour(surface),
        Colours.parse(brand.text()),
        accent,
        highlight);
  }

  /** The brand's accents over the main hues of a picture, deep enough for white type. */
  static Palette from(BufferedImage picture, Brand brand) {
    double[] weights = new double[HUES];
    double[] saturations = new double[HUES];
    for (int y = 0; y < SAMPLES; y++) {
      for (int x = 0; x < SAMPLES; x++) {
        int px = (2 * x + 1) * picture.getWidth() / (2 * SAMPLES);
        int py = (2 * y + 1) * picture.getHeight() / (2 * SAMPLES);
        double[] hsl = Colours.toHsl(picture.getRGB(px, py) & 0xffffff);
        // Mid tones carry a picture's colour; near black and white any hue is noise.
        double weight = hsl[1] * (1 - Math.abs(2 * hsl[2] - 1));
        int hue = Math.min(HUES - 1, (int) (hsl[0] * HUES));
        weights[hue] += weight;
        saturations[hue] += weight * hsl[1];
      }
    }
    int first = strongest(weights, -1);
    if (weights[first] < SAMPLES * SAMPLES * 0.004) {
      return of(brand);
    }
    int second = strongest(weights, first);
    double hue = (first + 0.5) / HUES;
    double saturation = Math.min(0.62, 0.32 + 0.45 * saturations[first] / weights[first]);
    double otherHue = weights[second] > 0 ? (second + 0.5) / HUES : hue + 0.08;
    return readable(
        Colours.fromHsl(hue, saturation, 0.18),
        Colours.fromHsl(hue + 0.02, saturation, 0.075),
        Colours.fromHsl(hue + 0.015, saturation, 0.38),
        Colours.fromHsl(otherHue, saturation, 0.34),
        Colours.WHITE,
        Colours.parse(brand.accent()),
        Colours.parse(brand.highlight()));
  }

  /** A colour a step further round the circle: two lights of one hue look flat. */
  private static int neighbour(int rgb) {
    double[] hsl = Colours.toHsl(rgb);
    return Colours.fromHsl(hsl[0] + 0.1, Math.min(0.6, hsl[1] + 0.12), hsl[2] * 1.45);
  }

  private static int strongest(double[] weights, int otherThan) {
    int best = otherThan == 0 ? 1 : 0;
    for (int i = 0; i < HUES; i++) {
      int apart = Math.min(Math.abs(i - otherThan), HUES - Math.abs(i - otherThan));
      if ((otherThan < 0 || apart >= 3) && weights[i] > weights[best]) {
        best = i;
      }
    }
    return best;
  }

  private static Palette readable(
      int top, int bottom, int glow, int secondGlow, int text, int accent, int highlight) {
    // The lights brighten the background: type is checked against its brightest place.
    int brightest = Colours.mix(top, glow, 0.5);
    int sure = Colours.ensureContrast(text, brightest, 7);
    return new Palette(
        top,
        bottom,
        glow,
        secondGlow,
        sure,
        Colours.ensureContrast(Colours.mix(sure, top, 0.35), brightest, 4.5),
        Colours.ensureContrast(accent, brightest, 4.5),
        Colours.ensureContrast(highlight, brightest, 4.5));
  }
}
