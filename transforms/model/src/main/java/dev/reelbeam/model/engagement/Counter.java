package dev.reelbeam.model.engagement;

/**
 * The cumulative counters that are followed, in the order of every array of them. The order is part
 * of stored state: new ones go to the end.
 */
public enum Counter {
  VIEWS,
  LIKES,
  COMMENTS,
  SHARES,
  WATCH_TIME_SECONDS,
  IMPRESSIONS,
  CLICKS,
  REVENUE_MICROS;

  /** How many there are. */
  public static final int COUNT = 8;

  /** Its bit in a mask of those that are known. */
  public int bit() {
    return 1 << ordinal();
  }
}
