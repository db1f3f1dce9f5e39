package dev.reelbeam.media.card;

import dev.reelbeam.media.text.Colours;
import dev.reelbeam.media.text.Rasters;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;

/** Backgrounds: soft light in the card's colours, thin shapes, a trace of grain; or a picture. */
final class Backdrop {
  private Backdrop() {}

  /** Light changes slowly: it is worked out once per cell of so many pixels and interpolated. */
  private static final int CELL = 8;

  /**
   * Light and shapes in a palette.
   *
   * @param variant places the lights, so that neighbouring cards do not look the same
   */
  static BufferedImage plain(int width, int height, Palette palette, int variant) {
    BufferedImage image = enlarge(lights(width, height, palette, variant), width, height);
    shapes(image, palette, (variant & 1) == 1);
    return image;
  }

  /** The lights with a picture in them, so far out of focus that only its colours are left. */
  static BufferedImage blurred(
      BufferedImage picture, int width, int height, Palette palette, int variant) {
    float[][] grid = lights(width, height, palette, variant);
    int columns = columns(width);
    int rows = columns(height);
    int w = Math.max(6, width / 48);
    int h = Math.max(6, height / 48);
    BufferedImage small = Rasters.opaque(w, h);
    sample(picture, small);
    smooth(small, 2);
    int[] pixels = Rasters.pixels(small);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        double fx = Math.min(w - 1.001, Math.max(0, (column + 0.0) / columns * w - 0.5));
        double fy = Math.min(h - 1.001, Math.max(0, (row + 0.0) / rows * h - 0.5));
        int x = (int) fx;
        int y = (int) fy;
        double ax = fx - x;
        double ay = fy - y;
        for (int c = 0; c < 3; c++) {
          int shift = 16 - 8 * c;
          double upper =
              channel(pixels[y * w + x], shift) * (1 - ax)
                  + channel(pixels[y * w + x + 1], shift) * ax;
          double lower =
              channel(pixels[(y + 1) * w + x], shift) * (1 - ax)
                  + channel(pixels[(y + 1) * w + x + 1], shift) * ax;
          // Darkened first: a bright picture must not lift the background into the type.
          double dark = (upper * (1 - ay) + lower * ay) * 0.4;
          int at = row * columns + column;
          grid[c][at] += (float) ((dark - grid[c][at]) * 0.5);
        }
      }
    }
    BufferedImage image = enlarge(grid, width, height);
    shapes(image, palette, (variant & 1) == 1);
    return image;
  }

  private static int columns(int size) {
    return size / CELL + 2;
  }

  /** Red, green and blue at the corners of the cells. */
  private static float[][] lights(int width, int height, Palette palette, int variant) {
    double unit = Math.min(width, height);
    boolean mirrored = (variant & 1) == 1;
    Light first =
        new Light(
            mirrored ? width * 0.95 : width * 0.05,
            height * (0.04 + 0.06 * (variant % 3)),
            unit * 1.15,
            palette.glow(),
            0.55);
    Light second =
        new Light(
            mirrored ? width * 0.1 : width * 0.98,
            height * (0.86 - 0.05 * (variant % 4)),
            unit * 1.0,
            palette.secondGlow(),
            0.5);
    int columns = columns(width);
    int rows = columns(height);
    float[][] grid = new float[3][columns * rows];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int x = column * CELL;
        int y = row * CELL;
        double down = 0.82 * y / height + 0.18 * (mirrored ? width - x : x) / width;
        double a = first.at(x, y);
        double b = second.at(x, y);
        for (int c = 0; c < 3; c++) {
          int shift = 16 - 8 * c;
          double value = channel(palette.top(), shift);
          value += (channel(palette.bottom(), shift) - value) * Math.min(1, Math.max(0, down));
          value += (channel(first.colour(), shift) - value) * a;
          value += (channel(second.colour(), shift) - value) * b;
          grid[c][row * columns + column] = (float) value;
        }
      }
    }
    return grid;
  }

  /** Interpolates the cells and adds grain. */
  private static BufferedImage enlarge(float[][] grid, int width, int height) {
    BufferedImage image = Rasters.opaque(width, height);
    int[] pixels = Rasters.pixels(image);
    int columns = columns(width);
    float[][] line = new float[3][columns];
    for (int y = 0; y < height; y++) {
      int row = y / CELL * columns;
      float down = (y % CELL) / (float) CELL;
      for (int c = 0; c < 3; c++) {
        for (int column = 0; column < columns; column++) {
          float upper = grid[c][row + column];
          line[c][column] = upper + (grid[c][row + columns + column] - upper) * down;
        }
      }
      for (int x = 0; x < width; x++) {
        int column = x / CELL;
        float across = (x % CELL) / (float) CELL;
        float grain = grain(x, y);
        int colour = 0;
        for (int c = 0; c < 3; c++) {
          float left = line[c][column];
          float value = left + (line[c][column + 1] - left) * across + grain + 0.5f;
          colour = colour << 8 | Math.min(255, Math.max(0, (int) value));
        }
        pixels[y * width + x] = colour;
      }
    }
    return image;
  }

  /** A few pixels of the source for each one of the target: enough for what is blurred anyway. */
  private static void sample(BufferedImage source, BufferedImage target) {
    int w = target.getWidth();
    int h = target.getHeight();
    double scale = Math.min((double) source.getWidth() / w, (double) source.getHeight() / h);
    double left = (source.getWidth() - w * scale) / 2;
    double top = (source.getHeight() - h * scale) / 2;
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        int[] sum = new int[3];
        for (int i = 0; i < 16; i++) {
          int sx = (int) (left + (x + (i % 4 + 0.5) / 4) * scale);
          int row = i / 4;
          int sy = (int) (top + (y + (row + 0.5) / 4) * scale);
          int p =
              source.getRGB(
                  Math.min(source.getWidth() - 1, sx), Math.min(source.getHeight() - 1, sy));
          sum[0] += (p >> 16) & 0xff;
          sum[1] += (p >> 8) & 0xff;
          sum[2] += p & 0xff;
        }
        target.setRGB(x, y, (sum[0] >> 4) << 16 | (sum[1] >> 4) << 8 | (sum[2] >> 4));
      }
    }
  }

  /** A picture that fills the canvas, graded darker towards top and bottom. */
  static BufferedImage hero(
      BufferedImage picture, int width, int height, double focusX, double focusY, int tint) {
    BufferedImage image = Rasters.opaque(width, height);
    Graphics2D g = Rasters.pen(image);
    Rasters.cover(g, picture, width, height, focusX, focusY);
    g.dispose();
    int[] pixels = Rasters.pixels(image);
    int shade = Colours.mix(tint, Colours.INK, 0.6);
    for (int y = 0; y < height; y++) {
      double t = (double) y / height;
      double edge = Math.max(0, Math.abs(t - 0.42) - 0.12) / 0.46;
      mixRow(pixels, y * width, width, shade, 0.2 + 0.5 * edge * edge);
    }
    return image;
  }

  /**
   * Lays a soft dark band behind a rectangle, only as strong as white type on it needs: 98 % of the
   * pixels then have at least the contrast.
   */
  static void darken(
      BufferedImage image, java.awt.geom.Rectangle2D box, double contrast, int tint) {
    int w = image.getWidth();
    int h = image.getHeight();
    int x0 = clamp((int) box.getMinX(), w);
    int x1 = clamp((int) Math.ceil(box.getMaxX()), w);
    int y0 = clamp((int) box.getMinY(), h);
    int y1 = clamp((int) Math.ceil(box.getMaxY()), h);
    int[] pixels = Rasters.pixels(image);
    int shade = Colours.mix(tint, Colours.INK, 0.7);
    double opacity = 0;
    while (opacity < 0.9 && !stands(pixels, w, x0, y0, x1, y1, shade, opacity, contrast)) {
      opacity += 0.05;
    }
    if (opacity == 0) {
      return;
    }
    double fade = (y1 - y0) * 0.45 + Math.min(w, h) * 0.06;
    for (int y = 0; y < h; y++) {
      double outside = y < y0 ? y0 - y : y >= y1 ? y - y1 + 1 : 0;
      double share = Math.max(0, 1 - outside / fade);
      share = opacity * share * share * (3 - 2 * share);
      if (share > 0) {
        mixRow(pixels, y * w, w, shade, share);
      }
    }
  }

  private static void mixRow(int[] pixels, int from, int count, int shade, double share) {
    int amount = (int) Math.round(share * 256);
    int keep = 256 - amount;
    int redBlue = (shade & 0xff00ff) * amount;
    int green = (shade & 0xff00) * amount;
    for (int i = from; i < from + count; i++) {
      int rb = ((pixels[i] & 0xff00ff) * keep + redBlue) >>> 8;
      int gr = ((pixels[i] & 0xff00) * keep + green) >>> 8;
      pixels[i] = (rb & 0xff00ff) | (gr & 0xff00);
    }
  }

  private static boolean stands(
      int[] pixels,
      int width,
      int x0,
      int y0,
      int x1,
      int y1,
      int shade,
      double opacity,
      double contrast) {
    int seen = 0;
    int failed = 0;
    for (int y = y0; y < y1; y += 3) {
      for (int x = x0; x < x1; x += 3) {
        seen++;
        int below = Colours.mix(pixels[y * width + x] & 0xffffff, shade, opacity);
        if (Colours.contrast(Colours.WHITE, below) < contrast) {
          failed++;
        }
      }
    }
    return failed <= seen * 0.02;
  }

  private static int clamp(int value, int limit) {
    return Math.max(0, Math.min(limit, value));
  }

  private record Light(double x, double y, double radius, int colour, double strength) {
    double at(int px, int py) {
      double dx = px - x;
      double dy = py - y;
      double share = 1 - Math.sqrt(dx * dx + dy * dy) / radius;
      return share <= 0 ? 0 : strength * share * share * (3 - 2 * share);
    }
  }

  private static double channel(int rgb, int shift) {
    return (rgb >> shift) & 0xff;
  }

  /** Between -1.4 and 1.4, a pure function of the place: hides banding after encoding. */
  private static float grain(int x, int y) {
    int h = x * 0x27d4eb2d ^ y * 0x165667b1;
    h = (h ^ (h >>> 15)) * 0x2c1b3c6d;
    h ^= h >>> 12;
    return ((h & 0xffff) / 65535f - 0.5f) * 2.8f;
  }

  private static void shapes(BufferedImage image, Palette palette, boolean mirrored) {
    int w = image.getWidth();
    int h = image.getHeight();
    double unit = Math.min(w, h) / 1080.0;
    Graphics2D g = Rasters.pen(image);
    double cx = mirrored ? w * 0.04 : w * 0.96;
    double cy = h > w ? h * 0.11 : h * 0.16;
    for (int ring = 0; ring < 3; ring++) {
      double r = (210 + 120 * ring) * unit;
      g.setColor(new Color(Colours.alpha(palette.text(), 0.055 - 0.013 * ring), true));
      g.setStroke(new BasicStroke((float) ((ring == 0 ? 26 : 3) * unit)));
      g.draw(new Ellipse2D.Double(cx - r, cy - r, 2 * r, 2 * r));
    }
    double step = 40 * unit;
    for (int row = 0; row < 6; row++) {
      for (int column = 0; column < 6; column++) {
        double fade = 1 - (row + column) / 11.0;
        g.setColor(new Color(Colours.alpha(palette.text(), 0.13 * fade), true));
        double x = (mirrored ? w - 72 * unit : 72 * unit) + (mirrored ? -1 : 1) * column * step;
        double y = h - 72 * unit - row * step;
        double r = 3.2 * unit;
        g.fill(new Ellipse2D.Double(x - r, y - r, 2 * r, 2 * r));
      }
    }
    g.dispose();
  }

  private static void smooth(BufferedImage image, int radius) {
    int w = image.getWidth();
    int h = image.getHeight();
    int[] pixels = Rasters.pixels(image);
    for (int pass = 0; pass < 2; pass++) {
      int[] from = pixels.clone();
      for (int y = 0; y < h; y++) {
        for (int x = 0; x < w; x++) {
          int n = 0;
          int[] sum = new int[3];
          for (int dy = -radius; dy <= radius; dy++) {
            for (int dx = -radius; dx <= radius; dx++) {
              int sx = Math.max(0, Math.min(w - 1, x + dx));
              int sy = Math.max(0, Math.min(h - 1, y + dy));
              int p = from[sy * w + sx];
              sum[0] += (p >> 16) & 0xff;
              sum[1] += (p >> 8) & 0xff;
              sum[2] += p & 0xff;
              n++;
            }
          }
          pixels[y * w + x] = (sum[0] / n) << 16 | (sum[1] / n) << 8 | (sum[2] / n);
        }
      }
    }
  }
}
