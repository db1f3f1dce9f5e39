package dev.reelbeam.stages.step;

import java.io.Serializable;

/**
 * How often, and for how long, whoever failed is asked again.
 *
 * @param attempts calls at most, for faults of the provider that pass
 * @param firstPauseMs before the second attempt; it doubles from there
 * @param longestPauseMs no pause is longer, whatever the provider asks for
 * @param awayMs a provider that is away is waited for this long, and for {@code attempts} at least
 * @param turnMs the longest wait for a turn that the limits of our own leave; it counts as no
 *     attempt
 */
public record Retries(
    int attempts, long firstPauseMs, long longestPauseMs, long awayMs, long turnMs)
    implements Serializable {
  /**
   * A quarter of an hour: most outages are shorter, and nobody waits half a day for a wrong one.
   */
  private static final long USUAL_AWAY_MS = 900_000;

  /** A backfill behind a tight limit takes its time; a day without one turn is a mistake. */
  private static final long USUAL_TURN_MS = 86_400_000;

  /** Who is away is asked this often at least: that it is back is seen within a minute. */
  private static final long LONGEST_AWAY_PAUSE_MS = 60_000;

  /** Three attempts from 5 s up to 5 min, with the usual patience. */
  public static final Retries USUAL = of(3, 5_000, 300_000);

  /** With the usual patience. */
  static Retries of(int attempts, long firstPauseMs, long longestPauseMs) {
    return new Retries(attempts, firstPauseMs, longestPauseMs, USUAL_AWAY_MS, USUAL_TURN_MS);
  }

  /** The same with another patience with providers that are away. */
  Retries withAwayMs(long milliseconds) {
    return new Retries(attempts, firstPauseMs, longestPauseMs, milliseconds, turnMs);
  }

  /** The pause after so many attempts, at least what the provider asked for. */
  long pauseMs(int attemptsMade, long askedForMs) {
    long doubled = firstPauseMs << Math.min(20, Math.max(0, attemptsMade - 1));
    return Math.min(longestPauseMs, Math.max(askedForMs, doubled));
  }

  /** The pause after a provider was away so many times, at least what it asked for. */
  long awayPauseMs(int waits, long askedForMs) {
    return Math.min(
        longestPauseMs, Math.max(askedForMs, Math.min(LONGEST_AWAY_PAUSE_MS, pauseMs(waits, 0))));
  }
}
