package dev.reelbeam.media.audio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.media.codec.AudioLoudness;
import dev.reelbeam.media.codec.AudioPcm;
import dev.reelbeam.media.codec.AudioTestSounds;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TruePeakLimiterTest {
  private static float[] read(TruePeakLimiter limiter) {
    float[][] planes = new float[limiter.channels()][limiter.samples()];
    limiter.read(0, limiter.samples(), planes);
    return planes[0];
  }

  @Test
  void theTruePeakStaysUnderTheCeiling() {
    AudioPcm voice = AudioTestSounds.speechLike(6, 11);
    TruePeakLimiter limiter = new TruePeakLimiter(voice, 16_000, -2_000);
    assertThat(limiter.reductionMilliDb()).isGreaterThan(6_000);
    assertThat(AudioLoudness.measure(limiter).truePeakMilliDb()).isBetween(-2_400, -1_900);
  }

  @Test
  void aPeakBetweenTheSamplesIsLimitedToo() {
    // Samples of a quarter-rate sine at 45 degrees stay 3 dB under its true peak.
    float[] tone = AudioTestSounds.sine(12_000, 0.95, Math.PI / 4, 48_000);
    for (int i = 0; i < 4_800; i++) {
      tone[i] *= i / 4_800f;
      tone[tone.length - 1 - i] *= i / 4_800f;
    }
    AudioPcm input = AudioPcm.mono(tone);
    assertThat(AudioLoudness.measure(input).truePeakMilliDb()).isGreaterThan(-700);
    TruePeakLimiter limiter = new TruePeakLimiter(input, 0, -2_000);
    assertThat(AudioLoudness.measure(limiter).truePeakMilliDb()).isLessThan(-1_900);
  }

  @Test
  void whatIsUnderTheCeilingIsOnlyAmplified() {
    float[] tone = AudioTestSounds.sine(440, 0.1, 0, 24_000);
    TruePeakLimiter limiter = new TruePeakLimiter(AudioPcm.mono(tone), 6_000, -2_000);
    assertThat(limiter.reductionMilliDb()).isZero();
    float[] out = read(limiter);
    float gain = (float) StrictMath.pow(10, 0.3);
    for (int i = 0; i < out.length; i++) {
      assertThat(out[i]).isEqualTo(tone[i] * gain);
    }
  }

  @Test
  void theGainBendsBeforeAPeakAndWithoutAStep() {
    float[] samples = new float[48_000];
    Arrays.fill(samples, 0.25f);
    samples[24_000] = 1f;
    float[] out = read(new TruePeakLimiter(AudioPcm.mono(samples), 6_000, -2_000));
    assertThat(Math.abs(out[24_000])).isLessThanOrEqualTo(0.795f);
    float before = out[10_000];
    for (int i = 10_001; i < 40_000; i++) {
      if (i != 24_000 && i != 24_001) {
        // Full reduction of 8 dB takes 5 ms at least.
        assertThat(Math.abs(out[i] - out[i - 1])).isLessThan(0.006f);
      }
    }
    assertThat(out[23_000]).isEqualTo(before);
    assertThat(out[23_990]).isLessThan(before * 0.5f);
  }

  @Property(tries = 60)
  void theSlidingMinimumIsTheLeastAround(
      @ForAll @Size(min = 1, max = 80) int[] values,
      @ForAll @IntRange(min = 1, max = 9) int reach) {
    int[] fast = values.clone();
    TruePeakLimiter.slidingMinimum(fast, reach);
    for (int i = 0; i < values.length; i++) {
      int least = Integer.MAX_VALUE;
      for (int j = Math.max(0, i - reach); j <= Math.min(values.length - 1, i + reach); j++) {
        least = Math.min(least, values[j]);
      }
      assertThat(fast[i]).isEqualTo(least);
    }
  }

  @Property(tries = 60)
  void theAverageIsTheMeanAround(
      @ForAll @Size(min = 1, max = 80) int[] values,
      @ForAll @IntRange(min = 1, max = 9) int reach) {
    int[] small = new int[values.length];
    for (int i = 0; i < small.length; i++) {
      small[i] = values[i] & 0xffff;
    }
    int[] fast = small.clone();
    TruePeakLimiter.movingAverage(fast, reach);
    for (int i = 0; i < small.length; i++) {
      long sum = 0;
      for (int j = i - reach; j <= i + reach; j++) {
        sum += small[Math.max(0, Math.min(small.length - 1, j))];
      }
      assertThat(fast[i]).isEqualTo((int) (sum / (2 * reach + 1)));
    }
  }
}
