import java.awt.Color;
import java.awt.Font;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RadialGradientPaint;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.util.Map;
import java.util.Random;

/** The pictures of the how-to: a warm kitchen, traced. One unit is ten centimetres. */
final class Coffee {
  private Coffee() {}

  static void addTo(Map<String, Gallery.Picture> all) {
    all.put("howto/images/hero-dripper.jpg", Coffee::hero);
    all.put("howto/images/fresh-beans.jpg", Coffee::beans);
    all.put("howto/images/scale.jpg", Coffee::scale);
    all.put("howto/images/kettle.jpg", Coffee::kettleScene);
    all.put("howto/images/bloom.jpg", Coffee::bloom);
    all.put("howto/images/pour.jpg", Coffee::pour);
    all.put("howto/images/cup.jpg", Coffee::cupScene);
    all.put("howto/images/breakfast-panorama.jpg", Coffee::panorama);
  }

  // Materials ------------------------------------------------------------------------------

  private static Tracer.Mat wood(int dark, int light, double plank) {
    Tracer.V a = Tracer.hex(dark);
    Tracer.V b = Tracer.hex(light);
    return Tracer.Mat.glossy(b, 0.42)
        .tex(
            s -> {
              double x = s.p.x;
              double z = s.p.z;
              int k = (int) Math.floor(z / plank + 100.5);
              double in = z / plank + 100.5 - k;
              x += k * 3.7;
              double warp = Paint.fbm(x * 0.25, z * 1.1, k * 5.1, 3);
              double rings = Paint.fbm(x * 0.35 + 3, (z + warp * 0.9) * 7, k * 2.3, 4);
              double lines = Paint.fbm(x * 1.1, z * 55, k * 1.9, 3);
              double pores = Paint.smooth(0.66, 0.8, Paint.fbm(x * 4, z * 90, k, 2));
              double t = 0.15 + 0.75 * rings + 0.35 * (lines - 0.5) - 0.25 * pores;
              t = Math.max(0, Math.min(1, t)) * (0.75 + 0.35 * Paint.hash(k, 3, 1));
              double gap = Paint.smooth(0, 0.012, in) * Paint.smooth(0, 0.012, 1 - in);
              s.albedo = a.mix(b, t).mul(0.15 + 0.85 * gap);
              s.rough = 0.34 + 0.25 * lines;
            });
  }

  private static Tracer.Mat ceramic(int rgb) {
    Tracer.V c = Tracer.hex(rgb);
    return Tracer.Mat.glossy(c, 0.35)
        .coat(0.035)
        .tex(
            s -> {
              double speck =
                  Paint.smooth(0.8, 0.86, Paint.noise(s.p.x * 62, s.p.y * 62, s.p.z * 62));
              s.albedo = c.mul(1 - 0.45 * speck);
            });
  }

  private static final Tracer.Mat COPPER = Tracer.Mat.metal(Tracer.v(0.93, 0.47, 0.27), 0.2);
  private static final Tracer.Mat STEEL = Tracer.Mat.metal(Tracer.v(0.78, 0.76, 0.73), 0.16);
  private static final Tracer.Mat GLASS = Tracer.Mat.glass(Tracer.v(0.985, 0.99, 0.985), 1.5);
  private static final Tracer.Mat WATER = Tracer.Mat.glass(Tracer.v(0.99, 0.995, 1), 1.33);
  private static final Tracer.Mat COFFEE = Tracer.Mat.glossy(Tracer.v(0.035, 0.011, 0.004), 0.06);
  private static final Tracer.Mat PAPER = Tracer.Mat.matte(Tracer.v(0.82, 0.76, 0.66));

  private static Tracer.Mat grounds(boolean wet) {
    Tracer.V a = Tracer.hex(wet ? 0x1c0c05 : 0x2a1509);
    Tracer.V b = Tracer.hex(wet ? 0x4a2812 : 0x6b4022);
    return Tracer.Mat.glossy(a, wet ? 0.3 : 0.8)
        .tex(
            s -> {
              double n = Paint.noise(s.p.x * 60, s.p.y * 60, s.p.z * 60);
              double m = Paint.fbm(s.p.x * 6, s.p.y * 6, s.p.z * 6, 3);
              s.albedo = a.mix(b, Math.pow(n, 1.6) * (0.5 + m));
            });
  }

  private static Tracer.Mat beanSkin(double tone) {
    Tracer.V a = Tracer.hex(0x2a150a).mul(tone);
    Tracer.V b = Tracer.hex(0x643818).mul(tone);
    return Tracer.Mat.glossy(a, 0.36)
        .f0(0.05)
        .tex(
            s -> {
              double n = Paint.fbm(s.p.x * 26, s.p.y * 26, s.p.z * 26, 3);
              s.albedo = a.mix(b, n);
              s.rough = 0.26 + 0.24 * n;
            });
  }

  // Things ---------------------------------------------------------------------------------

  private static void table(Tracer t, Tracer.Mat m, double near, double far) {
    t.quad(
        Tracer.v(-30, 0, near),
        Tracer.v(30, 0, near),
        Tracer.v(30, 0, far),
        Tracer.v(-30, 0, far),
        m);
  }

