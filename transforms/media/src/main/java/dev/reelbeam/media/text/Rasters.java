package dev.reelbeam.media.text;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;

/** Pictures to draw on, always with the same hints, and the few filters that type needs. */
public final class Rasters {
  private Rasters() {}

  /** A transparent picture. */
  public static BufferedImage transparent(int width, int height) {
    return new BufferedImage(Math.max(1, width), Math.max(1, height), BufferedImage.TYPE_INT_ARGB);
  }

  /** An opaque picture. */
  public static BufferedImage opaque(int width, int height) {
    return new BufferedImage(Math.max(1, width), Math.max(1, height), BufferedImage.TYPE_INT_RGB);
  }

  /** A pen with the hints that every picture of this library is drawn with. */
  public static Graphics2D pen(BufferedImage image) {
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(RenderingHints.KEY_RENDERING, RenderingHints.VALUE_RENDER_QUALITY);
    g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    g.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    return g;
  }

  /** The pixels of a picture of one of the two kinds above; writing to them changes it. */
  public static int[] pixels(BufferedImage image) {
    return ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
  }

  /**
   * Replaces the picture by a blurred shadow of it in one colour: three box blurs of its alpha,
   * which come close to a Gaussian (Wells 1986).
   *
   * @param radiusPx standard deviation, roughly
   */
  public static void toShadow(BufferedImage image, int rgb, double opacity, double radiusPx) {
    int w = image.getWidth();
    int h = image.getHeight();
    int[] pixels = pixels(image);
    int[] alpha = new int[w * h];
    for (int i = 0; i < alpha.length; i++) {
      alpha[i] = (pixels[i] >>> 24) << 8;
    }
    int box = (int) Math.round(radiusPx);
    int[] other = new int[alpha.length];
    for (int pass = 0; pass < 3 && box > 0; pass++) {
      boxBlur(alpha, other, w, h, box);
      boxBlur(other, alpha, h, w, box);
    }
    for (int i = 0; i < alpha.length; i++) {
      int a = (int) Math.round((alpha[i] >> 8) * opacity);
      pixels[i] = (Math.min(255, a) << 24) | rgb;
    }
  }

  /** Blurs rows and writes them as columns, so that two calls blur both directions. */
  private static void boxBlur(int[] from, int[] to, int w, int h, int radius) {
    int window = 2 * radius + 1;
    for (int y = 0; y < h; y++) {
      int row = y * w;
      long sum = 0;
      for (int x = 0; x <= Math.min(radius, w - 1); x++) {
        sum += from[row + x];
      }
      for (int x = 0; x < w; x++) {
        to[x * h + y] = (int) (sum / window);
        int enter = x + radius + 1;
        int leave = x - radius;
        if (enter < w) {
          sum += from[row + enter];
        }
        if (leave >= 0) {
          sum -= from[row + leave];
        }
      }
    }
  }

  /**
   * Covers a whole picture of the given size with another one; the focus, in shares of the source,
   * stays inside.
   */
  public static void cover(
      Graphics2D g, BufferedImage source, int width, int height, double focusX, double focusY) {
    double scale =
        Math.max((double) width / source.getWidth(), (double) height / source.getHeight());
    BufferedImage from = asRgb(source);
    // Sampling alone aliases when it shrinks by more than half.
    while (scale < 0.5) {
      from = halve(from);
      scale = Math.max((double) width / from.getWidth(), (double) height / from.getHeight());
    }
    double w = from.getWidth() * scale;
    double h = from.getHeight() * scale;
    double x = Math.min(0, Math.max(width - w, width / 2.0 - focusX * w));
    double y = Math.min(0, Math.max(height - h, height / 2.0 - focusY * h));
    Object before = g.getRenderingHint(RenderingHints.KEY_INTERPOLATION);
    if (scale <= 1) {
      g.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    }
    AffineTransform place = AffineTransform.getTranslateInstance(x, y);
    place.scale(scale, scale);
    // One pixel of padding keeps the interpolation from fading the edge.
    place.translate(-1, -1);
    g.drawImage(padded(from), place, null);
    g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, before);
  }

  /** The picture itself when it is RGB in whole integers, else a copy that is, on black. */
  public static BufferedImage asRgb(BufferedImage source) {
    if (source.getType() == BufferedImage.TYPE_INT_RGB && source.getRaster().getParent() == null) {
      return source;
    }
    BufferedImage result = opaque(source.getWidth(), source.getHeight());
    Graphics2D g = result.createGraphics();
    g.drawImage(source, 0, 0, null);
    g.dispose();
    return result;
  }

  private static BufferedImage padded(BufferedImage source) {
    int w = source.getWidth();
    int h = source.getHeight();
    BufferedImage result = opaque(w + 2, h + 2);
    int[] from = pixels(source);
    int[] to = pixels(result);
    for (int y = 0; y < h + 2; y++) {
      int row = Math.min(h - 1, Math.max(0, y - 1)) * w;
      int out = y * (w + 2);
      System.arraycopy(from, row, to, out + 1, w);
      to[out] = from[row];
      to[out + w + 1] = from[row + w - 1];
    }
    return result;
  }

  private static BufferedImage halve(BufferedImage source) {
    int sourceW = source.getWidth();
    int w = Math.max(1, sourceW / 2);
    int h = Math.max(1, source.getHeight() / 2);
    BufferedImage result = opaque(w, h);
    int[] from = pixels(source);
    int[] to = pixels(result);
    int right = sourceW > 1 ? 1 : 0;
    int below = source.getHeight() > 1 ? sourceW : 0;
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        int at = 2 * y * sourceW + 2 * x;
        to[y * w + x] =
            average(from[at], from[at + right], from[at + below], from[at + right + below]);
      }
    }
    return result;
  }

  private static int average(int a, int b, int c, int d) {
    int redBlue = (a & 0xff00ff) + (b & 0xff00ff) + (c & 0xff00ff) + (d & 0xff00ff) + 0x20002;
    int green = (a & 0xff00) + (b & 0xff00) + (c & 0xff00) + (d & 0xff00) + 0x200;
    return ((redBlue >>> 2) & 0xff00ff) | ((green >>> 2) & 0xff00);
  }
}
