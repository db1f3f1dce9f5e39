package dev.reelbeam.clients.speech;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A mood as far as a number can say it, for engines that take numbers and no words. */
enum Mood {
  LIVELY(
      Set.of(
          "excited",
          "exciting",
          "enthusiastic",
          "energetic",
          "lively",
          "upbeat",
          "happy",
          "joyful",
          "cheerful",
          "playful",
          "passionate",
          "dramatic",
          "angry",
          "urgent")),
  CALM(
      Set.of(
          "calm",
          "serious",
          "sober",
          "neutral",
          "relaxed",
          "gentle",
          "soft",
          "quiet",
          "soothing",
          "sad",
          "solemn",
          "reassuring"));

  private final Set<String> words;

  Mood(Set<String> words) {
    this.words = words;
  }

  /** The mood of the first word that tells one; English words alone are known. */
  static Optional<Mood> of(String emotion) {
    for (String word : emotion.toLowerCase(Locale.ROOT).split("[^\\p{L}]+")) {
      for (Mood mood : values()) {
        if (mood.words.contains(word)) {
          return Optional.of(mood);
        }
      }
    }
    return Optional.empty();
  }

  /** A share of the settings, livelier or calmer. */
  int moved(int permille, int lively, int calm, int least, int most) {
    return Math.max(least, Math.min(most, permille + (this == LIVELY ? lively : calm)));
  }
}
