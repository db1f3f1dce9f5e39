package dev.reelbeam.media.picture;

/**
 * Where the eye goes, on 64x64 cells: things that stand off the border (the minimum barrier
 * distance of Zhang et al., ICCV 2015), the spectral residual of Hou and Zhang (CVPR 2007), what is
 * in focus (the "focusness" of Jiang et al., ICCV 2013), skin tones (the YCbCr box of Chai and Ngan
 * 1999), and a bias to the centre (Tatler 2007). StrictMath throughout: the same whole numbers on
 * every machine.
 */
record Saliency(int focusXPermille, int focusYPermille, PermilleBox box, int skinPermille) {
  private static final int N = 64;

  private static final int MARGIN_PERMILLE = 120;

  /** Share of the salient mass that may lie outside the box on each side. */
  private static final double OUTSIDE_EACH_SIDE = 0.06;

  static Saliency of(PixelGrid picture) {
    double[][] channels = new double[3][N * N];
    double[] skin = new double[N * N];
    double[] detail = new double[N * N];
    int skinPermille = reduce(picture, channels, skin, detail);
    double[] luma = new double[N * N];
    for (int i = 0; i < luma.length; i++) {
      luma[i] = 0.299 * channels[0][i] + 0.587 * channels[1][i] + 0.114 * channels[2][i];
    }
    double[] residual = unit(blur(spectralResidual(luma), 2.5));
    double[] barrier = unit(blur(barrierDistance(channels), 1.0));
    double[] focus = unit(blur(detail, 2.0));
    double[] skinMap = blur(skin, 1.5);
    // A beach or a wooden table has skin tones too: a picture full of them tells nothing.
    double skinWeight = skinPermille > 200 ? 0 : 0.5;
    double[] map = new double[N * N];
    for (int y = 0; y < N; y++) {
      for (int x = 0; x < N; x++) {
        int i = y * N + x;
        double dx = (x + 0.5) / N - 0.5;
        double dy = (y + 0.5) / N - 0.5;
        double centre = StrictMath.exp(-(dx * dx + dy * dy) / (2 * 0.30 * 0.30));
        double attention = 0.75 * barrier[i] + 0.25 * residual[i] + skinWeight * skinMap[i];
        // The square root keeps smooth things on a smooth ground in the running.
        double inFocus = 0.35 + 0.65 * StrictMath.sqrt(focus[i]);
        map[i] = attention * inFocus * (0.35 + 0.65 * centre);
      }
    }
    return summarize(blur(map, 1.2), skinPermille);
  }

  private static Saliency summarize(double[] map, int skinPermille) {
    double mean = 0;
    double largest = 0;
    for (double v : map) {
      mean += v / map.length;
      largest = Math.max(largest, v);
    }
    double floor = mean + 0.25 * (largest - mean);
    double[] columns = new double[N];
    double[] rows = new double[N];
    double mass = 0;
    double sumX = 0;
    double sumY = 0;
    for (int i = 0; i < map.length; i++) {
      double v = Math.max(0, map[i] - floor);
      columns[i % N] += v;
      rows[i / N] += v;
      // Squared: the strongest place wins over many weak ones.
      mass += v * v;
      sumX += v * v * (i % N + 0.5);
      sumY += v * v * (i / N + 0.5);
    }
    if (mass <= 1e-12) {
      return new Saliency(500, 500, new PermilleBox(250, 250, 750, 750), skinPermille);
    }
    int focusX = permille(sumX / mass);
    int focusY = permille(sumY / mass);
    return new Saliency(
        focusX,
        focusY,
        grown(
            new PermilleBox(
                permille(quantile(columns, OUTSIDE_EACH_SIDE)),
                permille(quantile(rows, OUTSIDE_EACH_SIDE)),
                permille(quantile(columns, 1 - OUTSIDE_EACH_SIDE)),
                permille(quantile(rows, 1 - OUTSIDE_EACH_SIDE)))),
        skinPermille);
  }

  /** Things reach a little beyond where they stand out most. */
  private static PermilleBox grown(PermilleBox box) {
    int x = Math.max(10, box.width() * MARGIN_PERMILLE / 1000);
    int y = Math.max(10, box.height() * MARGIN_PERMILLE / 1000);
    return new PermilleBox(
        Math.max(0, box.left() - x),
        Math.max(0, box.top() - y),
        Math.min(1000, box.right() + x),
        Math.min(1000, box.bottom() + y));
  }

