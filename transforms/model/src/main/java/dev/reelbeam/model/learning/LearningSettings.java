package dev.reelbeam.model.learning;

import java.io.Serializable;
import java.util.List;

/**
 * What is tried out and how boldly.
 *
 * @param holdoutPermille share of videos that draw evenly whatever was learned: they keep measuring
 *     every arm and show what learning is worth
 * @param halfLifeDays after so many days a video counts half
 * @param durations whether the length is tried out, too
 * @param voices voices that are tried out where neither record nor brand names one; fewer than two:
 *     none are
 */
public record LearningSettings(
    int holdoutPermille, int halfLifeDays, boolean durations, List<String> voices)
    implements Serializable {
  /** A tenth held out, a half-life of 90 days, hook styles alone. */
  public static final LearningSettings DEFAULT = new LearningSettings(100, 90, false, List.of());

  public LearningSettings {
    voices = List.copyOf(voices);
    if (holdoutPermille < 0 || holdoutPermille > 1000 || halfLifeDays < 1) {
      throw new IllegalArgumentException("a holdout of 0 to 1000 and a half-life of a day or more");
    }
  }
}
