import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RadialGradientPaint;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.awt.image.BufferedImage;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** The pictures of the German article: layers of mist and trees, wood, bark, a seedling. */
final class Forest {
  private Forest() {}

  static void addTo(Map<String, Gallery.Picture> all) {
    all.put("deutsch/images/wald-morgen.jpg", Forest::morning);
    all.put("deutsch/images/jahresringe.jpg", Forest::rings);
    all.put("deutsch/images/borkenkaefer.jpg", Forest::beetle);
    all.put("deutsch/images/duerre-hang.jpg", Forest::drought);
    all.put("deutsch/images/keimling.jpg", Forest::seedling);
  }

  private static BufferedImage canvas(int w, int h, int top, int bottom) {
    BufferedImage im = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = im.createGraphics();
    g.setPaint(new GradientPaint(0, 0, new Color(top), 0, h, new Color(bottom)));
    g.fillRect(0, 0, w, h);
    g.dispose();
    return im;
  }

  private static void radial(
      Graphics2D g, int w, int h, double x, double y, double r, int c, double a) {
    g.setPaint(
        new RadialGradientPaint(
            new Point2D.Double(x, y),
            (float) r,
            new float[] {0, 0.35f, 1},
            new Color[] {Paint.rgba(c, a), Paint.rgba(c, a * 0.45), Paint.rgba(c, 0)}));
    g.fillRect(0, 0, w, h);
  }

  /** A trunk that bends a little, widens at the foot and carries light on one side. */
  private static void trunk(
      Graphics2D g,
      double x,
      double foot,
      double top,
      double width,
      Color dark,
      Color lit,
      Random r) {
    double lean = (r.nextDouble() - 0.5) * width * 2.4;
    double k = r.nextDouble() * 6;
    int n = 40;
    double[] lx = new double[n + 1];
    double[] rx = new double[n + 1];
    double[] ys = new double[n + 1];
    Path2D p = new Path2D.Double();
    for (int i = 0; i <= n; i++) {
      double t = i / (double) n;
      double y = foot + (top - foot) * t;
      double cx = x + lean * t + width * 0.25 * Math.sin(t * 5 + k);
      double half = width / 2 * (1 - 0.45 * t) * (1 + 0.9 * Math.exp(-t * 22));
      half *= 1 + 0.08 * (Paint.noise(t * 30, k * 9, 1) - 0.5);
      lx[i] = cx - half;
      rx[i] = cx + half;
      ys[i] = y;
    }
    p.moveTo(lx[0], ys[0]);
    for (int i = 1; i <= n; i++) {
      p.lineTo(lx[i], ys[i]);
    }
    for (int i = n; i >= 0; i--) {
      p.lineTo(rx[i], ys[i]);
    }
    p.closePath();
    float a = (float) (x - width * 0.8);
    float b = (float) (x + width * 0.8);
    g.setPaint(new GradientPaint(a, 0, lit, b, 0, dark));
    g.fill(p);
    java.awt.Shape clip = g.getClip();
    g.clip(p);
    for (int i = 0; i < width * 1.6; i++) {
      double y = foot + (top - foot) * r.nextDouble();
      double len = width * (0.4 + r.nextDouble() * 2.2);
      double px = x + (r.nextDouble() - 0.5) * width + lean * (foot - y) / (foot - top);
      g.setColor(
          r.nextBoolean()
              ? new Color(0, 0, 0, 40)
              : new Color(lit.getRed(), lit.getGreen(), lit.getBlue(), 46));
      g.setStroke(new BasicStroke((float) (width * (0.015 + 0.03 * r.nextDouble()))));
      g.draw(
          new java.awt.geom.QuadCurve2D.Double(
              px, y, px + width * 0.06 * r.nextGaussian(), y - len / 2, px, y - len));
    }
    g.setClip(clip);
    int branches = (int) (2 + r.nextDouble() * 3);
    for (int i = 0; i < branches; i++) {
      double t = 0.55 + 0.42 * r.nextDouble();
      double y = foot + (top - foot) * t;
      double cx = x + lean * t;
      double side = r.nextBoolean() ? 1 : -1;
      branch(
          g,
          cx,
          y,
          side * (0.5 + r.nextDouble() * 0.5),
          width * 0.09,
          width * 2.6 + 60,
          dark,
          r,
          3);
    }
  }

  private static void branch(
      Graphics2D g,
      double x,
      double y,
      double dx,
      double w,
      double len,
      Color c,
      Random r,
      int depth) {
    double a = Math.atan2(-0.35 - 0.4 * r.nextDouble(), dx);
    double px = x;
    double py = y;
    int n = 7;
    for (int i = 0; i < n; i++) {
      a += (r.nextDouble() - 0.5) * 0.35;
      double qx = px + Math.cos(a) * len / n;
      double qy = py + Math.sin(a) * len / n;
      g.setColor(c);
      g.setStroke(
          new BasicStroke(
              (float) Math.max(0.8, w * (1 - i / (double) n * 0.75)),
              BasicStroke.CAP_ROUND,
              BasicStroke.JOIN_ROUND));
      g.draw(new java.awt.geom.Line2D.Double(px, py, qx, qy));
      if (depth > 1 && i > 1 && r.nextDouble() < 0.55) {
        branch(
            g,
            qx,
            qy,
            Math.cos(a) + (r.nextDouble() - 0.5) * 1.4,
            w * 0.5,
            len * 0.5,
            c,
            r,
            depth - 1);
      }
      px = qx;
      py = qy;
    }
  }

  /** Leaves as many small ellipses in clusters; light ones lie on the side of the sun. */
  private static void foliage(
      Graphics2D g,
      double cx,
      double cy,
      double rx,
      double ry,
      int n,
      double size,
      int[] colours,
      double alpha,
      Random r) {
    for (int i = 0; i < n; i++) {
      double a = r.nextDouble() * Math.PI * 2;
      double q = Math.sqrt(r.nextDouble());
      double x = cx + Math.cos(a) * q * rx;
      double y = cy + Math.sin(a) * q * ry;
      double s = size * (0.5 + r.nextDouble());
      double lightSide = (Math.cos(a) * -0.5 - Math.sin(a) * 0.8) * q * 0.5 + 0.5;
      int k =
          (int)
              Math.max(
                  0,
                  Math.min(
                      colours.length - 1, lightSide * colours.length + r.nextGaussian() * 0.8));
      g.setColor(Paint.rgba(colours[k], alpha * (0.6 + 0.4 * r.nextDouble())));
      AffineTransform keep = g.getTransform();
      g.rotate(r.nextDouble() * Math.PI, x, y);
      g.fill(new Ellipse2D.Double(x - s, y - s * 0.45, s * 2, s * 0.9));
      g.setTransform(keep);
    }
  }

