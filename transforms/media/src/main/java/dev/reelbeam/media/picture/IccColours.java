package dev.reelbeam.media.picture;

import java.awt.color.CMMException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;

/** Brings RGB pixels of an embedded profile (Display P3, Adobe RGB, ...) to sRGB. */
final class IccColours {
  /** Differences up to this are not worth a conversion. */
  private static final int SAME_WITHIN = 2;

  private static final int STRIP_PIXELS = 1 << 18;

  private IccColours() {}

  /** The pixels in sRGB; unchanged when the profile is broken, not RGB, or sRGB by another name. */
  static PixelGrid toSrgb(PixelGrid grid, byte[] profileBytes) {
    ICC_Profile profile;
    try {
      profile = ICC_Profile.getInstance(profileBytes);
    } catch (IllegalArgumentException e) {
      return grid;
    }
    if (profile.getColorSpaceType() != ColorSpace.TYPE_RGB) {
      return grid;
    }
    try {
      if (isSrgb(profile)) {
        return grid;
      }
      PixelGrid result = new PixelGrid(grid.width(), grid.height(), grid.argb().clone());
      for (int from = 0; from < result.argb().length; from += STRIP_PIXELS) {
        convert(result.argb(), from, Math.min(STRIP_PIXELS, result.argb().length - from), profile);
      }
      return result;
    } catch (CMMException | IllegalArgumentException e) {
      return grid;
    }
  }

  private static boolean isSrgb(ICC_Profile profile) {
    int[] probes = new int[64];
    for (int i = 0; i < probes.length; i++) {
      probes[i] = 0xFF000000 | ((i & 3) * 85) << 16 | ((i >> 2 & 3) * 85) << 8 | (i >> 4) * 85;
    }
    int[] converted = probes.clone();
    convert(converted, 0, converted.length, profile);
    for (int i = 0; i < probes.length; i++) {
      for (int shift = 0; shift <= 16; shift += 8) {
        int difference = (probes[i] >> shift & 0xFF) - (converted[i] >> shift & 0xFF);
        if (Math.abs(difference) > SAME_WITHIN) {
          return false;
        }
      }
    }
    return true;
  }

  private static void convert(int[] argb, int from, int count, ICC_Profile profile) {
    byte[] bytes = new byte[3 * count];
    for (int i = 0; i < count; i++) {
      int p = argb[from + i];
      bytes[3 * i] = (byte) (p >> 16);
      bytes[3 * i + 1] = (byte) (p >> 8);
      bytes[3 * i + 2] = (byte) p;
    }
    BufferedImage source = InkColours.image(bytes, count, 3, new ICC_ColorSpace(profile));
    byte[] out = new byte[3 * count];
    BufferedImage target =
        InkColours.image(out, count, 3, ColorSpace.getInstance(ColorSpace.CS_sRGB));
    new ColorConvertOp(null).filter(source, target);
    for (int i = 0; i < count; i++) {
      argb[from + i] =
          (argb[from + i] & 0xFF000000)
              | (out[3 * i] & 0xFF) << 16
              | (out[3 * i + 1] & 0xFF) << 8
              | (out[3 * i + 2] & 0xFF);
    }
  }
}