  private static void carafe(Tracer t, Tracer.V at, double fill) {
    double[][] out = {
      {0, 0.02},
      {0.45, 0.02},
      {0.62, 0.06},
      {0.7, 0.2},
      {0.72, 0.4},
      {0.66, 0.7},
      {0.52, 0.98},
      {0.42, 1.14},
      {0.43, 1.26},
      {0.49, 1.34},
      {0.475, 1.35},
      {0.41, 1.26},
      {0.395, 1.14},
      {0.495, 0.97},
      {0.635, 0.69},
      {0.69, 0.4},
      {0.67, 0.22},
      {0.6, 0.09},
      {0.44, 0.055},
      {0, 0.055}
    };
    t.lathe(at, out, 72, 76, GLASS);
    double top = 0.1 + 0.85 * fill;
    double[][] in = new double[14][];
    for (int i = 0; i < 12; i++) {
      double y = 0.07 + (top - 0.07) * i / 11.0;
      in[i] = new double[] {innerRadius(y) - 0.006, y};
    }
    in[0] = new double[] {0.42, 0.062};
    in[12] = new double[] {innerRadius(top) - 0.02, top + 0.004};
    in[13] = new double[] {0, top + 0.002};
    t.lathe(at, in, 72, 52, COFFEE);
    // A leather collar around the neck.
    double[][] collar = {
      {0.45, 1.04}, {0.475, 1.06}, {0.455, 1.12}, {0.448, 1.2}, {0.46, 1.24}, {0.44, 1.25}
    };
    t.lathe(at, collar, 64, 24, leather());
  }

  private static Tracer.Mat leather() {
    Tracer.V a = Tracer.hex(0x8a4a22);
    return Tracer.Mat.glossy(a, 0.5)
        .tex(s -> s.albedo = a.mul(0.7 + 0.5 * Paint.fbm(s.p.x * 20, s.p.y * 20, s.p.z * 20, 3)));
  }

  private static double innerRadius(double y) {
    double[][] k = {
      {0.44, 0.055},
      {0.6, 0.09},
      {0.67, 0.22},
      {0.69, 0.4},
      {0.635, 0.69},
      {0.495, 0.97},
      {0.395, 1.14}
    };
    for (int i = 0; i < k.length - 1; i++) {
      if (y <= k[i + 1][1]) {
        double f = (y - k[i][1]) / (k[i + 1][1] - k[i][1]);
        return k[i][0] + (k[i + 1][0] - k[i][0]) * Paint.smooth(0, 1, f);
      }
    }
    return 0.39;
  }

  private static void dripper(Tracer t, Tracer.V at, int rgb, boolean filter) {
    Tracer.Mat m = ceramic(rgb);
    double[][] body = {
      {0.2, -0.06},
      {0.3, -0.06},
      {0.62, -0.02},
      {0.64, 0.02},
      {0.6, 0.05},
      {0.34, 0.07},
      {0.3, 0.12},
      {0.36, 0.24},
      {0.6, 0.6},
      {0.82, 0.93},
      {0.86, 0.97},
      {0.84, 1.0},
      {0.79, 0.96},
      {0.56, 0.62},
      {0.3, 0.24},
      {0.14, 0.1}
    };
    t.lathe(at, body, 96, 90, m);
    double[][] handle = {
      {at.x + 0.72, at.y + 0.82, at.z, 0.055},
      {at.x + 1.0, at.y + 0.86, at.z, 0.06},
      {at.x + 1.14, at.y + 0.66, at.z, 0.065},
      {at.x + 1.0, at.y + 0.38, at.z, 0.06},
      {at.x + 0.72, at.y + 0.26, at.z, 0.06},
      {at.x + 0.4, at.y + 0.24, at.z, 0.06}
    };
    t.tube(handle, 24, 60, m);
    if (filter) {
      double[][] paper = {{0.16, 0.16}, {0.45, 0.55}, {0.79, 1.0}, {0.86, 1.1}, {0.885, 1.15}};
      t.patch(
          (u, w) -> {
            double[] q = Tracer.curve(paper, w);
            double a = u * 2 * Math.PI;
            double r = q[0] * (1 + 0.012 * Math.sin(a * 9) * w) - 0.02;
            double y = q[1] + 0.03 * w * w * Math.sin(a * 2 + 0.7);
            return Tracer.v(at.x + r * Math.cos(a), at.y + y, at.z + r * Math.sin(a));
          },
          96,
          16,
          true,
          PAPER);
      bed(t, at.add(Tracer.v(0, 0.82, 0)), 0.66, grounds(true), 0.04, 5);
    }
  }

  private static void bed(
      Tracer t, Tracer.V at, double radius, Tracer.Mat m, double bump, int seed) {
    t.patch(
        (u, w) -> {
          double a = u * 2 * Math.PI;
          double r = radius * (1 - w);
          double x = Math.cos(a) * r;
          double z = Math.sin(a) * r;
          double dome = 0.1 * (1 - (r / radius) * (r / radius)) * bump * 10;
          double y = dome + bump * (Paint.fbm(x * 9 + seed, z * 9, seed, 4) - 0.5);
          return Tracer.v(at.x + x, at.y + y, at.z + z);
        },
        120,
        40,
        true,
        m);
  }

  private static void cup(Tracer t, Tracer.V at, int rgb, double turn, boolean saucer) {
    Tracer.Mat m = ceramic(rgb);
    double lift = saucer ? 0.07 : 0.0;
    Tracer.V c = at.add(Tracer.v(0, lift, 0));
    double[][] body = {
      {0, 0.02},
      {0.24, 0.01},
      {0.27, 0.03},
      {0.34, 0.1},
      {0.42, 0.28},
      {0.45, 0.5},
      {0.455, 0.62},
      {0.44, 0.635},
      {0.425, 0.6},
      {0.415, 0.48},
      {0.38, 0.27},
      {0.28, 0.1},
      {0, 0.06}
    };
    t.lathe(c, body, 80, 72, m);
    double[][] liquid = {{0.38, 0.52}, {0.416, 0.545}, {0.4, 0.548}, {0, 0.546}};
    t.lathe(c, liquid, 72, 20, crema());
    double ca = Math.cos(turn);
    double sa = Math.sin(turn);
    double[][] h = {
      {0.4, 0.5, 0, 0.045},
      {0.6, 0.54, 0, 0.048},
      {0.72, 0.4, 0, 0.048},
      {0.62, 0.22, 0, 0.045},
      {0.37, 0.17, 0, 0.04}
    };
    for (double[] q : h) {
      double x = q[0];
      q[0] = c.x + x * ca;
      q[1] += c.y;
      q[2] = c.z + x * sa;
    }
    t.tube(h, 20, 48, m);
    if (saucer) {
      double[][] plate = {
        {0, 0.03},
        {0.4, 0.02},
        {0.5, 0.04},
        {0.75, 0.1},
        {0.82, 0.13},
        {0.81, 0.145},
        {0.74, 0.125},
        {0.5, 0.075},
        {0.4, 0.06},
        {0, 0.06}
      };
      t.lathe(at, plate, 96, 56, m);
    }
  }

