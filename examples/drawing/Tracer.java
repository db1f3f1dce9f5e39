import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A small path tracer: triangle meshes in a bounding volume hierarchy, rectangular lights sampled
 * directly, diffuse, glossy (GGX), metal and glass surfaces, a thin lens, and an edge-avoiding
 * à-trous filter (Dammertz et al. 2010) that takes out the remaining noise.
 */
final class Tracer {
  /** A point, a direction or a linear colour. */
  static final class V {
    static final V ZERO = new V(0, 0, 0);
    static final V ONE = new V(1, 1, 1);
    final double x;
    final double y;
    final double z;

    V(double x, double y, double z) {
      this.x = x;
      this.y = y;
      this.z = z;
    }

    V add(V o) {
      return new V(x + o.x, y + o.y, z + o.z);
    }

    V sub(V o) {
      return new V(x - o.x, y - o.y, z - o.z);
    }

    V mul(double s) {
      return new V(x * s, y * s, z * s);
    }

    V mul(V o) {
      return new V(x * o.x, y * o.y, z * o.z);
    }

    double dot(V o) {
      return x * o.x + y * o.y + z * o.z;
    }

    V cross(V o) {
      return new V(y * o.z - z * o.y, z * o.x - x * o.z, x * o.y - y * o.x);
    }

    double length() {
      return Math.sqrt(dot(this));
    }

    V norm() {
      return mul(1 / Math.max(1e-12, length()));
    }

    V mix(V o, double t) {
      return new V(x + (o.x - x) * t, y + (o.y - y) * t, z + (o.z - z) * t);
    }

    double luma() {
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    }
  }

  static V v(double x, double y, double z) {
    return new V(x, y, z);
  }

  /** A linear colour from an sRGB hex value. */
  static V hex(int rgb) {
    return new V(lin(rgb >> 16 & 255), lin(rgb >> 8 & 255), lin(rgb & 255));
  }

  private static double lin(int c) {
    double s = c / 255.0;
    return s <= 0.04045 ? s / 12.92 : Math.pow((s + 0.055) / 1.055, 2.4);
  }

  /** What a texture may change at a hit. */
  static final class Surf {
    V p;
    V n;
    V albedo;
    V emit = V.ZERO;
    double rough;
    double f0;
    double coat;
    boolean metal;
  }

  interface Tex {
    void apply(Surf s);
  }

  /** Where a surface is cut open. */
  interface Cut {
    boolean open(V p);
  }

  static final class Mat {
    V albedo = V.ONE;
    V emit = V.ZERO;
    V tint = V.ONE;
    double rough = 1;
    double f0 = 0.04;
    double coat;
    double ior = 1.5;
    boolean metal;
    boolean glass;
    Tex tex;
    Cut cut;

    static Mat matte(V albedo) {
      Mat m = new Mat();
      m.albedo = albedo;
      m.f0 = 0;
      return m;
    }

    static Mat glossy(V albedo, double rough) {
      Mat m = new Mat();
      m.albedo = albedo;
      m.rough = rough;
      return m;
    }

    static Mat metal(V albedo, double rough) {
      Mat m = glossy(albedo, rough);
      m.metal = true;
      return m;
    }

    static Mat glass(V tint, double ior) {
      Mat m = new Mat();
      m.glass = true;
      m.tint = tint;
      m.ior = ior;
      return m;
    }

    static Mat light(V emit) {
      Mat m = matte(V.ZERO);
      m.emit = emit;
      return m;
    }

    Mat tex(Tex t) {
      tex = t;
      return this;
    }

    Mat f0(double value) {
      f0 = value;
      return this;
    }

    /** A clear lacquer over the base, as on car paint: its reflectance at normal incidence. */
    Mat coat(double value) {
      coat = value;
      return this;
    }
  }

  private record Rect(V c, V u, V v, V n, V emit, double area) {}

  interface Env {
    V at(V dir);
  }

  // Geometry, filled by tri() and sorted into a tree by build().
  private float[] tri = new float[18 * 4096];
  private Mat[] mats = new Mat[4096];
  private int count;
  private int[] order;
  private float[] nodeBox;
  private int[] nodeData;
  private int nodes;
  private final List<Rect> lights = new ArrayList<>();
  Env env = d -> V.ONE.mul(0.5);
  BufferedImage backdrop;
  double backdropGain = 1;
  double clamp = 6;
  int maxDepth = 5;

  private V eye;
  private V right;
  private V up;
  private V forward;
  private double tanX;
  private double tanY;
  private double aperture;
  private double focus;
  private float[] backLin;

  void camera(V from, V to, double fovYDegrees, double aspect, double apertureRadius, V focusAt) {
    eye = from;
    forward = to.sub(from).norm();
    right = forward.cross(v(0, 1, 0)).norm();
    up = right.cross(forward);
    tanY = Math.tan(Math.toRadians(fovYDegrees) / 2);
    tanX = tanY * aspect;
    aperture = apertureRadius;
    focus = focusAt.sub(from).dot(forward);
  }