  private static int permille(double cells) {
    return (int) Math.max(0, Math.min(1000, StrictMath.rint(cells * 1000 / N)));
  }

  /** Position in cells below which this share of the marginal lies. */
  private static double quantile(double[] marginal, double share) {
    double total = 0;
    for (double v : marginal) {
      total += v;
    }
    double wanted = total * share;
    double sum = 0;
    for (int i = 0; i < marginal.length; i++) {
      if (sum + marginal[i] >= wanted && marginal[i] > 0) {
        return i + (wanted - sum) / marginal[i];
      }
      sum += marginal[i];
    }
    return marginal.length;
  }

  /** Means over N x N cells; returns the share of skin in permille. */
  private static int reduce(
      PixelGrid picture, double[][] channels, double[] skin, double[] detail) {
    int w = picture.width();
    int h = picture.height();
    long allSkin = 0;
    for (int cy = 0; cy < N; cy++) {
      int top = cy * h / N;
      int bottom = Math.max(top + 1, (cy + 1) * h / N);
      for (int cx = 0; cx < N; cx++) {
        int left = cx * w / N;
        int right = Math.max(left + 1, (cx + 1) * w / N);
        long r = 0;
        long g = 0;
        long b = 0;
        int skinned = 0;
        long steps = 0;
        for (int y = top; y < bottom; y++) {
          for (int x = left; x < right; x++) {
            int p = picture.argb()[y * w + x];
            r += p >> 16 & 0xFF;
            g += p >> 8 & 0xFF;
            b += p & 0xFF;
            skinned += isSkin(p) ? 1 : 0;
            int here = PictureAnalyst.luma(p);
            int beside = PictureAnalyst.luma(picture.argb()[y * w + Math.min(w - 1, x + 1)]);
            int below = PictureAnalyst.luma(picture.argb()[Math.min(h - 1, y + 1) * w + x]);
            steps += Math.abs(here - beside) + Math.abs(here - below);
          }
        }
        double count = (double) (bottom - top) * (right - left);
        int i = cy * N + cx;
        channels[0][i] = r / count;
        channels[1][i] = g / count;
        channels[2][i] = b / count;
        skin[i] = skinned / count;
        detail[i] = Math.min(30, steps / count);
        allSkin += StrictMath.round(skin[i] * 1000);
      }
    }
    return (int) (allSkin / (N * N));
  }

  private static boolean isSkin(int p) {
    int r = p >> 16 & 0xFF;
    int g = p >> 8 & 0xFF;
    int b = p & 0xFF;
    int luma = (299 * r + 587 * g + 114 * b) / 1000;
    int cb = 128 + (-169 * r - 331 * g + 500 * b) / 1000;
    int cr = 128 + (500 * r - 419 * g - 81 * b) / 1000;
    return luma > 50 && cb >= 85 && cb <= 127 && cr >= 137 && cr <= 168 && r > g && g > b;
  }

  /** Smallest rise and fall on any way from a cell to the border, summed over luma and chroma. */
  private static double[] barrierDistance(double[][] rgb) {
    double[] result = new double[N * N];
    double[][] opponent = new double[3][N * N];
    for (int i = 0; i < N * N; i++) {
      opponent[0][i] = 0.299 * rgb[0][i] + 0.587 * rgb[1][i] + 0.114 * rgb[2][i];
      opponent[1][i] = rgb[0][i] - rgb[1][i];
      opponent[2][i] = (rgb[0][i] + rgb[1][i]) / 2 - rgb[2][i];
    }
    for (double[] channel : opponent) {
      double[] smooth = blur(channel, 0.6);
      double[] high = smooth.clone();
      double[] low = smooth.clone();
      double[] distance = new double[N * N];
      for (int i = 0; i < N * N; i++) {
        boolean border = i % N == 0 || i % N == N - 1 || i / N == 0 || i / N == N - 1;
        distance[i] = border ? 0 : Double.MAX_VALUE;
      }
      for (int pass = 0; pass < 4; pass++) {
        int direction = pass % 2 == 0 ? 1 : -1;
        for (int k = 0; k < N * N; k++) {
          int i = direction > 0 ? k : N * N - 1 - k;
          int x = i % N;
          int y = i / N;
          if (x == 0 || y == 0 || x == N - 1 || y == N - 1) {
            continue;
          }
          for (int from : new int[] {i - direction, i - direction * N}) {
            double h = Math.max(high[from], smooth[i]);
            double l = Math.min(low[from], smooth[i]);
            if (h - l < distance[i]) {
              distance[i] = h - l;
              high[i] = h;
              low[i] = l;
            }
          }
        }
      }
      for (int i = 0; i < N * N; i++) {
        result[i] += distance[i];
      }
    }
    return result;
  }

