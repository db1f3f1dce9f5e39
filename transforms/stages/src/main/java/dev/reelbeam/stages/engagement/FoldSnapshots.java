package dev.reelbeam.stages.engagement;

import dev.reelbeam.model.engagement.Counter;
import dev.reelbeam.model.engagement.Measures;
import dev.reelbeam.model.engagement.Packed;
import dev.reelbeam.model.engagement.VideoFacts;
import dev.reelbeam.model.engagement.WindowKind;
import java.util.Arrays;

/**
 * Takes new snapshots of a video into its history and tells what they change: the video's own
 * windows whole, and the differences that they make to the windows of everything it counts for.
 *
 * <p>What changes lies between the neighbours of the new snapshots; the windows there are measured
 * on the curves before and after. So the work grows with what a snapshot changes, not with the
 * history. Not thread-safe.
 */
final class FoldSnapshots {
  /** A snapshot that is older than a video's newest one by more than this comes too late. */
  static final long LATENESS_S = 7 * SiteDays.DAY_S;

  /** Nothing comes too late, and nothing is forgotten: a batch has all there is. */
  static final long NO_LATENESS = Long.MAX_VALUE;

  /** Clocks differ; what was read a day before publishing was not read from this video. */
  static final long EARLY_S = SiteDays.DAY_S;

  /** Hours of the day in UTC are slots 0 to 23 of it. */
  static final int SLOT_DAY = 24;

  static final int SLOT_FIRST_24H = 25;
  static final int SLOT_FIRST_7D = 26;
  static final int SLOTS = 27;

  private static final int COUNTERS = Counter.COUNT;

  private final long latenessS;
  private final long[] counters = new long[COUNTERS];
  private final long[] was = new long[Measures.SIZE];
  private final long[] is = new long[Measures.SIZE];
  private Curves.Sample wasBegin = new Curves.Sample();
  private Curves.Sample wasEnd = new Curves.Sample();
  private Curves.Sample isBegin = new Curves.Sample();
  private Curves.Sample isEnd = new Curves.Sample();

  FoldSnapshots(long latenessS) {
    this.latenessS = latenessS;
  }

  /** Takes what a fold tells. Arrays belong to the fold and change afterwards. */
  interface Output {
    /** A window of the video, whole; its begin as in {@code WindowRow}. */
    void video(WindowKind kind, long startS, long[] measures);

    /**
     * What a slot of a day changes by, for each dimension of the video: hours by the date in UTC,
     * the day by the local date, the first windows by the local date of publishing.
     */
    void changed(long day, int slot, long[] difference);

    /** A snapshot that came too late by so many seconds. */
    void late(long time, int mask, long[] counters, long tooLateS);

    /** A snapshot from before the video was there. */
    void early(long time, int mask, long[] counters);

    /** The platform no longer knows the video. */
    void removed(long time);
  }

  /**
   * Folds snapshots in.
   *
   * @param history changed in place
   * @param pending rows of {@link SnapshotRow}, in the order of their arrival
   * @param rateMicros as in {@link Curves}
   * @return whether anything changed
   */
  boolean fold(
      VideoFacts facts,
      VideoHistory history,
      Packed.Reader pending,
      long rateMicros,
      Output output) {
    SiteDays days = SiteDays.of(facts.timeZone());
    Curves old = new Curves(facts, history, rateMicros);
    long low = Long.MAX_VALUE;
    long high = Long.MIN_VALUE;
    long frontier = history.frontier();
    int[] changed = new int[16];
    long[] times = new long[16];
    int size = 0;
    while (pending.hasMore()) {
      long time = pending.unsigned();
      int mask = (int) pending.unsigned();
      for (int counter = 0; counter < COUNTERS; counter++) {
        counters[counter] = (mask & (1 << counter)) != 0 ? pending.unsigned() : 0;
      }
      if (mask == 0) {
        continue; // Tells nothing, not even that time has passed: windows end by what is known.
      }
      if ((mask & SnapshotRow.REMOVED) != 0) {
        output.removed(time);
      } else if (time < old.published() - EARLY_S) {
        output.early(time, mask, counters);
      } else if (frontier != Long.MIN_VALUE && frontier - time > latenessS) {
        output.late(time, mask, counters, frontier - time - latenessS);
      } else {
        frontier = Math.max(frontier, time);
        if (size == times.length) {
          times = Arrays.copyOf(times, size * 2);
          changed = Arrays.copyOf(changed, size * 2);
        }
        times[size] = time;
        changed[size++] = history.add(time, mask, counters);
      }
    }
    Curves now = new Curves(facts, history, rateMicros);
    for (int i = 0; i < size; i++) {
      for (int counter = 0; counter < COUNTERS; counter++) {
        if ((changed[i] & (1 << counter)) != 0) {
          // Neighbours of before: those of now may be nearer.
          long furthest = times[i] - Curves.REACH_S - SiteDays.DAY_S;
          long before = Math.min(now.before(counter, times[i]), old.before(counter, times[i]));
          low = Math.min(low, Math.max(before, furthest));
          high = Math.max(high, Math.max(old.published(), old.after(counter, times[i])));
        }
      }
    }
    if (low == Long.MAX_VALUE) {
      return false;
    }
    if (!old.isEmpty() && frontier > old.frontier()) {
      // The window that was provisional ends.
      low = Math.min(low, Math.max(old.published(), old.frontier()));
    }
    hours(old, now, low, high, output);
    days(old, now, low, high, days, output);
    first(old, now, low, WindowKind.FIRST_24H, SLOT_FIRST_24H, SiteDays.DAY_S, days, output);
    first(old, now, low, WindowKind.FIRST_7D, SLOT_FIRST_7D, 7 * SiteDays.DAY_S, days, output);
    forget(facts, history, latenessS);
    return true;
  }