  /** A world point as picture coordinates from 0 to 1, for what is painted over the picture. */
  double[] project(V p) {
    V d = p.sub(eye);
    double z = d.dot(forward);
    return new double[] {0.5 + d.dot(right) / z / tanX / 2, 0.5 - d.dot(up) / z / tanY / 2, z};
  }

  void rectLight(V centre, V halfU, V halfV, V emit) {
    V n = halfU.cross(halfV);
    lights.add(new Rect(centre, halfU, halfV, n.norm(), emit, 4 * n.length()));
  }

  void tri(V a, V b, V c, V na, V nb, V nc, Mat m) {
    if (count == mats.length) {
      tri = Arrays.copyOf(tri, tri.length * 2);
      mats = Arrays.copyOf(mats, mats.length * 2);
    }
    V[] all = {a, b.sub(a), c.sub(a), na, nb, nc};
    for (int i = 0; i < 6; i++) {
      tri[count * 18 + i * 3] = (float) all[i].x;
      tri[count * 18 + i * 3 + 1] = (float) all[i].y;
      tri[count * 18 + i * 3 + 2] = (float) all[i].z;
    }
    mats[count++] = m;
  }

  void quad(V a, V b, V c, V d, Mat m) {
    V n = b.sub(a).cross(c.sub(a)).norm();
    tri(a, b, c, n, n, n, m);
    tri(a, c, d, n, n, n, m);
  }

  /** A surface over the unit square with smooth normals from its neighbours. */
  interface Patch {
    V at(double u, double v);
  }

  void patch(Patch f, int nu, int nv, boolean wrapU, Mat m) {
    V[][] p = new V[nu + 1][nv + 1];
    V[][] n = new V[nu + 1][nv + 1];
    for (int i = 0; i <= nu; i++) {
      for (int j = 0; j <= nv; j++) {
        p[i][j] = f.at(i / (double) nu, j / (double) nv);
      }
    }
    for (int i = 0; i <= nu; i++) {
      for (int j = 0; j <= nv; j++) {
        V du =
            wrapU
                ? p[(i + 1) % nu == 0 ? nu : (i + 1) % nu][j].sub(p[(i + nu - 1) % nu][j])
                : p[Math.min(nu, i + 1)][j].sub(p[Math.max(0, i - 1)][j]);
        V dv = p[i][Math.min(nv, j + 1)].sub(p[i][Math.max(0, j - 1)]);
        V c = dv.cross(du);
        if (c.length() < 1e-14) {
          int j2 = j == 0 ? 1 : j - 1;
          du =
              p[wrapU ? (i + 1) % nu : Math.min(nu, i + 1)][j2].sub(
                  p[wrapU ? (i + nu - 1) % nu : Math.max(0, i - 1)][j2]);
          c = dv.cross(du);
        }
        n[i][j] = c.norm();
      }
    }
    for (int i = 0; i < nu; i++) {
      for (int j = 0; j < nv; j++) {
        tri(p[i][j], p[i + 1][j + 1], p[i + 1][j], n[i][j], n[i + 1][j + 1], n[i + 1][j], m);
        tri(p[i][j], p[i][j + 1], p[i + 1][j + 1], n[i][j], n[i][j + 1], n[i + 1][j + 1], m);
      }
    }
  }

  /** A Catmull-Rom curve through control points of any dimension. */
  static double[] curve(double[][] pts, double t) {
    double s = Math.max(0, Math.min(1, t)) * (pts.length - 1);
    int i = Math.min(pts.length - 2, (int) s);
    double f = s - i;
    double[] a = pts[Math.max(0, i - 1)];
    double[] b = pts[i];
    double[] c = pts[i + 1];
    double[] d = pts[Math.min(pts.length - 1, i + 2)];
    double[] out = new double[b.length];
    for (int k = 0; k < out.length; k++) {
      out[k] =
          0.5
              * (2 * b[k]
                  + (c[k] - a[k]) * f
                  + (2 * a[k] - 5 * b[k] + 4 * c[k] - d[k]) * f * f
                  + (3 * b[k] - a[k] - 3 * c[k] + d[k]) * f * f * f);
    }
    return out;
  }

  /** A turned shape: control points (radius, height), listed from bottom outside upwards. */
  void lathe(V at, double[][] profile, int segments, int steps, Mat m) {
    patch(
        (u, w) -> {
          double[] q = curve(profile, w);
          double a = u * 2 * Math.PI;
          double r = Math.max(0, q[0]);
          return v(at.x + Math.cos(a) * r, at.y + q[1], at.z + Math.sin(a) * r);
        },
        segments,
        steps,
        true,
        m);
  }

  /** A tube along control points (x, y, z, radius). */
  void tube(double[][] pts, int segments, int steps, Mat m) {
    V[] frame = new V[steps + 1];
    V last = v(0.3, 0.2, 1).norm();
    for (int j = 0; j <= steps; j++) {
      double w = j / (double) steps;
      V t = p3(curve(pts, Math.min(1, w + 0.001))).sub(p3(curve(pts, Math.max(0, w - 0.001))));
      t = t.norm();
      last = last.sub(t.mul(last.dot(t))).norm();
      frame[j] = last;
    }
    patch(
        (u, w) -> {
          int j = (int) Math.round(w * steps);
          double[] q = curve(pts, w);
          V t = p3(curve(pts, Math.min(1, w + 0.001))).sub(p3(curve(pts, Math.max(0, w - 0.001))));
          V n = frame[j];
          V b = t.norm().cross(n);
          double a = -u * 2 * Math.PI;
          return p3(q).add(n.mul(Math.cos(a) * q[3])).add(b.mul(Math.sin(a) * q[3]));
        },
        segments,
        steps,
        true,
        m);
  }

