package dev.reelbeam.media.picture;

import java.awt.Transparency;
import java.awt.color.CMMException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import org.jspecify.annotations.Nullable;

/**
 * Printing inks (CMYK and YCCK JPEG) as sRGB: by the embedded profile, or by the plain product of
 * ink and black where there is none. No profile of the machine is ever used, so that every worker
 * gives the same colours.
 */
final class InkColours {
  private static final int YCCK = 2;

  private InkColours() {}

  /**
   * @param raw four components as stored in the file
   * @param adobeTransform of the file's Adobe marker; -1 without one
   */
  static PixelGrid toSrgb(Raster raw, int adobeTransform, byte @Nullable [] profileBytes) {
    PixelGrid grid = new PixelGrid(raw.getWidth(), raw.getHeight());
    int w = grid.width();
    ICC_Profile profile = inkProfile(profileBytes);
    byte[] inks = new byte[4 * w];
    byte[] rgb = new byte[3 * w];
    int[] row = new int[4 * w];
    for (int y = 0; y < grid.height(); y++) {
      raw.getPixels(raw.getMinX(), raw.getMinY() + y, w, 1, row);
      for (int x = 0; x < w; x++) {
        int at = 4 * x;
        if (adobeTransform == YCCK) {
          yccToRgb(row, at);
        }
        // Adobe stores paper as 255; files without its marker store it as 0.
        for (int c = 0; c < 4; c++) {
          int paper = adobeTransform >= 0 ? row[at + c] : 255 - row[at + c];
          row[at + c] = paper;
          inks[at + c] = (byte) (255 - paper);
        }
      }
      boolean managed = profile != null && convert(inks, rgb, w, profile);
      for (int x = 0; x < w; x++) {
        int k = row[4 * x + 3];
        int r = managed ? rgb[3 * x] & 0xFF : row[4 * x] * k / 255;
        int g = managed ? rgb[3 * x + 1] & 0xFF : row[4 * x + 1] * k / 255;
        int b = managed ? rgb[3 * x + 2] & 0xFF : row[4 * x + 2] * k / 255;
        grid.argb()[y * w + x] = 0xFF000000 | r << 16 | g << 8 | b;
      }
      if (profile != null && !managed) {
        profile = null;
      }
    }
    return grid;
  }

  private static @Nullable ICC_Profile inkProfile(byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    try {
      ICC_Profile profile = ICC_Profile.getInstance(bytes);
      return profile.getColorSpaceType() == ColorSpace.TYPE_CMYK ? profile : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Inverse of the transform of ITU-T T.871, in place, on the first three components. */
  private static void yccToRgb(int[] row, int at) {
    int y = row[at];
    int cb = row[at + 1] - 128;
    int cr = row[at + 2] - 128;
    row[at] = clamp(y + ((91881 * cr + 32768) >> 16));
    row[at + 1] = clamp(y - ((22554 * cb + 46802 * cr + 32768) >> 16));
    row[at + 2] = clamp(y + ((116130 * cb + 32768) >> 16));
  }

  private static int clamp(int value) {
    return Math.max(0, Math.min(255, value));
  }

  private static boolean convert(byte[] inks, byte[] rgb, int pixels, ICC_Profile profile) {
    try {
      BufferedImage source = image(inks, pixels, 4, new ICC_ColorSpace(profile));
      BufferedImage target = image(rgb, pixels, 3, ColorSpace.getInstance(ColorSpace.CS_sRGB));
      new ColorConvertOp(null).filter(source, target);
      return true;
    } catch (CMMException | IllegalArgumentException e) {
      return false;
    }
  }

  /** One row of bytes as a picture of a colour space, without a copy. */
  static BufferedImage image(byte[] samples, int pixels, int channels, ColorSpace space) {
    int[] offsets = new int[channels];
    for (int c = 0; c < channels; c++) {
      offsets[c] = c;
    }
    WritableRaster raster =
        Raster.createWritableRaster(
            new PixelInterleavedSampleModel(
                DataBuffer.TYPE_BYTE, pixels, 1, channels, channels * pixels, offsets),
            new DataBufferByte(samples, samples.length),
            null);
    ComponentColorModel model =
        new ComponentColorModel(space, false, false, Transparency.OPAQUE, DataBuffer.TYPE_BYTE);
    return new BufferedImage(model, raster, false, null);
  }
}