  /** Forgets what a job that runs on has no use for any more. */
  static void forget(VideoFacts facts, VideoHistory history, long lateness) {
    if (lateness != NO_LATENESS) {
      history.forget(
          history.frontier() - lateness,
          Math.floorDiv(facts.publishedAtMs(), 1000L),
          SiteDays.of(facts.timeZone()));
    }
  }

  private void hours(Curves old, Curves now, long low, long high, Output output) {
    long hour = Math.floorDiv(low, SiteDays.HOUR_S);
    Curves.Walk oldWalk = begin(old, now, hour * SiteDays.HOUR_S);
    Curves.Walk nowWalk = now.new Walk(hour * SiteDays.HOUR_S);
    do {
      long start = hour * SiteDays.HOUR_S;
      if (compare(old, oldWalk, now, nowWalk, start + SiteDays.HOUR_S)) {
        output.video(WindowKind.HOUR, start, is);
        output.changed(Math.floorDiv(hour, 24L), (int) Math.floorMod(hour, 24L), difference());
      }
      hour++;
    } while (hour * SiteDays.HOUR_S < high);
  }

  private void days(Curves old, Curves now, long low, long high, SiteDays days, Output output) {
    long day = days.dayOf(low);
    Curves.Walk oldWalk = begin(old, now, days.start(day));
    Curves.Walk nowWalk = now.new Walk(days.start(day));
    do {
      if (compare(old, oldWalk, now, nowWalk, days.start(day + 1))) {
        output.video(WindowKind.DAY, day * SiteDays.DAY_S, is);
        output.changed(day, SLOT_DAY, difference());
      }
      day++;
    } while (days.start(day) < high);
  }

  private void first(
      Curves old,
      Curves now,
      long low,
      WindowKind kind,
      int slot,
      long seconds,
      SiteDays days,
      Output output) {
    long published = now.published();
    if (low >= published + seconds) {
      return;
    }
    old.first(seconds, was);
    now.first(seconds, is);
    if (!Arrays.equals(was, is)) {
      output.video(kind, published, is);
      output.changed(days.dayOf(published), slot, difference());
    }
  }

  private Curves.Walk begin(Curves old, Curves now, long moment) {
    Curves.Walk walk = old.new Walk(moment);
    walk.look(moment, wasBegin);
    now.new Walk(moment).look(moment, isBegin);
    return walk;
  }

  /** Measures the window from where the last one ended; whether it changed. */
  private boolean compare(
      Curves old, Curves.Walk oldWalk, Curves now, Curves.Walk nowWalk, long end) {
    oldWalk.look(end, wasEnd);
    nowWalk.look(end, isEnd);
    old.measure(wasBegin, wasEnd, was);
    now.measure(isBegin, isEnd, is);
    Curves.Sample spare = wasBegin;
    wasBegin = wasEnd;
    wasEnd = spare;
    spare = isBegin;
    isBegin = isEnd;
    isEnd = spare;
    return !Arrays.equals(was, is);
  }

  private long[] difference() {
    for (int i = 0; i < Measures.SIZE; i++) {
      is[i] -= was[i];
    }
    return is;
  }
}