  private static Tracer.Mat crema() {
    return Tracer.Mat.glossy(Tracer.hex(0x1d0a03), 0.06).f0(0.03);
  }

  private static void kettle(Tracer t, Tracer.V at, double turn, Tracer.Mat m) {
    double ca = Math.cos(turn);
    double sa = Math.sin(turn);
    double[][] body = {
      {0, 0.0},
      {0.7, 0.0},
      {0.78, 0.03},
      {0.8, 0.08},
      {0.74, 0.4},
      {0.63, 0.85},
      {0.56, 1.1},
      {0.53, 1.16},
      {0.5, 1.17},
      {0.49, 1.2},
      {0.44, 1.24},
      {0.25, 1.31},
      {0.08, 1.34},
      {0.05, 1.36},
      {0.045, 1.41}
    };
    t.lathe(at, body, 110, 110, m);
    double[][] knob = {
      {0.05, 1.4}, {0.1, 1.42}, {0.13, 1.48}, {0.12, 1.54}, {0.07, 1.58}, {0, 1.585}
    };
    t.lathe(at, knob, 40, 30, darkWood());
    double[][] spout = {
      {0.62, 0.22, 0, 0.16}, {0.85, 0.2, 0, 0.13}, {1.06, 0.3, 0, 0.1}, {1.14, 0.55, 0, 0.085},
      {1.16, 0.85, 0, 0.075}, {1.24, 1.12, 0, 0.066}, {1.42, 1.28, 0, 0.06}, {1.62, 1.26, 0, 0.056},
      {1.74, 1.16, 0, 0.056}
    };
    t.tube(turned(spout, at, ca, sa), 36, 140, m);
    double[][] arm = {
      {-0.5, 1.05, 0, 0.05}, {-0.66, 1.22, 0, 0.05}, {-0.86, 1.3, 0, 0.05}, {-1.04, 1.26, 0, 0.05}
    };
    t.tube(turned(arm, at, ca, sa), 24, 50, m);
    double[][] grip = {
      {-1.0, 1.29, 0, 0.03},
      {-1.08, 1.22, 0, 0.085},
      {-1.2, 0.95, 0, 0.1},
      {-1.26, 0.66, 0, 0.095},
      {-1.25, 0.42, 0, 0.08},
      {-1.24, 0.36, 0, 0.02}
    };
    t.tube(turned(grip, at, ca, sa), 32, 70, darkWood());
  }

  private static double[][] turned(double[][] pts, Tracer.V at, double ca, double sa) {
    double[][] out = new double[pts.length][];
    for (int i = 0; i < pts.length; i++) {
      double[] q = pts[i];
      out[i] =
          new double[] {
            at.x + q[0] * ca - q[2] * sa, at.y + q[1], at.z + q[0] * sa + q[2] * ca, q[3]
          };
    }
    return out;
  }

  private static Tracer.Mat darkWood() {
    Tracer.V a = Tracer.hex(0x2e170b);
    Tracer.V b = Tracer.hex(0x7a4320);
    return Tracer.Mat.glossy(b, 0.4)
        .coat(0.02)
        .tex(
            s -> {
              double n = Paint.fbm(s.p.x * 26, s.p.y * 5, s.p.z * 26, 4);
              s.albedo = a.mix(b, n);
            });
  }

  static void bean(Tracer t, Tracer.V at, double size, Random r, boolean flat, Tracer.Mat m) {
    double yaw = r.nextDouble() * Math.PI * 2;
    double pitch = flat ? (r.nextDouble() - 0.5) * 0.5 : (r.nextDouble() - 0.5) * 1.6;
    double roll =
        (r.nextDouble() < 0.38 ? 0 : Math.PI) + (r.nextDouble() - 0.5) * (flat ? 0.5 : 1.8);
    double cy = Math.cos(yaw);
    double sy = Math.sin(yaw);
    double cp = Math.cos(pitch);
    double sp = Math.sin(pitch);
    double cr = Math.cos(roll);
    double sr = Math.sin(roll);
    double wide = 0.72 + 0.08 * r.nextDouble();
    double bend = 0.12 * (r.nextDouble() - 0.5);
    t.patch(
        (u, w) -> {
          double a = u * 2 * Math.PI;
          double b = (w - 0.5) * Math.PI;
          double x = Math.sin(b);
          double ring = Math.cos(b);
          double z = Math.cos(a) * ring * wide;
          double y = Math.sin(a) * ring;
          if (y < 0) {
            y *= 0.34;
            double mid = z - bend * Math.sin(x * 3);
            y += 0.33 * Math.exp(-mid * mid / 0.009) * Math.sqrt(Math.max(0, ring));
          } else {
            y *= 0.62;
          }
          y += 0.1;
          double y2 = y * cr - z * sr;
          double z2 = y * sr + z * cr;
          double x3 = x * cp - y2 * sp;
          double y3 = x * sp + y2 * cp;
          return Tracer.v(
              at.x + size * (x3 * cy - z2 * sy),
              at.y + size * y3,
              at.z + size * (x3 * sy + z2 * cy));
        },
        40,
        18,
        true,
        m);
  }

