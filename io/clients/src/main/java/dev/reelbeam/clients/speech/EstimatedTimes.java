package dev.reelbeam.clients.speech;

import dev.reelbeam.model.speech.WordTiming;
import java.util.Arrays;
import java.util.List;

/**
 * Estimates when the words of a known text sound, from the audio alone: an estimate, and named so.
 *
 * <p>Pauses are found by loudness and taken out; over what is left the words are laid so that their
 * lengths are as near as possible to what their sounds and syllables suggest, that they part where
 * it is quiet rather than in the middle of a vowel, and that pauses fall between words, best behind
 * a comma or a full stop. One dynamic programme weighs all three. Its figures were fitted on the
 * embedded English voice; the README says how far off it is.
 *
 * <p>Where somebody heard the words, the same programme is drawn to the times that were told: they
 * are right about which sound belongs to which word, and the audio about where it begins.
 */
final class EstimatedTimes {
  private static final int FRAME_MS = 10;

  /** Shorter dips are closed consonants, not pauses. */
  private static final int SHORTEST_PAUSE_FRAMES = 17;

  /** Below the loud frames of the same text by this much it is a pause. */
  private static final double PAUSE_DB = 33;

  /** How far a word's length strays from what its letters suggest, relative and in frames. */
  private static final double SPREAD = 0.28;

  private static final double SPREAD_FRAMES = 2.2;

  /** The last word before a pause is drawn out. */
  private static final double LAST_IN_PHRASE = 1.45;

  /** Costs, in squared deviations of a word's length. */
  private static final double PAUSE_IN_WORD = 30;

  private static final double PAUSE_WITHOUT_MARK = 2.5;
  private static final double MARK_WITHOUT_PAUSE = 2.0;
  private static final double LOUD_BOUNDARY = 1.0;

  /** How far off a time that was heard may be before it costs as much as a word of odd length. */
  private static final double HEARD_FRAMES = 4;

  /** Says of a word that nobody heard when it begins. */
  static final long NOT_HEARD = -1;

  private EstimatedTimes() {}

  /** One timing per spoken word of the text, in order, not overlapping, inside the audio. */
  static List<WordTiming> of(String text, PcmAudio audio) {
    List<ScriptWord> words = ScriptWord.of(text);
    long[] nothing = new long[words.size()];
    Arrays.fill(nothing, NOT_HEARD);
    return of(words, nothing, audio);
  }

  /**
   * The same for words of which some were heard.
   *
   * @param heardUs when each word was heard to begin, or {@link #NOT_HEARD}
   */
  static List<WordTiming> of(List<ScriptWord> words, long[] heardUs, PcmAudio audio) {
    double[] levels = levels(audio);
    boolean[] voiced = voiced(levels);
    int frames = 0;
    for (boolean each : voiced) {
      frames += each ? 1 : 0;
    }
    long[] starts = new long[words.size()];
    long[] ends = new long[words.size()];
    if (words.isEmpty() || frames < words.size()) {
      return words.isEmpty() ? List.of() : evenly(words, audio.durationUs());
    }
    // Voiced time: frame numbers without the pauses.
    int[] real = new int[frames];
    double[] level = new double[frames];
    boolean[] afterPause = new boolean[frames + 1];
    int at = 0;
    for (int i = 0; i < voiced.length; i++) {
      if (voiced[i]) {
        real[at] = i;
        level[at] = levels[i];
        afterPause[at] = at > 0 && real[at - 1] != i - 1;
        at++;
      }
    }
    long frameUs = FRAME_MS * 1000L;
    double[] heard = new double[words.size()];
    for (int i = 0; i < heard.length; i++) {
      heard[i] = heardUs[i] == NOT_HEARD ? NOT_HEARD : (double) heardUs[i] / frameUs;
    }
    int[] bounds = bounds(words, level, afterPause, real, heard);
    for (int i = 0; i < words.size(); i++) {
      starts[i] = real[bounds[i]] * frameUs;
      ends[i] = (real[bounds[i + 1] - 1] + 1) * frameUs;
    }
    return ScriptAlignment.timings(words, starts, ends, audio.durationUs());
  }

  private static List<WordTiming> evenly(List<ScriptWord> words, long audioUs) {
    long[] starts = new long[words.size()];
    long[] ends = new long[words.size()];
    for (int i = 0; i < words.size(); i++) {
      starts[i] = audioUs * i / words.size();
      ends[i] = audioUs * (i + 1) / words.size();
    }
    return ScriptAlignment.timings(words, starts, ends, audioUs);
  }

