package dev.reelbeam.bench;

/**
 * How far the picture in a square window moved between two frames, by the phase of their cross
 * spectrum: a shift is a plane through the origin, fitted by least squares, first to the lowest
 * frequencies only (where nothing wraps around), then to more and more.
 */
public final class PhaseCorrelation {
  /** Side of the window in pixels. */
  public static final int SIDE = 256;

  /** Taps to either side when a window is stretched. */
  private static final int REACH = 8;

  /** Highest frequencies of the fits, in cycles per pixel. */
  private static final double[] BANDS = {0.03, 0.08, 0.2, 0.2};

  private final double[] taper = new double[SIDE];
  private final double[] cosines = new double[SIDE / 2];
  private final double[] sines = new double[SIDE / 2];

  /** Frequencies of a window. */
  public static final class Spectrum {
    private final double[] re = new double[SIDE * SIDE];
    private final double[] im = new double[SIDE * SIDE];
  }

  public PhaseCorrelation() {
    for (int i = 0; i < SIDE; i++) {
      taper[i] = 0.5 - 0.5 * Math.cos(2 * Math.PI * (i + 0.5) / SIDE);
    }
    for (int i = 0; i < SIDE / 2; i++) {
      cosines[i] = Math.cos(2 * Math.PI * i / SIDE);
      sines[i] = -Math.sin(2 * Math.PI * i / SIDE);
    }
  }

