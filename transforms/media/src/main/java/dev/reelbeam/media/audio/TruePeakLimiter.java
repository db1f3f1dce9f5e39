package dev.reelbeam.media.audio;

import dev.reelbeam.media.codec.AudioPcm;
import dev.reelbeam.media.codec.AudioSource;
import java.util.Arrays;

/**
 * A look-ahead limiter that holds the true peak, the peak between the samples, under a ceiling.
 *
 * <p>Method: the level is found on four times oversampled audio (polyphase windowed sinc, as ITU-R
 * BS.1770-4 Annex 2 describes, with 16 taps per phase). Each sample's needed gain is spread by a
 * sliding minimum over 5 ms to both sides, released exponentially, and smoothed by two moving
 * averages whose joint reach equals that of the minimum. So the gain bends before the peak arrives,
 * without a corner, and is nowhere above the needed one (the look-ahead design of Giannoulis,
 * Massberg and Reiss, "Digital Dynamic Range Compressor Design", 2012). Both channels share one
 * gain, so the stereo picture stands still. The gain is in fixed point: sums are exact.
 *
 * <p>The limited sound is computed while it is read; the source must not change meanwhile.
 */
final class TruePeakLimiter implements AudioSource {
  private static final int OVERSAMPLING = 4;
  private static final int TAPS = 16;

  /** Of the look-ahead, to both sides: 5 ms, a whole number of both averages. */
  private static final int REACH = AudioPcm.SAMPLE_RATE / 200;

  /** The release covers 63 % of the way back in this time. */
  private static final double RELEASE_SECONDS = 0.08;

  private static final int UNITY = 1 << 24;
  private static final int BLOCK = 256;

  /** No interpolated value is above the highest of the samples around it times this. */
  private static final double INTERPOLATION_BOUND;

  private static final float[][] PHASES = phases();

  static {
    double bound = 1;
    for (float[] phase : PHASES) {
      double sum = 0;
      for (float tap : phase) {
        sum += Math.abs(tap);
      }
      bound = Math.max(bound, sum);
    }
    INTERPOLATION_BOUND = bound;
  }

  private final AudioSource source;
  private final float gain;
  private final int[] curve;
  private final int lowest;

  /**
   * Prepares to limit a source.
   *
   * @param gainMilliDb constant gain before the limiter
   * @param ceilingMilliDb highest true peak of the result
   */
  TruePeakLimiter(AudioSource source, int gainMilliDb, int ceilingMilliDb) {
    this(source, gainMilliDb, ceilingMilliDb, new int[source.samples()]);
  }

  private TruePeakLimiter(AudioSource source, int gainMilliDb, int ceilingMilliDb, int[] memory) {
    this.source = source;
    this.gain = (float) Decibels.factor(gainMilliDb);
    this.curve = memory;
    findNeededGain(curve, Decibels.factor(ceilingMilliDb));
    int needed = UNITY;
    for (int value : curve) {
      needed = Math.min(needed, value);
    }
    this.lowest = needed;
    if (lowest < UNITY) {
      slidingMinimum(curve, REACH);
      release(curve);
      movingAverage(curve, REACH / 2);
      movingAverage(curve, REACH - REACH / 2);
    }
  }

  /** The same source limited anew, in the memory of this one, which must not be read any more. */
  TruePeakLimiter again(int gainMilliDb, int ceilingMilliDb) {
    return new TruePeakLimiter(source, gainMilliDb, ceilingMilliDb, curve);
  }

  /** The strongest reduction, in thousandths of a decibel, 0 or more. */
  int reductionMilliDb() {
    return -Decibels.milliDb(lowest / (double) UNITY);
  }

  @Override
  public int channels() {
    return source.channels();
  }

  @Override
  public int samples() {
    return source.samples();
  }

  @Override
  public void read(int from, int count, float[][] into) {
    source.read(from, count, into);
    for (int channel = 0; channel < source.channels(); channel++) {
      float[] plane = into[channel];
      for (int i = 0; i < count; i++) {
        plane[i] *= gain * (curve[from + i] * (1f / UNITY));
      }
    }
  }