  private static void scatter(Tracer t, double cx, double cz, double spread, int n, long seed) {
    Random r = new Random(seed);
    Tracer.Mat[] skins = {beanSkin(0.85), beanSkin(1), beanSkin(1.2)};
    for (int i = 0; i < n; i++) {
      double x = cx + r.nextGaussian() * spread;
      double z = cz + r.nextGaussian() * spread * 0.7;
      bean(t, Tracer.v(x, 0.035, z), 0.075, r, true, skins[r.nextInt(3)]);
    }
  }

  // Light ----------------------------------------------------------------------------------

  /** A room at eight in the morning: daylight from a window, warm walls around. */
  private static void room(Tracer t, double windowSide, double power) {
    t.env =
        d -> {
          double up = d.y * 0.5 + 0.5;
          Tracer.V wall = Tracer.v(0.16, 0.105, 0.07).mix(Tracer.v(0.42, 0.33, 0.25), up * up);
          double lamp = Math.pow(Math.max(0, d.dot(Tracer.v(0.75, 0.5, 0.45).norm())), 14);
          double win = Math.pow(Math.max(0, d.dot(Tracer.v(windowSide, 0.35, 0.1).norm())), 8);
          return wall.add(Tracer.v(1.5, 0.85, 0.4).mul(lamp))
              .add(Tracer.v(1.1, 1.05, 0.98).mul(win * 0.8));
        };
    Tracer.V c = Tracer.v(windowSide * 5.2, 3.6, -1.2);
    Tracer.V to = Tracer.v(0, 0.8, 0).sub(c).norm();
    Tracer.V u = to.cross(Tracer.v(0, 1, 0)).norm().mul(1.5);
    Tracer.V v = u.cross(to).norm().mul(1.9);
    if (u.cross(v).dot(to) < 0) {
      u = u.mul(-1);
    }
    t.rectLight(c, u, v, Tracer.v(10.5, 9.0, 7.0).mul(power));
    // A warm lamp from the other side gives the rim.
    Tracer.V c2 = Tracer.v(-windowSide * 4.2, 3.0, -3.0);
    Tracer.V to2 = Tracer.v(0, 0.9, 0).sub(c2).norm();
    Tracer.V u2 = to2.cross(Tracer.v(0, 1, 0)).norm().mul(0.7);
    Tracer.V v2 = u2.cross(to2).norm().mul(0.7);
    if (u2.cross(v2).dot(to2) < 0) {
      u2 = u2.mul(-1);
    }
    t.rectLight(c2, u2, v2, Tracer.v(12, 5.6, 2.0).mul(power));
  }

  /** A kitchen out of focus: wall, window glow, shelf with jars, lights. */
  private static BufferedImage kitchen(
      int w, int h, double windowX, double horizon, long seed, boolean bright) {
    BufferedImage im = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = Paint.pen(im);
    g.setPaint(
        new GradientPaint(
            0,
            0,
            new Color(bright ? 0x8a6a4c : 0x4a2f1e),
            0,
            h,
            new Color(bright ? 0x4a2e1c : 0x1a0e08)));
    g.fillRect(0, 0, w, h);
    Random r = new Random(seed);
    double unit = h;
    for (int s = 0; s < 2; s++) {
      double y = horizon * h * (0.42 + 0.4 * s);
      g.setColor(new Color(0x2a170c));
      g.fill(new Rectangle2D.Double(0, y, w, unit * 0.022));
      double x = 0;
      while (x < w) {
        double jw = unit * (0.04 + 0.07 * r.nextDouble());
        double jh = unit * (0.07 + 0.13 * r.nextDouble());
        int[] jars = {0x9b5a2b, 0x6d7a45, 0xb98a4a, 0x3f5a5a, 0xc9b79a, 0x7a3020, 0x2f2018};
        Color c = new Color(jars[r.nextInt(jars.length)]);
        if (r.nextDouble() < 0.75) {
          g.setPaint(
              new GradientPaint(
                  (float) x,
                  0,
                  Paint.mix(c, Color.BLACK, 0.35),
                  (float) (x + jw),
                  0,
                  Paint.mix(c, Color.WHITE, 0.15)));
          g.fill(new RoundRectangle2D.Double(x, y - jh, jw, jh, jw * 0.4, jw * 0.4));
        }
        x += jw * (1.1 + r.nextDouble() * 1.4);
      }
    }
    // Window.
    double wx = windowX * w;
    g.setPaint(new GradientPaint(0, 0, new Color(0xfff3dc), 0, h * 0.7f, new Color(0xf3c48a)));
    double ww = unit * (bright ? 0.85 : 0.5);
    g.fill(new Rectangle2D.Double(wx - ww / 2, -h * 0.1, ww * 0.46, h * 0.72 * horizon + h * 0.1));
    g.fill(
        new Rectangle2D.Double(wx + ww * 0.04, -h * 0.1, ww * 0.46, h * 0.72 * horizon + h * 0.1));
    g.setColor(new Color(0x6d7a3f));
    for (int i = 0; i < 26; i++) {
      double d = unit * (0.03 + 0.07 * r.nextDouble());
      g.setColor(Paint.rgba(i % 2 == 0 ? 0x5f7436 : 0x88954d, 0.6));
      g.fill(
          new java.awt.geom.Ellipse2D.Double(
              wx + (r.nextDouble() - 0.5) * ww, h * horizon * (0.35 + 0.4 * r.nextDouble()), d, d));
    }
    g.dispose();
    BufferedImage soft = Paint.blur(im, h * 0.03);
    BufferedImage out = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
    g = Paint.pen(out);
    g.drawImage(soft, 0, 0, null);
    g.setPaint(
        new RadialGradientPaint(
            new Point2D.Double(wx, h * 0.25),
            (float) (h * 0.9),
            new float[] {0, 1},
            new Color[] {Paint.rgba(0xffd9a0, 0.5), Paint.rgba(0xffb060, 0)}));
    g.fillRect(0, 0, w, h);
    BufferedImage lights = Paint.layer(w, h);
    Graphics2D b = Paint.pen(lights);
    int[] warm = {0xffc36b, 0xffdc9a, 0xff9a4a, 0xfff0cf};
    Paint.bokeh(b, w, h, w * 16 / h, 0.03, horizon * 0.85, 0.075, warm, 0.6, seed + 1);
    b.dispose();
    g.drawImage(Paint.blur(lights, h * 0.003), 0, 0, null);
    g.dispose();
    return out;
  }