  static V p3(double[] q) {
    return v(q[0], q[1], q[2]);
  }

  /** A box with round edges, turned about the vertical axis. */
  void roundBox(V c, V half, double r, double turnDegrees, Mat m) {
    double ca = Math.cos(Math.toRadians(turnDegrees));
    double sa = Math.sin(Math.toRadians(turnDegrees));
    int k = 12;
    V[] axes = {v(1, 0, 0), v(0, 1, 0), v(0, 0, 1)};
    V inner = half.sub(v(r, r, r));
    for (int f = 0; f < 6; f++) {
      V w = axes[f % 3].mul(f < 3 ? 1 : -1);
      V a = axes[(f + 1) % 3];
      V b = w.cross(a);
      patch(
          (u0, v0) -> {
            V s = w.add(a.mul(edge(u0) * 2 - 1)).add(b.mul(edge(v0) * 2 - 1));
            V q = s.mul(half);
            V in =
                v(
                    Math.max(-inner.x, Math.min(inner.x, q.x)),
                    Math.max(-inner.y, Math.min(inner.y, q.y)),
                    Math.max(-inner.z, Math.min(inner.z, q.z)));
            V o = in.add(q.sub(in).norm().mul(r));
            return v(c.x + o.x * ca + o.z * sa, c.y + o.y, c.z - o.x * sa + o.z * ca);
          },
          k,
          k,
          false,
          m);
    }
  }

  /** Crowds samples towards both ends, so that the round edge gets most of them. */
  private static double edge(double t) {
    return t - 0.8 * Math.sin(2 * Math.PI * t) / (2 * Math.PI);
  }

  void build() {
    order = new int[count];
    float[] centre = new float[count * 3];
    float[] box = new float[count * 6];
    for (int i = 0; i < count; i++) {
      order[i] = i;
      for (int a = 0; a < 3; a++) {
        float p = tri[i * 18 + a];
        float q = p + tri[i * 18 + 3 + a];
        float r = p + tri[i * 18 + 6 + a];
        box[i * 6 + a] = Math.min(p, Math.min(q, r));
        box[i * 6 + 3 + a] = Math.max(p, Math.max(q, r));
        centre[i * 3 + a] = (box[i * 6 + a] + box[i * 6 + 3 + a]) / 2;
      }
    }
    nodeBox = new float[Math.max(1, count) * 12];
    nodeData = new int[Math.max(1, count) * 4];
    nodes = 1;
    split(0, 0, count, centre, box);
  }

  private void split(int node, int from, int to, float[] centre, float[] box) {
    float[] b = {1e30f, 1e30f, 1e30f, -1e30f, -1e30f, -1e30f};
    float[] cb = b.clone();
    for (int k = from; k < to; k++) {
      int i = order[k];
      for (int a = 0; a < 3; a++) {
        b[a] = Math.min(b[a], box[i * 6 + a]);
        b[3 + a] = Math.max(b[3 + a], box[i * 6 + 3 + a]);
        cb[a] = Math.min(cb[a], centre[i * 3 + a]);
        cb[3 + a] = Math.max(cb[3 + a], centre[i * 3 + a]);
      }
    }
    System.arraycopy(b, 0, nodeBox, node * 6, 6);
    int best = -1;
    float bestAt = 0;
    if (to - from > 3) {
      double bestCost = 1e30;
      int bins = 12;
      for (int a = 0; a < 3; a++) {
        float lo = cb[a];
        float size = cb[3 + a] - lo;
        if (size < 1e-7f) {
          continue;
        }
        int[] n = new int[bins];
        float[][] bb = new float[bins][];
        for (int k = from; k < to; k++) {
          int i = order[k];
          int bin = Math.min(bins - 1, (int) ((centre[i * 3 + a] - lo) / size * bins));
          n[bin]++;
          if (bb[bin] == null) {
            bb[bin] = new float[] {1e30f, 1e30f, 1e30f, -1e30f, -1e30f, -1e30f};
          }
          grow(bb[bin], box, i * 6);
        }
        double[] leftCost = new double[bins];
        float[] acc = {1e30f, 1e30f, 1e30f, -1e30f, -1e30f, -1e30f};
        int sum = 0;
        for (int k = 0; k < bins - 1; k++) {
          if (bb[k] != null) {
            grow(acc, bb[k], 0);
          }
          sum += n[k];
          leftCost[k] = sum == 0 ? 0 : sum * area(acc);
        }
        acc = new float[] {1e30f, 1e30f, 1e30f, -1e30f, -1e30f, -1e30f};
        sum = 0;
        for (int k = bins - 1; k > 0; k--) {
          if (bb[k] != null) {
            grow(acc, bb[k], 0);
          }
          sum += n[k];
          double cost = leftCost[k - 1] + (sum == 0 ? 0 : sum * area(acc));
          if (sum > 0 && sum < to - from && cost < bestCost) {
            bestCost = cost;
            best = a;
            bestAt = lo + size * k / bins;
          }
        }
      }
    }
    int mid = from;
    if (best >= 0) {
      for (int k = from; k < to; k++) {
        if (centre[order[k] * 3 + best] < bestAt) {
          int t = order[k];
          order[k] = order[mid];
          order[mid++] = t;
        }
      }
    }
    if (best < 0 || mid == from || mid == to) {
      nodeData[node * 2] = from;
      nodeData[node * 2 + 1] = to - from;
      return;
    }
    int left = nodes;
    nodes += 2;
    nodeData[node * 2] = left;
    nodeData[node * 2 + 1] = 0;
    split(left, from, mid, centre, box);
    split(left + 1, mid, to, centre, box);
  }

