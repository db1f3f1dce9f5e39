package dev.reelbeam.model.failure;

import java.util.Locale;

/** The stages of the graph, in order; they name counters, progress and dead letters. */
public enum Stage {
  READ,
  PARSE,
  PLAN_VARIANTS,
  MODERATE_SOURCE,
  FIT_NARRATION,
  MODERATE_SCRIPT,
  GATE,
  PLAN_VISUALS,
  LAY_OUT,
  CUT,
  DISPATCH,
  RENDER,
  JOIN,
  ASSEMBLE,
  CHECK,
  MODERATE_VIDEO,
  DELIVER,
  /** Snapshots of engagement into windows; a job of its own. */
  MEASURE;

  /** The name as it appears in dead letters and reports, for example {@code fit-narration}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
