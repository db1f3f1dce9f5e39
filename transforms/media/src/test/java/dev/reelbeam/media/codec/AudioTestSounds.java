package dev.reelbeam.media.codec;

/** Sounds computed for tests; the same on every machine. */
public final class AudioTestSounds {
  private AudioTestSounds() {}

  /** A sine of an amplitude, beginning at a phase in radians. */
  public static float[] sine(double hertz, double amplitude, double phase, int samples) {
    float[] out = new float[samples];
    for (int i = 0; i < samples; i++) {
      out[i] =
          (float)
              (amplitude * StrictMath.sin(phase + 2 * Math.PI * hertz * i / AudioPcm.SAMPLE_RATE));
    }
    return out;
  }

  /**
   * Noise in syllables, about as loud and uneven as speech: bursts of 120-200 ms, a pause of 600 ms
   * every three seconds.
   */
  public static AudioPcm speechLike(double seconds, long seed) {
    int samples = (int) (seconds * AudioPcm.SAMPLE_RATE);
    float[] out = new float[samples];
    long state = seed;
    double low = 0;
    for (int i = 0; i < samples; i++) {
      state = state * 6364136223846793005L + 1442695040888963407L;
      double white = (state >> 11) / (double) (1L << 52);
      low += 0.12 * (white - low);
      double t = i / (double) AudioPcm.SAMPLE_RATE;
      double syllable = Math.max(0, StrictMath.sin(2 * Math.PI * 3.1 * t));
      boolean pause = t % 3 > 2.4;
      out[i] = pause ? 0 : (float) (0.9 * low * syllable * syllable);
    }
    return AudioPcm.mono(out);
  }

  /** A click every {@code period} samples: a decaying burst, for finding places. */
  public static float[] clicks(int period, int samples) {
    float[] out = new float[samples];
    for (int start = 0; start < samples; start += period) {
      for (int i = 0; i < 2400 && start + i < samples; i++) {
        out[start + i] =
            (float) (0.5 * StrictMath.exp(-i / 400.0) * StrictMath.sin(0.11 * i + 0.3));
      }
    }
    return out;
  }

  /**
   * The shift of {@code heard} against {@code sent} that correlates best, within ±{@code reach}.
   */
  public static int offset(float[] sent, float[] heard, int from, int length, int reach) {
    int best = 0;
    double bestSum = Double.NEGATIVE_INFINITY;
    for (int lag = -reach; lag <= reach; lag++) {
      double sum = 0;
      for (int i = from; i < from + length; i++) {
        sum += (double) sent[i] * heard[i + lag];
      }
      if (sum > bestSum) {
        bestSum = sum;
        best = lag;
      }
    }
    return best;
  }
}
