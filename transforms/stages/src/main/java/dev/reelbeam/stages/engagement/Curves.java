package dev.reelbeam.stages.engagement;

import dev.reelbeam.model.engagement.Counter;
import dev.reelbeam.model.engagement.Measures;
import dev.reelbeam.model.engagement.VideoFacts;
import java.util.Arrays;

/**
 * The counters of one video as curves over time: zero when it was published, what a snapshot showed
 * at its moment, a straight line in between.
 *
 * <p>What happened in a window is the curve at its end less the curve at its begin. Everything
 * follows from that: windows of any kind add up without a remainder, because between two snapshots
 * the curve is rounded towards the earlier one and reaches the later one exactly (the remainder of
 * the division comes last); a late snapshot bends the curve on its two sides and nowhere else; a
 * correction downwards is a falling line; duplicates and the order of arrival cannot matter,
 * because the curve is a function of the set of snapshots.
 *
 * <p>An interval is told for its last {@link #REACH_S} only; before that the curve stays where it
 * was, and what it rose by is in no window: what a straight line says about the hours of a year is
 * nothing. Not thread-safe.
 */
final class Curves {
  /** How far back a snapshot speaks about hours and days: a gap of 30 days works, with room. */
  static final long REACH_S = 45 * SiteDays.DAY_S;

  /**
   * A counter that is told for the first time so long after publishing begins where it is told:
   * what it was before is in no window. Others began at zero with the video.
   */
  static final long SHY_S = 30 * SiteDays.DAY_S;

  private static final int COUNTERS = Counter.COUNT;
  private static final int VIEWS = Counter.VIEWS.ordinal();

  /** Support of a moment at which the counter is known exactly; a line of length n has n less. */
  private static final long EXACT = 1L << 32;

  private static final long NEVER = Long.MAX_VALUE;
  private static final long LONGEST = (1L << 31) - 1;

  /** More views than any video has; up to here, views times a rate fit in a long. */
  private static final long MOST_EARNING = 1L << 38;

  private final long published;
  private final long costMicros;
  private final long credits;
  private final long rateMicros;
  private final long shyFrom;
  private final int[] sizes = new int[COUNTERS];
  private final long[][] times = new long[COUNTERS][];
  private final long[][] values = new long[COUNTERS][];
  private long frontier = Long.MIN_VALUE;

  /**
   * @param history its snapshots
   * @param rateMicros what a thousand views are taken to earn, 0: nothing is estimated
   */
  Curves(VideoFacts facts, VideoHistory history, long rateMicros) {
    this.published = Math.floorDiv(facts.publishedAtMs(), 1000L);
    this.costMicros = facts.costMicros();
    this.credits = facts.credits();
    this.rateMicros = rateMicros;
    this.shyFrom = published + SHY_S;
    for (int counter = 0; counter < COUNTERS; counter++) {
      long[] time = new long[history.size()];
      long[] value = new long[history.size()];
      int size = 0;
      for (int index = 0; index < history.size(); index++) {
        if (history.has(index, counter)) {
          time[size] = history.time(index);
          value[size++] = history.value(index, counter);
        }
      }
      sizes[counter] = size;
      times[counter] = time;
      values[counter] = value;
      if (size > 0) {
        frontier = Math.max(frontier, time[size - 1]);
      }
    }
  }

  long published() {
    return published;
  }

  /** Whether there is any snapshot. */
  boolean isEmpty() {
    return frontier == Long.MIN_VALUE;
  }

  /** The last moment that a snapshot speaks of. */
  long frontier() {
    return frontier;
  }

  /** Where the line that leads to a snapshot of the counter begins, or would begin. */
  long before(int counter, long moment) {
    int index = first(counter, moment);
    if (index == 0) {
      return moment > shyFrom ? moment : published;
    }
    return Math.max(published, times[counter][index - 1]);
  }

  /** The counter's first snapshot after a moment; the moment itself when there is none. */
  long after(int counter, long moment) {
    int index = first(counter, moment + 1);
    return index == sizes[counter] ? moment : times[counter][index];
  }