  private static BufferedImage shoot(
      Tracer t, int w, int h, double scale, int samples, double exposure) {
    double s = Gallery.quality < 1 ? scale * 0.4 : scale;
    int n = Gallery.quality < 1 ? Math.max(9, samples / 3) : samples;
    int rw = (int) Math.round(w * s);
    int rh = (int) Math.round(h * s);
    float[] light = t.render(rw, rh, n);
    BufferedImage im = Paint.scale(Tracer.develop(light, rw, rh, exposure), w, h);
    Paint.sharpen(im, 1.6 / s, 0.55);
    return im;
  }

  private static BufferedImage finish(BufferedImage im) {
    Paint.glow(im, im.getHeight() * 0.04, 0.62, 0.35);
    return Paint.grade(im, 0.35, 1.08, 0x6a6c8c, 0x9a8468, 0.12, 0.38, 0.03);
  }

  // Scenes ---------------------------------------------------------------------------------

  private static BufferedImage hero() {
    Tracer t = new Tracer();
    room(t, -1, 1.15);
    table(t, wood(0x3a1d0e, 0xa5693a, 1.3), 12, -3.4);
    Tracer.V c = Tracer.v(0.85, 0, 0);
    carafe(t, c, 0.55);
    dripper(t, c.add(Tracer.v(0, 1.42, 0)), 0xf1e8da, true);
    cup(t, Tracer.v(-1.5, 0, 0.9), 0xd9b98f, 2.6, true);
    scatter(t, -0.1, 1.5, 0.34, 46, 5);
    scatter(t, 2.15, 0.9, 0.26, 18, 8);
    t.backdrop = kitchen(1200, 800, 0.14, 0.8, 3, false);
    t.camera(
        Tracer.v(-0.3, 2.3, 8.4),
        Tracer.v(-0.05, 1.38, 0),
        24.5,
        1.5,
        0.09,
        Tracer.v(0.7, 1.5, 0.6));
    BufferedImage im = shoot(t, 2400, 1600, 0.6, 36, 1.3);
    double[] top = t.project(c.add(Tracer.v(0, 2.5, 0)));
    Paint.steam(im, top[0] * 2400, top[1] * 1600, 900, 260, 0.85, 11);
    double[] cupTop = t.project(Tracer.v(-1.5, 0.6, 0.9));
    Paint.steam(im, cupTop[0] * 2400, cupTop[1] * 1600, 560, 150, 0.6, 23);
    return finish(im);
  }

  private static BufferedImage cupScene() {
    Tracer t = new Tracer();
    room(t, -1, 1.0);
    table(t, wood(0x2c150a, 0x8d5630, 1.5), 12, -4.5);
    cup(t, Tracer.v(-0.35, 0, 0), 0x2f5d62, 0.35, true);
    Tracer.V crust = Tracer.hex(0xb9712f);
    Tracer.Mat biscuit =
        Tracer.Mat.glossy(crust, 0.7)
            .tex(
                q -> {
                  double n = Paint.fbm(q.p.x * 14, q.p.y * 14, q.p.z * 14, 4);
                  double chip =
                      Paint.smooth(0.7, 0.76, Paint.noise(q.p.x * 9, q.p.y * 9 + 4, q.p.z * 9));
                  q.albedo = crust.mul(0.6 + 0.75 * n).mix(Tracer.hex(0x2a1007), chip);
                });
    double[][] round = {
      {0, 0}, {0.26, 0}, {0.31, 0.03}, {0.31, 0.07}, {0.26, 0.11}, {0.1, 0.125}, {0, 0.13}
    };
    t.lathe(Tracer.v(1.25, 0, -0.35), round, 60, 30, biscuit);
    t.lathe(Tracer.v(1.32, 0.12, -0.3), round, 60, 30, biscuit);
    t.lathe(Tracer.v(1.22, 0.24, -0.36), round, 60, 30, biscuit);
    t.lathe(Tracer.v(1.72, 0, 0.1), round, 60, 30, biscuit);
    scatter(t, 1.0, 1.15, 0.26, 30, 15);
    scatter(t, -1.7, 0.9, 0.22, 14, 4);
    t.backdrop = kitchen(1200, 800, 0.85, 0.86, 9, false);
    t.camera(
        Tracer.v(0.4, 1.55, 4.6), Tracer.v(0.22, 0.5, 0), 27, 1.5, 0.07, Tracer.v(-0.3, 0.6, 0.35));
    BufferedImage im = shoot(t, 2400, 1600, 0.56, 32, 1.4);
    double[] top = t.project(Tracer.v(-0.35, 0.6, 0));
    Paint.steam(im, top[0] * 2400, top[1] * 1600 + 30, 820, 330, 1.0, 31);
    return finish(im);
  }