  /** Loudness of each frame in dB, over a window of three. */
  private static double[] levels(PcmAudio audio) {
    short[] samples = audio.samples();
    int length = audio.sampleRate() * FRAME_MS / 1000;
    int frames = Math.max(1, samples.length / length);
    double[] energy = new double[frames];
    for (int i = 0; i < frames; i++) {
      double sum = 1;
      for (int k = i * length; k < Math.min(samples.length, (i + 1) * length); k++) {
        sum += (double) samples[k] * samples[k];
      }
      energy[i] = sum / length;
    }
    double[] levels = new double[frames];
    for (int i = 0; i < frames; i++) {
      double before = energy[Math.max(0, i - 1)];
      double after = energy[Math.min(frames - 1, i + 1)];
      levels[i] = 10 * StrictMath.log10((before + 2 * energy[i] + after) / 4 + 1e-3);
    }
    return levels;
  }

  private static double loud(double[] levels) {
    double[] sorted = levels.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length * 9 / 10];
  }

  private static boolean[] voiced(double[] levels) {
    double threshold = loud(levels) - PAUSE_DB;
    boolean[] voiced = new boolean[levels.length];
    Arrays.fill(voiced, true);
    int quietFrom = -1;
    for (int i = 0; i <= levels.length; i++) {
      boolean quiet = i < levels.length && levels[i] < threshold;
      if (quiet && quietFrom < 0) {
        quietFrom = i;
      } else if (!quiet && quietFrom >= 0) {
        boolean edge = quietFrom == 0 || i == levels.length;
        if (edge || i - quietFrom >= SHORTEST_PAUSE_FRAMES) {
          Arrays.fill(voiced, quietFrom, i, false);
        }
        quietFrom = -1;
      }
    }
    return voiced;
  }

  /** Where each word begins in voiced time; the last entry is its end. */
  private static int[] bounds(
      List<ScriptWord> words, double[] level, boolean[] afterPause, int[] real, double[] heard) {
    int frames = level.length;
    int count = words.size();
    double[] weights = new double[count];
    double total = 0;
    for (int i = 0; i < count; i++) {
      ScriptWord word = words.get(i);
      boolean last = i == count - 1 || mark(word.text());
      weights[i] = word.weight() * (last ? LAST_IN_PHRASE : 1);
      total += weights[i];
    }
    double loud = loud(level);
    int[] pausesBefore = new int[frames + 1];
    for (int i = 1; i <= frames; i++) {
      // Pauses strictly inside a word from a to b: pausesBefore[b] - pausesBefore[a + 1].
      pausesBefore[i] = pausesBefore[i - 1] + (i - 1 < frames && afterPause[i - 1] ? 1 : 0);
    }
    double[][] cost = new double[count + 1][frames + 1];
    int[][] from = new int[count + 1][frames + 1];
    for (double[] row : cost) {
      Arrays.fill(row, Double.POSITIVE_INFINITY);
    }
    cost[0][0] = 0;
    for (int i = 1; i <= count; i++) {
      double expected = frames * weights[i - 1] / total;
      double spread = SPREAD * expected + SPREAD_FRAMES;
      int longest = (int) Math.min(frames, 4 * expected + 12);
      boolean mark = i < count && mark(words.get(i - 1).text());
      for (int end = i; end <= frames - (count - i); end++) {
        if (i == count && end < frames) {
          continue;
        }
        double boundary =
            i == count
                ? 0
                : boundary(level, afterPause, end, loud, mark) + away(real, end, heard[i]);
        int first = Math.max(i - 1, end - longest);
        for (int begin = first; begin < end; begin++) {
          if (cost[i - 1][begin] == Double.POSITIVE_INFINITY) {
            continue;
          }
          double off = (end - begin - expected) / spread;
          int inside = pausesBefore[end] - pausesBefore[Math.min(end, begin + 1)];
          double sum = cost[i - 1][begin] + off * off + inside * PAUSE_IN_WORD + boundary;
          if (sum < cost[i][end]) {
            cost[i][end] = sum;
            from[i][end] = begin;
          }
        }
      }
    }
    int[] bounds = new int[count + 1];
    bounds[count] = frames;
    for (int i = count; i > 0; i--) {
      bounds[i - 1] = from[i][bounds[i]];
    }
    return bounds;
  }

  /** What it costs to begin a word at a frame when it was heard elsewhere; a pause is one place. */
  private static double away(int[] real, int at, double heard) {
    if (heard == NOT_HEARD) {
      return 0;
    }
    double frames = Math.max(0, Math.max(heard - real[at], real[at - 1] + 1 - heard));
    return frames * frames / (HEARD_FRAMES * HEARD_FRAMES);
  }

  private static double boundary(
      double[] level, boolean[] afterPause, int at, double loud, boolean mark) {
    if (afterPause[at]) {
      return mark ? 0 : PAUSE_WITHOUT_MARK;
    }
    double quiet = Math.min(1, Math.max(0, (loud - level[at]) / 25));
    return (mark ? MARK_WITHOUT_PAUSE : 0) + LOUD_BOUNDARY * (1 - quiet);
  }

  private static boolean mark(String word) {
    return !word.isEmpty() && ".,;:!?…)\"”–—".indexOf(word.charAt(word.length() - 1)) >= 0;
  }
}
