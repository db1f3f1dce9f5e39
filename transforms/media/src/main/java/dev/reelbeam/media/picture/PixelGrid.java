package dev.reelbeam.media.picture;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferInt;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;

/**
 * A picture as packed non-premultiplied 0xAARRGGBB integers, row by row; the one form in which
 * pixels are worked on.
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared: a view of pixels that are worked on.
record PixelGrid(int width, int height, int[] argb) {
  PixelGrid(int width, int height) {
    this(width, height, new int[width * height]);
  }

  /** Shares the pixels of {@code INT_RGB} and {@code INT_ARGB} pictures, copies those of others. */
  static PixelGrid of(BufferedImage image) {
    int type = image.getType();
    Raster raster = image.getRaster();
    boolean whole = raster.getParent() == null && raster.getMinX() == 0 && raster.getMinY() == 0;
    if (whole && (type == BufferedImage.TYPE_INT_ARGB || type == BufferedImage.TYPE_INT_RGB)) {
      int[] pixels = ((DataBufferInt) raster.getDataBuffer()).getData();
      if (type == BufferedImage.TYPE_INT_RGB) {
        for (int i = 0; i < pixels.length; i++) {
          pixels[i] |= 0xFF000000;
        }
      }
      return new PixelGrid(image.getWidth(), image.getHeight(), pixels);
    }
    ColorModel model = image.getColorModel();
    PixelGrid grid = new PixelGrid(image.getWidth(), image.getHeight());
    if (model instanceof IndexColorModel indexColorModel) {
      copyIndexed(raster, indexColorModel, grid);
    } else if (isPlain(model)) {
      copyComponents(raster, model.hasAlpha(), grid);
      if (model.isAlphaPremultiplied()) {
        unmultiply(grid.argb);
      }
    } else {
      image.getRGB(0, 0, grid.width, grid.height, grid.argb, 0, grid.width);
    }
    return grid;
  }

  /**
   * Components of 8 or 16 bits in RGB or grey. Grey is read as sRGB grey: Java's own conversion
   * takes it for linear light and would brighten it.
   */
  private static boolean isPlain(ColorModel model) {
    int space = model.getColorSpace().getType();
    int transfer = model.getTransferType();
    return model instanceof ComponentColorModel
        && (space == ColorSpace.TYPE_RGB || space == ColorSpace.TYPE_GRAY)
        && (transfer == DataBuffer.TYPE_BYTE || transfer == DataBuffer.TYPE_USHORT);
  }

  private static void copyIndexed(Raster raster, IndexColorModel model, PixelGrid grid) {
    int[] table = new int[1 << model.getPixelSize()];
    int[] colours = new int[model.getMapSize()];
    model.getRGBs(colours);
    System.arraycopy(colours, 0, table, 0, Math.min(colours.length, table.length));
    int[] row = new int[grid.width];
    for (int y = 0; y < grid.height; y++) {
      raster.getSamples(0, y, grid.width, 1, 0, row);
      for (int x = 0; x < grid.width; x++) {
        grid.argb[y * grid.width + x] = table[Math.min(row[x], table.length - 1)];
      }
    }
  }

  private static void copyComponents(Raster raster, boolean alpha, PixelGrid grid) {
    int bands = raster.getNumBands();
    boolean wide = raster.getTransferType() == DataBuffer.TYPE_USHORT;
    byte[] narrowRow = new byte[wide ? 0 : grid.width * bands];
    short[] wideRow = new short[wide ? grid.width * bands : 0];
    boolean grey = bands < 3;
    for (int y = 0; y < grid.height; y++) {
      if (wide) {
        raster.getDataElements(0, y, grid.width, 1, wideRow);
      } else {
        raster.getDataElements(0, y, grid.width, 1, narrowRow);
      }
      int at = y * grid.width;
      for (int x = 0, s = 0; x < grid.width; x++, s += bands) {
        int first = wide ? to8(wideRow[s]) : narrowRow[s] & 0xFF;
        int second = grey ? first : wide ? to8(wideRow[s + 1]) : narrowRow[s + 1] & 0xFF;
        int third = grey ? first : wide ? to8(wideRow[s + 2]) : narrowRow[s + 2] & 0xFF;
        int a =
            alpha ? (wide ? to8(wideRow[s + bands - 1]) : narrowRow[s + bands - 1] & 0xFF) : 255;
        grid.argb[at + x] = a << 24 | first << 16 | second << 8 | third;
      }
    }
  }

  private static int to8(short value) {
    return ((value & 0xFFFF) * 255 + 32767) / 65535;
  }

  private static void unmultiply(int[] argb) {
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
  }

  /** A picture over these pixels, without a copy. */
  BufferedImage toImage(boolean alpha) {
    DataBufferInt buffer = new DataBufferInt(argb, argb.length);
    int[] masks =
        alpha ? new int[] {0xFF0000, 0xFF00, 0xFF, 0xFF000000} : new int[] {0xFF0000, 0xFF00, 0xFF};
    WritableRaster raster = Raster.createPackedRaster(buffer, width, height, width, masks, null);
    ColorModel model =
        alpha
            ? ColorModel.getRGBdefault()
            : new java.awt.image.DirectColorModel(24, 0xFF0000, 0xFF00, 0xFF);
    return new BufferedImage(model, raster, false, null);
  }

  /** Whether more than a few pixels let something shine through. */
  boolean usesAlpha() {
    long translucent = 0;
    for (int p : argb) {
      if (p >>> 24 < 250) {
        translucent++;
      }
    }
    return translucent * 5000 > argb.length;
  }

  /** Share of pixels that are mostly see-through, in permille. */
  int transparentPermille() {
    long transparent = 0;
    for (int p : argb) {
      if (p >>> 24 < 128) {
        transparent++;
      }
    }
    return (int) (transparent * 1000 / argb.length);
  }

  /** The pixels laid over one colour; every pixel of the result is opaque. */
  PixelGrid over(int rgb) {
    int br = rgb >> 16 & 0xFF;
    int bg = rgb >> 8 & 0xFF;
    int bb = rgb & 0xFF;
    PixelGrid result = new PixelGrid(width, height);
    for (int i = 0; i < argb.length; i++) {
      int p = argb[i];
      int a = p >>> 24;
      int r = ((p >> 16 & 0xFF) * a + br * (255 - a) + 127) / 255;
      int g = ((p >> 8 & 0xFF) * a + bg * (255 - a) + 127) / 255;
      int b = ((p & 0xFF) * a + bb * (255 - a) + 127) / 255;
      result.argb[i] = 0xFF000000 | r << 16 | g << 8 | b;
    }
    return result;
  }

  /** Turned and mirrored as EXIF orientation 1-8 asks, so that the result stands upright. */
  PixelGrid upright(int orientation) {
    if (orientation <= 1 || orientation > 8) {
      return this;
    }
    boolean turned = orientation >= 5;
    int w = turned ? height : width;
    int h = turned ? width : height;
    PixelGrid result = new PixelGrid(w, h);
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        int sx;
        int sy;
        switch (orientation) {
          case 2 -> {
            sx = width - 1 - x;
            sy = y;
          }
          case 3 -> {
            sx = width - 1 - x;
            sy = height - 1 - y;
          }
          case 4 -> {
            sx = x;
            sy = height - 1 - y;
          }
          case 5 -> {
            sx = y;
            sy = x;
          }
          case 6 -> {
            sx = y;
            sy = height - 1 - x;
          }
          case 7 -> {
            sx = width - 1 - y;
            sy = height - 1 - x;
          }
          default -> {
            sx = width - 1 - y;
            sy = x;
          }
        }
        result.argb[y * w + x] = argb[sy * width + sx];
      }
    }
    return result;
  }
}
