package dev.reelbeam.stages.step;

/**
 * How far the calls for a request have come; the small half of its state.
 *
 * @param made attempts that failed
 * @param arrivedMs when the request came
 * @param notBeforeMs when the next attempt may begin
 * @param calledMs when the attempt that is out began, 0: none is out
 * @param pollMs when state is to be looked at again
 * @param outages times that the store was away
 */
record Tries(int made, long arrivedMs, long notBeforeMs, long calledMs, long pollMs, int outages) {
  static Tries arrived(long nowMs) {
    return new Tries(0, nowMs, nowMs, 0, nowMs, 0);
  }

  Tries called(long nowMs) {
    return new Tries(made, arrivedMs, notBeforeMs, nowMs, pollMs, outages);
  }

  Tries failed(long nextMs) {
    return new Tries(made + 1, arrivedMs, nextMs, 0, pollMs, outages);
  }

  Tries away(long nextMs) {
    return new Tries(made, arrivedMs, nextMs, 0, pollMs, outages + 1);
  }

  Tries polledAt(long nextMs) {
    return new Tries(made, arrivedMs, notBeforeMs, calledMs, nextMs, outages);
  }
}
