package dev.reelbeam.model.engagement;

/**
 * What is summed up in a window: one array of longs, in which these are the places. All of them add
 * up over videos, so what a correction changes is a difference of two arrays.
 *
 * <p><b>Engagement rate</b> is {@code engagements / engagement_views}: likes, comments and shares,
 * as far as a platform tells them, over views: the two parts of {@link EngagementRate}, summed over
 * the videos for which it tells views and any of the three; the view {@code engagement_figures}
 * divides them. In the same way {@code watched_seconds} and {@code watched_views} are of the videos
 * of which both are known, and so are {@code clicked} and {@code click_impressions}; cost and
 * credits are divided by views as far as they are of videos that tell views. So a video that lacks
 * one side of a ratio is in neither.
 *
 * <p><b>Estimated revenue</b> is {@code floor(views * rate / 1000)} of the platform's rate in
 * micro-dollars per thousand views, for platforms that have a rate; see {@code RevenueRates}.
 *
 * <p>The first {@link Counter#COUNT} places are the counters. The order is part of stored state.
 */
public final class Measures {
  public static final int ENGAGEMENTS = 8;
  public static final int ENGAGEMENT_VIEWS = 9;
  public static final int WATCHED_VIEWS = 10;
  public static final int CLICK_IMPRESSIONS = 11;
  public static final int ESTIMATED_REVENUE_MICROS = 12;

  /** What the videos cost that were published within the window. */
  public static final int COST_MICROS = 13;

  public static final int CREDITS = 14;

  /** Videos with at least one counter in the window. */
  public static final int VIDEOS = 15;

  /** Those of them whose last snapshot lies within the window: it is not covered to its end. */
  public static final int PROVISIONAL = 16;

  /**
   * From here on, by counter: videos that tell it. Zero says that the counter is missing, which is
   * not a count of zero.
   */
  public static final int KNOWN = 17;

  /**
   * How well the window is supported by snapshots. It grows with each snapshot that changes the
   * window, whatever their order: of two forms of a row where one was counted from all snapshots of
   * the other and more, that one has the higher version. Nothing follows for forms of which each
   * knows what the other does not: those differ in their {@link WindowRow#generation}.
   */
  public static final int VERSION = 25;

  /** Watch time of videos whose views are known, too. */
  public static final int WATCHED_SECONDS = 26;

  /** Clicks of videos whose impressions are known, too. */
  public static final int CLICKED = 27;

  /** Of {@link #COST_MICROS}, that of videos whose views are known. */
  public static final int VIEWED_COST_MICROS = 28;

  /** Of {@link #CREDITS}, those of videos whose views are known. */
  public static final int VIEWED_CREDITS = 29;

  /** Places of the array. */
  public static final int SIZE = 30;

  private Measures() {}

  /** {@code sums += sign * other}. */
  public static void add(long[] sums, long[] other, int sign) {
    for (int i = 0; i < SIZE; i++) {
      sums[i] += sign * other[i];
    }
  }

  /** Whether nothing is in it. */
  public static boolean isZero(long[] measures) {
    for (long measure : measures) {
      if (measure != 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether a difference changes more than how well the window is covered. */
  public static boolean saysMore(long[] difference) {
    for (int i = 0; i < SIZE; i++) {
      if (difference[i] != 0 && i != PROVISIONAL && i != VERSION) {
        return true;
      }
    }
    return false;
  }

  /** Writes the places that are not zero. */
  public static void write(long[] measures, Packed.Writer writer) {
    int there = 0;
    for (int i = 0; i < SIZE; i++) {
      there |= measures[i] == 0 ? 0 : 1 << i;
    }
    writer.unsigned(there);
    for (int i = 0; i < SIZE; i++) {
      if (measures[i] != 0) {
        writer.signed(measures[i]);
      }
    }
  }

  /** Adds what {@link #write} wrote. */
  public static void readInto(long[] sums, Packed.Reader reader) {
    long there = reader.unsigned();
    for (int i = 0; i < SIZE; i++) {
      if ((there & (1L << i)) != 0) {
        sums[i] += reader.signed();
      }
    }
  }
}
