package dev.reelbeam.model.project;

/** Live work goes before backfill, which is never starved. */
public enum Lane {
  LIVE,
  LOW;

  /** The lane of a record's {@code priority}: {@code low} or anything else. */
  public static Lane of(String priority) {
    return "low".equals(priority) ? LOW : LIVE;
  }
}
