import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RadialGradientPaint;
import java.awt.geom.Arc2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.util.Map;
import java.util.Random;

/** The pictures of the listing: a red sedan by the sea. One unit is a metre, x points forward. */
final class Sedan {
  private Sedan() {}

  static void addTo(Map<String, Gallery.Picture> all) {
    all.put("listing/images/exterior.jpg", Sedan::exterior);
    all.put("listing/images/interior.jpg", Sedan::interior);
    all.put("listing/images/wheel.jpg", Sedan::wheelScene);
  }

  private static final double WHEEL_X = 1.41;
  private static final double WHEEL_R = 0.335;

  private static final double[][] ROOF = {
    {-2.44, 0.5},
    {-2.42, 0.78},
    {-2.36, 0.98},
    {-2.2, 1.07},
    {-1.85, 1.09},
    {-1.5, 1.17},
    {-1.1, 1.325},
    {-0.7, 1.42},
    {-0.25, 1.455},
    {0.15, 1.44},
    {0.5, 1.35},
    {0.85, 1.185},
    {1.15, 1.045},
    {1.5, 0.985},
    {1.9, 0.92},
    {2.2, 0.83},
    {2.36, 0.72},
    {2.44, 0.56},
    {2.46, 0.4}
  };
  private static final double[][] BELT = {
    {-2.44, 0.46},
    {-2.42, 0.74},
    {-2.36, 0.92},
    {-2.2, 0.995},
    {-1.85, 1.0},
    {-1.1, 0.985},
    {-0.25, 0.955},
    {0.5, 0.935},
    {1.15, 0.925},
    {1.5, 0.9},
    {1.9, 0.84},
    {2.2, 0.75},
    {2.36, 0.66},
    {2.44, 0.52},
    {2.46, 0.38}
  };
  private static final double[][] WIDTH = {
    {-2.44, 0.6}, {-2.4, 0.74}, {-2.25, 0.845}, {-1.9, 0.9}, {-1.2, 0.915}, {0, 0.915},
    {1.2, 0.915},
    {1.7, 0.9}, {2.05, 0.85}, {2.28, 0.77}, {2.39, 0.67}, {2.435, 0.55}, {2.455, 0.34}, {2.46, 0}
  };

  private static double table(double[][] k, double x) {
    if (x <= k[0][0]) {
      return k[0][1];
    }
    for (int i = 0; i < k.length - 1; i++) {
      if (x <= k[i + 1][0]) {
        double[] a = k[Math.max(0, i - 1)];
        double[] b = k[i];
        double[] c = k[i + 1];
        double[] d = k[Math.min(k.length - 1, i + 2)];
        double h = c[0] - b[0];
        double t = (x - b[0]) / h;
        double m1 = slope(a, b, c) * h;
        double m2 = slope(b, c, d) * h;
        double t2 = t * t;
        double t3 = t2 * t;
        return (2 * t3 - 3 * t2 + 1) * b[1]
            + (t3 - 2 * t2 + t) * m1
            + (-2 * t3 + 3 * t2) * c[1]
            + (t3 - t2) * m2;
      }
    }
    return k[k.length - 1][1];
  }

  /** Monotone slopes, so that the lines do not overshoot between the given points. */
  private static double slope(double[] a, double[] b, double[] c) {
    if (b[0] == a[0] || c[0] == b[0]) {
      double dx = c[0] - a[0];
      return dx == 0 ? 0 : (c[1] - a[1]) / dx;
    }
    double s1 = (b[1] - a[1]) / (b[0] - a[0]);
    double s2 = (c[1] - b[1]) / (c[0] - b[0]);
    return s1 * s2 <= 0 ? 0 : 2 * s1 * s2 / (s1 + s2);
  }

  private static void car(Tracer t, int rgb) {
    Tracer.V base = Tracer.hex(rgb);
    Tracer.Mat skin = Tracer.Mat.glossy(base, 0.45).f0(0.06).coat(0.05);
    skin.tex(s -> dress(s, base));
    skin.cut = Sedan::arch;
    for (int side = -1; side <= 1; side += 2) {
      int sgn = side;
      t.patch(
          (u, w) -> {
            double e = u * 2 - 1;
            double x = 2.46 * Math.signum(e) * (1 - Math.pow(1 - Math.abs(e), 1.8));
            double roof = table(ROOF, x);
            double belt = Math.min(table(BELT, x), roof - 0.015);
            double half = table(WIDTH, x);
            double end = Math.max(Paint.smooth(1.9, 2.46, x), Paint.smooth(-1.95, -2.44, x));
            double low = 0.19 + 0.04 * end;
            low = Math.min(low, belt - 0.12);
            double cabin = Paint.smooth(0.04, 0.36, roof - belt);
            double top = half * (0.8 - 0.05 * cabin) * (1 - cabin) + 0.585 * cabin;
            double mid = (low + belt) / 2;
            double[][] p = {
              {half * 0.86, low},
              {half * 0.955, low + 0.05},
              {half * 0.985, low + 0.16},
              {half * 0.992, mid},
              {half * 1.0, belt - 0.16},
              {half * 0.992, belt - 0.09},
              {half * 0.955, belt - 0.012},
              {half * 0.955 + (top - half * 0.955) * 0.42, belt + (roof - belt) * 0.42},
              {top + 0.02 * cabin, roof - 0.06 * cabin - 0.012},
              {top * 0.8, roof - 0.012 * cabin - 0.004},
              {top * 0.4, roof},
              {0, roof + 0.004}
            };
            double[] q = Tracer.curve(p, w);
            return Tracer.v(x, q[1], sgn * q[0]);
          },
          260,
          96,
          false,
          skin);
    }
    // Dark inside, so that nothing shines through the wheel arches.
    Tracer.Mat dark = Tracer.Mat.matte(Tracer.v(0.008, 0.008, 0.009));
    t.roundBox(Tracer.v(0, 0.56, 0), Tracer.v(2.2, 0.3, 0.62), 0.1, 0, dark);
    for (int sx = -1; sx <= 1; sx += 2) {
      for (int sz = -1; sz <= 1; sz += 2) {
        wheel(t, sx * WHEEL_X, sz);
      }
    }
    Tracer.Mat plain = Tracer.Mat.glossy(base, 0.45).f0(0.06).coat(0.05);
    Tracer.Mat black = Tracer.Mat.glossy(Tracer.v(0.01, 0.01, 0.011), 0.2);
    for (int sz = -1; sz <= 1; sz += 2) {
      ball(t, Tracer.v(0.74, 1.035, sz * 1.0), Tracer.v(0.085, 0.075, 0.115), plain);
      ball(t, Tracer.v(0.71, 1.035, sz * 1.0), Tracer.v(0.075, 0.06, 0.1), black);
      t.tube(
          new double[][] {
            {0.8, 0.96, sz * 0.86, 0.03},
            {0.78, 0.99, sz * 0.92, 0.028},
            {0.76, 1.01, sz * 0.96, 0.03}
          },
          12,
          12,
          black);
      for (double hx : new double[] {0.02, -0.98}) {
        t.tube(
            new double[][] {
              {hx - 0.1, 0.815, sz * 0.918, 0.008}, {hx - 0.06, 0.818, sz * 0.945, 0.016},
              {hx + 0.06, 0.815, sz * 0.945, 0.016}, {hx + 0.1, 0.81, sz * 0.918, 0.008}
            },
            14,
            24,
            Tracer.Mat.metal(Tracer.v(0.8, 0.8, 0.82), 0.12));
      }
    }
  }

