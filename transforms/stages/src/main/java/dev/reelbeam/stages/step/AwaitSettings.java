package dev.reelbeam.stages.step;

import java.io.Serializable;

/**
 * How a stage that calls out waits for the world.
 *
 * @param inFlight calls at once, per provider and worker process; 0: on the calling thread, for
 *     tests that hold the clock; {@link #CORES}: as many as the worker's machine has cores
 * @param retries how often who failed is asked again
 * @param deadlineMs one call takes no longer, its time in line not counted
 * @param pollMs how often state is looked at while a call is out; young calls are looked at sooner
 * @param inBundle calls end within the bundle: for bounded runs, where nothing checkpoints
 */
public record AwaitSettings(
    int inFlight, Retries retries, long deadlineMs, long pollMs, boolean inBundle)
    implements Serializable {
  /** So many at once as the worker's machine has cores: for steps that compute. */
  public static final int CORES = -1;

  /** For streaming jobs: eight at once, ten minutes a call. */
  public static final AwaitSettings STREAMING =
      new AwaitSettings(8, Retries.USUAL, 600_000, 2_000, false);

  /** For bounded runs: as many at once as a small machine has cores. */
  public static final AwaitSettings BOUNDED =
      new AwaitSettings(2, Retries.USUAL, 600_000, 2_000, true);

  /** The same with another number of calls at once. */
  public AwaitSettings withInFlight(int calls) {
    return new AwaitSettings(calls, retries, deadlineMs, pollMs, inBundle);
  }

  /** The same with another deadline of a call. */
  public AwaitSettings withDeadlineMs(long milliseconds) {
    return new AwaitSettings(inFlight, retries, milliseconds, pollMs, inBundle);
  }

  /** The same with another patience with providers that are away. */
  public AwaitSettings withAwayMs(long milliseconds) {
    return new AwaitSettings(
        inFlight, retries.withAwayMs(milliseconds), deadlineMs, pollMs, inBundle);
  }

  /**
   * For steps that compute for seconds rather than call out, so that a checkpoint does not wait for
   * them either: an hour at the most, looked at four times a second.
   */
  public AwaitSettings forWork() {
    return new AwaitSettings(inFlight == 0 ? 0 : CORES, retries, 3_600_000, 250, inBundle);
  }

  /** How long an outage of the store is waited out: no longer than a call, nor than ten minutes. */
  long outageMs() {
    return Math.min(deadlineMs, 600_000);
  }
}