  private int first(int counter, long moment) {
    int low = 0;
    int high = sizes[counter];
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (times[counter][middle] < moment) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** A counter at one moment; zero when it is unknown. */
  long at(int counter, long moment) {
    Sample sample = new Sample();
    new Walk(moment).look(moment, sample);
    return sizes[counter] == 0 ? 0 : sample.value[counter];
  }

  /** The curves at one moment. */
  static final class Sample {
    private final long[] value = new long[COUNTERS];
    private final long[] support = new long[COUNTERS];

    /** The last snapshot before the moment; {@code Long.MIN_VALUE} when there is none. */
    private final long[] behind = new long[COUNTERS];

    /** How far away the next snapshot is; {@link #NEVER} when there is none. */
    private final long[] ahead = new long[COUNTERS];

    private long moment;

    Sample() {}
  }

  /** Looks at moments that only grow, each in constant time on average. */
  final class Walk {
    private final int[] at = new int[COUNTERS];

    Walk(long from) {
      for (int counter = 0; counter < COUNTERS; counter++) {
        at[counter] = first(counter, from);
      }
    }

    void look(long moment, Sample sample) {
      sample.moment = moment;
      for (int counter = 0; counter < COUNTERS; counter++) {
        int size = sizes[counter];
        if (size == 0) {
          continue;
        }
        long[] time = times[counter];
        int index = at[counter];
        while (index < size && time[index] < moment) {
          index++;
        }
        at[counter] = index;
        look(counter, index, moment, sample);
      }
    }

    private void look(int counter, int index, long moment, Sample sample) {
      long[] time = times[counter];
      long[] value = values[counter];
      long behind = index == 0 ? published : Math.max(published, time[index - 1]);
      long base = index == 0 ? 0 : value[index - 1];
      long ahead = index == sizes[counter] ? NEVER : time[index] - moment;
      long support = EXACT;
      long seen;
      if (index == 0 && time[0] > shyFrom) {
        seen = value[0];
        ahead = NEVER;
        support = 0;
      } else if (moment <= published) {
        seen = 0;
      } else if (ahead == 0) {
        seen = value[index];
      } else if (ahead > REACH_S) {
        seen = base;
        // Grows with each snapshot, and stays below every line's support.
        support = Math.min(LONGEST, behind - published);
      } else {
        long length = time[index] - behind;
        long part = moment - behind;
        long rise = value[index] - base;
        // In two steps, so that no product outgrows a long; exact, rounded towards the base.
        seen = base + rise / length * part + rise % length * part / length;
        support = EXACT - Math.min(LONGEST, length);
      }
      sample.value[counter] = seen;
      sample.support[counter] = support;
      sample.behind[counter] = index == 0 ? Long.MIN_VALUE : time[index - 1];
      sample.ahead[counter] = ahead;
    }
  }

  /** The window of the first so many seconds. */
  void first(long seconds, long[] measures) {
    Sample begin = new Sample();
    Sample end = new Sample();
    Walk walk = new Walk(published);
    walk.look(published, begin);
    walk.look(published + seconds, end);
    measure(begin, end, measures);
  }

  /**
   * What happened between two moments, into the places of {@link Measures}; zeros when the window
   * lies outside of what the snapshots speak of.
   */
  void measure(Sample begin, Sample end, long[] measures) {
    Arrays.fill(measures, 0);
    if (end.moment <= published) {
      return;
    }
    int covered = 0;
    for (int counter = 0; counter < COUNTERS; counter++) {
      if (sizes[counter] > 0 && covers(counter, begin, end)) {
        covered |= 1 << counter;
        measures[counter] = end.value[counter] - begin.value[counter];
        measures[Measures.KNOWN + counter] = 1;
        measures[Measures.VERSION] += begin.support[counter] + end.support[counter];
      }
    }
    if (covered != 0) {
      derive(covered, begin, end, measures);
    }
  }

  private boolean covers(int counter, Sample begin, Sample end) {
    if (end.behind[counter] > begin.moment) {
      return true;
    }
    if (end.ahead[counter] <= REACH_S - (end.moment - begin.moment)) {
      return true;
    }
    // A snapshot of the very second of publishing belongs to the window that begins there.
    return begin.moment <= published && times[counter][0] <= published;
  }

  private void derive(int covered, Sample begin, Sample end, long[] measures) {
    boolean viewed = (covered & Counter.VIEWS.bit()) != 0;
    long views = measures[VIEWS];
    int engaging = Counter.LIKES.bit() | Counter.COMMENTS.bit() | Counter.SHARES.bit();
    if (viewed && (covered & engaging) != 0) {
      measures[Measures.ENGAGEMENTS] =
          measures[Counter.LIKES.ordinal()]
              + measures[Counter.COMMENTS.ordinal()]
              + measures[Counter.SHARES.ordinal()];
      measures[Measures.ENGAGEMENT_VIEWS] = views;
    }
    if (viewed && (covered & Counter.WATCH_TIME_SECONDS.bit()) != 0) {
      measures[Measures.WATCHED_SECONDS] = measures[Counter.WATCH_TIME_SECONDS.ordinal()];
      measures[Measures.WATCHED_VIEWS] = views;
    }
    int clicking = Counter.CLICKS.bit() | Counter.IMPRESSIONS.bit();
    if ((covered & clicking) == clicking) {
      measures[Measures.CLICKED] = measures[Counter.CLICKS.ordinal()];
      measures[Measures.CLICK_IMPRESSIONS] = measures[Counter.IMPRESSIONS.ordinal()];
    }
    // What the platform tells takes the place of what would be estimated.
    if (viewed && rateMicros > 0 && (covered & Counter.REVENUE_MICROS.bit()) == 0) {
      measures[Measures.ESTIMATED_REVENUE_MICROS] =
          earned(end.value[VIEWS]) - earned(begin.value[VIEWS]);
    }
    if (begin.moment <= published && published < end.moment) {
      measures[Measures.COST_MICROS] = costMicros;
      measures[Measures.CREDITS] = credits;
      if (viewed) {
        measures[Measures.VIEWED_COST_MICROS] = costMicros;
        measures[Measures.VIEWED_CREDITS] = credits;
      }
    }
    measures[Measures.VIDEOS] = 1;
    measures[Measures.PROVISIONAL] = frontier < end.moment ? 1 : 0;
  }

  private long earned(long views) {
    long counted = Math.min(views, MOST_EARNING);
    return counted / 1000 * rateMicros + counted % 1000 * rateMicros / 1000;
  }
}
