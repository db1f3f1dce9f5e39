package dev.reelbeam.embedded.script;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * TextRank for sentence extraction (Mihalcea and Tarau, "TextRank: Bringing Order into Texts",
 * EMNLP 2004): sentences recommend each other by the words they share.
 */
final class TextRank {
  private static final double DAMPING = 0.85;
  private static final int ITERATIONS = 40;

  private TextRank() {}

  /**
   * Ranks sentences by their word stems.
   *
   * @return one rank per sentence, the largest is 1; deterministic
   */
  static double[] rank(List<Set<String>> sentences) {
    int n = sentences.size();
    Map<String, List<Integer>> where = new HashMap<>();
    for (int i = 0; i < n; i++) {
      for (String stem : sentences.get(i)) {
        where.computeIfAbsent(stem, key -> new ArrayList<>()).add(i);
      }
    }
    int[][] neighbours = new int[n][];
    double[][] weights = new double[n][];
    double[] outgoing = new double[n];
    int[] shared = new int[n];
    for (int i = 0; i < n; i++) {
      Arrays.fill(shared, 0);
      for (String stem : sentences.get(i)) {
        for (int j : where.getOrDefault(stem, List.of())) {
          shared[j]++;
        }
      }
      int count = 0;
      for (int j = 0; j < n; j++) {
        if (j != i && shared[j] > 0) {
          count++;
        }
      }
      neighbours[i] = new int[count];
      weights[i] = new double[count];
      int k = 0;
      for (int j = 0; j < n; j++) {
        if (j != i && shared[j] > 0) {
          double lengths =
              StrictMath.log(1 + sentences.get(i).size())
                  + StrictMath.log(1 + sentences.get(j).size());
          neighbours[i][k] = j;
          weights[i][k] = shared[j] / lengths;
          outgoing[i] += weights[i][k];
          k++;
        }
      }
    }
    double[] rank = new double[n];
    Arrays.fill(rank, 1);
    for (int round = 0; round < ITERATIONS; round++) {
      double[] next = new double[n];
      Arrays.fill(next, 1 - DAMPING);
      for (int i = 0; i < n; i++) {
        for (int k = 0; k < neighbours[i].length; k++) {
          next[neighbours[i][k]] += DAMPING * rank[i] * weights[i][k] / outgoing[i];
        }
      }
      rank = next;
    }
    double largest = Arrays.stream(rank).max().orElse(1);
    for (int i = 0; i < n; i++) {
      rank[i] /= largest;
    }
    return rank;
  }

  /** Shared stems over all stems of both (Jaccard), 0 to 1. */
  static double similarity(Set<String> first, Set<String> second) {
    if (first.isEmpty() || second.isEmpty()) {
      return 0;
    }
    Set<String> smaller = first.size() <= second.size() ? first : second;
    Set<String> larger = first.size() <= second.size() ? second : first;
    int both = 0;
    for (String stem : smaller) {
      if (larger.contains(stem)) {
        both++;
      }
    }
    return (double) both / (first.size() + second.size() - both);
  }
}
