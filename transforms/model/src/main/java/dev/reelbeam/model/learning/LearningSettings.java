package dev.reelbeam.model.learning;

import java.io.Serializable;
import java.time.ZoneId;
import java.time.ZoneOffset;
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
 * @param titles whether forms of titles are tried out, too
 * @param postingHours whether it is suggested when to post
 * @param zone the clock of sites of which no other is known
 */
public record LearningSettings(
    int holdoutPermille,
    int halfLifeDays,
    boolean durations,
    List<String> voices,
    boolean titles,
    boolean postingHours,
    ZoneId zone)
    implements Serializable {
  /** A tenth held out, a half-life of 90 days, hook styles alone. */
  public static final LearningSettings DEFAULT =
      new LearningSettings(100, 90, false, List.of(), false, false, ZoneOffset.UTC);

  public LearningSettings {
    voices = List.copyOf(voices);
    if (holdoutPermille < 0 || holdoutPermille > 1000 || halfLifeDays < 1) {
      throw new IllegalArgumentException("a holdout of 0 to 1000 and a half-life of a day or more");
    }
  }
}