  private static void grow(float[] acc, float[] box, int at) {
    for (int a = 0; a < 3; a++) {
      acc[a] = Math.min(acc[a], box[at + a]);
      acc[3 + a] = Math.max(acc[3 + a], box[at + 3 + a]);
    }
  }

  private static double area(float[] b) {
    double x = b[3] - b[0];
    double y = b[4] - b[1];
    double z = b[5] - b[2];
    return x * y + y * z + z * x;
  }

  /** One thread's working memory. */
  private static final class Ctx {
    final int[] stack = new int[96];
    long seed;
    double t;
    double u;
    double v;
    int hit;
    V featureAlbedo = V.ONE;
    V featureNormal = V.ZERO;
    double featureDepth;

    double rnd() {
      seed += 0x9E3779B97F4A7C15L;
      long z = seed;
      z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
      z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
      return ((z ^ z >>> 31) >>> 11) * 0x1.0p-53;
    }
  }

  private boolean intersect(Ctx c, V o, V d, double tMax) {
    double ix = 1 / d.x;
    double iy = 1 / d.y;
    double iz = 1 / d.z;
    int[] stack = c.stack;
    int sp = 0;
    stack[sp++] = 0;
    double best = tMax;
    int hit = -1;
    while (sp > 0) {
      int node = stack[--sp];
      if (slab(node, o, ix, iy, iz, best) >= best) {
        continue;
      }
      while (true) {
        int n = nodeData[node * 2 + 1];
        int first = nodeData[node * 2];
        if (n > 0) {
          for (int k = first; k < first + n; k++) {
            int i = order[k] * 18;
            double e1x = tri[i + 3];
            double e1y = tri[i + 4];
            double e1z = tri[i + 5];
            double e2x = tri[i + 6];
            double e2y = tri[i + 7];
            double e2z = tri[i + 8];
            double px = d.y * e2z - d.z * e2y;
            double py = d.z * e2x - d.x * e2z;
            double pz = d.x * e2y - d.y * e2x;
            double det = e1x * px + e1y * py + e1z * pz;
            if (Math.abs(det) < 1e-15) {
              continue;
            }
            double inv = 1 / det;
            double tx = o.x - tri[i];
            double ty = o.y - tri[i + 1];
            double tz = o.z - tri[i + 2];
            double u = (tx * px + ty * py + tz * pz) * inv;
            if (u < 0 || u > 1) {
              continue;
            }
            double qx = ty * e1z - tz * e1y;
            double qy = tz * e1x - tx * e1z;
            double qz = tx * e1y - ty * e1x;
            double v = (d.x * qx + d.y * qy + d.z * qz) * inv;
            if (v < 0 || u + v > 1) {
              continue;
            }
            double t = (e2x * qx + e2y * qy + e2z * qz) * inv;
            if (t > 1e-5 && t < best) {
              best = t;
              hit = order[k];
              c.u = u;
              c.v = v;
            }
          }
          break;
        }
        double tl = slab(first, o, ix, iy, iz, best);
        double tr = slab(first + 1, o, ix, iy, iz, best);
        if (tl >= best && tr >= best) {
          break;
        }
        if (tl <= tr) {
          if (tr < best) {
            stack[sp++] = first + 1;
          }
          node = first;
        } else {
          if (tl < best) {
            stack[sp++] = first;
          }
          node = first + 1;
        }
      }
    }
    c.t = best;
    c.hit = hit;
    return hit >= 0;
  }

  private double slab(int node, V o, double ix, double iy, double iz, double best) {
    int b = node * 6;
    double t1 = (nodeBox[b] - o.x) * ix;
    double t2 = (nodeBox[b + 3] - o.x) * ix;
    double near = Math.min(t1, t2);
    double far = Math.max(t1, t2);
    t1 = (nodeBox[b + 1] - o.y) * iy;
    t2 = (nodeBox[b + 4] - o.y) * iy;
    near = Math.max(near, Math.min(t1, t2));
    far = Math.min(far, Math.max(t1, t2));
    t1 = (nodeBox[b + 2] - o.z) * iz;
    t2 = (nodeBox[b + 5] - o.z) * iz;
    near = Math.max(near, Math.min(t1, t2));
    far = Math.min(far, Math.max(t1, t2));
    return far >= Math.max(0, near) - 1e-9 ? near : Double.MAX_VALUE;
  }