  private void findNeededGain(int[] needed, double ceiling) {
    int samples = source.samples();
    float[][] block = new float[source.channels()][BLOCK + TAPS];
    double threshold = ceiling / gain;
    for (int from = 0; from < samples; from += BLOCK) {
      int count = Math.min(BLOCK, samples - from);
      // Half the taps before the block, half behind it; beyond the ends there is silence.
      int first = Math.max(0, from - TAPS / 2);
      int last = Math.min(samples, from + count + TAPS / 2);
      int offset = first - (from - TAPS / 2);
      float highest = 0;
      float[][] read = new float[source.channels()][last - first];
      source.read(first, last - first, read);
      for (int channel = 0; channel < read.length; channel++) {
        Arrays.fill(block[channel], 0f);
        System.arraycopy(read[channel], 0, block[channel], offset, last - first);
        for (float value : read[channel]) {
          highest = Math.max(highest, Math.abs(value));
        }
      }
      if (highest * INTERPOLATION_BOUND <= threshold) {
        Arrays.fill(needed, from, from + count, UNITY);
        continue;
      }
      for (int i = 0; i < count; i++) {
        float peak = 0;
        for (float[] plane : block) {
          peak = Math.max(peak, truePeak(plane, i));
        }
        needed[from + i] = peak <= threshold ? UNITY : (int) (UNITY * (threshold / peak));
      }
    }
  }

  /** The highest of a sample and of the three values between it and the next. */
  private static float truePeak(float[] plane, int i) {
    float peak = Math.abs(plane[i + TAPS / 2]);
    for (int phase = 1; phase < OVERSAMPLING; phase++) {
      float[] taps = PHASES[phase];
      float sum = 0;
      for (int tap = 0; tap < TAPS; tap++) {
        sum += taps[tap] * plane[i + 1 + tap];
      }
      peak = Math.max(peak, Math.abs(sum));
    }
    return peak;
  }

  /** Taps for samples {@code i - 7} to {@code i + 8}, giving the value at {@code i + phase / 4}. */
  private static float[][] phases() {
    float[][] phases = new float[OVERSAMPLING][TAPS];
    for (int phase = 0; phase < OVERSAMPLING; phase++) {
      double sum = 0;
      double[] taps = new double[TAPS];
      for (int tap = 0; tap < TAPS; tap++) {
        double x = tap - (TAPS / 2 - 1) - phase / (double) OVERSAMPLING;
        double sinc = x == 0 ? 1 : StrictMath.sin(StrictMath.PI * x) / (StrictMath.PI * x);
        double position = x / (TAPS / 2.0);
        // Blackman-Harris would be wider than 16 taps can carry: a Hann-like window keeps the top.
        double window =
            Math.abs(position) >= 1 ? 0 : 0.5 + 0.5 * StrictMath.cos(StrictMath.PI * position);
        taps[tap] = sinc * window;
        sum += taps[tap];
      }
      for (int tap = 0; tap < TAPS; tap++) {
        phases[phase][tap] = (float) (taps[tap] / sum);
      }
    }
    return phases;
  }

  /** Each value becomes the least of those up to {@code reach} away (monotonic queue). */
  static void slidingMinimum(int[] values, int reach) {
    int size = 2 * reach + 2;
    int[] indices = new int[size];
    int[] queued = new int[size];
    int head = 0;
    int tail = 0;
    for (int next = 0; next < values.length + reach; next++) {
      if (next < values.length) {
        while (tail > head && queued[(tail - 1) % size] >= values[next]) {
          tail--;
        }
        indices[tail % size] = next;
        queued[tail % size] = values[next];
        tail++;
      }
      int target = next - reach;
      if (target >= 0) {
        while (indices[head % size] < target - reach) {
          head++;
        }
        values[target] = queued[head % size];
      }
    }
  }

  /** The gain falls at once and comes back slowly. */
  private static void release(int[] values) {
    double back = 1 - StrictMath.exp(-1 / (RELEASE_SECONDS * AudioPcm.SAMPLE_RATE));
    double current = UNITY;
    for (int i = 0; i < values.length; i++) {
      current = Math.min(values[i], current + (UNITY - current) * back);
      values[i] = (int) current;
    }
  }

  /** Each value becomes the mean of those up to {@code reach} away; the ends repeat. */
  static void movingAverage(int[] values, int reach) {
    int width = 2 * reach + 1;
    int[] history = new int[width];
    long sum = 0;
    int last = values.length - 1;
    for (int i = -reach; i <= reach; i++) {
      int value = values[Math.max(0, Math.min(last, i))];
      history[i + reach] = value;
      sum += value;
    }
    int oldest = 0;
    for (int i = 0; i < values.length; i++) {
      int mean = (int) (sum / width);
      int entering = values[Math.min(last, i + reach + 1)];
      sum += entering - history[oldest];
      history[oldest] = entering;
      oldest = oldest + 1 == width ? 0 : oldest + 1;
      values[i] = mean;
    }
  }
}
