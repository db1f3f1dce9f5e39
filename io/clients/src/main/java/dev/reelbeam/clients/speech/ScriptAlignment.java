package dev.reelbeam.clients.speech;

import dev.reelbeam.model.speech.HeardWord;
import dev.reelbeam.model.speech.WordTiming;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Carries the times of heard words over to the words of a script that is known.
 *
 * <p>A global sequence alignment (Needleman-Wunsch) over normalised words finds the pairs that
 * agree. What lies between two of them, numbers that were heard as words, words that were heard as
 * one or not at all, shares the time between by length. The script's spelling is kept.
 */
final class ScriptAlignment {
  /** No displayed word is shorter: a caption highlights it for at least a moment. */
  private static final long SHORTEST_US = 1_000;

  /** A word that was not heard takes time from its neighbours if the gap is shorter than this. */
  private static final long LEAST_GAP_PER_WORD_US = 60_000;

  /** Words times frames that are weighed against the audio: a text of about three minutes. */
  private static final long MOST_CELLS = 2_000_000;

  private static final long FRAME_US = 10_000;

  private static final double GAP = -0.6;
  private static final double AGREE = 0.5;

  /** With fewer pairs that agree the transcript is one of something else. */
  private static final double LEAST_AGREEMENT = 0.34;

  private ScriptAlignment() {}

  /**
   * One timing per spoken word of the text, in order, not overlapping, inside the audio.
   *
   * @param heard in any quality: what runs backwards or lies outside is left out
   * @return empty if what was heard is not this text
   */
  static Optional<List<WordTiming>> align(String text, List<HeardWord> heard, long audioUs) {
    List<ScriptWord> script = ScriptWord.of(text);
    return lay(script, heard, audioUs)
        .map(laid -> timings(script, laid.starts(), laid.ends(), audioUs));
  }

  /**
   * The same with the times moved to where the audio says that the words begin: a transcript knows
   * the order of things well and their borders less well, above all beside a pause.
   */
  static Optional<List<WordTiming>> align(String text, List<HeardWord> heard, PcmAudio audio) {
    List<ScriptWord> script = ScriptWord.of(text);
    boolean affordable = script.size() * (audio.durationUs() / FRAME_US) <= MOST_CELLS;
    return lay(script, heard, audio.durationUs())
        .map(
            laid ->
                affordable
                    ? EstimatedTimes.of(script, laid.heardUs(), audio)
                    : timings(script, laid.starts(), laid.ends(), audio.durationUs()));
  }

  /**
   * Where the words lie.
   *
   * @param told whether somebody heard that it begins there; the others share what lies between
   */
  private record Laid(long[] starts, long[] ends, boolean[] told) {
    long[] heardUs() {
      long[] heard = new long[starts.length];
      for (int i = 0; i < heard.length; i++) {
        heard[i] = told[i] ? starts[i] : EstimatedTimes.NOT_HEARD;
      }
      return heard;
    }
  }

  private static Optional<Laid> lay(List<ScriptWord> script, List<HeardWord> heard, long audioUs) {
    List<HeardWord> usable = usable(heard, audioUs);
    int[] partners = partners(script, usable);
    int agreeing = 0;
    for (int partner : partners) {
      agreeing += partner >= 0 ? 1 : 0;
    }
    // One or two words may well have been heard otherwise: "4" as "four".
    boolean plausible =
        script.size() <= 2 ? !usable.isEmpty() : agreeing >= LEAST_AGREEMENT * script.size();
    if (script.isEmpty() || !plausible) {
      return Optional.empty();
    }
    long[] starts = new long[script.size()];
    long[] ends = new long[script.size()];
    boolean[] told = new boolean[script.size()];
    int word = 0;
    int next = 0;
    while (word < script.size()) {
      if (partners[word] >= 0) {
        HeardWord partner = usable.get(partners[word]);
        starts[word] = partner.startUs();
        ends[word] = partner.endUs();
        told[word] = true;
        next = partners[word] + 1;
        word++;
        continue;
      }
      int runEnd = word;
      while (runEnd < script.size() && partners[runEnd] < 0) {
        runEnd++;
      }
      int heardEnd = runEnd < script.size() ? partners[runEnd] : usable.size();
      List<HeardWord> between = usable.subList(next, heardEnd);
      int words = runEnd - word;
      if (between.size() == words) {
        for (int i = 0; i < words; i++) {
          starts[word + i] = between.get(i).startUs();
          ends[word + i] = between.get(i).endUs();
          told[word + i] = true;
        }
      } else if (!between.isEmpty()) {
        share(
            script,
            starts,
            ends,
            word,
            runEnd,
            between.get(0).startUs(),
            between.get(between.size() - 1).endUs());
        told[word] = true;
      } else {
        int first = word;
        int last = runEnd;
        long fromUs = word == 0 ? 0 : ends[word - 1];
        long toUs = runEnd == script.size() ? audioUs : usable.get(partners[runEnd]).startUs();
        if (toUs - fromUs < words * LEAST_GAP_PER_WORD_US) {
          // The neighbours were heard over the time of the lost ones, too.
          if (word > 0) {
            first = word - 1;
            fromUs = starts[first];
          } else if (runEnd < script.size()) {
            toUs = usable.get(partners[runEnd]).endUs();
            partners[runEnd] = -1;
            last = runEnd + 1;
            next = heardEnd + 1;
          }
        }
        share(script, starts, ends, first, last, fromUs, toUs);
        java.util.Arrays.fill(told, word, last, false);
        // The word before was heard until there.
        told[word] = word > 0 && first == word;
        runEnd = last;
      }
      if (!between.isEmpty()) {
        next = heardEnd;
      }
      word = runEnd;
    }
    return Optional.of(new Laid(starts, ends, told));
  }

