package dev.reelbeam.media.audio.music;

/**
 * Effects on a ring: each runs over the loop until its memory has settled and keeps the last turn,
 * so that its tail, too, goes on over the seam.
 */
final class Effects {
  private static final int RATE = 48_000;

  private Effects() {}

  /** Biquad filters by Robert Bristow-Johnson's cookbook. */
  static final class Biquad {
    private final double b0;
    private final double b1;
    private final double b2;
    private final double a1;
    private final double a2;

    private Biquad(double b0, double b1, double b2, double a0, double a1, double a2) {
      this.b0 = b0 / a0;
      this.b1 = b1 / a0;
      this.b2 = b2 / a0;
      this.a1 = a1 / a0;
      this.a2 = a2 / a0;
    }

    static Biquad lowPass(double hertz, double q) {
      double w = 2 * Math.PI * hertz / RATE;
      double alpha = StrictMath.sin(w) / (2 * q);
      double cos = StrictMath.cos(w);
      return new Biquad((1 - cos) / 2, 1 - cos, (1 - cos) / 2, 1 + alpha, -2 * cos, 1 - alpha);
    }

    static Biquad highPass(double hertz, double q) {
      double w = 2 * Math.PI * hertz / RATE;
      double alpha = StrictMath.sin(w) / (2 * q);
      double cos = StrictMath.cos(w);
      return new Biquad((1 + cos) / 2, -(1 + cos), (1 + cos) / 2, 1 + alpha, -2 * cos, 1 - alpha);
    }

    static Biquad bell(double hertz, double q, double decibels) {
      double a = StrictMath.pow(10, decibels / 40);
      double w = 2 * Math.PI * hertz / RATE;
      double alpha = StrictMath.sin(w) / (2 * q);
      double cos = StrictMath.cos(w);
      return new Biquad(
          1 + alpha * a, -2 * cos, 1 - alpha * a, 1 + alpha / a, -2 * cos, 1 - alpha / a);
    }

    private void runPlane(double[] plane) {
      double x1 = 0;
      double x2 = 0;
      double y1 = 0;
      double y2 = 0;
      double[] out = new double[plane.length];
      for (int turn = 0; turn < 2; turn++) {
        for (int i = 0; i < plane.length; i++) {
          double x = plane[i];
          double y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2;
          x2 = x1;
          x1 = x;
          y2 = y1;
          y1 = y;
          out[i] = y;
        }
      }
      System.arraycopy(out, 0, plane, 0, plane.length);
    }

    Stem run(Stem stem) {
      runPlane(stem.left);
      runPlane(stem.right);
      return stem;
    }
  }

  /** Three slowly wandering copies per side; the wandering is a whole number of turns per loop. */
  static Stem chorus(Stem dry, double depthMs, int turnsPerLoop) {
    Stem wet = new Stem(dry.samples());
    for (int side = 0; side < 2; side++) {
      double[] in = side == 0 ? dry.left : dry.right;
      double[] out = side == 0 ? wet.left : wet.right;
      for (int i = 0; i < in.length; i++) {
        double sum = in[i];
        for (int voice = 0; voice < 3; voice++) {
          double phase =
              2 * Math.PI * ((double) i / in.length * (turnsPerLoop + voice) + voice / 3.0)
                  + side * 1.7;
          double delay = (12 + 5 * voice + depthMs * Synth.sine(phase)) * RATE / 1000;
          sum += 0.5 * tap(in, i - delay);
        }
        out[i] = sum * 0.6;
      }
    }
    return wet;
  }

  /** A dotted echo that goes from side to side. */
  static Stem echo(Stem dry, int delaySamples, double feedback) {
    Stem wet = new Stem(dry.samples());
    double gain = 1;
    for (int repeat = 1; repeat <= 5; repeat++) {
      gain *= feedback;
      for (int i = 0; i < dry.samples(); i++) {
        int from = Math.floorMod(i - repeat * delaySamples, dry.samples());
        double mid = 0.5 * (dry.left[from] + dry.right[from]);
        double pan = repeat % 2 == 0 ? 0.75 : 0.25;
        wet.left[i] += gain * mid * pan;
        wet.right[i] += gain * mid * (1 - pan);
      }
    }
    return wet;
  }

