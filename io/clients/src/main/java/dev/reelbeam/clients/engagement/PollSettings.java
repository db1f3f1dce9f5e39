package dev.reelbeam.clients.engagement;

import dev.reelbeam.model.engagement.PublishedPost;
import java.io.Serializable;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;

/**
 * How often a video is asked about.
 *
 * @param every the usual time between two polls, an hour or more
 * @param unitsPerDay of each account's quota by platform, what polls may use; a platform that is
 *     not named: {@value #USUAL_UNITS}
 */
public record PollSettings(Duration every, Map<String, Long> unitsPerDay) implements Serializable {
  /** No video is asked about more often. */
  public static final Duration SHORTEST = Duration.ofHours(1);

  /**
   * Every 12 hours. YouTube's 10 000 units are shared with publishing, so polls take a fifth of
   * them; a post of X is paid for, so its day is 2 dollars at most.
   */
  public static final PollSettings DEFAULT =
      new PollSettings(
          Duration.ofHours(12),
          Map.of("youtube", 2_000L, "x", 2_000L, "linkedin", 400L, "tiktok", 20_000L));

  private static final long USUAL_UNITS = 4_000;

  public PollSettings {
    unitsPerDay = Map.copyOf(unitsPerDay);
    if (every.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException("an hour between polls at least");
    }
  }

  /** Units of one account's day. */
  long units(String platform) {
    return unitsPerDay.getOrDefault(platform, USUAL_UNITS);
  }

  /** Where a platform's day begins: Google counts by the Pacific's. */
  static ZoneId zone(String platform) {
    return platform.equals("youtube") ? ZoneId.of("America/Los_Angeles") : ZoneOffset.UTC;
  }

  /**
   * When to ask again: a sixth of the usual time on a video's first day, a third until its fourth,
   * four times as long after 90 days. Up to a twentieth earlier, by the video's id, so that those
   * which were published together are not polled together for ever.
   */
  long nextMs(PublishedPost post, long nowMs) {
    Duration age = Duration.ofMillis(Math.max(0, nowMs - post.publishedAtMs()));
    Duration next = every;
    if (age.compareTo(Duration.ofDays(1)) < 0) {
      next = every.dividedBy(6);
    } else if (age.compareTo(Duration.ofDays(3)) < 0) {
      next = every.dividedBy(3);
    } else if (age.compareTo(Duration.ofDays(90)) > 0) {
      next = every.multipliedBy(4);
    }
    if (next.compareTo(SHORTEST) < 0) {
      next = SHORTEST;
    }
    long spread = Math.floorMod(post.videoId().hashCode(), 1_000) * next.toMillis() / 20_000;
    return nowMs + next.toMillis() - spread;
  }
}
