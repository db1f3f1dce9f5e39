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
 * @param unitsPerDay of each account's quota what polls may use, by {@code platform/account} or for
 *     all accounts of a platform by its name; a platform that is not named: {@value #USUAL_UNITS}.
 *     YouTube's is one quota for all accounts, see {@link #bearer}
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

  /** All accounts of a platform together. */
  static final String EVERYBODY = "*";

  private static final long USUAL_UNITS = 4_000;

  public PollSettings {
    unitsPerDay = Map.copyOf(unitsPerDay);
    if (every.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException("an hour between polls at least");
    }
  }

  /** Units of the day of one bearer of a quota. */
  long units(String platform, String bearer) {
    Long own = unitsPerDay.get(platform + "/" + bearer);
    return own == null ? unitsPerDay.getOrDefault(platform, USUAL_UNITS) : own;
  }

  /**
   * Whose quota a call for an account uses: the account's own, or {@link #EVERYBODY}'s where it is
   * that of the application, as Google's is of the Cloud project.
   */
  static String bearer(String platform, String account) {
    return platform.equals("youtube") ? EVERYBODY : account;
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
