package dev.reelbeam.stages.engagement;

import dev.reelbeam.model.engagement.Packed;
import dev.reelbeam.model.engagement.WindowKind;
import dev.reelbeam.model.engagement.WindowRow;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.stages.engagement.DayChanges.DaySums;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the sums of the days of a shard, adds what shards of videos change, and every few minutes
 * tells the windows that changed, whole.
 *
 * <p>Changes of a generation that is over are passed over. Of a new one nothing is told before all
 * shards of videos have counted their part: half of a sum would be a wrong one.
 */
final class SumDays extends DoFn<KV<Integer, byte[]>, WindowRow> {
  private static final long serialVersionUID = 1L;

  /**
   * Days are kept so long behind the newest one: as far back as a snapshot speaks, and as late as
   * it may come, with a week of room.
   */
  static final long KEPT_DAYS = (Curves.REACH_S + FoldSnapshots.LATENESS_S) / SiteDays.DAY_S + 7;

  private final MeasureSettings settings;
  private final boolean seeded;
  private static final byte[] TOLD = {};

  private final Counter forgottenCount = Metrics.counter(Stage.MEASURE.label(), "day-forgotten");

  /** By day of a key: its sums. About 50 bytes for each hour that has anything. */
  @StateId("days")
  private final StateSpec<MapState<String, byte[]>> daysSpec =
      StateSpecs.map(StringUtf8Coder.of(), ByteArrayCoder.of());

  /** By day of a key: the slots that changed since the last update, as bits. */
  @StateId("changed")
  private final StateSpec<MapState<String, Integer>> changedSpec =
      StateSpecs.map(StringUtf8Coder.of(), VarIntCoder.of());

  /** The generation that is summed up. */
  @StateId("generation")
  private final StateSpec<ValueState<Long>> generationSpec = StateSpecs.value(VarLongCoder.of());

  /** Shards of videos whose part is in, as bits; {@link #TOLD} when the whole was told. */
  @StateId("sown")
  private final StateSpec<ValueState<byte[]>> sownSpec = StateSpecs.value(ByteArrayCoder.of());

  @StateId("newest")
  private final StateSpec<ValueState<Long>> newestSpec = StateSpecs.value(VarLongCoder.of());

  @StateId("due")
  private final StateSpec<ValueState<Long>> dueSpec = StateSpecs.value(VarLongCoder.of());

  @TimerId("update")
  private final TimerSpec updateSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

  @TimerId("end")
  private final TimerSpec endSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  /**
   * The function.
   *
   * @param seeded whether shards of videos begin with their whole history
   */
  SumDays(MeasureSettings settings, boolean seeded) {
    this.settings = settings;
    this.seeded = seeded;
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, byte[]> element,
      BoundedWindow window,
      @StateId("days") MapState<String, byte[]> days,
      @StateId("changed") MapState<String, Integer> changed,
      @StateId("generation") ValueState<Long> generation,
      @StateId("sown") ValueState<byte[]> sown,
      @StateId("newest") ValueState<Long> newest,
      @StateId("due") ValueState<Long> due,
      @TimerId("update") Timer update,
      @TimerId("end") Timer end) {
    Packed.Reader reader = new Packed.Reader(Objects.requireNonNull(element.getValue()));
    Packed.Writer writer = new Packed.Writer(1024);
    if (!begin(reader, days, changed, generation, sown, newest)) {
      return;
    }
    boolean keepsAll = settings.bounded() || isSowing(sown.read());
    Long known = newest.read();
    long last = known == null ? Long.MIN_VALUE : known;
    long before = last;
    while (reader.hasMore()) {
      String key = reader.text();
      DaySums sums = new DaySums();
      int slots = sums.addFrom(reader);
      long day = DaySums.day(key);
      last = Math.max(last, day);
      if (!keepsAll && day < last - KEPT_DAYS) {
        // Its sums are gone: half a window must not replace a whole one. A replay has them.
        forgottenCount.inc();
        continue;
      }
      byte[] stored = days.get(key).read();
      if (stored != null) {
        sums.addFrom(new Packed.Reader(stored));
      }
      writer.clear();
      sums.write(writer);
      days.put(key, writer.toBytes());
      Integer others = changed.get(key).read();
      changed.put(key, others == null ? slots : others | slots);
    }
    if (last != before) {
      newest.write(last);
      if (!keepsAll && before != Long.MIN_VALUE) {
        forget(days, last - KEPT_DAYS);
      }
    }
    if (due.read() == null) {
      due.write(update.getCurrentRelativeTime().getMillis() + settings.updateMs());
      update.offset(Duration.millis(settings.updateMs())).setRelative();
      end.set(window.maxTimestamp());
    }
  }

