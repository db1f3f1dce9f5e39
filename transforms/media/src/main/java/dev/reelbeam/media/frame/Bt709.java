package dev.reelbeam.media.frame;

/**
 * sRGB to Y'CbCr after ITU-R BT.709 in limited range, in fixed point.
 *
 * <p>Both share their primaries; as everywhere in video, coded values are converted as they are.
 * Chroma is given without its offset of 128, so that it can be averaged and weighted by alpha.
 */
public final class Bt709 {
  private static final int SHIFT = 16;
  private static final int HALF = 1 << (SHIFT - 1);

  // Kr = 0.2126, Kb = 0.0722; luma spans 219 steps, chroma 224, of the 255 of RGB.
  private static final int YR = 11_966;
  private static final int YG = 40_254;
  private static final int YB = 4_064;
  private static final int UR = -6_596;
  private static final int UG = -22_189;
  private static final int UB = 28_784;
  private static final int VR = 28_784;
  private static final int VG = -26_145;
  private static final int VB = -2_639;

  private Bt709() {}

  /** Luma, 16 to 235. */
  public static int luma(int r, int g, int b) {
    return 16 + ((YR * r + YG * g + YB * b + HALF) >> SHIFT);
  }

  /** Blue difference, -112 to 112. */
  public static int blueDifference(int r, int g, int b) {
    return (UR * r + UG * g + UB * b + HALF) >> SHIFT;
  }

  /** Red difference, -112 to 112. */
  public static int redDifference(int r, int g, int b) {
    return (VR * r + VG * g + VB * b + HALF) >> SHIFT;
  }

  /** The nearest colour as 0xRRGGBB, from coded values. */
  public static int rgb(int luma, int u, int v) {
    double light = (luma - 16) * 255.0 / 219;
    double blue = (u - 128) * 255.0 / 224;
    double red = (v - 128) * 255.0 / 224;
    int r = clamp(light + 1.5748 * red);
    int g = clamp(light - 0.1873 * blue - 0.4681 * red);
    int b = clamp(light + 1.8556 * blue);
    return r << 16 | g << 8 | b;
  }

  private static int clamp(double value) {
    return (int) Math.max(0, Math.min(255, Math.rint(value)));
  }
}