  private static BufferedImage kettleScene() {
    Tracer t = new Tracer();
    room(t, -1, 1.1);
    table(t, wood(0x3a1d0e, 0xa5693a, 1.3), 12, -3.4);
    kettle(t, Tracer.v(-0.15, 0, 0), 0.35, COPPER);
    cup(t, Tracer.v(0.72, 0, 1.6), 0x2f5d62, 0.5, false);
    scatter(t, -0.9, 1.9, 0.3, 26, 2);
    t.backdrop = kitchen(800, 1200, 0.2, 0.72, 21, false);
    t.camera(
        Tracer.v(0.6, 2.2, 8.2),
        Tracer.v(0.06, 1.02, 0),
        33.5,
        2 / 3.0,
        0.1,
        Tracer.v(0.2, 0.9, 0.6));
    BufferedImage im = shoot(t, 1600, 2400, 0.58, 32, 1.25);
    double[] tip = t.project(Tracer.v(-0.15 + 1.68, 1.2, 0.62));
    Paint.steam(im, tip[0] * 1600, tip[1] * 2400, 900, 230, 1.0, 7);
    return finish(im);
  }

  private static BufferedImage pour() {
    Tracer t = new Tracer();
    room(t, -1, 1.15);
    table(t, wood(0x3a1d0e, 0xa5693a, 1.3), 12, -3.4);
    Tracer.V c = Tracer.v(-0.15, 0, 0);
    carafe(t, c, 0.35);
    dripper(t, c.add(Tracer.v(0, 1.42, 0)), 0x2f5d62, true);
    double[][] spout = {
      {2.6, 4.7, 0.2, 0.11},
      {1.9, 4.72, 0.15, 0.1},
      {1.2, 4.62, 0.1, 0.085},
      {0.6, 4.3, 0.05, 0.075},
      {0.25, 3.9, 0, 0.07},
      {0.12, 3.68, 0, 0.068}
    };
    t.tube(spout, 40, 90, COPPER);
    double[][] water = {
      {0.125, 3.7, 0, 0.045},
      {0.06, 3.4, 0, 0.038},
      {0.02, 3.0, 0, 0.034},
      {0, 2.6, 0, 0.03},
      {-0.005, 2.24, 0, 0.032}
    };
    t.tube(water, 24, 80, WATER);
    t.backdrop = kitchen(800, 1200, 0.12, 0.85, 33, false);
    t.camera(
        Tracer.v(-0.6, 3.5, 8.0), Tracer.v(0.1, 2.3, 0), 27, 2 / 3.0, 0.11, Tracer.v(0, 2.6, 0.3));
    BufferedImage im = shoot(t, 1600, 2400, 0.58, 32, 1.25);
    double[] top = t.project(c.add(Tracer.v(0, 2.5, 0)));
    Paint.steam(im, top[0] * 1600 - 120, top[1] * 2400, 800, 330, 0.8, 14);
    return finish(im);
  }

  private static BufferedImage beans() {
    Tracer t = new Tracer();
    room(t, -1, 1.5);
    table(t, wood(0x24110a, 0x6e4123, 0.9), 6, -6);
    Random r = new Random(77);
    Tracer.Mat[] skins = {beanSkin(0.8), beanSkin(1), beanSkin(1.25), beanSkin(1.0)};
    for (int i = 0; i < 1150; i++) {
      double a = r.nextDouble() * Math.PI * 2;
      double q = Math.sqrt(r.nextDouble());
      double rad = 1.5 * q * (1 + 0.18 * Math.sin(a * 3 + 1));
      double x = 0.25 + rad * Math.cos(a);
      double z = -0.35 + rad * Math.sin(a) * 0.9;
      double hill = 0.62 * Math.pow(Math.max(0, 1 - q * q), 0.8);
      double y = 0.035 + hill * (0.82 + 0.18 * r.nextDouble());
      bean(t, Tracer.v(x, y, z), 0.088, r, q > 0.93, skins[r.nextInt(4)]);
    }
    for (int i = 0; i < 40; i++) {
      double x = (r.nextDouble() - 0.5) * 4.6;
      double z = 0.9 + r.nextDouble() * 1.4;
      bean(t, Tracer.v(x, 0.035, z), 0.088, r, true, skins[r.nextInt(4)]);
    }
    t.backdrop = kitchen(1000, 1000, 0.8, 0.7, 41, false);
    t.camera(
        Tracer.v(0.1, 2.0, 3.7), Tracer.v(0.22, 0.3, -0.1), 27, 1, 0.06, Tracer.v(0.1, 0.4, 0.55));
    return finish(shoot(t, 2000, 2000, 0.55, 26, 1.8));
  }

