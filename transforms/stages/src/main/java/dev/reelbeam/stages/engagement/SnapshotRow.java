package dev.reelbeam.stages.engagement;

import dev.reelbeam.model.engagement.Counter;
import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.Packed;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The counters of a snapshot on their way into a {@link VideoHistory}: the moment in seconds, which
 * counters are known, their values. About 20 bytes.
 */
final class SnapshotRow {
  /** In the mask: the platform no longer knows the video. */
  static final int REMOVED = 1 << Counter.COUNT;

  private SnapshotRow() {}

  /** Writes the row of a snapshot. */
  static void write(EngagementSnapshot snapshot, Packed.Writer writer) {
    Long watch = watchTimeSeconds(snapshot);
    int mask =
        bit(Counter.VIEWS, snapshot.views())
            | bit(Counter.LIKES, snapshot.likes())
            | bit(Counter.COMMENTS, snapshot.comments())
            | bit(Counter.SHARES, snapshot.shares())
            | bit(Counter.WATCH_TIME_SECONDS, watch)
            | bit(Counter.IMPRESSIONS, snapshot.impressions())
            | bit(Counter.CLICKS, snapshot.clicks())
            | bit(Counter.REVENUE_MICROS, snapshot.revenueMicros())
            | (snapshot.removed() ? REMOVED : 0);
    writer.unsigned(Math.floorDiv(snapshot.fetchedAtMs(), 1000L)).unsigned(mask);
    value(snapshot.views(), writer);
    value(snapshot.likes(), writer);
    value(snapshot.comments(), writer);
    value(snapshot.shares(), writer);
    value(watch, writer);
    value(snapshot.impressions(), writer);
    value(snapshot.clicks(), writer);
    value(snapshot.revenueMicros(), writer);
  }

  /** The moments of rows, in seconds. */
  static Set<Long> times(byte[] rows) {
    Set<Long> times = new HashSet<>();
    Packed.Reader reader = new Packed.Reader(rows);
    long[] counters = new long[Counter.COUNT];
    while (reader.hasMore()) {
      times.add(reader.unsigned());
      counters(reader, (int) reader.unsigned(), counters);
    }
    return times;
  }

  /** All rows as a history. */
  static VideoHistory history(Packed.Reader reader) {
    VideoHistory history = new VideoHistory();
    long[] counters = new long[Counter.COUNT];
    while (reader.hasMore()) {
      long time = reader.unsigned();
      int mask = (int) reader.unsigned();
      counters(reader, mask, counters);
      history.add(time, mask, counters);
    }
    return history;
  }

  private static void counters(Packed.Reader reader, int mask, long[] counters) {
    for (int i = 0; i < counters.length; i++) {
      counters[i] = (mask & (1 << i)) != 0 ? reader.unsigned() : 0;
    }
  }

  /** Average view duration stands in where the platform tells no watch time. */
  private static @Nullable Long watchTimeSeconds(EngagementSnapshot snapshot) {
    if (snapshot.watchTimeSeconds() != null) {
      return snapshot.watchTimeSeconds();
    }
    Long views = snapshot.views();
    Long average = snapshot.avgViewDurationMs();
    if (views == null || average == null) {
      return null;
    }
    if (Math.multiplyHigh(views, average) != 0 || views * average < 0) {
      return null; // No such video: unknown rather than wrong.
    }
    return views * average / 1000;
  }

  private static int bit(Counter counter, @Nullable Long value) {
    return value == null ? 0 : counter.bit();
  }

  private static void value(@Nullable Long value, Packed.Writer writer) {
    if (value != null) {
      writer.unsigned(value);
    }
  }

  /** The next row as a snapshot again, for what is set aside. */
  static EngagementSnapshot snapshot(String videoKey, Packed.Reader reader) {
    long time = reader.unsigned();
    int mask = (int) reader.unsigned();
    long[] counters = new long[Counter.COUNT];
    counters(reader, mask, counters);
    return snapshot(videoKey, time, mask, counters);
  }

  /** A row as a snapshot again: what the platform told, without the reference to its answer. */
  static EngagementSnapshot snapshot(String videoKey, long time, int mask, long[] counters) {
    int slash = videoKey.indexOf('/');
    return new EngagementSnapshot(
        videoKey.substring(slash + 1),
        videoKey.substring(0, slash),
        null,
        time * 1000,
        known(mask, counters, Counter.VIEWS),
        known(mask, counters, Counter.LIKES),
        known(mask, counters, Counter.COMMENTS),
        known(mask, counters, Counter.SHARES),
        known(mask, counters, Counter.WATCH_TIME_SECONDS),
        known(mask, counters, Counter.IMPRESSIONS),
        known(mask, counters, Counter.CLICKS),
        null,
        known(mask, counters, Counter.REVENUE_MICROS),
        null,
        (mask & REMOVED) != 0);
  }

  private static @Nullable Long known(int mask, long[] counters, Counter counter) {
    return (mask & counter.bit()) == 0 ? null : counters[counter.ordinal()];
  }
}
