package dev.reelbeam.stages.engagement;

import dev.reelbeam.model.engagement.Packed;
import dev.reelbeam.model.engagement.Trend;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.jspecify.annotations.Nullable;

/**
 * Finds what speeds up: at least twice as fast as in its own two days before, and three standard
 * deviations faster than is usual in its cohort, which forgets slowly. Keyed by cohort: the videos
 * of a platform, or all topics. Told once a day for each.
 *
 * <p>Usual is what the last some hundred looks at the cohort showed, so it depends on the order of
 * arrival: a trend is a hint and not a figure.
 */
final class DetectTrends extends DoFn<KV<String, byte[]>, Trend> {
  private static final long serialVersionUID = 1L;

  /** The cohort of topics; videos' cohorts are their platforms. */
  static final String TOPICS = "topics";

  /** Slower than so many views a day is no trend, however much it grew. */
  static final long LEAST_VIEWS_A_DAY = 1_200;

  private static final double LEAST_GROWTH = 2.0;
  private static final double DEVIATIONS = 3.0;
  private static final long LEAST_LOOKS = 30;
  private static final double SLOWEST = 1.0 / 500;

  /** A few views a day more or less are chance. */
  private static final double SMOOTHING = 50;

  /** Longer than any poll is apart in a video's first months. */
  private static final long LONGEST_SILENCE_S = 3 * SiteDays.DAY_S;

  private static final int MOST_TOLD = 2_000;

  @StateId("looks")
  private final StateSpec<ValueState<Long>> looksSpec = StateSpecs.value(VarLongCoder.of());

  @StateId("mean")
  private final StateSpec<ValueState<Double>> meanSpec = StateSpecs.value(DoubleCoder.of());

  @StateId("variance")
  private final StateSpec<ValueState<Double>> varianceSpec = StateSpecs.value(DoubleCoder.of());

  /** By key: when it was told, in seconds. */
  @StateId("told")
  private final StateSpec<MapState<String, Long>> toldSpec =
      StateSpecs.map(StringUtf8Coder.of(), VarLongCoder.of());

  /** By video: its last pace, of which a topic's is the sum. About 60 bytes; topics only. */
  @StateId("paces")
  private final StateSpec<MapState<String, byte[]>> pacesSpec =
      StateSpecs.map(StringUtf8Coder.of(), ByteArrayCoder.of());

  /** By topic: the sums of its videos' recent views and baselines. Topics only. */
  @StateId("topics")
  private final StateSpec<MapState<String, byte[]>> topicsSpec =
      StateSpecs.map(StringUtf8Coder.of(), ByteArrayCoder.of());

  /** When paces were last looked through, in seconds. Topics only. */
  @StateId("swept")
  private final StateSpec<ValueState<Long>> sweptSpec = StateSpecs.value(VarLongCoder.of());