  private Surf surface(Ctx c, V o, V d) {
    int i = c.hit * 18;
    double w = 1 - c.u - c.v;
    Surf s = new Surf();
    Mat m = mats[c.hit];
    s.p = o.add(d.mul(c.t));
    s.n =
        v(
                tri[i + 9] * w + tri[i + 12] * c.u + tri[i + 15] * c.v,
                tri[i + 10] * w + tri[i + 13] * c.u + tri[i + 16] * c.v,
                tri[i + 11] * w + tri[i + 14] * c.u + tri[i + 17] * c.v)
            .norm();
    s.albedo = m.albedo;
    s.emit = m.emit;
    s.rough = m.rough;
    s.f0 = m.f0;
    s.coat = m.coat;
    s.metal = m.metal;
    if (m.tex != null) {
      m.tex.apply(s);
    }
    return s;
  }

  private V geometricNormal(int hit) {
    int i = hit * 18;
    return v(tri[i + 3], tri[i + 4], tri[i + 5])
        .cross(v(tri[i + 6], tri[i + 7], tri[i + 8]))
        .norm();
  }

  private V visible(Ctx c, V o, V d, double dist) {
    V tr = V.ONE;
    for (int k = 0; k < 14; k++) {
      if (!intersect(c, o, d, dist - 1e-4)) {
        return tr;
      }
      Mat m = mats[c.hit];
      double t = c.t;
      if (m.glass) {
        tr = tr.mul(m.tint).mul(0.96);
      } else {
        if (m.cut == null || !m.cut.open(o.add(d.mul(t)))) {
          return V.ZERO;
        }
      }
      o = o.add(d.mul(t + 1e-4));
      dist -= t + 1e-4;
    }
    return V.ZERO;
  }

  private V sky(V d, boolean camera) {
    double z = d.dot(forward);
    if (backLin != null && z > 0.05) {
      double x = 0.5 + d.dot(right) / z / tanX / 2;
      double y = 0.5 - d.dot(up) / z / tanY / 2;
      if (x >= 0 && x <= 1 && y >= 0 && y <= 1) {
        V b = backAt(x, y);
        if (camera) {
          return b;
        }
        double e = Math.min(Math.min(x, 1 - x), Math.min(y, 1 - y)) * 6;
        return e >= 1 ? b : env.at(d).mix(b, e);
      }
      if (camera) {
        return backAt(Math.max(0, Math.min(1, x)), Math.max(0, Math.min(1, y)));
      }
    }
    return env.at(d);
  }

  private V backAt(double x, double y) {
    int w = backdrop.getWidth();
    int h = backdrop.getHeight();
    double fx = Math.max(0, Math.min(w - 1.001, x * w - 0.5));
    double fy = Math.max(0, Math.min(h - 1.001, y * h - 0.5));
    int ix = (int) fx;
    int iy = (int) fy;
    double ax = fx - ix;
    double ay = fy - iy;
    double[] out = new double[3];
    for (int k = 0; k < 3; k++) {
      double t =
          backLin[(iy * w + ix) * 3 + k] * (1 - ax) + backLin[(iy * w + ix + 1) * 3 + k] * ax;
      double b =
          backLin[((iy + 1) * w + ix) * 3 + k] * (1 - ax)
              + backLin[((iy + 1) * w + ix + 1) * 3 + k] * ax;
      out[k] = t * (1 - ay) + b * ay;
    }
    return p3(out);
  }

  private V path(Ctx c, V o, V d) {
    c.featureAlbedo = V.ONE;
    c.featureNormal = V.ZERO;
    c.featureDepth = 50;
    return path(c, o, d, 0);
  }