  private static void ball(Tracer t, Tracer.V c, Tracer.V r, Tracer.Mat m) {
    t.patch(
        (u, w) -> {
          double a = u * 2 * Math.PI;
          double b = (w - 0.5) * Math.PI;
          return Tracer.v(
              c.x + r.x * Math.cos(a) * Math.cos(b),
              c.y + r.y * Math.sin(b),
              c.z + r.z * Math.sin(a) * Math.cos(b));
        },
        36,
        24,
        true,
        m);
  }

  /** Decides by place what the body is made of: paint, glass, lamps, grille, gaps, openings. */
  private static void dress(Tracer.Surf s, Tracer.V base) {
    double x = s.p.x;
    double y = s.p.y;
    double z = Math.abs(s.p.z);
    for (int k = -1; k <= 1; k += 2) {
      double d = Math.hypot(x - k * WHEEL_X, y - WHEEL_R - 0.005);
      if (z > 0.5 && d < 0.388) {
        trim(s, 0.012, 0.4);
        return;
      }
    }
    double roof = table(ROOF, x);
    double belt = table(BELT, x);
    // Side windows.
    boolean side = z > 0.52 && y > belt + 0.012;
    double front = 1.12 - (y - 0.95) * 1.42;
    double rear = -1.62 + (y - 0.98) * 1.15;
    if (side && y < roof - 0.062 && x < front && x > rear) {
      double dx = Math.min(front - x, x - rear);
      if (y < belt + 0.028 || y > roof - 0.074 || dx < 0.014) {
        s.albedo = Tracer.v(0.5, 0.5, 0.52);
        s.metal = true;
        s.rough = 0.25;
        s.coat = 0;
        return;
      }
      boolean pillar =
          Math.abs(x + 0.18 - (y - 1.0) * 0.06) < 0.045
              || Math.abs(x + 1.18 - (y - 1.1) * 0.5) < 0.02;
      glass(s, pillar ? 0.3 : 0.02);
      return;
    }
    // Windscreen and rear window.
    if (y > belt + 0.07 && z < 0.66) {
      if (x > 0.34 && x < 1.12 && z < 0.575 + 0.13 * (x - 0.34)) {
        glass(s, 0.02);
        return;
      }
      if (x < -1.02 && x > -1.72 && z < 0.55 + 0.08 * (-1.02 - x)) {
        glass(s, 0.02);
        return;
      }
    }
    // Head lamps: a slim dark glass with a line of light.
    if (x > 1.86 && z > 0.34 && y > 0.5) {
      double mid = 0.715 - 0.16 * (x - 2.0) - 0.02 * (z - 0.6);
      double half = 0.058 * Paint.smooth(1.86, 2.05, x) * Paint.smooth(0.34, 0.44, z) + 0.004;
      double d = y - mid;
      if (Math.abs(d) < half) {
        s.albedo = Tracer.v(0.03, 0.03, 0.035);
        s.rough = 0.12;
        s.coat = 0.06;
        if (d > half * 0.55 && d < half * 0.86) {
          s.emit = Tracer.v(3.6, 3.7, 4);
        } else {
          double lens = Math.hypot((z - 0.62) * 1.0, d * 1.2);
          double lens2 = Math.hypot((z - 0.5) * 1.0, d * 1.2);
          if (Math.min(lens, lens2) < 0.024) {
            s.emit = Tracer.v(1.6, 1.55, 1.5);
          }
        }
        return;
      }
    }
    // Upper slit and lower grille.
    if (x > 2.12 && z < 0.42 && Math.abs(y - 0.665 + 0.05 * z) < 0.026) {
      trim(s, 0.012, 0.25);
      return;
    }
    if (x > 2.12 && z < 0.1 && Math.abs(y - 0.725) < 0.026) {
      double e = Math.hypot(z / 0.075, (y - 0.728) / 0.048);
      if (e < 1) {
        s.albedo = Tracer.v(0.86, 0.86, 0.88);
        s.metal = true;
        s.rough = 0.1;
        s.coat = 0;
        return;
      }
    }
    double open = 0.66 + 0.4 * (0.5 - y);
    if (x > 2.0 && y < 0.53 && y > 0.3 && z < open) {
      double bar = Math.abs((y * 24) - Math.floor(y * 24) - 0.5);
      if (y > 0.515 || z > open - 0.016 || y < 0.312) {
        s.albedo = Tracer.v(0.8, 0.8, 0.82);
        s.metal = true;
        s.rough = 0.14;
        s.coat = 0;
      } else if (bar < 0.2) {
        trim(s, 0.05, 0.2);
      } else {
        trim(s, 0.006, 0.6);
      }
      return;
    }
    // Tail lamps.
    if (x < -2.12 && z > 0.4 && y > 0.8 && y < 0.94) {
      s.albedo = Tracer.v(0.35, 0.005, 0.005);
      s.emit = Math.abs(y - 0.86) < 0.018 ? Tracer.v(3, 0.12, 0.06) : Tracer.v(0.12, 0.003, 0.003);
      return;
    }
    // Sill in black, and the gaps between the panels.
    if (y < 0.245) {
      trim(s, 0.012, 0.5);
      return;
    }
    if (z > 0.5 && y < belt + 0.01) {
      double w = 0.0055;
      boolean gap =
          Math.abs(x - 0.96 + 0.06 * (y - 0.6)) < w
              || Math.abs(x + 0.16) < w
              || Math.abs(x + 1.14 + 0.35 * Math.max(0, 0.62 - y) - 0.1 * (y - 0.6)) < w && y > 0.5
              || Math.abs(y - 0.27) < w && Math.abs(x) < 0.98;
      if (gap) {
        trim(s, 0.004, 0.9);
        return;
      }
    }
    if (x > 1.2
        && Math.abs(z - (0.71 - 0.12 * Paint.smooth(1.5, 2.3, x))) < 0.004
        && y > belt - 0.02) {
      trim(s, 0.006, 0.9);
      return;
    }
    s.albedo = base;
  }

