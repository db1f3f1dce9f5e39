import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** What a painter keeps on the table: noise, blur, glow, steam, grading, lettering and saving. */
final class Paint {
  private Paint() {}

  static BufferedImage layer(int w, int h) {
    return new BufferedImage(w, h, BufferedImage.TYPE_INT_ARGB_PRE);
  }

  static Graphics2D pen(BufferedImage image) {
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    g.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    return g;
  }

  static Color rgba(int rgb, double alpha) {
    return new Color(rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255, clamp(alpha * 255));
  }

  static Color mix(Color a, Color b, double t) {
    return new Color(
        clamp(a.getRed() + (b.getRed() - a.getRed()) * t),
        clamp(a.getGreen() + (b.getGreen() - a.getGreen()) * t),
        clamp(a.getBlue() + (b.getBlue() - a.getBlue()) * t),
        clamp(a.getAlpha() + (b.getAlpha() - a.getAlpha()) * t));
  }

  static int clamp(double v) {
    return (int) Math.max(0, Math.min(255, Math.round(v)));
  }

  static double smooth(double a, double b, double x) {
    double t = Math.max(0, Math.min(1, (x - a) / (b - a)));
    return t * t * (3 - 2 * t);
  }

  static double hash(int x, int y, int z) {
    int h = x * 374761393 + y * 668265263 + z * 1274126177;
    h = (h ^ h >>> 13) * 1274126177;
    h ^= h >>> 16;
    return (h & 0xffffff) / (double) 0x1000000;
  }

  /** Value noise from 0 to 1. */
  static double noise(double x, double y, double z) {
    int ix = (int) Math.floor(x);
    int iy = (int) Math.floor(y);
    int iz = (int) Math.floor(z);
    double fx = fade(x - ix);
    double fy = fade(y - iy);
    double fz = fade(z - iz);
    double sum = 0;
    for (int k = 0; k < 8; k++) {
      int a = k & 1;
      int b = k >> 1 & 1;
      int c = k >> 2;
      sum +=
          hash(ix + a, iy + b, iz + c)
              * (a == 1 ? fx : 1 - fx)
              * (b == 1 ? fy : 1 - fy)
              * (c == 1 ? fz : 1 - fz);
    }
    return sum;
  }

  private static double fade(double t) {
    return t * t * t * (t * (t * 6 - 15) + 10);
  }

  static double fbm(double x, double y, double z, int octaves) {
    double sum = 0;
    double amp = 0.5;
    double norm = 0;
    for (int i = 0; i < octaves; i++) {
      sum += amp * noise(x, y, z);
      norm += amp;
      amp *= 0.5;
      x = x * 2.03 + 17.1;
      y = y * 2.01 + 9.7;
      z = z * 2.02 + 3.3;
    }
    return sum / norm;
  }

  /** Three box blurs, which come close to a Gaussian of the given radius. */
  static BufferedImage blur(BufferedImage image, double radius) {
    int r = (int) Math.round(radius / 1.8);
    if (r < 1) {
      return image;
    }
    int w = image.getWidth();
    int h = image.getHeight();
    BufferedImage out = layer(w, h);
    Graphics2D g = out.createGraphics();
    g.drawImage(image, 0, 0, null);
    g.dispose();
    int[] a = ((DataBufferInt) out.getRaster().getDataBuffer()).getData();
    int[] b = new int[a.length];
    for (int k = 0; k < 3; k++) {
      boxRows(a, b, w, h, r);
      boxColumns(b, a, w, h, r);
    }
    return out;
  }

  private static void boxRows(int[] in, int[] out, int w, int h, int r) {
    IntStream.range(0, h).parallel().forEach(y -> box(in, out, y * w, 1, w, r));
  }

  private static void boxColumns(int[] in, int[] out, int w, int h, int r) {
    IntStream.range(0, w).parallel().forEach(x -> box(in, out, x, w, h, r));
  }

  private static void box(int[] in, int[] out, int start, int step, int n, int r) {
    int a = 0;
    int red = 0;
    int green = 0;
    int blue = 0;
    int size = 2 * r + 1;
    for (int i = -r; i <= r; i++) {
      int p = in[start + Math.max(0, Math.min(n - 1, i)) * step];
      a += p >>> 24;
      red += p >> 16 & 255;
      green += p >> 8 & 255;
      blue += p & 255;
    }
    for (int i = 0; i < n; i++) {
      int half = size / 2;
      out[start + i * step] =
          (a + half) / size << 24
              | (red + half) / size << 16
              | (green + half) / size << 8
              | (blue + half) / size;
      int p = in[start + Math.max(0, i - r) * step];
      int q = in[start + Math.min(n - 1, i + r + 1) * step];
      a += (q >>> 24) - (p >>> 24);
      red += (q >> 16 & 255) - (p >> 16 & 255);
      green += (q >> 8 & 255) - (p >> 8 & 255);
      blue += (q & 255) - (p & 255);
    }
  }