  /** The window of samples whose top left corner is given. */
  public Spectrum spectrum(byte[] bytes, int stride, int left, int top) {
    double[] samples = new double[SIDE * SIDE];
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        samples[y * SIDE + x] = bytes[(top + y) * stride + left + x] & 0xFF;
      }
    }
    return spectrum(samples);
  }

  /**
   * The same, stretched about the middle of the window first: what a camera move enlarged by {@code
   * stretch} comes back to its former size, and only a shift is left (divided by the stretch).
   *
   * <p>By a windowed sinc of 16 taps, which passes the frequencies that are looked at unharmed. The
   * picture must reach {@value #REACH} pixels further than the stretched window.
   */
  public Spectrum spectrum(byte[] bytes, int stride, int left, int top, double stretch) {
    if (stretch == 1) {
      return spectrum(bytes, stride, left, top);
    }
    double middle = (SIDE - 1) / 2.0;
    int[] places = new int[SIDE];
    double[][] taps = new double[SIDE][2 * REACH];
    for (int i = 0; i < SIDE; i++) {
      double place = middle + (i - middle) * stretch;
      places[i] = (int) Math.floor(place) - REACH + 1;
      double sum = 0;
      for (int k = 0; k < 2 * REACH; k++) {
        double distance = places[i] + k - place;
        taps[i][k] = sinc(distance) * (0.5 + 0.5 * Math.cos(Math.PI * distance / REACH));
        sum += taps[i][k];
      }
      for (int k = 0; k < 2 * REACH; k++) {
        taps[i][k] /= sum;
      }
    }
    int firstRow = places[0];
    int rows = places[SIDE - 1] + 2 * REACH - firstRow;
    double[] across = new double[rows * SIDE];
    for (int y = 0; y < rows; y++) {
      int start = (top + firstRow + y) * stride + left;
      for (int x = 0; x < SIDE; x++) {
        double sum = 0;
        for (int k = 0; k < 2 * REACH; k++) {
          sum += taps[x][k] * (bytes[start + places[x] + k] & 0xFF);
        }
        across[y * SIDE + x] = sum;
      }
    }
    double[] samples = new double[SIDE * SIDE];
    for (int y = 0; y < SIDE; y++) {
      for (int k = 0; k < 2 * REACH; k++) {
        int row = (places[y] - firstRow + k) * SIDE;
        for (int x = 0; x < SIDE; x++) {
          samples[y * SIDE + x] += taps[y][k] * across[row + x];
        }
      }
    }
    return spectrum(samples);
  }

  private static double sinc(double x) {
    return Math.abs(x) < 1e-9 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
  }

  /**
   * How much there is to hold on to, in levels per pixel: the root mean square of the slope of the
   * window's samples in the direction in which it is least. A window without texture, or with lines
   * in one direction only, has next to nothing, and its displacement means nothing.
   */
  public double texture(byte[] bytes, int stride, int left, int top) {
    double xx = 0;
    double xy = 0;
    double yy = 0;
    double weights = 0;
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        int at = (top + y) * stride + left + x;
        double dx = ((bytes[at + 1] & 0xFF) - (bytes[at - 1] & 0xFF)) / 2.0;
        double dy = ((bytes[at + stride] & 0xFF) - (bytes[at - stride] & 0xFF)) / 2.0;
        double weight = taper[x] * taper[x] * taper[y] * taper[y];
        xx += weight * dx * dx;
        xy += weight * dx * dy;
        yy += weight * dy * dy;
        weights += weight;
      }
    }
    double least = (xx + yy) / 2 - Math.hypot((xx - yy) / 2, xy);
    return Math.sqrt(Math.max(0, least) / weights);
  }

  private Spectrum spectrum(double[] samples) {
    Spectrum result = new Spectrum();
    double sum = 0;
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        double value = samples[y * SIDE + x];
        result.re[y * SIDE + x] = value;
        sum += value;
      }
    }
    double mean = sum / (SIDE * SIDE);
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        int i = y * SIDE + x;
        result.re[i] = (result.re[i] - mean) * taper[x] * taper[y];
      }
    }
    double[] re = new double[SIDE];
    double[] im = new double[SIDE];
    for (int line = 0; line < 2 * SIDE; line++) {
      int start = line < SIDE ? line * SIDE : line - SIDE;
      int step = line < SIDE ? 1 : SIDE;
      for (int i = 0; i < SIDE; i++) {
        re[i] = result.re[start + i * step];
        im[i] = result.im[start + i * step];
      }
      transform(re, im);
      for (int i = 0; i < SIDE; i++) {
        result.re[start + i * step] = re[i];
        result.im[start + i * step] = im[i];
      }
    }
    return result;
  }

  private void transform(double[] re, double[] im) {
    for (int i = 1, j = 0; i < SIDE; i++) {
      int bit = SIDE >> 1;
      for (; (j & bit) != 0; bit >>= 1) {
        j ^= bit;
      }
      j ^= bit;
      if (i < j) {
        double t = re[i];
        re[i] = re[j];
        re[j] = t;
        t = im[i];
        im[i] = im[j];
        im[j] = t;
      }
    }
    for (int length = 2; length <= SIDE; length <<= 1) {
      int half = length / 2;
      int stride = SIDE / length;
      for (int i = 0; i < SIDE; i += length) {
        for (int k = 0; k < half; k++) {
          double c = cosines[k * stride];
          double s = sines[k * stride];
          int a = i + k;
          int b = a + half;
          double tr = re[b] * c - im[b] * s;
          double ti = re[b] * s + im[b] * c;
          re[b] = re[a] - tr;
          im[b] = im[a] - ti;
          re[a] += tr;
          im[a] += ti;
        }
      }
    }
  }

  /** Displacement of the content from the first to the second window, x and y, in pixels. */
  public double[] shift(Spectrum first, Spectrum second) {
    double dx = 0;
    double dy = 0;
    for (double band : BANDS) {
      double xx = 0;
      double xy = 0;
      double yy = 0;
      double xp = 0;
      double yp = 0;
      int reach = (int) (band * SIDE);
      for (int v = -reach; v <= reach; v++) {
        for (int u = -reach; u <= reach; u++) {
          double frequency = Math.sqrt((double) u * u + (double) v * v) / SIDE;
          if (frequency == 0 || frequency > band) {
            continue;
          }
          int i = (v & SIDE - 1) * SIDE + (u & SIDE - 1);
          // second * conj(first), turned back by the shift known so far.
          double re = second.re[i] * first.re[i] + second.im[i] * first.im[i];
          double im = second.im[i] * first.re[i] - second.re[i] * first.im[i];
          double fx = 2 * Math.PI * u / SIDE;
          double fy = 2 * Math.PI * v / SIDE;
          double phase = Math.atan2(im, re) + fx * dx + fy * dy;
          phase -= 2 * Math.PI * Math.rint(phase / (2 * Math.PI));
          double weight = Math.sqrt(Math.sqrt(re * re + im * im));
          xx += weight * fx * fx;
          xy += weight * fx * fy;
          yy += weight * fy * fy;
          xp -= weight * fx * phase;
          yp -= weight * fy * phase;
        }
      }
      double determinant = xx * yy - xy * xy;
      if (determinant > 0) {
        dx += (yy * xp - xy * yp) / determinant;
        dy += (xx * yp - xy * xp) / determinant;
      }
    }
    return new double[] {dx, dy};
  }
}