  /** The wheel arches. */
  private static boolean arch(Tracer.V p) {
    double dx = Math.abs(p.x) - WHEEL_X;
    double dy = p.y - WHEEL_R - 0.005;
    return Math.abs(p.z) > 0.5 && dx * dx + dy * dy < 0.374 * 0.374;
  }

  private static void trim(Tracer.Surf s, double tone, double rough) {
    s.albedo = Tracer.v(tone, tone, tone * 1.05);
    s.rough = rough;
    s.f0 = 0.04;
    s.coat = 0;
  }

  private static void glass(Tracer.Surf s, double rough) {
    s.albedo = Tracer.v(0.008, 0.01, 0.011);
    s.rough = Math.max(0.3, rough);
    s.f0 = 0.0;
    s.coat = rough > 0.1 ? 0.04 : 0.07;
  }

  private static void spin(
      Tracer t, double x, int side, double[][] profile, int seg, int steps, Tracer.Mat m) {
    // Profile: radius and distance outwards from the middle of the tyre.
    t.patch(
        (u, w) -> {
          double[] q = Tracer.curve(profile, w);
          double a = u * 2 * Math.PI;
          return Tracer.v(
              x + Math.cos(a) * q[0], WHEEL_R + Math.sin(a) * q[0], side * (0.8 + q[1]));
        },
        seg,
        steps,
        true,
        m);
  }

  private static void wheel(Tracer t, double x, int side) {
    Tracer.Mat rubber =
        Tracer.Mat.glossy(Tracer.v(0.014, 0.014, 0.015), 0.55)
            .tex(
                s -> {
                  double d = Math.hypot(s.p.x - x, s.p.y - WHEEL_R);
                  double a = Math.atan2(s.p.y - WHEEL_R, s.p.x - x);
                  double rib = Math.sin(d * 520) * 0.25 + 0.75;
                  double block = d > 0.318 ? (Math.sin(a * 130) > 0 ? 1 : 0.35) : 1;
                  s.albedo = Tracer.v(0.03, 0.03, 0.032).mul(rib * block);
                });
    spin(
        t,
        x,
        side,
        new double[][] {
          {0.24, -0.1},
          {0.3, -0.11},
          {0.33, -0.09},
          {0.335, 0},
          {0.331, 0.07},
          {0.318, 0.1},
          {0.285, 0.112},
          {0.25, 0.108},
          {0.243, 0.1}
        },
        140,
        64,
        rubber);
    Tracer.Mat alloy = Tracer.Mat.metal(Tracer.v(0.75, 0.76, 0.78), 0.2);
    Tracer.Mat barrel = Tracer.Mat.metal(Tracer.v(0.2, 0.2, 0.21), 0.4);
    spin(
        t,
        x,
        side,
        new double[][] {{0.243, 0.1}, {0.246, 0.106}, {0.24, 0.11}, {0.233, 0.104}, {0.229, 0.09}},
        120,
        24,
        alloy);
    spin(
        t,
        x,
        side,
        new double[][] {{0.229, 0.09}, {0.22, 0.03}, {0.214, -0.05}, {0.05, -0.06}},
        90,
        20,
        barrel);
    // Brake disc with a red caliper.
    Tracer.Mat disc =
        Tracer.Mat.metal(Tracer.v(0.5, 0.49, 0.47), 0.28)
            .tex(
                s -> {
                  double d = Math.hypot(s.p.x - x, s.p.y - WHEEL_R);
                  double n = Paint.noise(d * 700, 1, 1);
                  s.rough = 0.2 + 0.2 * n;
                });
    spin(
        t,
        x,
        side,
        new double[][] {{0.165, -0.01}, {0.166, 0.0}, {0.16, 0.006}, {0.08, 0.006}, {0.05, 0.006}},
        90,
        16,
        disc);
    t.patch(
        (u, w) -> {
          double a = Math.toRadians(150 + 62 * w);
          double b = (u - 0.5) * Math.PI;
          double e = Math.pow(Math.sin(Math.PI * Math.min(1, Math.max(0, w))), 0.35);
          double r = 0.143 + 0.042 * Math.sin(b) * e;
          return Tracer.v(
              x + Math.cos(a) * r,
              WHEEL_R + Math.sin(a) * r,
              side * (0.808 + 0.03 * Math.cos(b) * e));
        },
        16,
        30,
        false,
        Tracer.Mat.glossy(Tracer.hex(0xc01818), 0.3).coat(0.05));
    // Ten spokes, in pairs that spread towards the rim.
    for (int k = 0; k < 10; k++) {
      double mid = Math.toRadians(18 + 72 * (k / 2) + (k % 2 == 0 ? -9 : 9));
      double out = Math.toRadians(k % 2 == 0 ? -9 : 9);
      t.patch(
          (u, w) -> {
            double r = 0.05 + 0.186 * w;
            double a = mid + out * (w * 1.1 - 0.3);
            double half = 0.017 * (1 - 0.25 * w);
            double b = (u - 0.5) * 2;
            double bow = 0.085 - 0.028 * Math.sin(Math.PI * w * 0.75) + 0.012 * w;
            double depth = bow - 0.035 * Math.pow(Math.abs(b), 2.6);
            double px = Math.cos(a) * r - Math.sin(a) * b * half;
            double py = Math.sin(a) * r + Math.cos(a) * b * half;
            return Tracer.v(x + px, WHEEL_R + py, side * (0.8 + depth));
          },
          12,
          26,
          false,
          alloy);
    }
    spin(
        t,
        x,
        side,
        new double[][] {{0.068, 0.04}, {0.07, 0.07}, {0.062, 0.09}, {0.045, 0.094}, {0.035, 0.09}},
        60,
        20,
        alloy);
    spin(
        t,
        x,
        side,
        new double[][] {{0.036, 0.088}, {0.034, 0.1}, {0.026, 0.104}, {0, 0.105}},
        40,
        14,
        Tracer.Mat.glossy(Tracer.v(0.012, 0.012, 0.014), 0.15).coat(0.05));
    for (int k = 0; k < 5; k++) {
      double a = Math.toRadians(54 + 72 * k);
      ball(
          t,
          Tracer.v(x + 0.052 * Math.cos(a), WHEEL_R + 0.052 * Math.sin(a), side * 0.89),
          Tracer.v(0.0085, 0.0085, 0.008),
          Tracer.Mat.metal(Tracer.v(0.2, 0.2, 0.22), 0.3));
    }
  }

  // Surroundings ---------------------------------------------------------------------------