  @ProcessElement
  public void process(
      @Element KV<String, byte[]> element,
      @StateId("looks") ValueState<Long> looks,
      @StateId("mean") ValueState<Double> mean,
      @StateId("variance") ValueState<Double> variance,
      @StateId("told") MapState<String, Long> told,
      @StateId("paces") MapState<String, byte[]> paces,
      @StateId("topics") MapState<String, byte[]> topics,
      @StateId("swept") ValueState<Long> swept,
      OutputReceiver<Trend> trends) {
    String cohort = Objects.requireNonNull(element.getKey());
    Pace pace = Pace.unpacked(Objects.requireNonNull(element.getValue()));
    String key = pace.video();
    String kind = "video";
    long recent = pace.recent();
    long baseline = pace.baseline();
    if (cohort.equals(TOPICS)) {
      String topic = Objects.requireNonNull(pace.topic());
      Long last = swept.read();
      if (last == null || pace.atS() - last >= SiteDays.DAY_S) {
        sweep(pace.atS() - LONGEST_SILENCE_S, paces, topics);
        swept.write(pace.atS());
      }
      long[] sums = ofTopic(topic, pace, paces, topics);
      kind = "topic";
      key = topic;
      recent = sums[0];
      baseline = sums[1];
    }
    double growth = Math.log((recent + SMOOTHING) / (Math.max(0, baseline) + SMOOTHING));
    if (!Double.isFinite(growth)) {
      return; // Corrections downwards: no pace at all.
    }
    long count = orZero(looks.read());
    double usual = mean.read() == null ? 0 : mean.read();
    double spread = variance.read() == null ? 0 : variance.read();
    Long last = told.get(key).read();
    boolean fresh = last == null || pace.atS() - last >= SiteDays.DAY_S;
    if (count >= LEAST_LOOKS
        && fresh
        && recent >= LEAST_VIEWS_A_DAY
        && growth >= Math.log(LEAST_GROWTH)
        && growth >= usual + DEVIATIONS * Math.sqrt(spread)) {
      trends.output(
          new Trend(
              kind,
              key,
              cohort,
              pace.atS() * 1000,
              recent / 24,
              baseline / 24,
              Math.round(Math.exp(growth) * 1000),
              Math.round(Math.exp(usual) * 1000)));
      remember(key, pace.atS(), told);
    }
    double weight = Math.max(1.0 / (count + 1), SLOWEST);
    double off = growth - usual;
    looks.write(count + 1);
    mean.write(usual + weight * off);
    variance.write((1 - weight) * (spread + weight * off * off));
  }

  /** Takes videos out of their topics that nobody told of for days. */
  private static void sweep(
      long oldest, MapState<String, byte[]> paces, MapState<String, byte[]> topics) {
    List<Pace> silent = new ArrayList<>();
    for (Map.Entry<String, byte[]> entry : paces.entries().read()) {
      Pace pace = Pace.unpacked(entry.getValue());
      if (pace.atS() < oldest) {
        silent.add(pace);
      }
    }
    for (Pace pace : silent) {
      paces.remove(pace.video());
      String topic = Objects.requireNonNull(pace.topic());
      byte[] stored = topics.get(topic).read();
      if (stored == null) {
        continue;
      }
      Packed.Reader reader = new Packed.Reader(stored);
      long recent = reader.signed() - pace.recent();
      long baseline = reader.signed() - pace.baseline();
      if (recent == 0 && baseline == 0) {
        topics.remove(topic);
      } else {
        topics.put(topic, new Packed.Writer(20).signed(recent).signed(baseline).toBytes());
      }
    }
  }

  private static long[] ofTopic(
      String topic, Pace pace, MapState<String, byte[]> paces, MapState<String, byte[]> topics) {
    byte[] stored = topics.get(topic).read();
    long[] sums = new long[2];
    if (stored != null) {
      Packed.Reader reader = new Packed.Reader(stored);
      sums[0] = reader.signed();
      sums[1] = reader.signed();
    }
    byte[] before = paces.get(pace.video()).read();
    if (before != null) {
      Pace old = Pace.unpacked(before);
      sums[0] -= old.recent();
      sums[1] -= old.baseline();
    }
    sums[0] += pace.recent();
    sums[1] += pace.baseline();
    paces.put(pace.video(), pace.packed());
    topics.put(topic, new Packed.Writer(20).signed(sums[0]).signed(sums[1]).toBytes());
    return sums;
  }

  private static void remember(String key, long atS, MapState<String, Long> told) {
    List<String> old = new ArrayList<>();
    int size = 0;
    for (Map.Entry<String, Long> entry : told.entries().read()) {
      size++;
      if (atS - entry.getValue() >= SiteDays.DAY_S) {
        old.add(entry.getKey());
      }
    }
    if (size >= MOST_TOLD) {
      old.forEach(told::remove);
    }
    told.put(key, atS);
  }

  private static long orZero(@Nullable Long value) {
    return value == null ? 0 : value;
  }
}
