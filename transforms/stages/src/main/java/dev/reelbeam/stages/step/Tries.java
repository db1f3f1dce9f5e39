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
 * @param waits times in a row that a provider was away
 * @param downSinceMs when it was found away for the first time of these, 0: it is not
 * @param noTurnSinceMs when no turn was had for the first time in a row, 0: the last one was had
 */
record Tries(
    int made,
    long arrivedMs,
    long notBeforeMs,
    long calledMs,
    long pollMs,
    int outages,
    long awaySinceMs,
    int waits,
    long downSinceMs,
    long noTurnSinceMs) {
  static Tries arrived(long nowMs) {
    return new Tries(0, nowMs, nowMs, 0, nowMs, 0, 0, 0, 0, 0);
  }

  Tries called(long nowMs) {
    return new Tries(
        made,
        arrivedMs,
        notBeforeMs,
        nowMs,
        pollMs,
        outages,
        awaySinceMs,
        waits,
        downSinceMs,
        noTurnSinceMs);
  }

  Tries failed(long nextMs) {
    return new Tries(made + 1, arrivedMs, nextMs, 0, pollMs, 0, 0, 0, 0, 0);
  }

  Tries away(long nowMs, long nextMs) {
    long since = awaySinceMs == 0 ? nowMs : awaySinceMs;
    return new Tries(
        made, arrivedMs, nextMs, 0, pollMs, outages + 1, since, waits, downSinceMs, noTurnSinceMs);
  }

  /** How long the store has been away. */
  long awayMs(long nowMs) {
    return awaySinceMs == 0 ? 0 : nowMs - awaySinceMs;
  }

  /** A provider is away; whoever hears that had a turn, and a store. */
  Tries down(long nowMs) {
    long since = downSinceMs == 0 ? nowMs : downSinceMs;
    return new Tries(made, arrivedMs, notBeforeMs, 0, pollMs, 0, 0, waits + 1, since, 0);
  }

  /** Our own limits left no turn: whether the provider is there, nobody knows. */
  Tries withoutTurn(long nowMs) {
    long since = noTurnSinceMs == 0 ? nowMs : noTurnSinceMs;
    return new Tries(made, arrivedMs, notBeforeMs, 0, pollMs, 0, 0, waits, downSinceMs, since);
  }

  Tries notBefore(long nextMs) {
    return new Tries(
        made,
        arrivedMs,
        nextMs,
        calledMs,
        pollMs,
        outages,
        awaySinceMs,
        waits,
        downSinceMs,
        noTurnSinceMs);
  }

  Tries polledAt(long nextMs) {
    return new Tries(
        made,
        arrivedMs,
        notBeforeMs,
        calledMs,
        nextMs,
        outages,
        awaySinceMs,
        waits,
        downSinceMs,
        noTurnSinceMs);
  }
}
