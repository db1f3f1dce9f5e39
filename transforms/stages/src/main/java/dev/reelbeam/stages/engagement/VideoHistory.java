package dev.reelbeam.stages.engagement;

import dev.reelbeam.model.engagement.Counter;
import dev.reelbeam.model.engagement.Packed;
import java.util.Arrays;

/**
 * The snapshots of one video that can still matter, by time: a set, whatever the order in which
 * they came.
 *
 * <p>Two snapshots of the same second are one, counter by counter the larger. Encoded, a snapshot
 * takes about 20 bytes: the time and each counter as the difference from the one before. Not
 * thread-safe.
 */
final class VideoHistory {
  private static final int COUNTERS = Counter.COUNT;
  private static final int COUNTER_BITS = (1 << COUNTERS) - 1;

  private int size;
  private long[] times;
  private int[] masks;
  private long[] values;

  VideoHistory() {
    times = new long[16];
    masks = new int[16];
    values = new long[16 * COUNTERS];
  }

  int size() {
    return size;
  }

  long time(int index) {
    return times[index];
  }

  boolean has(int index, int counter) {
    return (masks[index] & (1 << counter)) != 0;
  }

  long value(int index, int counter) {
    return values[index * COUNTERS + counter];
  }

  VideoHistory copy() {
    VideoHistory copy = new VideoHistory();
    copy.size = size;
    copy.times = times.clone();
    copy.masks = masks.clone();
    copy.values = values.clone();
    return copy;
  }

  /** The newest snapshot's time; {@code Long.MIN_VALUE} without one. */
  long frontier() {
    return size == 0 ? Long.MIN_VALUE : times[size - 1];
  }

  /** Index of the first snapshot at or after a time; {@link #size()} when there is none. */
  int indexOf(long time) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (times[middle] < time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * Adds a snapshot.
   *
   * @param mask the counters that are known
   * @param counters by counter; those that are unknown are not looked at
   * @return the counters that this changed: none for a duplicate
   */
  int add(long time, int mask, long[] counters) {
    int known = mask & COUNTER_BITS;
    if (known == 0) {
      return 0;
    }
    int index = indexOf(time);
    if (index == size || times[index] != time) {
      insert(index, time);
    }
    int changed = 0;
    for (int counter = 0; counter < COUNTERS; counter++) {
      int bit = 1 << counter;
      int at = index * COUNTERS + counter;
      if ((known & bit) != 0 && ((masks[index] & bit) == 0 || counters[counter] > values[at])) {
        values[at] = counters[counter];
        changed |= bit;
      }
    }
    masks[index] |= known;
    return changed;
  }

  private void insert(int index, long time) {
    if (size == times.length) {
      times = Arrays.copyOf(times, size * 2);
      masks = Arrays.copyOf(masks, size * 2);
      values = Arrays.copyOf(values, size * 2 * COUNTERS);
    }
    System.arraycopy(times, index, times, index + 1, size - index);
    System.arraycopy(masks, index, masks, index + 1, size - index);
    System.arraycopy(
        values, index * COUNTERS, values, (index + 1) * COUNTERS, (size - index) * COUNTERS);
    times[index] = time;
    masks[index] = 0;
    Arrays.fill(values, index * COUNTERS, (index + 1) * COUNTERS, 0);
    size++;
  }

  /**
   * Forgets what no snapshot at or after {@code oldest} can change: all before the last one that is
   * older than that (the base), except those of the base's day and one before that day, from which
   * the rows of that day are whole. Of counters that are told at different times the oldest base
   * counts, as far back as a snapshot reaches.
   *
   * @param published when the counters began at zero
   * @param days where the site's days begin
   */
  void forget(long oldest, long published, SiteDays days) {
    int before = indexOf(oldest);
    if (before < 2) {
      return;
    }
    long from = oldest;
    for (int counter = 0; counter < COUNTERS; counter++) {
      int base = last(before, counter);
      if (base >= 0) {
        from = Math.min(from, times[base]);
      } else if (oldest - published <= Curves.SHY_S) {
        from = Math.min(from, published);
      }
    }
    from = Math.max(from, oldest - Curves.REACH_S - 2 * SiteDays.DAY_S);
    int first = indexOf(days.startOfDayAndHour(from));
    for (int counter = 0; counter < COUNTERS; counter++) {
      for (int older = last(first, counter) - 1; older >= 0; older--) {
        masks[older] &= ~(1 << counter);
      }
    }
    int kept = 0;
    for (int index = 0; index < size; index++) {
      if (masks[index] != 0) {
        times[kept] = times[index];
        masks[kept] = masks[index];
        System.arraycopy(values, index * COUNTERS, values, kept * COUNTERS, COUNTERS);
        kept++;
      }
    }
    size = kept;
  }

  /** Index of the last snapshot with a counter, of those before an index; negative without one. */
  private int last(int before, int counter) {
    int index = before - 1;
    while (index >= 0 && !has(index, counter)) {
      index--;
    }
    return index;
  }

  /** Writes it as rows of {@link SnapshotRow}, as if all of it had just come. */
  void writeRows(Packed.Writer writer) {
    for (int index = 0; index < size; index++) {
      writer.unsigned(times[index]).unsigned(masks[index]);
      for (int counter = 0; counter < COUNTERS; counter++) {
        if (has(index, counter)) {
          writer.unsigned(value(index, counter));
        }
      }
    }
  }

  void write(Packed.Writer writer) {
    writer.unsigned(size);
    long time = 0;
    long[] last = new long[COUNTERS];
    for (int index = 0; index < size; index++) {
      writer.unsigned(times[index] - time).unsigned(masks[index]);
      time = times[index];
      for (int counter = 0; counter < COUNTERS; counter++) {
        if (has(index, counter)) {
          writer.signed(value(index, counter) - last[counter]);
          last[counter] = value(index, counter);
        }
      }
    }
  }

  static VideoHistory read(Packed.Reader reader) {
    VideoHistory history = new VideoHistory();
    int size = reader.count();
    int room = Math.max(16, size + 4);
    history.size = size;
    history.times = new long[room];
    history.masks = new int[room];
    history.values = new long[room * COUNTERS];
    long time = 0;
    long[] last = new long[COUNTERS];
    for (int index = 0; index < size; index++) {
      time += reader.unsigned();
      history.times[index] = time;
      int mask = (int) reader.unsigned();
      history.masks[index] = mask;
      for (int counter = 0; counter < COUNTERS; counter++) {
        if ((mask & (1 << counter)) != 0) {
          last[counter] += reader.signed();
          history.values[index * COUNTERS + counter] = last[counter];
        }
      }
    }
    return history;
  }
}