  private static void spruce(
      Graphics2D g, double x, double foot, double h, Color c, Color lit, Random r) {
    g.setColor(c);
    g.setStroke(new BasicStroke((float) (h * 0.016)));
    g.draw(new java.awt.geom.Line2D.Double(x, foot, x, foot - h));
    int tiers = 22 + r.nextInt(10);
    for (int i = 0; i < tiers; i++) {
      double t = i / (double) tiers;
      double y = foot - h * (0.06 + 0.94 * t);
      double half = h * 0.19 * Math.pow(1 - t, 0.85) * (0.8 + 0.4 * r.nextDouble());
      for (int s = -1; s <= 1; s += 2) {
        Path2D p = new Path2D.Double();
        double tip = x + s * half;
        p.moveTo(x, y - h * 0.045);
        p.quadTo(x + s * half * 0.5, y - h * 0.012, tip, y + h * 0.03);
        for (int k = 5; k >= 0; k--) {
          double f = k / 5.0;
          p.lineTo(x + s * half * f, y + h * (0.012 + 0.02 * f + 0.018 * r.nextDouble()));
        }
        p.closePath();
        g.setColor(Paint.mix(c, lit, s < 0 ? 0.45 * r.nextDouble() : 0.1 * r.nextDouble()));
        g.fill(p);
      }
    }
  }

  private static void fogBand(
      BufferedImage im, double y, double spread, int c, double a, int seed) {
    int w = im.getWidth() / 4;
    int h = im.getHeight() / 4;
    BufferedImage fog = Paint.layer(w, h);
    IntStream.range(0, h)
        .parallel()
        .forEach(
            py -> {
              for (int px = 0; px < w; px++) {
                double d = (py * 4 - y) / spread;
                double band = Math.exp(-d * d);
                double n = Paint.fbm(px * 5.0 / w + seed, py * 9.0 / h, seed, 4);
                int al = Paint.clamp(255 * a * band * (0.45 + 0.9 * n));
                fog.setRGB(px, py, al == 0 ? 0 : al << 24 | (c & 0xffffff));
              }
            });
    Graphics2D g = Paint.pen(im);
    g.drawImage(fog, 0, 0, im.getWidth(), im.getHeight(), null);
    g.dispose();
  }

  private static void rays(
      BufferedImage im, double sx, double sy, int n, double strength, int c, long seed) {
    int w = im.getWidth() / 2;
    int h = im.getHeight() / 2;
    BufferedImage l = Paint.layer(w, h);
    Graphics2D g = Paint.pen(l);
    Random r = new Random(seed);
    for (int i = 0; i < n; i++) {
      double a = Math.PI * (0.08 + 0.86 * r.nextDouble());
      double wide = 0.006 + 0.03 * r.nextDouble();
      double len = h * (0.9 + 0.7 * r.nextDouble());
      Path2D p = new Path2D.Double();
      p.moveTo(sx / 2, sy / 2);
      p.lineTo(sx / 2 + Math.cos(a - wide) * len, sy / 2 + Math.sin(a - wide) * len);
      p.lineTo(sx / 2 + Math.cos(a + wide) * len, sy / 2 + Math.sin(a + wide) * len);
      p.closePath();
      g.setPaint(
          new RadialGradientPaint(
              new Point2D.Double(sx / 2, sy / 2),
              (float) len,
              new float[] {0, 0.25f, 1},
              new Color[] {
                Paint.rgba(c, 0.0),
                Paint.rgba(c, strength * (0.4 + 0.6 * r.nextDouble())),
                Paint.rgba(c, 0)
              }));
      g.fill(p);
    }
    g.dispose();
    BufferedImage big = Paint.layer(im.getWidth(), im.getHeight());
    g = Paint.pen(big);
    g.drawImage(Paint.blur(l, h / 90.0), 0, 0, big.getWidth(), big.getHeight(), null);
    g.dispose();
    Paint.screen(im, big, 1);
  }

  private static BufferedImage morning() {
    int w = 2400;
    int h = 1600;
    BufferedImage im = canvas(w, h, 0xf6e7b8, 0x8fa064);
    Graphics2D g = Paint.pen(im);
    double sx = 1560;
    double sy = 430;
    radial(g, w, h, sx, sy, 1500, 0xfff6d0, 1);
    radial(g, w, h, sx, sy, 520, 0xffffff, 0.95);
    Random r = new Random(12);
    int layers = 7;
    for (int k = 0; k < layers; k++) {
      double t = k / (double) (layers - 1);
      BufferedImage l = Paint.layer(w, h);
      Graphics2D q = Paint.pen(l);
      double foot = h * (0.62 + 0.36 * t * t);
      int n = (int) (26 - 20 * t);
      Color dark = Paint.mix(new Color(0xc7c383), new Color(0x1b2412), Math.pow(t, 0.75));
      Color lit = Paint.mix(new Color(0xe8dfa2), new Color(0x6b5a2c), Math.pow(t, 0.9));
      int[] leaf = new int[5];
      int[] from = {0x9fae5e, 0xb3bd66, 0xc8cb74, 0xdcd884, 0xefe7a0};
      int[] to = {0x1d2f12, 0x33501a, 0x567a24, 0x86a834, 0xc4d454};
      for (int i = 0; i < 5; i++) {
        leaf[i] =
            Paint.mix(new Color(from[i]), new Color(to[i]), Math.pow(t, 0.8)).getRGB() & 0xffffff;
      }
      // The ground of this layer.
      Path2D ground = new Path2D.Double();
      ground.moveTo(0, h);
      for (int x = 0; x <= w; x += 20) {
        ground.lineTo(x, foot - 50 + 110 * (Paint.fbm(x / 500.0, k * 3.1, 1, 4) - 0.5) * (0.5 + t));
      }
      ground.lineTo(w, h);
      ground.closePath();
      q.setPaint(
          new GradientPaint(
              0,
              (float) foot - 80,
              Paint.mix(new Color(0xd5cf8a), new Color(0x5d6b26), t),
              0,
              (float) (foot + 320),
              Paint.mix(new Color(0xa9ad68), new Color(0x121a0b), t)));
      q.fill(ground);
      for (int i = 0; i < n; i++) {
        double x = (i + r.nextDouble()) * w / n;
        double wide = 16 + 92 * t * t + 20 * r.nextDouble() * (0.3 + t);
        if (t > 0.55 && x > sx - 620 && x < sx + 430) {
          continue;
        }
        trunk(q, x, foot + (r.nextDouble() - 0.3) * 40, -60, wide, dark, lit, r);
      }
      // Crowns hang in from above, undergrowth stands below.
      for (int i = 0; i < 16; i++) {
        double x = r.nextDouble() * w;
        double near = Math.min(1, Math.abs(x - sx) / 800);
        double y = h * (0.02 + 0.2 * r.nextDouble() * near);
        foliage(q, x, y, 200 + 120 * t, 110 + 60 * t, (int) (420 * near), 5 + 9 * t, leaf, 0.75, r);
      }
      if (t > 0.2) {
        for (int i = 0; i < 22; i++) {
          double x = r.nextDouble() * w;
          foliage(
              q,
              x,
              foot - 20 - 50 * t * r.nextDouble(),
              90 + 90 * t,
              40 + 60 * t,
              150,
              4 + 8 * t,
              leaf,
              0.8,
              r);
        }
      }
      q.dispose();
      Paint.over(im, Paint.blur(l, k == layers - 1 ? 5 : k < 3 ? 3.5 - k : 0.8), 1);
      if (k < layers - 1) {
        fogBand(im, foot - 60, 260 - 130 * t, 0xf7ecc0, 0.62 * (1 - t * 0.75), k * 7 + 2);
      }
      if (k == 3) {
        rays(im, sx, sy - 60, 26, 0.5, 0xfff0b8, 5);
      }
    }
    // A path of light on the ground.
    radial(g, w, h, sx - 60, h * 0.9, 620, 0xffe9a0, 0.34);
    rays(im, sx, sy - 60, 22, 0.32, 0xfff0c0, 9);
    g.dispose();
    // Ferns in front.
    BufferedImage front = Paint.layer(w, h);
    g = Paint.pen(front);
    for (int i = 0; i < 16; i++) {
      double x = i < 8 ? r.nextDouble() * w * 0.36 : w * (0.72 + 0.3 * r.nextDouble());
      for (int f = 0; f < 7; f++) {
        fern(
            g,
            x,
            h + 40,
            260 + 240 * r.nextDouble(),
            -Math.PI / 2 + (f - 3) * 0.3 + 0.2 * r.nextGaussian(),
            r);
      }
    }
    g.dispose();
    Paint.over(im, Paint.blur(front, 2.5), 1);
    Paint.glow(im, 70, 0.6, 0.4);
    return Paint.grade(im, 0.4, 1.1, 0x5a7a70, 0x9a8a60, 0.12, 0.42, 0.035);
  }