  static void over(BufferedImage base, BufferedImage top, double alpha) {
    Graphics2D g = base.createGraphics();
    g.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, (float) alpha));
    g.drawImage(top, 0, 0, null);
    g.dispose();
  }

  /** Adds light: 1 - (1 - a)(1 - b), with the top's alpha taken in. */
  static void screen(BufferedImage base, BufferedImage top, double strength) {
    int w = base.getWidth();
    int h = base.getHeight();
    IntStream.range(0, h)
        .parallel()
        .forEach(
            y -> {
              int[] a = base.getRGB(0, y, w, 1, null, 0, w);
              int[] b = top.getRGB(0, y, w, 1, null, 0, w);
              for (int x = 0; x < w; x++) {
                double al = (b[x] >>> 24) / 255.0 * strength;
                int out = a[x] & 0xff000000;
                for (int s = 0; s <= 16; s += 8) {
                  double p = (a[x] >> s & 255) / 255.0;
                  double q = (b[x] >> s & 255) / 255.0 * al;
                  out |= clamp(255 * (1 - (1 - p) * (1 - q))) << s;
                }
                a[x] = out;
              }
              base.setRGB(0, y, w, 1, a, 0, w);
            });
  }

  /** A soft bloom around everything bright. */
  static void glow(BufferedImage image, double radius, double threshold, double strength) {
    int w = image.getWidth();
    int h = image.getHeight();
    BufferedImage bright = layer(w / 2, h / 2);
    Graphics2D g = pen(bright);
    g.drawImage(image, 0, 0, w / 2, h / 2, null);
    g.dispose();
    int[] a = ((DataBufferInt) bright.getRaster().getDataBuffer()).getData();
    for (int i = 0; i < a.length; i++) {
      int p = a[i];
      double l = (0.3 * (p >> 16 & 255) + 0.6 * (p >> 8 & 255) + 0.1 * (p & 255)) / 255;
      double k = smooth(threshold, 1, l);
      a[i] =
          0xff000000
              | clamp((p >> 16 & 255) * k) << 16
              | clamp((p >> 8 & 255) * k) << 8
              | clamp((p & 255) * k);
    }
    BufferedImage big = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
    g = pen(big);
    g.drawImage(blur(bright, radius / 2), 0, 0, w, h, null);
    g.dispose();
    screen(image, big, strength);
  }

  /** Rising wisps above a point, drawn as warped noise. */
  static void steam(
      BufferedImage image,
      double cx,
      double bottom,
      double height,
      double width,
      double strength,
      int seed) {
    int w = image.getWidth() / 2;
    int h = image.getHeight() / 2;
    BufferedImage layer = layer(w, h);
    IntStream.range(0, h)
        .parallel()
        .forEach(
            y -> {
              for (int x = 0; x < w; x++) {
                double up = (bottom - y * 2) / height;
                if (up <= 0 || up >= 1) {
                  continue;
                }
                double drift =
                    (fbm(up * 2.2, seed, 0.5, 3) - 0.5) * width * 1.8 * Math.sqrt(up)
                        + width * 0.25 * Math.sin(up * 4 + seed) * up;
                double spread = width * (0.16 + 0.5 * up);
                double dx = (x * 2 - cx - drift) / spread;
                double body = Math.exp(-dx * dx * 1.6);
                double warp = fbm(dx * 0.8 + seed, up * 3, 4.2, 3) * 2.2;
                double n = fbm(dx * 1.6 + warp * 0.9, up * 4.5 + warp * 0.6, seed * 1.7, 4);
                double wisp =
                    Math.pow(
                        1 - Math.abs(n - 0.5) * 3.2 < 0 ? 0 : 1 - Math.abs(n - 0.5) * 3.2, 2.2);
                double fade = smooth(0, 0.12, up) * Math.pow(1 - up, 1.4);
                double a = Math.min(1, body * fade * (0.25 + wisp) * strength);
                int c = clamp(a * 255);
                layer.setRGB(x, y, c << 24 | 0xfff4e6);
              }
            });
    BufferedImage big = layer(image.getWidth(), image.getHeight());
    Graphics2D g = pen(big);
    g.drawImage(
        blur(layer, image.getHeight() / 500.0), 0, 0, big.getWidth(), big.getHeight(), null);
    g.dispose();
    screen(image, big, 1);
  }

  /** Film look: contrast, split toning, vignette and grain. */
  static BufferedImage grade(
      BufferedImage in,
      double contrast,
      double saturation,
      int shadowTint,
      int lightTint,
      double tint,
      double vignette,
      double grain) {
    int w = in.getWidth();
    int h = in.getHeight();
    BufferedImage out = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
    IntStream.range(0, h)
        .parallel()
        .forEach(
            y -> {
              int[] row = in.getRGB(0, y, w, 1, null, 0, w);
              for (int x = 0; x < w; x++) {
                double r = (row[x] >> 16 & 255) / 255.0;
                double g = (row[x] >> 8 & 255) / 255.0;
                double b = (row[x] & 255) / 255.0;
                double l = 0.3 * r + 0.59 * g + 0.11 * b;
                double dx = (x + 0.5) / w - 0.5;
                double dy = (y + 0.5) / h - 0.5;
                double v = 1 - vignette * smooth(0.12, 0.62, dx * dx * 1.3 + dy * dy * 1.3);
                double n = (hash(x, y, 7) + hash(x, y, 8) - 1) * grain * (0.4 + 0.6 * (1 - l));
                double[] c = {r, g, b};
                int p = 0;
                for (int k = 0; k < 3; k++) {
                  double q = l + (c[k] - l) * saturation;
                  double s = q * q * (3 - 2 * q);
                  q += (s - q) * contrast;
                  double sh = (shadowTint >> (16 - 8 * k) & 255) / 255.0 - 0.5;
                  double li = (lightTint >> (16 - 8 * k) & 255) / 255.0 - 0.5;
                  q += tint * (sh * (1 - l) * (1 - l) + li * l);
                  p = p << 8 | clamp(255 * (q * v + n));
                }
                row[x] = p;
              }
              out.setRGB(0, y, w, 1, row, 0, w);
            });
    return out;
  }

  static BufferedImage scale(BufferedImage in, int w, int h) {
    BufferedImage out = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = pen(out);
    g.drawImage(in, 0, 0, w, h, null);
    g.dispose();
    return out;
  }

  /** Unsharp masking. */
  static void sharpen(BufferedImage image, double radius, double amount) {
    BufferedImage soft = blur(image, radius);
    int w = image.getWidth();
    for (int y = 0; y < image.getHeight(); y++) {
      int[] a = image.getRGB(0, y, w, 1, null, 0, w);
      int[] b = soft.getRGB(0, y, w, 1, null, 0, w);
      for (int x = 0; x < w; x++) {
        int out = 0xff000000;
        for (int s = 0; s <= 16; s += 8) {
          int p = a[x] >> s & 255;
          out |= clamp(p + (p - (b[x] >> s & 255)) * amount) << s;
        }
        a[x] = out;
      }
      image.setRGB(0, y, w, 1, a, 0, w);
    }
  }

  /** Out-of-focus lights. */
  static void bokeh(
      Graphics2D g,
      int w,
      int h,
      int n,
      double top,
      double bottom,
      double size,
      int[] colours,
      double alpha,
      long seed) {
    Random r = new Random(seed);
    for (int i = 0; i < n; i++) {
      double x = r.nextDouble() * w;
      double y = h * (top + r.nextDouble() * (bottom - top));
      double d = size * h * (0.45 + 0.75 * r.nextDouble());
      int c = colours[r.nextInt(colours.length)];
      double a = alpha * (0.3 + 0.7 * r.nextDouble());
      g.setColor(rgba(c, a * 0.75));
      g.fill(new java.awt.geom.Ellipse2D.Double(x - d / 2, y - d / 2, d, d));
      g.setColor(rgba(c, a * 0.5));
      g.setStroke(new java.awt.BasicStroke((float) (d * 0.05)));
      g.draw(new java.awt.geom.Ellipse2D.Double(x - d * 0.47, y - d * 0.47, d * 0.94, d * 0.94));
    }
  }

  static Font sans(int style, double size) {
    return new Font(Font.SANS_SERIF, style, 1).deriveFont(style, (float) size);
  }

  static Font mono(int style, double size) {
    return new Font(Font.MONOSPACED, style, 1).deriveFont(style, (float) size);
  }

  /**
   * Text with its anchor at 0 (left), 0.5 (centre) or 1 (right) of its width; y is the baseline.
   */
  static void text(Graphics2D g, String s, double x, double y, double anchor) {
    g.drawString(s, (float) (x - g.getFontMetrics().stringWidth(s) * anchor), (float) y);
  }

  static void jpeg(BufferedImage image, Path file, int maxBytes) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    byte[] bytes = new byte[0];
    for (double q = 0.9; q > 0.5; q -= 0.03) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionQuality((float) q);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
        writer.setOutput(stream);
        writer.write(null, new IIOImage(image, null, null), param);
      }
      bytes = out.toByteArray();
      if (bytes.length <= maxBytes) {
        break;
      }
    }
    writer.dispose();
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  static void png(BufferedImage image, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
  }
}