  private static double tap(double[] ring, double position) {
    double floor = Math.floor(position);
    double part = position - floor;
    int index = (int) Math.floorMod((long) floor, (long) ring.length);
    int next = index + 1 == ring.length ? 0 : index + 1;
    return ring[index] * (1 - part) + ring[next] * part;
  }

  private static final int[] COMBS = {1116, 1188, 1277, 1356, 1422, 1491, 1557, 1617};
  private static final int[] ALL_PASSES = {556, 441, 341, 225};

  /** Freeverb (Jezar at Dreampoint, public domain): eight damped combs, four all-passes a side. */
  static Stem reverb(Stem dry, double room, double damp) {
    Stem wet = new Stem(dry.samples());
    for (int side = 0; side < 2; side++) {
      int spread = side * 23;
      double[][] combs = new double[COMBS.length][];
      double[] low = new double[COMBS.length];
      int[] combAt = new int[COMBS.length];
      for (int k = 0; k < COMBS.length; k++) {
        combs[k] = new double[(COMBS[k] + spread) * RATE / 44_100];
      }
      double[][] passes = new double[ALL_PASSES.length][];
      int[] passAt = new int[ALL_PASSES.length];
      for (int k = 0; k < ALL_PASSES.length; k++) {
        passes[k] = new double[(ALL_PASSES[k] + spread) * RATE / 44_100];
      }
      double[] out = side == 0 ? wet.left : wet.right;
      for (int turn = 0; turn < 2; turn++) {
        for (int i = 0; i < out.length; i++) {
          double in = (dry.left[i] + dry.right[i]) * 0.015;
          double sum = 0;
          for (int k = 0; k < combs.length; k++) {
            double value = combs[k][combAt[k]];
            sum += value;
            low[k] = value * (1 - damp) + low[k] * damp;
            combs[k][combAt[k]] = in + low[k] * room;
            combAt[k] = combAt[k] + 1 == combs[k].length ? 0 : combAt[k] + 1;
          }
          for (int k = 0; k < passes.length; k++) {
            double value = passes[k][passAt[k]];
            passes[k][passAt[k]] = sum + value * 0.5;
            sum = value - sum;
            passAt[k] = passAt[k] + 1 == passes[k].length ? 0 : passAt[k] + 1;
          }
          out[i] = sum;
        }
      }
    }
    return wet;
  }

  /** Breathes with the beat: quiet on it, back before the next. */
  static Stem pump(Stem stem, int beatSamples, double depth) {
    for (int i = 0; i < stem.samples(); i++) {
      double phase = (i % beatSamples) / (double) beatSamples;
      double gain = 1 - depth * StrictMath.exp(-phase * 5) * Math.min(1, phase * 60 + 0.15);
      stem.left[i] *= gain;
      stem.right[i] *= gain;
    }
    return stem;
  }

  /** Rounds the peaks softly and brings the highest to a level in decibels. */
  static Stem finish(Stem stem, double drive, double peakDecibels) {
    double peak = 1e-9;
    for (double[] plane : new double[][] {stem.left, stem.right}) {
      for (int i = 0; i < plane.length; i++) {
        plane[i] = StrictMath.tanh(plane[i] * drive);
        peak = Math.max(peak, Math.abs(plane[i]));
      }
    }
    double gain = StrictMath.pow(10, peakDecibels / 20) / peak;
    for (double[] plane : new double[][] {stem.left, stem.right}) {
      for (int i = 0; i < plane.length; i++) {
        plane[i] *= gain;
      }
    }
    return stem;
  }
}