  private V path(Ctx c, V o, V d, int startDepth) {
    V thr = V.ONE;
    V sum = V.ZERO;
    boolean seesLights = startDepth > 0;
    boolean camera = startDepth == 0;
    boolean first = startDepth == 0;
    int glassHits = 0;
    for (int depth = startDepth; depth < maxDepth; ) {
      boolean any = intersect(c, o, d, 1e9);
      if (seesLights) {
        Rect seen = null;
        double near = any ? c.t : 1e9;
        for (Rect r : lights) {
          double dn = d.dot(r.n);
          double t = r.c.sub(o).dot(r.n) / dn;
          if (dn < 0 && t > 1e-4 && t < near) {
            V q = o.add(d.mul(t)).sub(r.c);
            double a = q.dot(r.u) / r.u.dot(r.u);
            double b = q.dot(r.v) / r.v.dot(r.v);
            if (Math.abs(a) <= 1 && Math.abs(b) <= 1) {
              near = t;
              seen = r;
            }
          }
        }
        if (seen != null) {
          sum = sum.add(limit(thr.mul(seen.emit), depth));
          break;
        }
      }
      if (!any) {
        sum = sum.add(limit(thr.mul(sky(d, camera)), depth));
        break;
      }
      double t = c.t;
      int hit = c.hit;
      Mat m = mats[hit];
      if (m.cut != null && m.cut.open(o.add(d.mul(t)))) {
        o = o.add(d.mul(t + 1e-4));
        continue;
      }
      Surf s = surface(c, o, d);
      V g = geometricNormal(hit);
      if (m.glass) {
        V n = s.n;
        boolean entering = d.dot(n) < 0;
        if (!entering) {
          n = n.mul(-1);
        }
        double eta = entering ? 1 / m.ior : m.ior;
        double cos = -d.dot(n);
        double k = 1 - eta * eta * (1 - cos * cos);
        double f0 = (1 - m.ior) / (1 + m.ior);
        f0 *= f0;
        double cosF = entering ? cos : k > 0 ? Math.sqrt(k) : 0;
        double fr = k < 0 ? 1 : f0 + (1 - f0) * Math.pow(1 - cosF, 5);
        if (first) {
          c.featureNormal = n;
          c.featureDepth = t;
          first = false;
        }
        if (++glassHits > 16) {
          break;
        }
        if (c.rnd() < fr) {
          d = d.add(n.mul(2 * cos));
          seesLights = true;
          camera = false;
          depth++;
        } else {
          if (m.ior != 1) {
            d = d.mul(eta).add(n.mul(eta * cos - Math.sqrt(k))).norm();
            seesLights = true;
            camera = false;
          }
          thr = thr.mul(m.tint);
        }
        o = s.p.add(d.mul(1e-4));
        continue;
      }
      if (s.emit.luma() > 0) {
        sum = sum.add(limit(thr.mul(s.emit), depth));
      }
      V n = s.n;
      if (g.dot(d) > 0) {
        g = g.mul(-1);
      }
      if (n.dot(g) < 0) {
        n = n.mul(-1);
      }
      if (n.dot(d) > -0.02) {
        n = n.sub(d.mul(n.dot(d) + 0.02)).norm();
      }
      if (first) {
        c.featureNormal = n;
        c.featureDepth = t;
        c.featureAlbedo = s.metal ? V.ONE : s.albedo;
        first = false;
      }
      V wo = d.mul(-1);
      double cosO = n.dot(wo);
      boolean spec = false;
      V specColour = s.metal ? s.albedo : V.ONE.mul(s.f0);
      double rough = s.rough;
      double fres = Math.pow(1 - cosO, 5);
      V f = specColour.add(V.ONE.sub(specColour).mul(fres * (1 - rough * 0.7)));
      if (s.f0 == 0 && !s.metal) {
        f = V.ZERO;
      }
      // A lacquer is a second, smooth reflection in front of everything else.
      if (s.coat > 0) {
        double fc = s.coat + (1 - s.coat) * fres;
        if (depth == 0) {
          // Seen directly, both parts are followed: a coin toss here would be the loudest noise.
          V r = d.add(n.mul(2 * cosO)).norm();
          if (r.dot(g) > 0) {
            sum = sum.add(thr.mul(path(c, s.p.add(g.mul(1e-4)), r, 1)).mul(fc));
          }
          thr = thr.mul(1 - fc);
        } else if (c.rnd() < fc) {
          d = d.add(n.mul(2 * cosO)).norm();
          if (d.dot(g) < 0) {
            break;
          }
          o = s.p.add(g.mul(1e-4));
          seesLights = true;
          camera = false;
          depth++;
          continue;
        }
      }
      double alpha = Math.max(0.002, rough * rough);
      V origin = s.p.add(g.mul(1e-4));
      double pSpec = s.metal ? 1 : Math.min(0.9, Math.max(f.luma() > 0 ? 0.08 : 0, f.luma()));
      if (!lights.isEmpty() && !(s.metal && rough < 0.15)) {
        for (Rect r : lights) {
          V q = r.c.add(r.u.mul(c.rnd() * 2 - 1)).add(r.v.mul(c.rnd() * 2 - 1));
          V l = q.sub(origin);
          double dist = l.length();
          l = l.mul(1 / dist);
          double cosL = n.dot(l);
          double cosR = -l.dot(r.n);
          if (cosL <= 0 || cosR <= 0 || g.dot(l) <= 0) {
            continue;
          }
          V brdf = s.metal ? V.ZERO : s.albedo.mul((1 - f.luma()) / Math.PI);
          if (rough >= 0.15 && pSpec > 0) {
            V h = l.add(wo).norm();
            brdf = brdf.add(f.mul(ggx(n.dot(h), alpha) * smith(cosL, cosO, alpha)));
          }
          V e = thr.mul(brdf).mul(r.emit).mul(cosL * cosR * r.area / (dist * dist));
          if (e.luma() > 1e-5) {
            V tr = visible(c, origin, l, dist);
            if (tr != V.ZERO) {
              sum = sum.add(limit(e.mul(tr), depth));
            }
          }
        }
      }
      if (c.rnd() < pSpec) {
        double r1 = c.rnd();
        double r2 = c.rnd() * 2 * Math.PI;
        double cosH = Math.sqrt((1 - r1) / (1 + (alpha * alpha - 1) * r1));
        double sinH = Math.sqrt(Math.max(0, 1 - cosH * cosH));
        V h = around(n, sinH * Math.cos(r2), sinH * Math.sin(r2), cosH);
        double oh = wo.dot(h);
        V l = h.mul(2 * oh).sub(wo);
        double cosL = n.dot(l);
        if (cosL <= 0 || oh <= 0 || g.dot(l) <= 0) {
          break;
        }
        double weight = smith(cosL, cosO, alpha) * 4 * cosL * oh / Math.max(1e-4, cosH);
        thr = thr.mul(f).mul(Math.min(4, weight) / pSpec);
        d = l.norm();
        spec = rough < 0.15;
      } else {
        double r1 = c.rnd();
        double r2 = c.rnd() * 2 * Math.PI;
        double rr = Math.sqrt(r1);
        d = around(n, rr * Math.cos(r2), rr * Math.sin(r2), Math.sqrt(1 - r1)).norm();
        if (d.dot(g) <= 0) {
          break;
        }
        thr = thr.mul(s.albedo).mul((1 - f.luma()) / (1 - pSpec));
      }
      seesLights = spec;
      camera = false;
      o = origin;
      depth++;
      if (depth > 2) {
        double q = Math.min(0.95, Math.max(thr.x, Math.max(thr.y, thr.z)));
        if (c.rnd() > q) {
          break;
        }
        thr = thr.mul(1 / q);
      }
    }
    return sum;
  }

