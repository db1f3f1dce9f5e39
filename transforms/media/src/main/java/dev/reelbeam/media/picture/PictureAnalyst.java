package dev.reelbeam.media.picture;

import java.util.Arrays;
import java.util.Locale;

/** Looks at a finished picture once and writes down what later stages ask. */
final class PictureAnalyst {
  private static final int TEXT_SIDE_PX = 1024;
  private static final int TONE_SIDE_PX = 384;
  private static final int PALETTE_SIZE = 5;

  private PictureAnalyst() {}

  static PictureFacts examine(PixelGrid picture) {
    int transparentPermille = picture.transparentPermille();
    PixelGrid opaque = picture.usesAlpha() ? picture.over(groundFor(picture)) : picture;
    PixelGrid readable = Resampler.atMost(opaque, TEXT_SIDE_PX);
    PixelGrid small = Resampler.atMost(readable, TONE_SIDE_PX);
    TextFinder.Found text = TextFinder.find(readable);
    Surface surface = Surface.of(opaque);
    Saliency saliency = Saliency.of(small);
    Tones tones = Tones.of(small);
    PictureKind kind = surface.kind(text, transparentPermille);
    boolean hasText = kind == PictureKind.PHOTO ? text.certain() : text.lines() > 0;
    return new PictureFacts(
        picture.width(),
        picture.height(),
        kind,
        hasText,
        hasText ? text.areaPermille() : 0,
        saliency.focusXPermille(),
        saliency.focusYPermille(),
        saliency.box(),
        saliency.skinPermille(),
        sharpnessPermille(readable),
        tones.colourfulnessPermille(),
        tones.brightnessPermille(),
        transparentPermille,
        Palette.dominant(transparentPermille > 0 ? visible(picture, small) : small, PALETTE_SIZE),
        differenceHash(small),
        text.markings());
  }

  /** White or near black, whichever hides fewer of the visible pixels. */
  private static int groundFor(PixelGrid picture) {
    long lostOnWhite = 0;
    long lostOnBlack = 0;
    for (int p : picture.argb()) {
      if (p >>> 24 > 128) {
        int luma = luma(p);
        lostOnWhite += luma > 215 ? 1 : 0;
        lostOnBlack += luma < 72 ? 1 : 0;
      }
    }
    return lostOnWhite > lostOnBlack ? 0x202020 : 0xFFFFFF;
  }

  /** The solid pixels in one row: the ground behind a cut-out is none of its colours. */
  private static PixelGrid visible(PixelGrid picture, PixelGrid otherwise) {
    int step = Math.max(1, picture.argb().length / 150_000);
    int[] kept = new int[picture.argb().length / step + 1];
    int count = 0;
    for (int i = 0; i < picture.argb().length; i += step) {
      if (picture.argb()[i] >>> 24 > 200) {
        kept[count++] = picture.argb()[i];
      }
    }
    return count == 0 ? otherwise : new PixelGrid(count, 1, Arrays.copyOf(kept, count));
  }

  static int luma(int p) {
    return (299 * (p >> 16 & 0xFF) + 587 * (p >> 8 & 0xFF) + 114 * (p & 0xFF)) / 1000;
  }

  private static int sharpnessPermille(PixelGrid g) {
    int w = g.width();
    long sum = 0;
    long squares = 0;
    long count = 1;
    for (int y = 1; y < g.height() - 1; y++) {
      int up = luma(g.argb()[y * w]);
      int here = up;
      for (int x = 1; x < w - 1; x++) {
        int at = y * w + x;
        here = luma(g.argb()[at]);
        int laplacian =
            luma(g.argb()[at - 1])
                + luma(g.argb()[at + 1])
                + luma(g.argb()[at - w])
                + luma(g.argb()[at + w])
                - 4 * here;
        sum += laplacian;
        squares += (long) laplacian * laplacian;
        count++;
      }
    }
    long variance = squares / count - (sum / count) * (sum / count);
    return (int) (variance * 1000 / (variance + 300));
  }

  private static String differenceHash(PixelGrid g) {
    long hash = 0;
    for (int y = 0; y < 8; y++) {
      int left = cell(g, 0, y);
      for (int x = 1; x < 9; x++) {
        int right = cell(g, x, y);
        hash = hash << 1 | (left > right + 1 ? 1 : 0);
        left = right;
      }
    }
    return String.format(Locale.ROOT, "%016x", hash);
  }

  /** Mean luma of one of 9 x 8 cells, in quarters. */
  private static int cell(PixelGrid g, int cx, int cy) {
    int left = cx * g.width() / 9;
    int right = Math.max(left + 1, (cx + 1) * g.width() / 9);
    int top = cy * g.height() / 8;
    int bottom = Math.max(top + 1, (cy + 1) * g.height() / 8);
    long sum = 0;
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        sum += luma(g.argb()[y * g.width() + x]);
      }
    }
    return (int) (4 * sum / ((long) (right - left) * (bottom - top)));
  }

  /** Colourfulness and brightness. */
  private record Tones(int colourfulnessPermille, int brightnessPermille) {
    static Tones of(PixelGrid g) {
      long n = g.argb().length;
      long rg = 0;
      long rgSquares = 0;
      long yb2 = 0;
      long yb2Squares = 0;
      long lumas = 0;
      for (int p : g.argb()) {
        int r = p >> 16 & 0xFF;
        int gr = p >> 8 & 0xFF;
        int b = p & 0xFF;
        int first = r - gr;
        // Twice the yellow-blue opponent, to stay in whole numbers.
        int second = r + gr - 2 * b;
        rg += first;
        rgSquares += (long) first * first;
        yb2 += second;
        yb2Squares += (long) second * second;
        lumas += luma(p);
      }
      double meanRg = (double) rg / n;
      double meanYb = yb2 / 2.0 / n;
      double varRg = (double) rgSquares / n - meanRg * meanRg;
      double varYb = yb2Squares / 4.0 / n - meanYb * meanYb;
      double m =
          StrictMath.sqrt(Math.max(0, varRg + varYb))
              + 0.3 * StrictMath.sqrt(meanRg * meanRg + meanYb * meanYb);
      return new Tones(
          (int) Math.min(1000, StrictMath.rint(m * 1000 / 110)), (int) (lumas * 1000 / (n * 255)));
    }
  }
}
