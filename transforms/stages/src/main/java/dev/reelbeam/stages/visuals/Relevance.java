package dev.reelbeam.stages.visuals;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How well a text fits a picture's description: cosine similarity of stems weighted by inverse
 * document frequency over the descriptions of all pictures (Spärck Jones 1972).
 *
 * <p>Stems are the first six letters of a word: crude, but the same for every language.
 */
final class Relevance {
  private static final int STEM_LETTERS = 6;
  private static final int MIN_LETTERS = 3;

  private final List<Set<String>> documents = new ArrayList<>();
  private final Map<String, Double> weights = new HashMap<>();

  /** Squared weight of a word that one document alone has. */
  private final double distinctive;

  Relevance(List<String> descriptions) {
    Map<String, Integer> frequencies = new HashMap<>();
    for (String description : descriptions) {
      Set<String> stems = stems(description);
      documents.add(stems);
      for (String stem : stems) {
        frequencies.merge(stem, 1, Integer::sum);
      }
    }
    int all = descriptions.size();
    frequencies.forEach((stem, count) -> weights.put(stem, weight(all, count)));
    double once = weight(all, 1);
    this.distinctive = once * once;
  }

  /** As in BM25: what every description says tells none from another. */
  private static double weight(int all, int count) {
    return Math.log(1 + (all - count + 0.5) / (count + 0.5));
  }

  /** From 0 (nothing in common) to 1. */
  double score(String text, int document) {
    Set<String> words = stems(text);
    Set<String> described = documents.get(document);
    double common = 0;
    double textNorm = 0;
    for (String word : words) {
      Double weight = weights.get(word);
      if (weight != null) {
        textNorm += weight * weight;
        if (described.contains(word)) {
          common += weight * weight;
        }
      }
    }
    double documentNorm = 0;
    for (String word : described) {
      double weight = weights.getOrDefault(word, 0.0);
      documentNorm += weight * weight;
    }
    // Where two texts have only a common word in common, they have little in common.
    return common
        / Math.sqrt(Math.max(distinctive, textNorm) * Math.max(distinctive, documentNorm));
  }

  static Set<String> stems(String text) {
    Set<String> stems = new HashSet<>();
    String plain =
        Normalizer.normalize(text, Normalizer.Form.NFD)
            .replaceAll("\\p{M}", "")
            .toLowerCase(Locale.ROOT);
    for (String word : plain.split("[^\\p{L}]+", -1)) {
      if (word.length() >= MIN_LETTERS) {
        stems.add(word.length() > STEM_LETTERS ? word.substring(0, STEM_LETTERS) : word);
      }
    }
    return stems;
  }
}