  private V limit(V e, int depth) {
    double m = Math.max(e.x, Math.max(e.y, e.z));
    double top = depth == 0 ? 40 : clamp;
    return m > top ? e.mul(top / m) : e;
  }

  private static double ggx(double cosH, double a) {
    double a2 = a * a;
    double k = cosH * cosH * (a2 - 1) + 1;
    return a2 / (Math.PI * k * k);
  }

  private static double smith(double l, double o, double a) {
    double k = a / 2 + 1e-4;
    return 0.25 / ((l * (1 - k) + k) * (o * (1 - k) + k));
  }

  private static V around(V n, double x, double y, double z) {
    V t = Math.abs(n.x) > 0.5 ? v(n.y, -n.x, 0).norm() : v(0, n.z, -n.y).norm();
    return t.mul(x).add(n.cross(t).mul(y)).add(n.mul(z));
  }

  /** Renders and filters; the result is linear light, three floats a pixel. */
  float[] render(int w, int h, int samples) {
    build();
    if (backdrop != null) {
      int bw = backdrop.getWidth();
      int bh = backdrop.getHeight();
      backLin = new float[bw * bh * 3];
      double[] table = new double[256];
      for (int i = 0; i < 256; i++) {
        table[i] = unfilm(i / 255.0);
      }
      for (int y = 0; y < bh; y++) {
        for (int x = 0; x < bw; x++) {
          int p = backdrop.getRGB(x, y);
          for (int k = 0; k < 3; k++) {
            backLin[(y * bw + x) * 3 + k] = (float) (table[p >> (16 - 8 * k) & 255] * backdropGain);
          }
        }
      }
    }
    float[] colour = new float[w * h * 3];
    float[] albedo = new float[w * h * 3];
    float[] normal = new float[w * h * 3];
    float[] depth = new float[w * h];
    float[] variance = new float[w * h];
    int grid = (int) Math.ceil(Math.sqrt(samples));
    IntStream.range(0, h)
        .parallel()
        .forEach(
            y -> {
              Ctx c = new Ctx();
              for (int x = 0; x < w; x++) {
                c.seed = (y * 7919L + x) * 0x5DEECE66DL + 11;
                V sum = V.ZERO;
                V al = V.ZERO;
                V no = V.ZERO;
                double de = 0;
                double l1 = 0;
                double l2 = 0;
                for (int k = 0; k < samples; k++) {
                  double sx = (k % grid + c.rnd()) / grid;
                  double sy = (k / grid % grid + c.rnd()) / grid;
                  double px = ((x + sx) / w * 2 - 1) * tanX;
                  double py = (1 - (y + sy) / h * 2) * tanY;
                  V dir = forward.add(right.mul(px)).add(up.mul(py));
                  V at = eye.add(dir.mul(focus));
                  double r = Math.sqrt(c.rnd()) * aperture;
                  double a = c.rnd() * 2 * Math.PI;
                  V o = eye.add(right.mul(r * Math.cos(a))).add(up.mul(r * Math.sin(a)));
                  V e = path(c, o, at.sub(o).norm());
                  if (!(e.luma() >= 0)) {
                    e = V.ZERO;
                  }
                  sum = sum.add(e);
                  al = al.add(c.featureAlbedo);
                  no = no.add(c.featureNormal);
                  de += c.featureDepth;
                  double l = e.luma();
                  l1 += l;
                  l2 += l * l;
                }
                int i = y * w + x;
                put(colour, i, sum.mul(1.0 / samples));
                put(albedo, i, al.mul(1.0 / samples));
                put(normal, i, no.mul(1.0 / samples));
                depth[i] = (float) (de / samples);
                l1 /= samples;
                variance[i] = (float) Math.max(0, (l2 / samples - l1 * l1) / samples);
              }
            });
    return filter(colour, albedo, normal, depth, variance, w, h);
  }

