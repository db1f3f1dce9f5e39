package dev.reelbeam.stages.step;

import java.io.Serializable;

/**
 * How a stage that calls out waits for the world.
 *
 * @param inFlight calls at once, per provider and worker process; 0: on the calling thread, for
 *     tests that hold the clock; {@link #CORES}: as many as the worker's machine has cores
 * @param attempts calls at most, for faults of the provider that pass
 * @param firstPauseMs before the second attempt; it doubles from there
 * @param longestPauseMs no pause is longer, whatever the provider asks for
 * @param deadlineMs one call takes no longer, its time in line not counted
 * @param pollMs how often state is looked at while a call is out; young calls are looked at sooner
 * @param inBundle calls end within the bundle: for bounded runs, where nothing checkpoints
 * @param awayMs a provider that is away is waited for this long, and for {@code attempts} at least
 * @param turnMs the longest wait for a turn that the limits of our own leave; it counts as no
 *     attempt
 */
public record AwaitSettings(
    int inFlight,
    int attempts,
    long firstPauseMs,
    long longestPauseMs,
    long deadlineMs,
    long pollMs,
    boolean inBundle,
    long awayMs,
    long turnMs)
    implements Serializable {
  /**
   * A quarter of an hour: most outages are shorter, and nobody waits half a day for a wrong one.
   */
  public static final long USUAL_AWAY_MS = 900_000;

  /** A backfill behind a tight limit takes its time; a day without one turn is a mistake. */
  private static final long USUAL_TURN_MS = 86_400_000;

  /** Who is away is asked this often at least: that it is back is seen within a minute. */
  private static final long LONGEST_AWAY_PAUSE_MS = 60_000;

  /** With the usual patience. */
  public AwaitSettings(
      int inFlight,
      int attempts,
      long firstPauseMs,
      long longestPauseMs,
      long deadlineMs,
      long pollMs,
      boolean inBundle) {
    this(
        inFlight,
        attempts,
        firstPauseMs,
        longestPauseMs,
        deadlineMs,
        pollMs,
        inBundle,
        USUAL_AWAY_MS,
        USUAL_TURN_MS);
  }

  /** So many at once as the worker's machine has cores: for steps that compute. */
  public static final int CORES = -1;

  /** For streaming jobs: eight at once, three attempts from 5 s up to 5 min, ten minutes a call. */
  public static final AwaitSettings STREAMING =
      new AwaitSettings(8, 3, 5_000, 300_000, 600_000, 2_000, false);

  /** For bounded runs: as many at once as a small machine has cores. */
  public static final AwaitSettings BOUNDED =
      new AwaitSettings(2, 3, 5_000, 300_000, 600_000, 2_000, true);

  /** The same with another number of calls at once. */
  public AwaitSettings withInFlight(int calls) {
    return new AwaitSettings(
        calls,
        attempts,
        firstPauseMs,
        longestPauseMs,
        deadlineMs,
        pollMs,
        inBundle,
        awayMs,
        turnMs);
  }

  /** The same with another deadline of a call. */
  public AwaitSettings withDeadlineMs(long milliseconds) {
    return new AwaitSettings(
        inFlight,
        attempts,
        firstPauseMs,
        longestPauseMs,
        milliseconds,
        pollMs,
        inBundle,
        awayMs,
        turnMs);
  }

  /** The same with another patience with providers that are away. */
  public AwaitSettings withAwayMs(long milliseconds) {
    return new AwaitSettings(
        inFlight,
        attempts,
        firstPauseMs,
        longestPauseMs,
        deadlineMs,
        pollMs,
        inBundle,
        milliseconds,
        turnMs);
  }

  /**
   * For steps that compute for seconds rather than call out, so that a checkpoint does not wait for
   * them either: an hour at the most, looked at four times a second.
   */
  public AwaitSettings forWork() {
    return new AwaitSettings(
        inFlight == 0 ? 0 : CORES,
        attempts,
        firstPauseMs,
        longestPauseMs,
        3_600_000,
        250,
        inBundle,
        awayMs,
        turnMs);
  }

  /** How long an outage of the store is waited out: no longer than a call, nor than ten minutes. */
  long outageMs() {
    return Math.min(deadlineMs, 600_000);
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