  private static final Tracer.V SUN = Tracer.v(-0.75, 0.16, -0.62).norm();

  private static Tracer.V evening(Tracer.V d) {
    double up = Math.max(0, d.y);
    Tracer.V low = Tracer.v(1.15, 0.56, 0.26);
    Tracer.V mid = Tracer.v(0.62, 0.42, 0.46);
    Tracer.V high = Tracer.v(0.12, 0.2, 0.4);
    Tracer.V c = low.mix(mid, Paint.smooth(0, 0.22, up)).mix(high, Paint.smooth(0.12, 0.75, up));
    double toSun = Math.max(0, d.dot(SUN));
    c = c.add(Tracer.v(2.6, 1.3, 0.5).mul(Math.pow(toSun, 10) * 0.55));
    c = c.mul(0.62 + 0.38 * Paint.smooth(-0.6, 0.6, d.dot(SUN)));
    // Streaks of cloud give the paint something to reflect.
    if (d.y > 0.02) {
      double px = d.x / (d.y + 0.12);
      double pz = d.z / (d.y + 0.12);
      double n = Paint.fbm(px * 0.55, pz * 1.5, 4, 4);
      double cloud = Paint.smooth(0.5, 0.75, n) * Paint.smooth(0.02, 0.16, d.y);
      c = c.mix(Tracer.v(1.7, 0.85, 0.55).mul(0.5 + 0.5 * toSun), cloud * 0.75);
    }
    if (d.y < 0) {
      c = Tracer.v(0.1, 0.075, 0.065).mix(c, Paint.smooth(-0.05, 0, d.y));
    }
    return c;
  }

