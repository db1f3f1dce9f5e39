package dev.reelbeam.stages.step;

/**
 * How far the calls for a request have come; the small half of its state.
 *
 * @param made attempts that failed
 * @param arrivedMs when the request came
 * @param notBeforeMs when the next attempt may begin
 * @param calledMs when the attempt that is out began, 0: none is out
 * @param pollMs when state is to be looked at again
 * @param outages times that the store was away, in a row
 * @param awaySinceMs when it was found away for the first time of these, 0: it is not
 */
record Tries(
    int made,
    long arrivedMs,
    long notBeforeMs,
    long calledMs,
    long pollMs,
    int outages,
    long awaySinceMs) {
  static Tries arrived(long nowMs) {
    return new Tries(0, nowMs, nowMs, 0, nowMs, 0, 0);
  }

  Tries called(long nowMs) {
    return new Tries(made, arrivedMs, notBeforeMs, nowMs, pollMs, outages, awaySinceMs);
  }

  Tries failed(long nextMs) {
    return new Tries(made + 1, arrivedMs, nextMs, 0, pollMs, 0, 0);
  }

  Tries away(long nowMs, long nextMs) {
    long since = awaySinceMs == 0 ? nowMs : awaySinceMs;
    return new Tries(made, arrivedMs, nextMs, 0, pollMs, outages + 1, since);
  }

  /** How long the store has been away. */
  long awayMs(long nowMs) {
    return awaySinceMs == 0 ? 0 : nowMs - awaySinceMs;
  }

  Tries polledAt(long nextMs) {
    return new Tries(made, arrivedMs, notBeforeMs, calledMs, nextMs, outages, awaySinceMs);
  }
}