  private static void put(float[] a, int i, V c) {
    a[i * 3] = (float) c.x;
    a[i * 3 + 1] = (float) c.y;
    a[i * 3 + 2] = (float) c.z;
  }

  private static float[] filter(
      float[] colour, float[] albedo, float[] normal, float[] depth, float[] var, int w, int h) {
    float[] light = new float[colour.length];
    for (int i = 0; i < colour.length; i++) {
      light[i] = colour[i] / (albedo[i] + 0.02f);
    }
    float[] variance = new float[var.length];
    for (int i = 0; i < var.length; i++) {
      double a =
          0.2126 * albedo[i * 3] + 0.7152 * albedo[i * 3 + 1] + 0.0722 * albedo[i * 3 + 2] + 0.02;
      variance[i] = (float) (var[i] / (a * a));
    }
    double[] kernel = {1 / 16.0, 1 / 4.0, 3 / 8.0, 1 / 4.0, 1 / 16.0};
    for (int pass = 0; pass < 4; pass++) {
      int step = 1 << pass;
      float[] in = light;
      float[] vin = variance;
      float[] out = new float[in.length];
      float[] vout = new float[vin.length];
      IntStream.range(0, h)
          .parallel()
          .forEach(
              y -> {
                for (int x = 0; x < w; x++) {
                  int i = y * w + x;
                  double sr = 0;
                  double sg = 0;
                  double sb = 0;
                  double sw = 0;
                  double sv = 0;
                  double blur = 0;
                  double bw = 0;
                  for (int dy = -1; dy <= 1; dy++) {
                    for (int dx = -1; dx <= 1; dx++) {
                      int j =
                          Math.max(0, Math.min(h - 1, y + dy)) * w
                              + Math.max(0, Math.min(w - 1, x + dx));
                      double k = 1.0 / (1 + Math.abs(dx) + Math.abs(dy));
                      blur += vin[j] * k;
                      bw += k;
                    }
                  }
                  double sigma = 3 * Math.sqrt(blur / bw) + 1e-4;
                  double li = luma(in, i);
                  for (int dy = -2; dy <= 2; dy++) {
                    int yy = y + dy * step;
                    if (yy < 0 || yy >= h) {
                      continue;
                    }
                    for (int dx = -2; dx <= 2; dx++) {
                      int xx = x + dx * step;
                      if (xx < 0 || xx >= w) {
                        continue;
                      }
                      int j = yy * w + xx;
                      double nd = dist2(normal, i, j);
                      double ad = dist2(albedo, i, j);
                      double dd = (depth[i] - depth[j]) / (0.05 * depth[i] * step + 1e-3);
                      double ld = Math.abs(li - luma(in, j)) / sigma;
                      double wt =
                          kernel[dx + 2]
                              * kernel[dy + 2]
                              * Math.exp(-nd * 12 - ad * 60 - dd * dd * 0.5 - ld);
                      sr += in[j * 3] * wt;
                      sg += in[j * 3 + 1] * wt;
                      sb += in[j * 3 + 2] * wt;
                      sv += vin[j] * wt * wt;
                      sw += wt;
                    }
                  }
                  out[i * 3] = (float) (sr / sw);
                  out[i * 3 + 1] = (float) (sg / sw);
                  out[i * 3 + 2] = (float) (sb / sw);
                  vout[i] = (float) (sv / (sw * sw));
                }
              });
      light = out;
      variance = vout;
    }
    for (int i = 0; i < light.length; i++) {
      light[i] *= albedo[i] + 0.02f;
    }
    return light;
  }

  private static double luma(float[] a, int i) {
    return 0.2126 * a[i * 3] + 0.7152 * a[i * 3 + 1] + 0.0722 * a[i * 3 + 2];
  }

  private static double dist2(float[] a, int i, int j) {
    double x = a[i * 3] - a[j * 3];
    double y = a[i * 3 + 1] - a[j * 3 + 1];
    double z = a[i * 3 + 2] - a[j * 3 + 2];
    return x * x + y * y + z * z;
  }

  /** The filmic curve of Narkowicz (2015) followed by the sRGB curve. */
  static double film(double x) {
    x *= 0.8;
    double y = x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14);
    y = Math.max(0, Math.min(1, y));
    return y <= 0.0031308 ? 12.92 * y : 1.055 * Math.pow(y, 1 / 2.4) - 0.055;
  }

  /**
   * The light that {@link #film} shows as a given value, so that a painted backdrop survives it.
   */
  static double unfilm(double s) {
    double lo = 0;
    double hi = 12;
    for (int i = 0; i < 40; i++) {
      double mid = (lo + hi) / 2;
      if (film(mid) < s) {
        lo = mid;
      } else {
        hi = mid;
      }
    }
    return lo;
  }

  static BufferedImage develop(float[] linear, int w, int h, double exposure) {
    BufferedImage out = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < w * h; i++) {
      int rgb = 0;
      for (int k = 0; k < 3; k++) {
        rgb = rgb << 8 | (int) Math.round(film(linear[i * 3 + k] * exposure) * 255);
      }
      out.setRGB(i % w, i / w, rgb);
    }
    return out;
  }
}
