package dev.reelbeam.media.audio;

import dev.reelbeam.media.codec.AudioPcm;
import java.util.Arrays;

/**
 * How far the music steps back while someone speaks.
 *
 * <p>Someone speaks where the level of 10 ms of the voice is at most 25 dB under the voice's
 * loudness, and in gaps shorter than 300 ms between such places: breaths between words do not pump.
 * The gain moves exponentially in decibels and has covered 90 % of its way after the attack or
 * release time.
 */
final class DuckingCurve {
  static final int DEPTH_MILLI_DB = -6_000;
  static final double ATTACK_SECONDS = 0.080;
  static final double RELEASE_SECONDS = 0.400;

  private static final int STEP = AudioPcm.SAMPLE_RATE / 100;
  private static final int BRIDGED_STEPS = 30;
  private static final int SPEECH_BELOW_LOUDNESS_DB = 25;

  private final float[] gains;

  private DuckingCurve(float[] gains) {
    this.gains = gains;
  }

  /** The curve for a voice of a measured loudness. */
  static DuckingCurve of(AudioPcm voice, int voiceMilliLufs) {
    float[] samples = voice.left();
    int steps = samples.length / STEP + 1;
    boolean[] speaks = new boolean[steps];
    double threshold =
        StrictMath.pow(10, (voiceMilliLufs / 1000.0 - SPEECH_BELOW_LOUDNESS_DB) / 10);
    int lastSpoken = -1;
    for (int step = 0; step < steps; step++) {
      int from = step * STEP;
      int to = Math.min(samples.length, from + STEP);
      double energy = 0;
      for (int i = from; i < to; i++) {
        energy += (double) samples[i] * samples[i];
      }
      if (to > from && energy / (to - from) >= threshold) {
        if (lastSpoken >= 0 && step - lastSpoken <= BRIDGED_STEPS) {
          Arrays.fill(speaks, lastSpoken, step, true);
        }
        speaks[step] = true;
        lastSpoken = step;
      }
    }
    // Half a second more than the voice has, for the way back.
    float[] gains = new float[steps + 100];
    double attack = 1 - StrictMath.pow(0.1, 0.01 / ATTACK_SECONDS);
    double release = 1 - StrictMath.pow(0.1, 0.01 / RELEASE_SECONDS);
    double milliDb = 0;
    for (int step = 0; step < gains.length; step++) {
      double target = step < steps && speaks[step] ? DEPTH_MILLI_DB : 0;
      milliDb += (target - milliDb) * (target < milliDb ? attack : release);
      gains[step] = (float) StrictMath.pow(10, milliDb / 20_000);
    }
    return new DuckingCurve(gains);
  }

  /** The factor at a sample, interpolated between the steps. */
  float at(int sample) {
    int step = sample / STEP;
    if (step + 1 >= gains.length) {
      return 1;
    }
    float part = (sample - step * STEP) / (float) STEP;
    return gains[step] + (gains[step + 1] - gains[step]) * part;
  }
}
