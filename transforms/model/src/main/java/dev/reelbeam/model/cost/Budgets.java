package dev.reelbeam.model.cost;

import java.io.Serializable;

/**
 * What may be spent, in micro-dollars; {@link Long#MAX_VALUE} where nothing is said.
 *
 * @param run by one run of {@code make}, or by one job from its submission on
 * @param project for one record, whatever the number of its revisions, presets and runs
 * @param site for the records of one site, each day of UTC
 * @param day for everything, each day of UTC
 */
public record Budgets(long run, long project, long site, long day) implements Serializable {
  /** No limits. */
  public static final Budgets NONE =
      new Budgets(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
}