  /**
   * The most words that begin one after the other: an overlap of neighbours is common, a word that
   * begins before its predecessor is not. Of one that is far too late, or too early, those around
   * it are none the worse.
   */
  private static List<HeardWord> usable(List<HeardWord> heard, long audioUs) {
    List<HeardWord> words = new ArrayList<>();
    for (HeardWord word : heard) {
      long endUs = Math.min(audioUs, word.endUs());
      if (!ScriptWord.normal(word.text()).isEmpty()
          && word.startUs() >= 0
          && endUs > word.startUs()) {
        words.add(new HeardWord(word.text(), word.startUs(), endUs));
      }
    }
    int[] length = new int[words.size()];
    int[] before = new int[words.size()];
    int last = -1;
    for (int i = 0; i < words.size(); i++) {
      length[i] = 1;
      before[i] = -1;
      for (int j = 0; j < i; j++) {
        if (words.get(j).startUs() <= words.get(i).startUs() && length[j] + 1 > length[i]) {
          length[i] = length[j] + 1;
          before[i] = j;
        }
      }
      if (last < 0 || length[i] > length[last]) {
        last = i;
      }
    }
    List<HeardWord> usable = new ArrayList<>();
    for (int i = last; i >= 0; i = before[i]) {
      usable.add(0, words.get(i));
    }
    return usable;
  }

  /** For each word of the script the heard word that agrees with it, or -1. */
  private static int[] partners(List<ScriptWord> script, List<HeardWord> heard) {
    int rows = script.size();
    int columns = heard.size();
    double[][] likeness = new double[rows][columns];
    List<String> heardNormal = heard.stream().map(word -> ScriptWord.normal(word.text())).toList();
    for (int i = 0; i < rows; i++) {
      String normal = ScriptWord.normal(script.get(i).text());
      for (int j = 0; j < columns; j++) {
        likeness[i][j] = likeness(normal, heardNormal.get(j));
      }
    }
    double[][] best = new double[rows + 1][columns + 1];
    for (int i = 1; i <= rows; i++) {
      best[i][0] = i * GAP;
    }
    for (int j = 1; j <= columns; j++) {
      best[0][j] = j * GAP;
    }
    for (int i = 1; i <= rows; i++) {
      for (int j = 1; j <= columns; j++) {
        double pair = best[i - 1][j - 1] + 2 * likeness[i - 1][j - 1] - 1;
        best[i][j] = Math.max(pair, Math.max(best[i - 1][j], best[i][j - 1]) + GAP);
      }
    }
    int[] partners = new int[rows];
    java.util.Arrays.fill(partners, -1);
    int i = rows;
    int j = columns;
    while (i > 0 && j > 0) {
      if (best[i][j] == best[i - 1][j - 1] + 2 * likeness[i - 1][j - 1] - 1) {
        if (likeness[i - 1][j - 1] >= AGREE) {
          partners[i - 1] = j - 1;
        }
        i--;
        j--;
      } else if (best[i][j] == best[i - 1][j] + GAP) {
        i--;
      } else {
        j--;
      }
    }
    return partners;
  }

  /** 1 for equal words, falling with the edits between them; 0 for nothing in common. */
  private static double likeness(String left, String right) {
    if (left.equals(right)) {
      return left.isEmpty() ? 0 : 1;
    }
    int longest = Math.max(left.length(), right.length());
    int[] row = new int[right.length() + 1];
    for (int j = 0; j <= right.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= right.length(); j++) {
        int change = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return 1 - (double) row[right.length()] / longest;
  }

  private static void share(
      List<ScriptWord> script,
      long[] starts,
      long[] ends,
      int first,
      int last,
      long fromUs,
      long toUs) {
    double total = 0;
    for (int i = first; i < last; i++) {
      total += script.get(i).weight();
    }
    double passed = 0;
    for (int i = first; i < last; i++) {
      starts[i] = fromUs + Math.round((toUs - fromUs) * passed / total);
      passed += script.get(i).weight();
      ends[i] = fromUs + Math.round((toUs - fromUs) * passed / total);
    }
  }

  /** The promise of the port, whatever came before: monotone, not overlapping, inside. */
  static List<WordTiming> timings(
      List<ScriptWord> script, long[] starts, long[] ends, long audioUs) {
    List<WordTiming> timings = new ArrayList<>(script.size());
    long clockUs = 0;
    for (int i = 0; i < script.size(); i++) {
      ScriptWord word = script.get(i);
      long roomUs = audioUs - (script.size() - i) * SHORTEST_US;
      long startUs = Math.max(clockUs, Math.min(starts[i], roomUs));
      // A word that begins inside this one ends it.
      long wantedEndUs = i + 1 < script.size() ? Math.min(ends[i], starts[i + 1]) : ends[i];
      long endUs = Math.min(Math.max(startUs + SHORTEST_US, wantedEndUs), roomUs + SHORTEST_US);
      timings.add(new WordTiming(word.text(), word.charStart(), word.charEnd(), startUs, endUs));
      clockUs = endUs;
    }
    return timings;
  }
}
