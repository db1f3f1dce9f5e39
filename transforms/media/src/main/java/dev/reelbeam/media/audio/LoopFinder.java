package dev.reelbeam.media.audio;

import dev.reelbeam.media.codec.AudioPcm;

/**
 * Finds where a piece of music can jump back to its start on a beat.
 *
 * <p>Method: the onset curve (rise of the logarithm of energy, 5 ms steps) of the first seconds is
 * compared with every place in the second half; the place that correlates best, louder tracks of
 * the same level preferred, is a whole number of beats away. The place is then refined to the
 * sample by cross-correlation, and the join is a 60 ms cross-fade that ends on the beat.
 */
final class LoopFinder {
  private static final int HOP = AudioPcm.SAMPLE_RATE / 200;
  private static final int CROSS_FADE = AudioPcm.SAMPLE_RATE * 60 / 1000;

  /** What is quieter counts as silence at the ends: -60 dB. */
  private static final float SILENCE = 0.001f;

  private static final int SHORTEST_SEARCHED = AudioPcm.SAMPLE_RATE * 6;

  private LoopFinder() {}

  static MusicTrack find(AudioPcm pcm) {
    int start = 0;
    int end = pcm.samples();
    while (start < end && silent(pcm, start)) {
      start++;
    }
    while (end > start && silent(pcm, end - 1)) {
      end--;
    }
    int length = end - start;
    if (length == 0) {
      return new MusicTrack(pcm, 0, pcm.samples(), 0);
    }
    if (length < SHORTEST_SEARCHED) {
      int fade = Math.min(CROSS_FADE, length / 4);
      return new MusicTrack(pcm, start, length - fade, fade);
    }
    float[] onsets = onsets(pcm, start, end);
    // Four seconds, or a quarter of a short piece, tell one beat from another.
    int window = Math.min(800, onsets.length / 4);
    int best = onsets.length - window;
    double bestScore = Double.NEGATIVE_INFINITY;
    for (int lag = onsets.length / 2; lag + window <= onsets.length; lag++) {
      double score = correlation(onsets, 0, lag, window);
      // Among equals the longer loop: it is heard less often.
      score += 0.05 * lag / onsets.length;
      if (score > bestScore) {
        bestScore = score;
        best = lag;
      }
    }
    int loop = refine(pcm, start, best * HOP, end);
    return new MusicTrack(pcm, start, loop, Math.min(CROSS_FADE, end - start - loop));
  }

  private static boolean silent(AudioPcm pcm, int i) {
    return Math.abs(pcm.left()[i]) < SILENCE && Math.abs(pcm.right()[i]) < SILENCE;
  }

  private static float[] onsets(AudioPcm pcm, int start, int end) {
    int steps = (end - start) / HOP;
    float[] curve = new float[steps];
    double before = 0;
    for (int step = 0; step < steps; step++) {
      double energy = 1e-6;
      for (int i = start + step * HOP; i < start + (step + 1) * HOP; i++) {
        double mid = pcm.left()[i] + (double) pcm.right()[i];
        energy += mid * mid;
      }
      double level = StrictMath.log(energy);
      curve[step] = step == 0 ? 0 : (float) Math.max(0, level - before);
      before = level;
    }
    return curve;
  }

  private static double correlation(float[] curve, int a, int b, int window) {
    double both = 0;
    double first = 1e-9;
    double second = 1e-9;
    for (int i = 0; i < window; i++) {
      both += (double) curve[a + i] * curve[b + i];
      first += (double) curve[a + i] * curve[a + i];
      second += (double) curve[b + i] * curve[b + i];
    }
    return both / Math.sqrt(first * second);
  }

  private static int refine(AudioPcm pcm, int start, int around, int end) {
    float[] mid = pcm.left();
    int window = CROSS_FADE;
    int best = Math.min(around, end - start - window);
    double bestScore = Double.NEGATIVE_INFINITY;
    for (int lag = around - HOP; lag <= around + HOP; lag++) {
      if (lag <= 0 || start + lag + window > end) {
        continue;
      }
      double score = correlation(mid, start, start + lag, window);
      if (score > bestScore) {
        bestScore = score;
        best = lag;
      }
    }
    return best;
  }
}