  private static void fern(Graphics2D g, double x, double y, double len, double angle, Random r) {
    int n = 26;
    double px = x;
    double py = y;
    double a = angle;
    double curl = (Math.cos(angle) >= 0 ? 1 : -1) * (0.02 + 0.02 * r.nextDouble());
    for (int i = 0; i < n; i++) {
      a += curl;
      double qx = px + Math.cos(a) * len / n;
      double qy = py + Math.sin(a) * len / n;
      double leaf = len * 0.2 * Math.sin(Math.PI * Math.min(1, (i + 3) / (double) (n + 2)));
      for (int s = -1; s <= 1; s += 2) {
        double b = a + s * 1.15;
        Path2D p = new Path2D.Double();
        p.moveTo(qx, qy);
        double ex = qx + Math.cos(b) * leaf;
        double ey = qy + Math.sin(b) * leaf + leaf * 0.12;
        double ox = -Math.sin(b) * leaf * 0.1;
        double oy = Math.cos(b) * leaf * 0.1;
        p.quadTo((qx + ex) / 2 + ox, (qy + ey) / 2 + oy, ex, ey);
        p.quadTo((qx + ex) / 2 - ox, (qy + ey) / 2 - oy, qx, qy);
        int base = s < 0 ? 0x5f8a2c : 0x2c4a18;
        g.setColor(
            Paint.mix(new Color(base), new Color(0xa8c850), s < 0 ? 0.4 * r.nextDouble() : 0.1));
        g.fill(p);
      }
      px = qx;
      py = qy;
    }
  }

  private static BufferedImage rings() {
    int n = 2000;
    BufferedImage im = canvas(n, n, 0x1d1812, 0x0e0b08);
    // Mossy forest floor around the disc, far out of focus.
    Graphics2D g = Paint.pen(im);
    Random r = new Random(3);
    BufferedImage moss = Paint.layer(n, n);
    Graphics2D q = Paint.pen(moss);
    int[] green = {0x16220c, 0x22350f, 0x385217, 0x5a7a24, 0x7f9c38};
    for (int i = 0; i < 900; i++) {
      foliage(q, r.nextDouble() * n, r.nextDouble() * n, 70, 50, 40, 9, green, 0.5, r);
    }
    q.dispose();
    g.drawImage(Paint.blur(moss, 9), 0, 0, null);
    double cx = 1010;
    double cy = 1030;
    // Shadow under the disc.
    BufferedImage sh = Paint.layer(n, n);
    q = Paint.pen(sh);
    q.setColor(new Color(0, 0, 0, 220));
    q.fill(new Ellipse2D.Double(cx - 830, cy - 800, 1720, 1720));
    q.dispose();
    g.drawImage(Paint.blur(sh, 60), 0, 0, null);
    g.dispose();
    // Ring widths: 78 years, some dry ones, the last years very narrow.
    int years = 78;
    double[] edge = new double[years + 1];
    for (int i = 0; i < years; i++) {
      double young = 1.5 - 0.7 * i / years;
      double dry = i % 17 == 11 || i % 17 == 12 ? 0.38 : 1;
      double late = i > years - 7 ? 0.34 : 1;
      edge[i + 1] = edge[i] + young * dry * late * (0.7 + 0.6 * r.nextDouble());
    }
    for (int i = 0; i <= years; i++) {
      edge[i] /= edge[years];
    }
    double pithX = -70;
    double pithY = 46;
    IntStream.range(0, n)
        .parallel()
        .forEach(
            y -> {
              for (int x = 0; x < n; x++) {
                double dx = x - cx;
                double dy = y - cy;
                double a = Math.atan2(dy, dx);
                double rim =
                    790
                        + 46 * (Paint.fbm(Math.cos(a) * 1.6 + 5, Math.sin(a) * 1.6, 2, 3) - 0.5)
                        + 22 * (Paint.fbm(Math.cos(a) * 9, Math.sin(a) * 9, 6, 3) - 0.5);
                double bark = 58 + 30 * Paint.fbm(Math.cos(a) * 14, Math.sin(a) * 14, 9, 3);
                double d = Math.hypot(dx, dy);
                if (d > rim + bark) {
                  continue;
                }
                if (d > rim) {
                  double f = (d - rim) / bark;
                  double t = Paint.fbm(x / 16.0, y / 16.0, 4, 4);
                  double s = (0.35 + 0.9 * t) * (1 - 0.75 * f * f);
                  double light = 0.75 - 0.35 * (dx + dy) / 1200;
                  double v = s * light;
                  im.setRGB(
                      x,
                      y,
                      0xff000000
                          | Paint.clamp(112 * v) << 16
                          | Paint.clamp(82 * v) << 8
                          | Paint.clamp(58 * v));
                  continue;
                }
                // The pith lies off the centre, so rings are wider on one side.
                double k = 1 - d / rim;
                double px = dx - pithX * k;
                double py = dy - pithY * k;
                double pa = Math.atan2(py, px);
                double wob =
                    0.016
                            * (Paint.fbm(Math.cos(pa) * 2.4 + 8, Math.sin(pa) * 2.4, d / 260, 3)
                                - 0.5)
                        + 0.004
                            * (Paint.fbm(Math.cos(pa) * 16, Math.sin(pa) * 16, d / 60, 2) - 0.5);
                double rho = Math.max(0, Math.min(0.9999, Math.hypot(px, py) / rim + wob * 2));
                int lo = 0;
                int hi = years;
                while (hi - lo > 1) {
                  int mid = (lo + hi) / 2;
                  if (edge[mid] <= rho) {
                    lo = mid;
                  } else {
                    hi = mid;
                  }
                }
                double in = (rho - edge[lo]) / (edge[hi] - edge[lo]);
                double late = Math.pow(in, 3.2);
                double soft = Paint.smooth(0, 0.08, in);
                double heart = Paint.smooth(0.74, 0.62, rho + 0.03 * Paint.noise(pa * 3, 1, 1));
                double grain =
                    Paint.noise(pa * 240, d / 9, 3) * 0.10
                        + Paint.noise(x / 2.0, y / 2.0, 1) * 0.08;
                double ray = Paint.smooth(0.8, 0.95, Paint.noise(pa * 90, d / 190, 7)) * 0.08;
                double v = 1.02 - 0.42 * late * soft - grain + ray - 0.1 * (1 - soft);
                double year = 0.94 + 0.1 * Paint.hash(lo, 5, 5);
                v *= year;
                double light = 1.1 - 0.24 * (dx + dy) / 1100 - 0.12 * Math.pow(d / rim, 6);
                double saw =
                    1
                        + 0.035
                            * Math.sin(
                                (x * 0.5 + y * 0.866) / 11
                                    + 3 * Paint.noise(x / 300.0, y / 300.0, 2));
                v *= light * saw;
                double rr = 232 - 44 * heart;
                double gg = 184 - 66 * heart;
                double bb = 122 - 62 * heart;
                double warm = 0.25 * late;
                // A few cracks run in from the rim and out from the pith.
                double crack = 0;
                double[][] cracks = {
                  {0.6, 0.0, 0.62}, {2.5, 0.0, 0.34}, {-1.7, 0.55, 1.0}, {-0.2, 0.75, 1}
                };
                for (double[] c : cracks) {
                  double da =
                      Math.abs(
                              Math.atan2(
                                  Math.sin(pa - c[0] - 0.05 * Paint.noise(d / 70, c[0], 4)),
                                  Math.cos(pa - c[0] - 0.05 * Paint.noise(d / 70, c[0], 4))))
                          * d;
                  double wide =
                      5.5
                          * Paint.smooth(c[1] - 0.001, c[1] + 0.1, rho)
                          * Paint.smooth(c[2], c[2] - 0.25, rho);
                  if (c[2] >= 1) {
                    wide = 7 * Paint.smooth(c[1], 1, rho);
                  }
                  if (wide > 0.4) {
                    crack = Math.max(crack, Paint.smooth(wide, wide * 0.4, da));
                  }
                }
                v *= 1 - 0.82 * crack;
                im.setRGB(
                    x,
                    y,
                    0xff000000
                        | Paint.clamp(rr * v) << 16
                        | Paint.clamp(gg * v * (1 - warm * 0.35)) << 8
                        | Paint.clamp(bb * v * (1 - warm * 0.7)));
              }
            });
    Graphics2D l = Paint.pen(im);
    radial(l, n, n, 420, 320, 1300, 0xffe2a8, 0.28);
    // One oak leaf on the wood gives the scale.
    BufferedImage leaf = Paint.layer(n, n);
    Graphics2D lg = Paint.pen(leaf);
    oakLeaf(lg, 1500, 1560, 520, -2.2, 0xb8561c, 0xe8993a, r);
    lg.dispose();
    BufferedImage shade = Paint.layer(n, n);
    Graphics2D sg = Paint.pen(shade);
    sg.translate(16, 26);
    oakLeaf(sg, 1500, 1560, 520, -2.2, 0x000000, 0x000000, new Random(3));
    sg.dispose();
    Paint.over(im, Paint.blur(shade, 16), 0.6);
    Paint.over(im, leaf, 1);
    l.dispose();
    Paint.glow(im, 60, 0.7, 0.25);
    return Paint.grade(im, 0.35, 1.05, 0x5a6a60, 0x9a8468, 0.1, 0.4, 0.04);
  }