  private static double[] spectralResidual(double[] luma) {
    double[] re = luma.clone();
    double[] im = new double[N * N];
    transform2d(re, im, false);
    double[] logAmplitude = new double[N * N];
    for (int i = 0; i < logAmplitude.length; i++) {
      logAmplitude[i] = StrictMath.log(StrictMath.sqrt(re[i] * re[i] + im[i] * im[i]) + 1e-6);
    }
    for (int y = 0; y < N; y++) {
      for (int x = 0; x < N; x++) {
        double local = 0;
        for (int dy = -1; dy <= 1; dy++) {
          for (int dx = -1; dx <= 1; dx++) {
            local += logAmplitude[(y + dy + N) % N * N + (x + dx + N) % N];
          }
        }
        int i = y * N + x;
        double amplitude = StrictMath.exp(logAmplitude[i]);
        double kept = StrictMath.exp(logAmplitude[i] - local / 9);
        re[i] = re[i] / amplitude * kept;
        im[i] = im[i] / amplitude * kept;
      }
    }
    transform2d(re, im, true);
    double[] result = new double[N * N];
    for (int i = 0; i < result.length; i++) {
      result[i] = re[i] * re[i] + im[i] * im[i];
    }
    return result;
  }

  private static void transform2d(double[] re, double[] im, boolean inverse) {
    double[] lineRe = new double[N];
    double[] lineIm = new double[N];
    for (int pass = 0; pass < 2; pass++) {
      int step = pass == 0 ? 1 : N;
      int next = pass == 0 ? N : 1;
      for (int line = 0; line < N; line++) {
        for (int k = 0; k < N; k++) {
          lineRe[k] = re[line * next + k * step];
          lineIm[k] = im[line * next + k * step];
        }
        transform(lineRe, lineIm, inverse);
        for (int k = 0; k < N; k++) {
          re[line * next + k * step] = lineRe[k];
          im[line * next + k * step] = lineIm[k];
        }
      }
    }
  }

  /** Radix-2 Cooley-Tukey, unscaled. */
  private static void transform(double[] re, double[] im, boolean inverse) {
    for (int i = 1, j = 0; i < N; i++) {
      int bit = N >> 1;
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
    for (int size = 2; size <= N; size <<= 1) {
      double angle = 2 * StrictMath.PI / size * (inverse ? 1 : -1);
      for (int k = 0; k < size / 2; k++) {
        double wr = StrictMath.cos(angle * k);
        double wi = StrictMath.sin(angle * k);
        for (int start = 0; start < N; start += size) {
          int a = start + k;
          int b = a + size / 2;
          double tr = re[b] * wr - im[b] * wi;
          double ti = re[b] * wi + im[b] * wr;
          re[b] = re[a] - tr;
          im[b] = im[a] - ti;
          re[a] += tr;
          im[a] += ti;
        }
      }
    }
  }

  private static double[] blur(double[] map, double sigma) {
    int radius = (int) StrictMath.ceil(3 * sigma);
    double[] kernel = new double[2 * radius + 1];
    double sum = 0;
    for (int k = -radius; k <= radius; k++) {
      kernel[k + radius] = StrictMath.exp(-k * k / (2 * sigma * sigma));
      sum += kernel[k + radius];
    }
    double[] across = new double[N * N];
    double[] result = new double[N * N];
    for (int y = 0; y < N; y++) {
      for (int x = 0; x < N; x++) {
        double v = 0;
        for (int k = -radius; k <= radius; k++) {
          v += kernel[k + radius] * map[y * N + Math.max(0, Math.min(N - 1, x + k))];
        }
        across[y * N + x] = v / sum;
      }
    }
    for (int y = 0; y < N; y++) {
      for (int x = 0; x < N; x++) {
        double v = 0;
        for (int k = -radius; k <= radius; k++) {
          v += kernel[k + radius] * across[Math.max(0, Math.min(N - 1, y + k)) * N + x];
        }
        result[y * N + x] = v / sum;
      }
    }
    return result;
  }

  private static double[] unit(double[] map) {
    double largest = 1e-9;
    for (double v : map) {
      largest = Math.max(largest, v);
    }
    double[] result = new double[map.length];
    for (int i = 0; i < map.length; i++) {
      result[i] = map[i] / largest;
    }
    return result;
  }
}