  /** Sky, sea and a headland, painted for a camera whose horizon lies at the given height. */
  private static BufferedImage coast(int w, int h, double horizon, double sunX, long seed) {
    BufferedImage im = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
    double hy = horizon * h;
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        double up = (hy - y) / h;
        double dx = (x - sunX * w) / w;
        Color c;
        if (up >= 0) {
          double t = up / 0.62;
          Color a = Paint.mix(new Color(0xffc878), new Color(0xf28a5c), Paint.smooth(0, 0.3, t));
          a = Paint.mix(a, new Color(0x9a6a8c), Paint.smooth(0.2, 0.6, t));
          a = Paint.mix(a, new Color(0x34486f), Paint.smooth(0.45, 1, t));
          double n = Paint.fbm(x * 2.2 / w + 4 + up * 2, Math.pow(up + 0.02, 0.7) * 13, seed, 5);
          double cloud = Paint.smooth(0.5, 0.72, n) * Paint.smooth(0.03, 0.12, up);
          a =
              Paint.mix(
                  a,
                  Paint.mix(new Color(0xffb27a), new Color(0x7a5a7c), Paint.smooth(0.05, 0.5, up)),
                  cloud * 0.8);
          double glow = Math.exp(-(dx * dx * 16 + up * up * 26));
          c = Paint.mix(a, new Color(0xfff0c0), glow * 0.85);
        } else {
          double t = -up / 0.1;
          Color a = Paint.mix(new Color(0xe79a64), new Color(0x4a4a66), Paint.smooth(0, 1, t));
          double wave = Paint.fbm(x * 60.0 / w, -up * 420 / (1 + t), 2, 3);
          double glitter = Math.exp(-dx * dx * 60) * Paint.smooth(0.48, 0.66, wave);
          c =
              Paint.mix(
                  Paint.mix(a, new Color(0x2e3550), 0.35 * wave), new Color(0xffe2a8), glitter);
        }
        im.setRGB(x, y, c.getRGB());
      }
    }
    Graphics2D g = Paint.pen(im);
    g.setPaint(
        new RadialGradientPaint(
            new Point2D.Double(sunX * w, hy - h * 0.045),
            (float) (h * 0.075),
            new float[] {0, 0.42f, 0.5f, 1},
            new Color[] {
              Color.WHITE, new Color(0xfffbe6), Paint.rgba(0xffe9b0, 0.5), Paint.rgba(0xffd890, 0)
            }));
    g.fillRect(0, 0, w, (int) hy);
    for (int k = 0; k < 3; k++) {
      Path2D p = new Path2D.Double();
      p.moveTo(w, hy);
      double from = w * (0.5 + 0.12 * k);
      for (double x = w; x >= from; x -= w / 300.0) {
        double rise = Paint.smooth(from, w * 1.05, x);
        p.lineTo(
            x,
            hy
                - h
                    * (0.15 - 0.025 * k)
                    * rise
                    * (0.7 + 0.6 * Paint.fbm(x * 7 / w, k * 3.3 + seed, 2, 5)));
      }
      p.lineTo(from, hy);
      p.closePath();
      g.setPaint(
          new GradientPaint(
              (float) from,
              0,
              Paint.mix(new Color(0xd88a66), new Color(0x6a4456), k / 2.0),
              w,
              0,
              Paint.mix(new Color(0x9a6a70), new Color(0x33283c), k / 2.0)));
      g.fill(p);
    }
    g.dispose();
    return Paint.scale(Paint.blur(im, h * 0.003), w, h);
  }

  private static void road(Tracer t, Tracer.V horizonColour) {
    Tracer.Mat asphalt =
        Tracer.Mat.glossy(Tracer.v(0.06, 0.058, 0.06), 0.32)
            .f0(0.045)
            .tex(
                s -> {
                  double x = s.p.x;
                  double z = s.p.z;
                  double d = Math.hypot(x, z);
                  double n = Paint.noise(x * 70, z * 70, 1);
                  double m = Paint.fbm(x * 0.7, z * 0.7, 3, 4);
                  double tone = 0.035 + 0.03 * n + 0.025 * m;
                  s.albedo = Tracer.v(tone, tone * 0.97, tone);
                  double wet = Paint.smooth(0.46, 0.6, m);
                  s.rough = 0.5 - 0.3 * wet;
                  s.n =
                      s.n
                          .add(
                              Tracer.v(n - 0.5, 0, Paint.noise(x * 70 + 9, z * 70, 5) - 0.5)
                                  .mul(0.1 * (1 - 0.85 * wet)))
                          .norm();
                  boolean edge = Math.abs(z - 2.15) < 0.07 || Math.abs(z + 1.75) < 0.07;
                  boolean dash = Math.abs(z - 5.3) < 0.07 && ((x + 200) % 7) < 3.4;
                  if ((edge || dash) && n < 0.86) {
                    s.albedo = Tracer.v(0.62, 0.6, 0.56).mul(0.75 + 0.35 * m);
                    s.rough = 0.55;
                  }
                  if (z < -2.3) {
                    double g = Paint.fbm(x * 9, z * 9, 2, 4);
                    s.albedo = Tracer.v(0.13, 0.095, 0.05).mul(0.5 + g);
                    s.rough = 0.95;
                    s.f0 = 0;
                  }
                  double haze = Paint.smooth(18, 90, d);
                  s.albedo = s.albedo.mul(1 - haze);
                  s.emit = horizonColour.mul(haze);
                  s.f0 *= 1 - haze;
                });
    t.quad(
        Tracer.v(-140, 0, 60),
        Tracer.v(140, 0, 60),
        Tracer.v(140, 0, -110),
        Tracer.v(-140, 0, -110),
        asphalt);
    // A rail along the sea.
    Tracer.Mat rail = Tracer.Mat.metal(Tracer.v(0.55, 0.55, 0.57), 0.35);
    t.tube(
        new double[][] {
          {-60, 0.62, -3.1, 0.07},
          {-20, 0.62, -3.1, 0.07},
          {20, 0.62, -3.1, 0.07},
          {60, 0.62, -3.1, 0.07}
        },
        16,
        60,
        rail);
    t.tube(
        new double[][] {
          {-60, 0.42, -3.1, 0.05},
          {-20, 0.42, -3.1, 0.05},
          {20, 0.42, -3.1, 0.05},
          {60, 0.42, -3.1, 0.05}
        },
        16,
        60,
        rail);
    for (int i = -14; i <= 8; i++) {
      t.roundBox(Tracer.v(i * 2.4, 0.34, -3.2), Tracer.v(0.05, 0.34, 0.05), 0.01, 0, rail);
    }
  }

  private static void eveningLight(Tracer t) {
    t.env = Sedan::evening;
    Tracer.V c = SUN.mul(26).add(Tracer.v(0, 2.0, 0));
    Tracer.V to = Tracer.v(0, 0.6, 0).sub(c).norm();
    Tracer.V u = to.cross(Tracer.v(0, 1, 0)).norm().mul(3);
    Tracer.V v = u.cross(to).norm().mul(2);
    if (u.cross(v).dot(to) < 0) {
      u = u.mul(-1);
    }
    t.rectLight(c, u, v, Tracer.v(95, 50, 20));
    // The bright eastern sky fills the side that the camera sees.
    Tracer.V c2 = Tracer.v(5, 6, 9);
    Tracer.V to2 = Tracer.v(0, 0.5, 0).sub(c2).norm();
    Tracer.V u2 = to2.cross(Tracer.v(0, 1, 0)).norm().mul(5);
    Tracer.V v2 = u2.cross(to2).norm().mul(1.6);
    if (u2.cross(v2).dot(to2) < 0) {
      u2 = u2.mul(-1);
    }
    t.rectLight(c2, u2, v2, Tracer.v(2.9, 2.7, 3.0));
  }

  private static BufferedImage shoot(
      Tracer t, int w, int h, double scale, int samples, double exposure) {
    double s = Gallery.quality < 1 ? scale * 0.45 : scale;
    int n = Gallery.quality < 1 ? Math.max(9, samples / 3) : samples;
    int rw = (int) Math.round(w * s);
    int rh = (int) Math.round(h * s);
    BufferedImage im = Paint.scale(Tracer.develop(t.render(rw, rh, n), rw, rh, exposure), w, h);
    Paint.sharpen(im, 1.6 / s, 0.55);
    return im;
  }

  private static BufferedImage finish(BufferedImage im) {
    Paint.glow(im, im.getHeight() * 0.04, 0.68, 0.4);
    return Paint.grade(im, 0.4, 1.08, 0x5c6488, 0x9a8470, 0.12, 0.36, 0.03);
  }

  private static BufferedImage exterior() {
    Tracer t = new Tracer();
    eveningLight(t);
    road(t, Tracer.hex(0xe0955f).mul(0.9));
    car(t, 0xa80d12);
    Tracer.V eye = Tracer.v(5.6, 1.18, 4.7);
    Tracer.V to = Tracer.v(0.22, 0.66, 0);
    t.camera(eye, to, 25, 1.5, 0.012, Tracer.v(1.6, 0.6, 0.9));
    double[] hz = t.project(eye.add(Tracer.v(to.x - eye.x, 0, to.z - eye.z).mul(1000)));
    t.backdrop = coast(1500, 1000, hz[1], 0.2, 5);
    return finish(shoot(t, 2400, 1600, 0.5, 26, 1.2));
  }

  private static BufferedImage wheelScene() {
    Tracer t = new Tracer();
    eveningLight(t);
    road(t, Tracer.hex(0xe0955f).mul(0.9));
    car(t, 0xa80d12);
    Tracer.V eye = Tracer.v(2.75, 0.5, 3.1);
    Tracer.V to = Tracer.v(1.28, 0.41, 0.9);
    t.camera(eye, to, 19, 1.5, 0.02, Tracer.v(1.41, 0.4, 0.9));
    double[] hz = t.project(eye.add(Tracer.v(to.x - eye.x, 0, to.z - eye.z).mul(1000)));
    t.backdrop = coast(1500, 1000, hz[1], 0.1, 9);
    return finish(shoot(t, 2400, 1600, 0.5, 26, 1.5));
  }

  // Inside ---------------------------------------------------------------------------------

  private static void screen(
      Tracer t, BufferedImage im, Tracer.V c, Tracer.V hu, Tracer.V hv, double gain) {
    Tracer.Mat m =
        Tracer.Mat.glossy(Tracer.v(0.01, 0.01, 0.01), 0.2)
            .f0(0.03)
            .tex(
                s -> {
                  Tracer.V d = s.p.sub(c);
                  double u = d.dot(hu) / hu.dot(hu) * 0.5 + 0.5;
                  double v = 0.5 - d.dot(hv) / hv.dot(hv) * 0.5;
                  int x = Math.max(0, Math.min(im.getWidth() - 1, (int) (u * im.getWidth())));
                  int y = Math.max(0, Math.min(im.getHeight() - 1, (int) (v * im.getHeight())));
                  s.emit = Tracer.hex(im.getRGB(x, y)).mul(gain);
                });
    t.quad(c.sub(hu).sub(hv), c.add(hu).sub(hv), c.add(hu).add(hv), c.sub(hu).add(hv), m);
  }

  private static BufferedImage gauges() {
    BufferedImage im = new BufferedImage(1200, 480, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = Paint.pen(im);
    g.setColor(new Color(0x05070a));
    g.fillRect(0, 0, 1200, 480);
    for (int k = 0; k < 2; k++) {
      double cx = k == 0 ? 270 : 930;
      double cy = 250;
      g.setStroke(new BasicStroke(10));
      g.setColor(new Color(0x2a3a4c));
      g.draw(new Ellipse2D.Double(cx - 200, cy - 200, 400, 400));
      g.setColor(new Color(0xe8f2ff));
      g.setFont(Paint.sans(Font.BOLD, 36));
      for (int i = 0; i <= 8; i++) {
        double a = Math.toRadians(225 - 270.0 * i / 8);
        g.setStroke(new BasicStroke(7));
        g.draw(
            new Line2D.Double(
                cx + Math.cos(a) * 180,
                cy - Math.sin(a) * 180,
                cx + Math.cos(a) * 158,
                cy - Math.sin(a) * 158));
        Paint.text(
            g,
            String.valueOf(k == 0 ? i : i * 20),
            cx + Math.cos(a) * 124,
            cy - Math.sin(a) * 124 + 13,
            0.5);
      }
      double needle = Math.toRadians(225 - 270.0 * (k == 0 ? 0.24 : 0.41));
      g.setColor(new Color(0xff5a2c));
      g.setStroke(new BasicStroke(10, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
      g.draw(new Line2D.Double(cx, cy, cx + Math.cos(needle) * 168, cy - Math.sin(needle) * 168));
      g.fill(new Ellipse2D.Double(cx - 22, cy - 22, 44, 44));
      g.setColor(new Color(0x38c6ff));
      g.setStroke(new BasicStroke(12, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
      g.draw(new Arc2D.Double(cx - 200, cy - 200, 400, 400, 225, k == 0 ? -65 : -111, Arc2D.OPEN));
    }
    g.setColor(Color.WHITE);
    g.setFont(Paint.sans(Font.BOLD, 92));
    Paint.text(g, "65", 600, 250, 0.5);
    g.setFont(Paint.sans(Font.PLAIN, 38));
    g.setColor(new Color(0x9ab4cc));
    Paint.text(g, "mph", 600, 305, 0.5);
    g.setColor(new Color(0x5ee08a));
    Paint.text(g, "ECO", 600, 390, 0.5);
    g.dispose();
    return im;
  }

  private static BufferedImage mapScreen() {
    int w = 1200;
    int h = 720;
    BufferedImage im = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = Paint.pen(im);
    g.setColor(new Color(0x16222e));
    g.fillRect(0, 0, w, h);
    g.setColor(new Color(0x1d4a66));
    Path2D sea = new Path2D.Double();
    sea.moveTo(0, 0);
    sea.lineTo(560, 0);
    sea.curveTo(420, 180, 640, 300, 380, 460);
    sea.curveTo(260, 560, 340, 640, 240, 720);
    sea.lineTo(0, 720);
    sea.closePath();
    g.fill(sea);
    Random r = new Random(4);
    g.setColor(new Color(0x33475a));
    g.setStroke(new BasicStroke(8));
    for (int i = 0; i < 16; i++) {
      double x = 450 + r.nextDouble() * 750;
      g.draw(new Line2D.Double(x, 0, x + (r.nextDouble() - 0.5) * 300, h));
      double y = r.nextDouble() * h;
      g.draw(new Line2D.Double(480, y, w, y + (r.nextDouble() - 0.5) * 200));
    }
    Path2D route = new Path2D.Double();
    route.moveTo(330, 740);
    route.curveTo(420, 560, 500, 500, 540, 420);
    route.curveTo(700, 300, 560, 180, 700, -20);
    g.setStroke(new BasicStroke(26, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    g.setColor(new Color(0x2f9bff));
    g.draw(route);
    g.setColor(Color.WHITE);
    Path2D arrow = new Path2D.Double();
    arrow.moveTo(540, 380);
    arrow.lineTo(572, 462);
    arrow.lineTo(536, 444);
    arrow.lineTo(500, 462);
    arrow.closePath();
    g.fill(arrow);
    g.setColor(new Color(0xee0f1820, true));
    g.fill(new RoundRectangle2D.Double(800, 40, 360, 640, 40, 40));
    g.setColor(Color.WHITE);
    g.setFont(Paint.sans(Font.BOLD, 74));
    g.drawString("7:42", 840, 140);
    g.setFont(Paint.sans(Font.PLAIN, 42));
    g.setColor(new Color(0xbfd0e0));
    g.drawString("Coast Road", 840, 230);
    g.drawString("12 miles", 840, 290);
    g.setColor(new Color(0xff9a4a));
    g.fill(new RoundRectangle2D.Double(840, 350, 130, 130, 30, 30));
    g.setColor(new Color(0x2fc48a));
    g.fill(new RoundRectangle2D.Double(990, 350, 130, 130, 30, 30));
    g.setColor(new Color(0x8a6af0));
    g.fill(new RoundRectangle2D.Double(840, 500, 130, 130, 30, 30));
    g.setColor(new Color(0x3a8cff));
    g.fill(new RoundRectangle2D.Double(990, 500, 130, 130, 30, 30));
    g.dispose();
    return im;
  }

  private static Tracer.Mat hide(int rgb, double bump) {
    Tracer.V c = Tracer.hex(rgb);
    return Tracer.Mat.glossy(c, 0.5)
        .tex(
            s -> {
              double n = Paint.noise(s.p.x * 260, s.p.y * 260, s.p.z * 260);
              double m = Paint.noise(s.p.x * 260 + 9, s.p.y * 260, s.p.z * 260 + 5);
              s.albedo = c.mul(0.86 + 0.24 * n);
              s.n = s.n.add(Tracer.v(n - 0.5, m - 0.5, n - m).mul(bump)).norm();
            });
  }

  private static BufferedImage interior() {
    Tracer t = new Tracer();
    t.env =
        d -> {
          Tracer.V c = evening(d);
          return d.z > 0.1 ? c.mul(0.25).add(Tracer.v(0.05, 0.045, 0.04)) : c;
        };
    // Right is +x, the road lies at -z, the driver sits on the left.
    Tracer.Mat dark = hide(0x1c1a1a, 0.16);
    Tracer.Mat tan = hide(0x9a5c2e, 0.14);
    Tracer.V g1 = Tracer.hex(0x3a1c0c);
    Tracer.V g2 = Tracer.hex(0x8a4e22);
    Tracer.Mat veneer =
        Tracer.Mat.glossy(g2, 0.3)
            .coat(0.045)
            .tex(
                s -> {
                  double n = Paint.fbm(s.p.x * 3, s.p.y * 60, s.p.z * 30, 4);
                  s.albedo = g1.mix(g2, Paint.smooth(0.3, 0.7, n));
                });
    Tracer.Mat chrome = Tracer.Mat.metal(Tracer.v(0.82, 0.82, 0.84), 0.14);
    strip(
        t,
        new double[][] {
          {0.93, -0.75},
          {0.985, -0.5},
          {0.99, -0.25},
          {0.975, -0.06},
          {0.945, -0.015},
          {0.9, -0.02},
          {0.87, -0.04}
        },
        dark);
    strip(
        t,
        new double[][] {{0.87, -0.04}, {0.86, -0.005}, {0.835, 0.008}, {0.81, 0.004}, {0.8, -0.02}},
        veneer);
    strip(
        t, new double[][] {{0.806, -0.004}, {0.802, 0.01}, {0.797, 0.01}, {0.793, -0.01}}, chrome);
    strip(
        t,
        new double[][] {
          {0.795, -0.02},
          {0.785, 0.02},
          {0.74, 0.05},
          {0.66, 0.055},
          {0.58, 0.03},
          {0.48, -0.05},
          {0.3, -0.12}
        },
        tan);
    // Stitching along the tan edge.
    Tracer.Mat thread = Tracer.Mat.matte(Tracer.v(0.8, 0.7, 0.5));
    for (int i = 0; i < 110; i++) {
      double x = -0.86 + i * 0.0158;
      ball(t, Tracer.v(x, 0.766, 0.041 + bow(x)), Tracer.v(0.005, 0.0016, 0.0016), thread);
    }
    // Hood over the instruments, the instruments, the wide screen.
    t.patch(
        (u, w) -> {
          double a = Math.PI * u;
          double x = -0.38 - 0.25 * Math.cos(a);
          double y = 0.93 + 0.17 * Math.pow(Math.sin(a), 0.5);
          return Tracer.v(x, y - 0.01 * w, -0.3 + 0.31 * w);
        },
        50,
        16,
        false,
        dark);
    screen(
        t,
        gauges(),
        Tracer.v(-0.38, 1.008, -0.05),
        Tracer.v(0.158, 0, 0),
        Tracer.v(0, 0.06, -0.014),
        2.4);
    t.roundBox(
        Tracer.v(0.12, 0.985, -0.005),
        Tracer.v(0.2, 0.122, 0.014),
        0.012,
        0,
        Tracer.Mat.glossy(Tracer.v(0.01, 0.01, 0.011), 0.15).coat(0.04));
    screen(
        t,
        mapScreen(),
        Tracer.v(0.12, 0.985, 0.0105),
        Tracer.v(0.188, 0, 0),
        Tracer.v(0, 0.111, 0),
        1.9);
    // Vents.
    for (double vx : new double[] {-0.05, 0.29, 0.78, -0.78}) {
      double z = 0.022 + bow(vx);
      t.roundBox(Tracer.v(vx, 0.836, z - 0.008), Tracer.v(0.085, 0.03, 0.012), 0.01, 0, chrome);
      t.roundBox(
          Tracer.v(vx, 0.836, z),
          Tracer.v(0.078, 0.024, 0.008),
          0.007,
          0,
          Tracer.Mat.glossy(Tracer.v(0.006, 0.006, 0.007), 0.4));
      for (int k = -2; k <= 2; k++) {
        t.roundBox(
            Tracer.v(vx, 0.836 + k * 0.0095, z + 0.006),
            Tracer.v(0.075, 0.0016, 0.005),
            0.001,
            0,
            Tracer.Mat.glossy(Tracer.v(0.05, 0.05, 0.052), 0.3));
      }
    }
    // Climate row and centre console with the shifter.
    for (int k = 0; k < 2; k++) {
      double kx = 0.03 + 0.18 * k;
      Tracer.V c = Tracer.v(kx, 0.705, 0.06);
      t.patch(
          (u, w) -> {
            double a = u * 2 * Math.PI;
            double[] q =
                Tracer.curve(
                    new double[][] {
                      {0.034, 0}, {0.034, 0.02}, {0.031, 0.026}, {0.02, 0.027}, {0, 0.027}
                    },
                    w);
            return Tracer.v(c.x + Math.cos(a) * q[0], c.y + Math.sin(a) * q[0], c.z + q[1]);
          },
          48,
          20,
          true,
          chrome);
    }
    t.roundBox(Tracer.v(0.12, 0.5, 0.42), Tracer.v(0.15, 0.1, 0.44), 0.04, 0, dark);
    t.roundBox(Tracer.v(0.12, 0.6, 0.36), Tracer.v(0.115, 0.006, 0.3), 0.005, 0, veneer);
    t.tube(
        new double[][] {
          {0.12, 0.6, 0.28, 0.016}, {0.12, 0.66, 0.27, 0.015}, {0.12, 0.7, 0.265, 0.02}
        },
        20,
        20,
        chrome);
    ball(t, Tracer.v(0.12, 0.725, 0.262), Tracer.v(0.03, 0.04, 0.032), dark);
    // Steering wheel, tilted towards the driver.
    double tilt = Math.toRadians(24);
    Tracer.V hub = Tracer.v(-0.38, 0.8, 0.24);
    int n = 25;
    double[][] ring = new double[n][];
    for (int i = 0; i < n; i++) {
      double a = 2 * Math.PI * i / (n - 1) - Math.PI / 2;
      Tracer.V p = onWheel(hub, tilt, Math.cos(a) * 0.188, Math.sin(a) * 0.182, 0);
      ring[i] = new double[] {p.x, p.y, p.z, 0.0165 + (Math.abs(Math.sin(a)) < 0.45 ? 0.002 : 0)};
    }
    t.tube(ring, 24, 160, hide(0x141313, 0.14));
    double[][] spokes = {{0.165, 0.012}, {-0.165, 0.012}, {0, -0.165}};
    for (double[] s : spokes) {
      double[][] pts = new double[4][];
      for (int i = 0; i < 4; i++) {
        double f = i / 3.0;
        Tracer.V p =
            onWheel(
                hub,
                tilt,
                s[0] * (0.3 + 0.75 * f),
                s[1] * (0.3 + 0.75 * f) + 0.004,
                -0.012 + 0.008 * f);
        pts[i] = new double[] {p.x, p.y, p.z, 0.017 - 0.004 * f};
      }
      t.tube(pts, 18, 20, chrome);
    }
    t.patch(
        (u, w) -> {
          double a = u * 2 * Math.PI;
          double r = Math.sin(w * Math.PI / 2);
          double sq =
              Math.pow(
                  Math.pow(Math.abs(Math.cos(a)), 3) + Math.pow(Math.abs(Math.sin(a)), 3),
                  -1 / 3.0);
          return onWheel(
              hub,
              tilt,
              Math.cos(a) * sq * 0.07 * r,
              Math.sin(a) * sq * 0.056 * r,
              0.028 * Math.cos(w * Math.PI / 2) - 0.004);
        },
        60,
        20,
        true,
        hide(0x1a1818, 0.1));
    Tracer.V e = onWheel(hub, tilt, 0, 0, 0.026);
    ball(t, e, Tracer.v(0.022, 0.015, 0.006), chrome);
    // Pillars, door tops and the mirror.
    for (int s = -1; s <= 1; s += 2) {
      t.tube(
          new double[][] {
            {s * 0.84, 0.95, -0.45, 0.05},
            {s * 0.8, 1.2, -0.2, 0.05},
            {s * 0.7, 1.45, 0.12, 0.06},
            {s * 0.66, 1.6, 0.4, 0.06}
          },
          20,
          40,
          hide(0x4a443e, 0.05));
      t.tube(
          new double[][] {
            {s * 0.93, 0.93, -0.5, 0.05},
            {s * 0.95, 0.92, 0.0, 0.055},
            {s * 0.96, 0.9, 0.6, 0.06},
            {s * 0.96, 0.9, 1.6, 0.06}
          },
          20,
          40,
          tan);
      t.roundBox(Tracer.v(s * 0.99, 0.6, 0.4), Tracer.v(0.05, 0.3, 1.1), 0.04, 0, dark);
    }
    t.roundBox(
        Tracer.v(0.12, 1.262, -0.06),
        Tracer.v(0.12, 0.034, 0.012),
        0.012,
        0,
        Tracer.Mat.glossy(Tracer.v(0.012, 0.012, 0.012), 0.3));
    t.roundBox(
        Tracer.v(0.12, 1.262, -0.045),
        Tracer.v(0.112, 0.027, 0.004),
        0.003,
        0,
        Tracer.Mat.metal(Tracer.v(0.8, 0.82, 0.84), 0.03));
    t.roundBox(Tracer.v(0, 1.56, 0.5), Tracer.v(0.9, 0.05, 0.5), 0.05, 0, hide(0xb8aa96, 0.05));
    t.roundBox(Tracer.v(0, 0.4, -0.4), Tracer.v(1.2, 0.5, 0.1), 0.02, 0, dark);
    t.roundBox(Tracer.v(0, 0.12, 1.0), Tracer.v(1.2, 0.05, 1.6), 0.02, 0, hide(0x2a2624, 0.2));
    // Seat cushions come in from below.
    for (int s = -1; s <= 1; s += 2) {
      t.roundBox(
          Tracer.v(s < 0 ? -0.38 : 0.58, 0.42, 0.74), Tracer.v(0.25, 0.1, 0.3), 0.08, 0, tan);
    }
    // Light: the low sun through the windscreen, the sky through the roof and side windows.
    Tracer.V c1 = Tracer.v(-2.6, 2.2, -3.0);
    Tracer.V to1 = Tracer.v(0, 0.8, 0).sub(c1).norm();
    Tracer.V u1 = to1.cross(Tracer.v(0, 1, 0)).norm().mul(1.0);
    Tracer.V v1 = u1.cross(to1).norm().mul(0.5);
    if (u1.cross(v1).dot(to1) < 0) {
      u1 = u1.mul(-1);
    }
    t.rectLight(c1, u1, v1, Tracer.v(26, 15, 7));
    Tracer.V c2 = Tracer.v(1.8, 1.9, 1.6);
    Tracer.V to2 = Tracer.v(0, 0.75, 0).sub(c2).norm();
    Tracer.V u2 = to2.cross(Tracer.v(0, 1, 0)).norm().mul(0.8);
    Tracer.V v2 = u2.cross(to2).norm().mul(0.5);
    if (u2.cross(v2).dot(to2) < 0) {
      u2 = u2.mul(-1);
    }
    t.rectLight(c2, u2, v2, Tracer.v(12, 12, 13));
    Tracer.V eye = Tracer.v(0.02, 1.2, 1.16);
    Tracer.V to = Tracer.v(-0.06, 0.87, 0);
    t.camera(eye, to, 44, 1.5, 0.006, Tracer.v(-0.2, 0.88, 0.05));
    double[] hz = t.project(eye.add(Tracer.v(0, 0, -1000)));
    BufferedImage view = coast(1500, 1000, hz[1], 0.24, 12);
    Graphics2D g = Paint.pen(view);
    double hy = hz[1] * 1000;
    // Land on the right, a verge on the left, the road between, and the bonnet below.
    g.setPaint(
        new GradientPaint(
            0, (float) hy, new Color(0x8a6a4c), 0, (float) hy + 160, new Color(0x4a4024)));
    Path2D land = new Path2D.Double();
    land.moveTo(700, hy);
    land.lineTo(1500, hy - 12);
    land.lineTo(1500, 1000);
    land.lineTo(-500, 1000);
    land.closePath();
    g.fill(land);
    Path2D lane = new Path2D.Double();
    lane.moveTo(772, hy);
    lane.lineTo(800, hy);
    lane.lineTo(1750, 700);
    lane.lineTo(-100, 700);
    lane.closePath();
    g.setPaint(
        new GradientPaint(
            0, (float) hy, new Color(0x8a5a50), 0, (float) hy + 200, new Color(0x3a3238)));
    g.fill(lane);
    g.setColor(new Color(0xf0d8b0));
    Path2D mid = new Path2D.Double();
    mid.moveTo(789, hy);
    mid.lineTo(791, hy);
    mid.lineTo(770, 1000);
    mid.lineTo(735, 1000);
    mid.closePath();
    g.fill(mid);
    g.setPaint(
        new GradientPaint(
            0, (float) hy + 60, new Color(0xe0604a), 0, (float) hy + 170, new Color(0x6a0c10)));
    g.fill(new Ellipse2D.Double(-100, hy + 62, 1750, 420));
    g.dispose();
    t.backdrop = Paint.scale(Paint.blur(view, 6), 1500, 1000);
    return finish(shoot(t, 2400, 1600, 0.46, 26, 1.45));
  }

  private static double bow(double x) {
    return -0.1 * x * x;
  }

  private static Tracer.V onWheel(Tracer.V hub, double tilt, double x, double y, double out) {
    return Tracer.v(
        hub.x + x,
        hub.y + y * Math.cos(tilt) + out * Math.sin(tilt),
        hub.z - y * Math.sin(tilt) + out * Math.cos(tilt));
  }

  /** A part of the dashboard: a profile of (height, depth) drawn out across the car. */
  private static void strip(Tracer t, double[][] profile, Tracer.Mat m) {
    t.patch(
        (u, w) -> {
          double x = -0.96 + 1.92 * u;
          double[] q = Tracer.curve(profile, w);
          return Tracer.v(x, q[0], q[1] + bow(x));
        },
        80,
        60,
        false,
        m);
  }
}
