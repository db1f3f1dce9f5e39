package dev.reelbeam.stages.engagement;

import java.io.Serializable;

/**
 * When somebody has to look.
 *
 * @param budgetMicros most that a quarter of an hour may cost, in micro-dollars
 * @param errorPerMille most attempts of a stage that may fail
 * @param leastAttempts of fewer attempts in a quarter of an hour no rate is made
 * @param queueDepth most that may wait
 */
public record OperationsLimits(
    long budgetMicros, int errorPerMille, int leastAttempts, int queueDepth)
    implements Serializable {
  /** 10 dollars in 15 minutes, 5 % of at least 20 attempts, 100 that wait. */
  public static final OperationsLimits USUAL = new OperationsLimits(10_000_000, 50, 20, 100);

  /** The same with another budget for a quarter of an hour. */
  public OperationsLimits withBudgetMicros(long newBudgetMicros) {
    return new OperationsLimits(newBudgetMicros, errorPerMille, leastAttempts, queueDepth);
  }
}