  /** An oak leaf with lobes and veins; the stalk starts at the point given. */
  private static void oakLeaf(
      Graphics2D g, double x, double y, double len, double angle, int dark, int lit, Random r) {
    AffineTransform keep = g.getTransform();
    g.translate(x, y);
    g.rotate(angle);
    Path2D half = new Path2D.Double();
    Path2D other = new Path2D.Double();
    half.moveTo(0, 0);
    other.moveTo(0, 0);
    int lobes = 5;
    for (int i = 0; i < lobes; i++) {
      double a = len * (0.1 + 0.16 * i);
      double b = len * (0.1 + 0.16 * (i + 1));
      double out = len * (0.16 + 0.16 * Math.sin(Math.PI * (i + 0.9) / (lobes + 0.6)));
      double in = len * 0.085 * (i == lobes - 1 ? 0.4 : 1);
      half.curveTo(a + (b - a) * 0.05, -out * 1.05, b + (b - a) * 0.15, -out * 1.15, b, -in);
      other.curveTo(a + (b - a) * 0.05, out, b + (b - a) * 0.15, out * 1.1, b, in);
    }
    half.quadTo(len * 1.02, -len * 0.05, len, 0);
    other.quadTo(len * 1.02, len * 0.05, len, 0);
    half.lineTo(0, 0);
    other.lineTo(0, 0);
    g.setPaint(
        new GradientPaint(
            0,
            (float) (-len * 0.3),
            new Color(lit),
            0,
            0,
            Paint.mix(new Color(dark), new Color(lit), 0.45)));
    g.fill(half);
    g.setPaint(
        new GradientPaint(
            0,
            0,
            Paint.mix(new Color(dark), new Color(lit), 0.2),
            0,
            (float) (len * 0.3),
            Paint.mix(new Color(dark), new Color(lit), 0.7)));
    g.fill(other);
    if (dark != 0) {
      Color vein = Paint.mix(new Color(lit), Color.WHITE, 0.35);
      g.setColor(new Color(vein.getRed(), vein.getGreen(), vein.getBlue(), 200));
      g.setStroke(
          new BasicStroke((float) (len * 0.014), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
      g.draw(
          new java.awt.geom.QuadCurve2D.Double(
              -len * 0.16, len * 0.03, len * 0.3, 0, len * 0.97, 0));
      g.setStroke(
          new BasicStroke((float) (len * 0.006), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
      for (int i = 0; i < lobes; i++) {
        double a = len * (0.1 + 0.16 * i);
        double out = len * (0.13 + 0.13 * Math.sin(Math.PI * (i + 0.9) / (lobes + 0.6)));
        g.draw(
            new java.awt.geom.QuadCurve2D.Double(
                a, 0, a + len * 0.04, -out * 0.5, a + len * 0.11, -out));
        g.draw(
            new java.awt.geom.QuadCurve2D.Double(
                a, 0, a + len * 0.04, out * 0.5, a + len * 0.11, out));
      }
      java.awt.Shape clip = g.getClip();
      Path2D whole = new Path2D.Double(half);
      whole.append(other, false);
      g.clip(whole);
      for (int i = 0; i < 260; i++) {
        double px = r.nextDouble() * len;
        double py = (r.nextDouble() - 0.5) * len * 0.7;
        double s = len * 0.012 * (0.4 + r.nextDouble());
        g.setColor(Paint.rgba(r.nextBoolean() ? dark : lit, 0.18));
        g.fill(new Ellipse2D.Double(px, py, s * 2.4, s));
      }
      g.setClip(clip);
    }
    g.setTransform(keep);
  }

  /** Wood laid bare, with the beetle's galleries cut in and bark left at the sides. */
  private static BufferedImage beetle() {
    int w = 1600;
    int h = 2400;
    Random r = new Random(21);
    BufferedImage cut = Paint.layer(w, h);
    Graphics2D g = Paint.pen(cut);
    g.setColor(Color.WHITE);
    double[][] mothers = {{700, 330, 1290}, {1010, 1420, 2280}};
    for (double[] m : mothers) {
      double x = m[0];
      Path2D p = new Path2D.Double();
      p.moveTo(x, m[1]);
      int n = 60;
      double[] cx = new double[n + 1];
      for (int i = 0; i <= n; i++) {
        cx[i] = x + 18 * (Paint.fbm(i / 9.0, x, 3, 3) - 0.5) * 2;
        p.lineTo(cx[i], m[1] + (m[2] - m[1]) * i / n);
      }
      g.setStroke(new BasicStroke(27, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
      g.draw(p);
      g.fill(new Ellipse2D.Double(cx[n / 2] - 34, (m[1] + m[2]) / 2 - 30, 68, 60));
      for (int i = 2; i < n - 1; i++) {
        for (int s = -1; s <= 1; s += 2) {
          if (r.nextDouble() < 0.3) {
            continue;
          }
          double py = m[1] + (m[2] - m[1]) * (i + r.nextDouble() * 0.5) / n;
          double px = cx[i] + s * 10;
          double mid = (i - n / 2.0) / (n / 2.0);
          double a = s > 0 ? 0 : Math.PI;
          a += s * mid * 0.75;
          double len = 220 + 230 * r.nextDouble();
          int steps = 26;
          for (int k = 0; k < steps; k++) {
            a += (r.nextDouble() - 0.5) * 0.28 + s * mid * 0.012;
            double qx = px + Math.cos(a) * len / steps;
            double qy = py + Math.sin(a) * len / steps;
            g.setStroke(
                new BasicStroke(
                    (float) (3 + 8.0 * k / steps), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
            g.draw(new java.awt.geom.Line2D.Double(px, py, qx, qy));
            px = qx;
            py = qy;
          }
          g.fill(new Ellipse2D.Double(px - 10, py - 10, 20, 20));
        }
      }
    }
    g.dispose();
    BufferedImage soft = Paint.blur(cut, 4);
    float[] height = new float[w * h];
    boolean[] barkAt = new boolean[w * h];
    float[] tone = new float[w * h];
    for (int y = 0; y < h; y++) {
      int[] row = soft.getRGB(0, y, w, 1, null, 0, w);
      for (int x = 0; x < w; x++) {
        double gallery = (row[x] & 255) / 255.0 * ((row[x] >>> 24) / 255.0);
        double left = 150 + 150 * Paint.fbm(y / 260.0, 3, 1, 4) + 40 * Paint.fbm(y / 30.0, 8, 1, 2);
        double rightEdge =
            w - 40 - 190 * Paint.fbm(y / 300.0, 9, 5, 4) - 40 * Paint.fbm(y / 30.0, 1, 7, 2);
        int i = y * w + x;
        if (x < left - 60 || x > rightEdge) {
          barkAt[i] = true;
          double plates = Paint.fbm(x / 60.0, y / 95.0, 2, 5);
          double crack = Math.abs(Paint.fbm(x / 80.0, y / 130.0, 8, 4) - 0.5);
          height[i] = (float) (90 + 60 * plates - 55 * Paint.smooth(0.05, 0, crack));
          tone[i] = (float) plates;
        } else {
          double fibre = Paint.fbm(x / 7.0, y / 190.0, 3, 4);
          double fine = Paint.fbm(x / 2.2, y / 50.0, 5, 2);
          height[i] = (float) (6 * fibre + 2 * fine - 17 * gallery * (0.8 + 0.3 * fibre));
          tone[i] = (float) gallery;
        }
      }
    }
    BufferedImage im = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
    IntStream.range(0, h)
        .parallel()
        .forEach(
            y -> {
              for (int x = 0; x < w; x++) {
                int i = y * w + x;
                int xr = Math.min(w - 1, x + 1);
                int yd = Math.min(h - 1, y + 1);
                double dx = Math.max(-9, Math.min(9, height[y * w + xr] - height[i]));
                double dy = Math.max(-9, Math.min(9, height[yd * w + x] - height[i]));
                double len = Math.sqrt(dx * dx * 0.5 + dy * dy * 0.5 + 1);
                double light = (0.52 * dx * -0.75 * -1 + 0.5 * dy * 0.75 + 0.78) / len;
                // Shadow that the bark throws on the wood.
                double shadow = 1;
                if (!barkAt[i]) {
                  for (int k = 4; k < 90; k += 5) {
                    int sx = x - k;
                    int sy = Math.max(0, y - k / 2);
                    if (sx >= 0 && height[sy * w + sx] > height[i] + k * 0.9) {
                      shadow = Math.min(shadow, 0.42 + 0.4 * k / 90.0);
                    }
                  }
                }
                double v = Math.max(0.12, light) * shadow;
                Color c;
                if (barkAt[i]) {
                  c = Paint.mix(new Color(0x2c1d15), new Color(0x8d6c52), tone[i]);
                } else {
                  double stripe = Paint.fbm(x / 26.0, y / 900.0, 6, 4);
                  Color wood = Paint.mix(new Color(0xb98650), new Color(0xecc690), stripe);
                  double stain = Paint.smooth(0.5, 0.75, Paint.fbm(x / 240.0, y / 520.0, 11, 4));
                  wood = Paint.mix(wood, new Color(0x9a7a5c), stain * 0.45);
                  c = Paint.mix(wood, new Color(0x5a3016), tone[i] * 0.85);
                }
                double round = 1 - 0.55 * Math.pow(Math.abs(x - w * 0.46) / (w * 0.56), 2.2);
                v *= 1.14 * round;
                im.setRGB(
                    x,
                    y,
                    0xff000000
                        | Paint.clamp(c.getRed() * v) << 16
                        | Paint.clamp(c.getGreen() * v) << 8
                        | Paint.clamp(c.getBlue() * v));
              }
            });
    Graphics2D q = Paint.pen(im);
    beetleBody(q, 1120, 1240, 230, -2.5);
    radial(q, w, h, 500, 300, 1700, 0xffe0a8, 0.2);
    q.dispose();
    Paint.glow(im, 50, 0.75, 0.2);
    return Paint.grade(im, 0.4, 1.06, 0x5a6070, 0x9a8468, 0.12, 0.45, 0.012);
  }

  private static void beetleBody(Graphics2D g, double x, double y, double len, double angle) {
    BufferedImage sh = Paint.layer((int) (len * 3), (int) (len * 3));
    Graphics2D s = Paint.pen(sh);
    s.setColor(new Color(20, 8, 0, 200));
    s.translate(len * 1.5, len * 1.5);
    s.rotate(angle);
    s.fill(new Ellipse2D.Double(-len * 0.6, -len * 0.3, len * 1.25, len * 0.62));
    s.dispose();
    g.drawImage(
        Paint.blur(sh, len * 0.1),
        (int) (x - len * 1.5 + len * 0.1),
        (int) (y - len * 1.5 + len * 0.14),
        null);
    AffineTransform keep = g.getTransform();
    g.translate(x, y);
    g.rotate(angle);
    g.setColor(new Color(0x2a1309));
    g.setStroke(
        new BasicStroke((float) (len * 0.045), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    for (int i = 0; i < 3; i++) {
      for (int k = -1; k <= 1; k += 2) {
        double lx = len * (0.28 - 0.24 * i);
        Path2D leg = new Path2D.Double();
        leg.moveTo(lx, k * len * 0.2);
        leg.lineTo(lx + len * (0.12 - 0.1 * i), k * len * 0.4);
        leg.lineTo(lx + len * (0.2 - 0.22 * i), k * len * 0.5);
        g.draw(leg);
      }
    }
    g.draw(new CubicShape(len).antenna(1));
    g.draw(new CubicShape(len).antenna(-1));
    Path2D wings = new Path2D.Double();
    wings.moveTo(len * 0.08, -len * 0.25);
    wings.curveTo(-len * 0.3, -len * 0.29, -len * 0.56, -len * 0.26, -len * 0.6, -len * 0.12);
    wings.lineTo(-len * 0.55, 0);
    wings.lineTo(-len * 0.6, len * 0.12);
    wings.curveTo(-len * 0.56, len * 0.26, -len * 0.3, len * 0.29, len * 0.08, len * 0.25);
    wings.closePath();
    g.setPaint(
        new RadialGradientPaint(
            new Point2D.Double(-len * 0.16, -len * 0.1),
            (float) (len * 0.5),
            new float[] {0, 0.4f, 1},
            new Color[] {new Color(0xc98a52), new Color(0x7a3a17), new Color(0x2a1006)}));
    g.fill(wings);
    g.setColor(new Color(0x1d0b04));
    g.setStroke(new BasicStroke((float) (len * 0.012)));
    g.draw(new java.awt.geom.Line2D.Double(-len * 0.55, 0, len * 0.06, 0));
    g.setColor(new Color(30, 10, 2, 110));
    for (int i = -4; i <= 4; i++) {
      if (i != 0) {
        g.draw(
            new java.awt.geom.Line2D.Double(
                -len * 0.5, i * len * 0.05, len * 0.04, i * len * 0.055));
      }
    }
    g.setPaint(
        new RadialGradientPaint(
            new Point2D.Double(len * 0.24, -len * 0.1),
            (float) (len * 0.34),
            new float[] {0, 0.5f, 1},
            new Color[] {new Color(0xa66a3a), new Color(0x55260e), new Color(0x1d0a04)}));
    g.fill(new Ellipse2D.Double(len * 0.02, -len * 0.26, len * 0.44, len * 0.52));
    g.setColor(new Color(0x2a1208));
    g.fill(new Ellipse2D.Double(len * 0.38, -len * 0.15, len * 0.2, len * 0.3));
    g.setTransform(keep);
  }

  private record CubicShape(double len) {
    java.awt.Shape antenna(int side) {
      return new java.awt.geom.QuadCurve2D.Double(
          len * 0.5, side * len * 0.1, len * 0.66, side * len * 0.14, len * 0.7, side * len * 0.28);
    }
  }

  private static BufferedImage drought() {
    int w = 2560;
    int h = 1440;
    BufferedImage im = canvas(w, h, 0x9fb4bd, 0xf3cf92);
    Graphics2D g = Paint.pen(im);
    g.setPaint(new GradientPaint(0, 0, new Color(0x7d9cae), 0, h * 0.62f, new Color(0xf7d9a2)));
    g.fillRect(0, 0, w, h);
    double sx = 620;
    double sy = 330;
    radial(g, w, h, sx, sy, 1400, 0xfff0c4, 0.85);
    radial(g, w, h, sx, sy, 190, 0xffffff, 1);
    Random r = new Random(44);
    for (int k = 0; k < 4; k++) {
      double base = h * (0.45 + 0.1 * k) + (k == 3 ? 60 : 0);
      Path2D hill = new Path2D.Double();
      hill.moveTo(0, h);
      double[] top = new double[w / 4 + 2];
      for (int x = 0; x <= w + 4; x += 4) {
        double y =
            base
                + 190 * (Paint.fbm(x / 1100.0 + k * 7, k * 2.7, 2, 4) - 0.55)
                - (k == 2 ? 110 * Math.exp(-Math.pow((x - 1750) / 620.0, 2)) : 0);
        top[Math.min(top.length - 1, x / 4)] = y;
        hill.lineTo(x, y);
      }
      hill.lineTo(w, h);
      hill.closePath();
      double t = k / 3.0;
      Color a = Paint.mix(new Color(0xd0b994), new Color(0x8a6434), t);
      Color b = Paint.mix(new Color(0xb79f7e), new Color(0x4a3518), t);
      BufferedImage l = Paint.layer(w, h);
      Graphics2D q = Paint.pen(l);
      int n = new int[] {230, 170, 96, 0}[k];
      for (int i = 0; i < n; i++) {
        double x = r.nextDouble() * w;
        double y = top[(int) (x / 4)] + 14;
        double size = (95 + 85 * r.nextDouble()) * (1 + 3.2 * t * t);
        Color c = Paint.mix(new Color(0xb3a68f), new Color(0x4c4239), t * 1.1 > 1 ? 1 : t * 1.1);
        if (r.nextDouble() < 0.16 && k < 2) {
          spruce(q, x, y, size, Paint.mix(c, new Color(0x6a6d4c), 0.5), new Color(0xc9a872), r);
        } else {
          snag(q, x, y, size * 1.15, c, r);
        }
      }
      q.setPaint(new GradientPaint(0, (float) base - 90, a, 0, (float) (base + 420), b));
      q.fill(hill);
      // Dry grass and stumps give the slopes a grain.
      java.awt.Shape clip = q.getClip();
      q.clip(hill);
      for (int i = 0; i < 5200; i++) {
        double x = r.nextDouble() * w;
        double y = top[(int) (x / 4)] + Math.pow(r.nextDouble(), 1.3) * 560;
        double s = (4 + 10 * t) * (0.6 + r.nextDouble()) * (1 + (y - base) / 900);
        q.setColor(
            Paint.rgba(r.nextInt(3) == 0 ? 0xe9c684 : r.nextBoolean() ? 0x7a5a2e : 0xb08a4c, 0.34));
        q.setStroke(new BasicStroke((float) (1 + 1.2 * t)));
        q.draw(new java.awt.geom.Line2D.Double(x, y, x + (r.nextDouble() - 0.5) * s, y - s));
      }
      q.setClip(clip);
      q.dispose();
      Paint.over(im, Paint.blur(l, k == 0 ? 2.4 : k == 1 ? 1.2 : 0), 1);
      if (k < 3) {
        fogBand(im, base + 90, 150, 0xf6dcae, 0.4 - 0.1 * k, 30 + k);
      }
    }
    radial(g, w, h, sx, sy, 1500, 0xffe2a0, 0.3);
    g.dispose();
    // Foreground: tall dry grass, two big dead trunks, and young green oaks in the light.
    BufferedImage l = Paint.layer(w, h);
    g = Paint.pen(l);
    snag(g, 2200, 1500, 1330, new Color(0x3b3029), r);
    snag(g, 2440, 1520, 1000, new Color(0x463a30), r);
    g.dispose();
    Paint.over(im, Paint.blur(l, 1.4), 1);
    l = Paint.layer(w, h);
    g = Paint.pen(l);
    for (int i = 0; i < 8200; i++) {
      double x = r.nextDouble() * w;
      double y = h + 30 - Math.pow(r.nextDouble(), 1.4) * 330;
      double s = 60 + 120 * r.nextDouble();
      double lean = (Paint.noise(x / 160, 3, 3) - 0.5) * 90 + r.nextGaussian() * 14;
      g.setColor(
          Paint.rgba(
              new int[] {0xe2bd74, 0xb98f4c, 0x8a6a34, 0x6b5230, 0xf0d494}[r.nextInt(5)], 0.8));
      g.setStroke(
          new BasicStroke(
              (float) (1.4 + 2 * r.nextDouble()), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
      g.draw(
          new java.awt.geom.QuadCurve2D.Double(x, y, x + lean * 0.2, y - s * 0.6, x + lean, y - s));
    }
    int[] green = {0x2c4a1a, 0x456b24, 0x7a9a3a, 0xa8bc58, 0xc8d878};
    double[][] young = {{560, 1200, 330}, {960, 1310, 210}, {1380, 1250, 280}, {230, 1320, 220}};
    for (double[] t : young) {
      g.setColor(new Color(0x4a3a1e));
      g.setStroke(new BasicStroke(9, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
      g.draw(
          new java.awt.geom.QuadCurve2D.Double(
              t[0], t[1] + 90, t[0] + 8, t[1] - t[2] * 0.2, t[0] - 4, t[1] - t[2] * 0.7));
      for (int i = 0; i < 9; i++) {
        double a = -Math.PI * (0.1 + 0.8 * i / 8.0);
        double len = t[2] * (0.42 + 0.14 * r.nextDouble());
        double fx = t[0];
        double fy = t[1] - t[2] * (0.12 + 0.5 * r.nextDouble());
        g.setStroke(new BasicStroke(4));
        g.setColor(new Color(0x4a4a1e));
        g.draw(
            new java.awt.geom.Line2D.Double(
                fx, fy, fx + Math.cos(a) * len * 0.5, fy + Math.sin(a) * len * 0.5));
        for (int j = 0; j < 7; j++) {
          double b = a + (r.nextDouble() - 0.5) * 1.5;
          double along = 0.25 + 0.3 * r.nextDouble();
          oakLeaf(
              g,
              fx + Math.cos(a) * len * along,
              fy + Math.sin(a) * len * along,
              len * (0.42 + 0.22 * r.nextDouble()),
              b,
              green[r.nextInt(2)],
              green[2 + r.nextInt(2)],
              r);
        }
      }
    }
    for (int i = 0; i < 900; i++) {
      double x = r.nextDouble() * w;
      double s = 60 + 110 * r.nextDouble();
      g.setColor(Paint.rgba(new int[] {0x8a6a34, 0x6b5230, 0xd0ac64}[r.nextInt(3)], 0.85));
      g.setStroke(
          new BasicStroke(
              (float) (2 + 2 * r.nextDouble()), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
      g.draw(
          new java.awt.geom.QuadCurve2D.Double(
              x, h + 20, x, h - s * 0.6, x + r.nextGaussian() * 30, h + 10 - s));
    }
    g.dispose();
    Paint.over(im, l, 1);
    rays(im, sx, sy, 14, 0.14, 0xfff0c0, 8);
    Paint.glow(im, 70, 0.68, 0.35);
    return Paint.grade(im, 0.4, 1.08, 0x5a6a7c, 0xa08460, 0.14, 0.4, 0.035);
  }

  /** A dead spruce: a bare pole with short broken branches. */
  private static void snag(Graphics2D g, double x, double foot, double h, Color c, Random r) {
    double lean = (r.nextDouble() - 0.5) * h * 0.05;
    double wide = h * 0.026;
    Path2D p = new Path2D.Double();
    p.moveTo(x - wide / 2, foot);
    p.lineTo(x + lean - wide * 0.08, foot - h);
    p.lineTo(x + lean + wide * 0.08, foot - h * 0.985);
    p.lineTo(x + wide / 2, foot);
    p.closePath();
    g.setPaint(
        new GradientPaint(
            (float) (x - wide / 2),
            0,
            Paint.mix(c, new Color(0xf0d4a0), 0.5),
            (float) (x + wide / 2),
            0,
            c));
    g.fill(p);
    int n = (int) (24 + h / 24);
    for (int i = 0; i < n; i++) {
      double t = 0.18 + 0.8 * r.nextDouble();
      double y = foot - h * t;
      double cx = x + lean * t;
      double len = h * 0.13 * (1.1 - t) * (0.3 + 0.9 * r.nextDouble());
      double side = r.nextBoolean() ? 1 : -1;
      g.setColor(side < 0 ? Paint.mix(c, new Color(0xe8c890), 0.3) : c);
      g.setStroke(
          new BasicStroke(
              (float) Math.max(0.7, wide * 0.13), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
      g.draw(
          new java.awt.geom.QuadCurve2D.Double(
              cx,
              y,
              cx + side * len * 0.6,
              y + len * 0.1,
              cx + side * len,
              y + len * (0.4 * r.nextDouble())));
    }
  }

  private static BufferedImage seedling() {
    int w = 1600;
    int h = 2400;
    BufferedImage im = canvas(w, h, 0x6a8a3a, 0x1a2410);
    Graphics2D g = Paint.pen(im);
    g.setPaint(new GradientPaint(0, 0, new Color(0xa9b95c), 0, h * 0.75f, new Color(0x2a3a16)));
    g.fillRect(0, 0, w, h);
    radial(g, w, h, 1060, 520, 1300, 0xfff2b0, 0.9);
    Random r = new Random(8);
    BufferedImage far = Paint.layer(w, h);
    Graphics2D q = Paint.pen(far);
    for (int i = 0; i < 9; i++) {
      double x = w * (i + 0.3 * r.nextDouble()) / 8.5;
      double wide = 60 + 90 * r.nextDouble();
      if (x > 820 && x < 1250) {
        continue;
      }
      q.setColor(Paint.rgba(0x2a3016, 0.75));
      q.fill(new java.awt.geom.Rectangle2D.Double(x - wide / 2, 0, wide, h * 0.72));
    }
    int[] green = {0x2c4416, 0x486a1e, 0x7a9a30, 0xb4c852, 0xeef0a0};
    for (int i = 0; i < 60; i++) {
      foliage(q, r.nextDouble() * w, h * 0.62 * r.nextDouble(), 150, 100, 60, 26, green, 0.5, r);
    }
    q.dispose();
    g.drawImage(Paint.blur(far, 42), 0, 0, null);
    BufferedImage lights = Paint.layer(w, h);
    q = Paint.pen(lights);
    Paint.bokeh(
        q, w, h, 46, 0.02, 0.6, 0.062, new int[] {0xfff4b8, 0xe6f09a, 0xffe08a, 0xffffff}, 0.5, 4);
    q.dispose();
    g.drawImage(Paint.blur(lights, 4), 0, 0, null);
    // Ground: earth and old leaves, sharp in the middle distance.
    for (int k = 0; k < 3; k++) {
      BufferedImage l = Paint.layer(w, h);
      q = Paint.pen(l);
      double top = h * (0.71 + 0.05 * k + (k == 2 ? 0.06 : 0));
      Path2D soil = new Path2D.Double();
      soil.moveTo(0, h);
      for (int x = 0; x <= w; x += 10) {
        soil.lineTo(
            x,
            top
                + 46 * (Paint.fbm(x / 170.0, k * 4.2, 5, 4) - 0.5)
                - (k == 1 ? 50 * Math.exp(-Math.pow((x - 760) / 240.0, 2)) : 0));
      }
      soil.lineTo(w, h);
      soil.closePath();
      q.setPaint(
          new GradientPaint(
              0,
              (float) top,
              new Color(new int[] {0x6a5a2c, 0x5a3f20, 0x2e1c0e}[k]),
              0,
              (float) (top + 500),
              new Color(0x140b05)));
      q.fill(soil);
      int n = new int[] {70, 260, 90}[k];
      for (int i = 0; i < n; i++) {
        double x = r.nextDouble() * w;
        double y = top + 20 + r.nextDouble() * 330 + 60 * k;
        int[][] tones = {
          {0x5a2f12, 0xb0702c}, {0x6b3a16, 0xd08a3c}, {0x4a2a14, 0x8a5a2a}, {0x7a4418, 0xe0a04c}
        };
        int[] c = tones[r.nextInt(4)];
        AffineTransform keep = q.getTransform();
        q.translate(x, y);
        q.scale(1, 0.42);
        oakLeaf(
            q,
            0,
            0,
            150 + 90 * r.nextDouble() + 60 * k,
            r.nextDouble() * Math.PI * 2,
            c[0],
            c[1],
            r);
        q.setTransform(keep);
      }
      q.dispose();
      Paint.over(im, Paint.blur(l, new double[] {16, 2, 12}[k]), 1);
      if (k == 1) {
        seedlingPlant(im, 760, h * 0.735, r);
      }
    }
    radial(g, w, h, 1060, 520, 1100, 0xfff0b0, 0.4);
    rays(im, 1240, -100, 16, 0.3, 0xfff4c4, 3);
    g.dispose();
    Paint.glow(im, 80, 0.6, 0.45);
    return Paint.grade(im, 0.45, 1.12, 0x567060, 0xa09060, 0.12, 0.42, 0.035);
  }

  private static void seedlingPlant(BufferedImage im, double x, double foot, Random r) {
    int w = im.getWidth();
    int h = im.getHeight();
    BufferedImage l = Paint.layer(w, h);
    Graphics2D g = Paint.pen(l);
    // Shadow at the foot, then the acorn.
    g.setPaint(
        new RadialGradientPaint(
            new Point2D.Double(x, foot + 30),
            230,
            new float[] {0, 1},
            new Color[] {new Color(0, 0, 0, 150), new Color(0, 0, 0, 0)}));
    g.fill(new Ellipse2D.Double(x - 260, foot - 40, 520, 150));
    AffineTransform keep = g.getTransform();
    g.translate(x - 85, foot + 24);
    g.rotate(-0.3);
    g.setPaint(
        new RadialGradientPaint(
            new Point2D.Double(20, -34),
            150,
            new float[] {0, 0.4f, 1},
            new Color[] {new Color(0xf0bd78), new Color(0x9a5a22), new Color(0x2c1406)}));
    g.fill(new Ellipse2D.Double(-110, -62, 220, 124));
    g.setPaint(new GradientPaint(-120, -60, new Color(0x8a6a3c), -60, 60, new Color(0x3a2610)));
    g.fill(new Ellipse2D.Double(-132, -70, 92, 140));
    g.setTransform(keep);
    // The stem, lit from the right.
    Path2D stem = new Path2D.Double();
    stem.moveTo(x, foot + 20);
    stem.curveTo(x - 40, foot - 260, x + 70, foot - 460, x + 30, foot - 760);
    g.setStroke(new BasicStroke(25, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    g.setColor(new Color(0x47591c));
    g.draw(stem);
    g.translate(5, 0);
    g.setStroke(new BasicStroke(10, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    g.setColor(new Color(0xc8d468));
    g.draw(stem);
    g.setTransform(keep);
    double tx = x + 30;
    double ty = foot - 760;
    double[][] leaves = {
      {tx - 8, ty + 190, 520, -2.85},
      {tx + 10, ty + 150, 500, -0.28},
      {tx, ty + 30, 560, -2.3},
      {tx, ty + 20, 560, -0.78},
      {tx, ty, 500, -1.62}
    };
    for (double[] f : leaves) {
      oakLeaf(g, f[0], f[1], f[2], f[3], 0x3f7a1c, 0xb6dc4c, r);
      // Light through the blade.
      AffineTransform k2 = g.getTransform();
      g.translate(f[0], f[1]);
      g.rotate(f[3]);
      g.setPaint(
          new RadialGradientPaint(
              new Point2D.Double(f[2] * 0.55, -f[2] * 0.02),
              (float) (f[2] * 0.34),
              new float[] {0, 1},
              new Color[] {new Color(250, 255, 170, 80), new Color(250, 255, 170, 0)}));
      g.fill(new Ellipse2D.Double(f[2] * 0.2, -f[2] * 0.2, f[2] * 0.7, f[2] * 0.36));
      g.setTransform(k2);
    }
    // Drops of dew.
    for (int i = 0; i < 16; i++) {
      double[] f = leaves[r.nextInt(5)];
      double d = f[2] * (0.3 + 0.45 * r.nextDouble());
      double s = 9 + 12 * r.nextDouble();
      double px = f[0] + Math.cos(f[3]) * d + r.nextGaussian() * 26;
      double py = f[1] + Math.sin(f[3]) * d + r.nextGaussian() * 20;
      g.setPaint(
          new RadialGradientPaint(
              new Point2D.Double(px + s * 0.3, py + s * 0.35),
              (float) s * 1.2f,
              new float[] {0, 1},
              new Color[] {new Color(240, 255, 190, 200), new Color(60, 110, 30, 150)}));
      g.fill(new Ellipse2D.Double(px - s, py - s, s * 2, s * 2));
      g.setColor(new Color(255, 255, 255, 230));
      g.fill(new Ellipse2D.Double(px - s * 0.5, py - s * 0.55, s * 0.5, s * 0.45));
    }
    g.dispose();
    Paint.over(im, l, 1);
  }
}
