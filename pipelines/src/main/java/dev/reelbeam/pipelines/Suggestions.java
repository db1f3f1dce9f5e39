package dev.reelbeam.pipelines;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Words that somebody may have meant. */
final class Suggestions {
  private static final int MOST = 3;

  private Suggestions() {}

  /**
   * Ends a sentence: {@code "; did you mean a or b?"}, or a full stop when no candidate is near.
   */
  static String didYouMean(String word, Collection<String> candidates) {
    List<String> near = near(word, candidates);
    return near.isEmpty() ? "." : "; did you mean " + String.join(" or ", near) + "?";
  }

  /** At most three candidates that differ in a third of their letters or less, nearest first. */
  static List<String> near(String word, Collection<String> candidates) {
    String wanted = word.toLowerCase(Locale.ROOT);
    return candidates.stream()
        .filter(
            candidate -> {
              String lower = candidate.toLowerCase(Locale.ROOT);
              return distance(wanted, lower) <= Math.max(1, candidate.length() / 3)
                  || (wanted.length() >= 3 && lower.contains(wanted));
            })
        .sorted(
            Comparator.<String>comparingInt(
                    candidate -> distance(wanted, candidate.toLowerCase(Locale.ROOT)))
                .thenComparing(Comparator.naturalOrder()))
        .limit(MOST)
        .toList();
  }

  /** Levenshtein's distance: insertions, deletions and replacements. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