  private static BufferedImage bloom() {
    Tracer t = new Tracer();
    room(t, -1, 1.25);
    table(t, wood(0x3a1d0e, 0xa5693a, 1.3), 12, -8);
    Tracer.V c = Tracer.v(0.1, 0.9, 0);
    dripper(t, c, 0xf1e8da, false);
    double[][] paper = {{0.16, 0.16}, {0.45, 0.55}, {0.79, 1.0}, {0.86, 1.1}, {0.885, 1.15}};
    t.patch(
        (u, w) -> {
          double[] q = Tracer.curve(paper, w);
          double a = u * 2 * Math.PI;
          double r = q[0] * (1 + 0.012 * Math.sin(a * 9) * w) - 0.02;
          return Tracer.v(
              c.x + r * Math.cos(a),
              c.y + q[1] + 0.02 * w * Math.sin(a * 2),
              c.z + r * Math.sin(a));
        },
        120,
        20,
        true,
        PAPER);
    Tracer.V a = Tracer.hex(0x1a0b05);
    Tracer.V foam = Tracer.hex(0xa06a38);
    Tracer.Mat wet =
        Tracer.Mat.glossy(a, 0.3)
            .tex(
                s -> {
                  double dx = s.p.x - c.x;
                  double dz = s.p.z - c.z;
                  double q = Math.sqrt(dx * dx + dz * dz);
                  double n = Paint.fbm(s.p.x * 5, s.p.z * 5, 2, 4);
                  double f = Paint.smooth(0.42, 0.6, n + 0.25 - 0.4 * q) * 0.75;
                  double grain = Paint.noise(s.p.x * 55, s.p.y * 20, s.p.z * 55);
                  s.albedo =
                      a.mix(Tracer.hex(0x4a2611), grain * 0.8).mix(foam, f * (0.4 + 0.6 * grain));
                  s.rough = 0.22 + 0.4 * f;
                });
    bed(t, c.add(Tracer.v(0, 0.8, 0)), 0.67, wet, 0.07, 9);
    Random r = new Random(5);
    Tracer.Mat[] films = {
      Tracer.Mat.glossy(Tracer.hex(0xa8743f), 0.25).coat(0.06),
      Tracer.Mat.glossy(Tracer.hex(0x8a5829), 0.25).coat(0.06),
      Tracer.Mat.glossy(Tracer.hex(0x64391a), 0.25).coat(0.06),
      Tracer.Mat.glossy(Tracer.hex(0xc39258), 0.25).coat(0.06)
    };
    for (int i = 0; i < 2600; i++) {
      double q = 0.62 * Math.sqrt(r.nextDouble());
      double w = r.nextDouble() * Math.PI * 2;
      double size = 0.006 + 0.022 * Math.pow(r.nextDouble(), 5) + 0.008 * r.nextDouble();
      double x = c.x + q * Math.cos(w);
      double z = c.z + q * Math.sin(w);
      double froth = Paint.fbm(x * 5, z * 5, 2, 4) + 0.25 - 0.4 * q;
      if (froth < 0.4 + 0.16 * r.nextDouble()) {
        continue;
      }
      double y = c.y + 0.8 + 0.07 * (1 - q * q / 0.45) + 0.004;
      double[][] dome = {
        {size, 0}, {size * 0.92, size * 0.3}, {size * 0.6, size * 0.56}, {0, size * 0.66}
      };
      t.lathe(Tracer.v(x, y, z), dome, 20, 12, films[r.nextInt(4)]);
    }
    scatter(t, -1.6, 1.2, 0.3, 30, 3);
    scatter(t, 1.7, -1.0, 0.25, 16, 6);
    t.camera(
        Tracer.v(0.15, 5.6, 2.3),
        Tracer.v(0.2, 1.75, 0.05),
        21.5,
        1,
        0.035,
        Tracer.v(0.1, 1.8, 0.1));
    BufferedImage im = shoot(t, 2000, 2000, 0.55, 26, 1.2);
    Paint.steam(im, 1000, 1500, 1300, 700, 0.4, 3);
    return finish(im);
  }