  /** Reads a block's mark; whether anything that counts comes behind it. */
  private boolean begin(
      Packed.Reader reader,
      MapState<String, byte[]> days,
      MapState<String, Integer> changed,
      ValueState<Long> generation,
      ValueState<byte[]> sown,
      ValueState<Long> newest) {
    reader.text();
    long counted = reader.unsigned();
    int kind = reader.raw();
    Long before = generation.read();
    if (before != null && before > counted) {
      return false;
    }
    if (before == null || before < counted) {
      generation.write(counted);
      days.clear();
      changed.clear();
      newest.clear();
      if (seeded) {
        byte[] parts = new byte[(settings.shards() + 7) / 8];
        for (int none = settings.shards(); none < parts.length * 8; none++) {
          parts[none / 8] |= (byte) (1 << none % 8);
        }
        sown.write(parts);
      }
    }
    if (kind == Seeds.ALL) {
      int shard = (int) reader.unsigned();
      byte[] parts = sown.read();
      if (parts != null && parts.length > 0) {
        byte[] more = parts.clone();
        more[shard / 8] |= (byte) (1 << shard % 8);
        sown.write(more);
      }
    }
    return true;
  }

  /** Whether parts of the history are still missing, or were not told yet. */
  private static boolean isSowing(byte @Nullable [] parts) {
    return parts != null && parts.length > 0;
  }

  private static boolean isWhole(byte[] parts) {
    for (byte part : parts) {
      if (part != (byte) 0xff) {
        return false;
      }
    }
    return true;
  }

  private static void forget(MapState<String, byte[]> days, long oldest) {
    List<String> old = new ArrayList<>();
    for (String key : days.keys().read()) {
      if (DaySums.day(key) < oldest) {
        old.add(key);
      }
    }
    old.forEach(days::remove);
  }

  @OnTimer("update")
  public void update(
      @StateId("days") MapState<String, byte[]> days,
      @StateId("changed") MapState<String, Integer> changed,
      @StateId("generation") ValueState<Long> generation,
      @StateId("sown") ValueState<byte[]> sown,
      @StateId("newest") ValueState<Long> newest,
      @StateId("due") ValueState<Long> due,
      OutputReceiver<WindowRow> rows) {
    if (due.read() == null) {
      return; // Clearing a timer does nothing on Flink: this one has nothing to do.
    }
    // Not before its time? At the end of bounded input it may be, and is as right as ever.
    tell(days, changed, generation, sown, newest, due, rows);
  }

  @OnTimer("end")
  public void end(
      @StateId("days") MapState<String, byte[]> days,
      @StateId("changed") MapState<String, Integer> changed,
      @StateId("generation") ValueState<Long> generation,
      @StateId("sown") ValueState<byte[]> sown,
      @StateId("newest") ValueState<Long> newest,
      @StateId("due") ValueState<Long> due,
      OutputReceiver<WindowRow> rows) {
    tell(days, changed, generation, sown, newest, due, rows);
  }

  private static void tell(
      MapState<String, byte[]> days,
      MapState<String, Integer> changed,
      ValueState<Long> generation,
      ValueState<byte[]> sown,
      ValueState<Long> newest,
      ValueState<Long> due,
      OutputReceiver<WindowRow> rows) {
    due.clear();
    byte[] parts = sown.read();
    boolean first = isSowing(parts);
    if (first && !isWhole(Objects.requireNonNull(parts))) {
      return; // The last part makes it due again.
    }
    long counted = Objects.requireNonNull(generation.read());
    for (Map.Entry<String, Integer> entry : changed.entries().read()) {
      String dayKey = entry.getKey();
      byte[] stored = days.get(dayKey).read();
      if (stored == null) {
        continue;
      }
      DaySums sums = new DaySums();
      sums.addFrom(new Packed.Reader(stored));
      long day = DaySums.day(dayKey);
      for (int slot = 0; slot < FoldSnapshots.SLOTS; slot++) {
        if ((entry.getValue() & (1 << slot)) != 0) {
          rows.output(
              new WindowRow(
                  DaySums.dimension(dayKey),
                  DaySums.key(dayKey),
                  kind(slot),
                  day * SiteDays.DAY_S + (slot < FoldSnapshots.SLOT_DAY ? slot * 3600L : 0),
                  counted,
                  sums.slot(slot)));
        }
      }
    }
    changed.clear();
    Long last = newest.read();
    if (first) {
      sown.write(TOLD);
      if (last != null) {
        forget(days, last - KEPT_DAYS);
      }
    }
  }

  private static WindowKind kind(int slot) {
    if (slot < FoldSnapshots.SLOT_DAY) {
      return WindowKind.HOUR;
    }
    if (slot == FoldSnapshots.SLOT_DAY) {
      return WindowKind.DAY;
    }
    return slot == FoldSnapshots.SLOT_FIRST_24H ? WindowKind.FIRST_24H : WindowKind.FIRST_7D;
  }
}