  private static BufferedImage scale() {
    Tracer t = new Tracer();
    room(t, -1, 1.1);
    table(t, wood(0x3a1d0e, 0xa5693a, 1.3), 12, -3.6);
    BufferedImage display = new BufferedImage(600, 200, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = Paint.pen(display);
    g.setColor(new Color(0x050607));
    g.fillRect(0, 0, 600, 200);
    g.setColor(new Color(0xffb25a));
    g.setFont(Paint.sans(Font.BOLD, 165));
    Paint.text(g, "22.0", 300, 160, 0.62);
    g.setFont(Paint.sans(Font.PLAIN, 90));
    Paint.text(g, "g", 500, 160, 0);
    g.dispose();
    double dz = 0.78;
    Tracer.Mat top =
        Tracer.Mat.glossy(Tracer.v(0.015, 0.015, 0.017), 0.25)
            .tex(
                s -> {
                  double u = (s.p.x + 0.62) / 1.24;
                  double v = (s.p.z - (dz - 0.205)) / 0.41;
                  if (s.p.y > 0.2 && u > 0 && u < 1 && v > 0 && v < 1) {
                    int rgb = display.getRGB((int) (u * 599.9), (int) (v * 199.9));
                    s.emit = Tracer.hex(rgb).mul(2.2);
                  }
                });
    t.roundBox(Tracer.v(0, 0.13, 0.1), Tracer.v(1.25, 0.12, 1.1), 0.1, 0, top);
    double[][] bowl = {
      {0, 0.27},
      {0.32, 0.26},
      {0.4, 0.29},
      {0.62, 0.48},
      {0.74, 0.72},
      {0.75, 0.76},
      {0.72, 0.765},
      {0.7, 0.72},
      {0.58, 0.5},
      {0.36, 0.33},
      {0, 0.31}
    };
    t.lathe(Tracer.v(0, 0, -0.28), bowl, 96, 72, ceramic(0xf1e8da));
    Random r = new Random(4);
    t.patch(
        (u, w) -> {
          double a = u * 2 * Math.PI;
          double q = 0.665 * (1 - w);
          double x = Math.cos(a) * q;
          double z = Math.sin(a) * q;
          double y =
              0.6
                  + 0.3 * Math.pow(1 - q / 0.665, 1.1)
                  + 0.06 * (Paint.fbm(x * 8, z * 8, 3, 5) - 0.5);
          return Tracer.v(x, y, z - 0.28);
        },
        220,
        90,
        true,
        grounds(false));
    scatter(t, -2.1, 0.9, 0.3, 40, 12);
    scatter(t, 2.3, 0.5, 0.35, 26, 13);
    cup(t, Tracer.v(2.5, 0, -1.2), 0x2f5d62, 0.4, false);
    t.backdrop = kitchen(1280, 720, 0.85, 0.8, 55, false);
    t.camera(
        Tracer.v(-0.9, 3.0, 5.4),
        Tracer.v(0.12, 0.42, 0.15),
        29,
        16 / 9.0,
        0.06,
        Tracer.v(0, 0.4, 0.5));
    return finish(shoot(t, 2560, 1440, 0.54, 30, 1.2));
  }

  private static BufferedImage panorama() {
    Tracer t = new Tracer();
    room(t, -1, 1.3);
    Tracer.V c3 = Tracer.v(4.5, 4.2, -1.5);
    Tracer.V to3 = Tracer.v(3, 0.5, 0).sub(c3).norm();
    Tracer.V u3 = to3.cross(Tracer.v(0, 1, 0)).norm().mul(1.4);
    Tracer.V v3 = u3.cross(to3).norm().mul(1.4);
    if (u3.cross(v3).dot(to3) < 0) {
      u3 = u3.mul(-1);
    }
    t.rectLight(c3, u3, v3, Tracer.v(7, 6, 4.6));
    table(t, wood(0x4a2814, 0xb97d48, 1.3), 12, -3.2);
    carafe(t, Tracer.v(1.15, 0, -0.2), 0.75);
    kettle(t, Tracer.v(3.7, 0, -0.7), Math.PI - 0.3, COPPER);
    int[] tones = {0xe9dcc6, 0x2f5d62, 0xd08a4a, 0xf1e8da};
    double[] xs = {-4.3, -2.75, -0.55, 2.45};
    double[] zs = {0.2, 0.9, 0.8, 1.1};
    for (int i = 0; i < 4; i++) {
      cup(t, Tracer.v(xs[i], 0, zs[i]), tones[i], 0.4 + i, i % 2 == 0);
    }
    Tracer.V peel = Tracer.hex(0xf08a1d);
    Tracer.Mat orange =
        Tracer.Mat.glossy(peel, 0.38)
            .tex(
                s -> {
                  double n = Paint.noise(s.p.x * 40, s.p.y * 40, s.p.z * 40);
                  s.albedo = peel.mul(0.82 + 0.25 * n);
                  s.n =
                      s.n
                          .add(
                              Tracer.v(
                                      n - 0.5,
                                      Paint.noise(s.p.y * 40, s.p.x * 40, 3) - 0.5,
                                      Paint.noise(s.p.z * 40, s.p.y * 40, 8) - 0.5)
                                  .mul(0.16))
                          .norm();
                });
    double[][] oranges = {{-3.6, -0.6}, {-3.0, -0.95}, {-3.2, -0.2}, {4.9, 0.8}};
    for (double[] o : oranges) {
      double rr = 0.34;
      double[][] ball = new double[13][];
      for (int i = 0; i <= 12; i++) {
        double a = -Math.PI / 2 + Math.PI * i / 12;
        ball[i] = new double[] {rr * Math.cos(a), rr * 0.95 + rr * 0.95 * Math.sin(a)};
      }
      t.lathe(Tracer.v(o[0], 0, o[1]), ball, 48, 40, orange);
    }
    // A plant in a clay pot.
    Tracer.V pot = Tracer.v(-1.5, 0, -1.3);
    double[][] clay = {
      {0, 0},
      {0.34, 0},
      {0.42, 0.3},
      {0.48, 0.66},
      {0.53, 0.68},
      {0.53, 0.8},
      {0.48, 0.81},
      {0.44, 0.7},
      {0, 0.7}
    };
    t.lathe(pot, clay, 64, 60, Tracer.Mat.glossy(Tracer.hex(0xb5613a), 0.7));
    Random r = new Random(6);
    for (int i = 0; i < 42; i++) {
      double a = r.nextDouble() * Math.PI * 2;
      double len = 0.7 + 0.7 * r.nextDouble();
      double lean = 0.25 + 0.75 * r.nextDouble();
      double wide = 0.1 + 0.06 * r.nextDouble();
      Tracer.V green = Tracer.hex(r.nextBoolean() ? 0x4d7a35 : 0x6f9a45);
      Tracer.Mat leaf = Tracer.Mat.glossy(green, 0.4);
      double ca = Math.cos(a);
      double sa = Math.sin(a);
      t.patch(
          (u, w) -> {
            double out = len * lean * w;
            double up = 0.7 + len * (w * 1.1 - 0.75 * lean * w * w);
            double half = wide * Math.sin(Math.PI * Math.pow(w, 0.8)) * (u - 0.5) * 2;
            double fold = Math.abs(u - 0.5) * 0.06;
            return pot.add(Tracer.v(ca * out - sa * half, up + fold, sa * out + ca * half));
          },
          6,
          16,
          false,
          leaf);
    }
    scatter(t, 0.4, 1.7, 0.35, 30, 12);
    scatter(t, -3.6, 1.7, 0.3, 18, 19);
    t.backdrop = kitchen(1800, 600, 0.3, 0.82, 61, true);
    t.camera(Tracer.v(0.2, 2.3, 9.6), Tracer.v(0.2, 0.72, 0), 21, 3, 0.09, Tracer.v(0, 0.6, 0.7));
    BufferedImage im = shoot(t, 3000, 1000, 0.6, 30, 1.15);
    for (int i = 0; i < 4; i++) {
      double[] q = t.project(Tracer.v(xs[i], 0.6, zs[i]));
      Paint.steam(im, q[0] * 3000, q[1] * 1000, 380, 110, 0.6, 40 + i);
    }
    return finish(im);
  }
}
