package dev.reelbeam.stages.engagement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.engagement.OperationsAlert;
import dev.reelbeam.model.engagement.OperationsEvent;
import dev.reelbeam.model.engagement.OperationsEvent.Kind;
import dev.reelbeam.model.engagement.Trend;
import dev.reelbeam.model.port.OperationsBooks;
import dev.reelbeam.stages.coder.RecordCoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Alerts of the running of the house, and trends. */
class WatchTest {
  private static final Queue<Object> TOLD = new ConcurrentLinkedQueue<>();
  private static final AtomicInteger ASKED = new AtomicInteger();
  private static final long QUARTER = WatchOperations.QUARTER_MS;
  private static final long NOW_MS = 2_000_000 * QUARTER;
  private static final long BEGIN_S = 1_790_000_000L;

  @BeforeEach
  void nothingWasTold() {
    TOLD.clear();
  }

  @Test
  void aQuarterOverItsBudgetIsToldOnce() {
    watch(
        new OperationsEvent(Kind.COST, "acme", 10 * QUARTER, 6_000_000),
        new OperationsEvent(Kind.COST, "acme", 10 * QUARTER + 1, 10_000_000),
        new OperationsEvent(Kind.COST, "acme", 10 * QUARTER + 1, 10_000_000),
        new OperationsEvent(Kind.COST, "blog", 10 * QUARTER + 1, 9_000_000),
        new OperationsEvent(Kind.COST, "acme", 11 * QUARTER, 5_000_000),
        new OperationsEvent(Kind.COST, "acme", 10 * QUARTER + 2, 10_000_001),
        new OperationsEvent(Kind.COST, "acme", 10 * QUARTER + 3, 12_000_000));
    assertThat(TOLD)
        .containsExactly(new OperationsAlert("cost", "acme", 10 * QUARTER, 10_000_001, 10_000_000));
  }

  @Test
  void moreThanOneInTwentyIsAnAlertAndMoreThanAHundredThatWait() {
    List<OperationsEvent> events = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      events.add(new OperationsEvent(Kind.ATTEMPT, "render", i, i == 5 || i == 6 ? 1 : 0));
      events.add(new OperationsEvent(Kind.ATTEMPT, "check", i, i == 5 ? 1 : 0));
      events.add(new OperationsEvent(Kind.ATTEMPT, "cut", QUARTER * i, 1));
    }
    events.add(new OperationsEvent(Kind.QUEUE, "render", 3, 100));
    events.add(new OperationsEvent(Kind.QUEUE, "render", 2, 140));
    events.add(new OperationsEvent(Kind.QUEUE, "render", 4, 900));
    watch(events.toArray(new OperationsEvent[0]));
    assertThat(TOLD)
        .containsExactlyInAnyOrder(
            new OperationsAlert("error_rate", "render", 0, 100, 50),
            new OperationsAlert("queue_depth", "render", 0, 140, 100));
  }

  /** No event tells of them: drafts that are not admitted, in a house in which nothing moves. */
  @Test
  void whatWaitsByTheBooksIsAnAlertWhenItIsMoreThanAHundred() {
    look(150);
    assertThat(TOLD).containsExactly(new OperationsAlert("queue_depth", "all", NOW_MS, 150, 100));
    TOLD.clear();
    look(90);
    assertThat(TOLD).isEmpty();
  }

  @Test
  void ticksThatComeTogetherAskTheBooksOnce() {
    ASKED.set(0);
    look(150);
    assertThat(ASKED).hasValue(1);
  }

  private static void look(long waiting) {
    Pipeline pipeline = pipeline();
    pipeline
        .apply(
            TestStream.create(VarLongCoder.of())
                .addElements(0L, 1L, 2L)
                .advanceWatermarkToInfinity())
        .apply("Ask the books", AskBooks.of(() -> new Books(waiting)).withClock(nothing -> NOW_MS))
        .apply("Watch", WatchOperations.with(OperationsLimits.USUAL).withClock(nothing -> NOW_MS))
        .apply("Collect", ParDo.of(new CollectFn<>()));
    pipeline.run().waitUntilFinish();
  }

  private record Books(long waiting) implements OperationsBooks {
    @Override
    public List<OperationsEvent> look(long nowMs) {
      ASKED.incrementAndGet();
      return List.of(new OperationsEvent(Kind.QUEUE, ALL, nowMs, waiting));
    }

    @Override
    public void close() {}
  }

  @Test
  void attemptsThatComeSummedUpAreCountedOneByOne() {
    watch(
        new OperationsEvent(Kind.ATTEMPT, "render", 1, 2, 50),
        // 6 of 100: over 5 %.
        new OperationsEvent(Kind.ATTEMPT, "render", 2, 4, 50),
        new OperationsEvent(Kind.ATTEMPT, "check", 1, 2, 50),
        new OperationsEvent(Kind.ATTEMPT, "check", 2, 3, 50));
    assertThat(TOLD).containsExactly(new OperationsAlert("error_rate", "render", 0, 60, 50));
  }

  @Test
  void aClockThatIsFarAheadSilencesNobody() {
    watch(
        new OperationsEvent(Kind.ATTEMPT, "render", 4_102_444_800_000L, 50, 50),
        new OperationsEvent(Kind.ATTEMPT, "render", NOW_MS + 600_001, 50, 50),
        new OperationsEvent(Kind.ATTEMPT, "render", NOW_MS, 50, 50),
        // As far ahead as clocks may be.
        new OperationsEvent(Kind.ATTEMPT, "check", NOW_MS + 600_000, 50, 50));
    assertThat(TOLD)
        .containsExactlyInAnyOrder(
            new OperationsAlert("error_rate", "render", NOW_MS, 1000, 50),
            new OperationsAlert("error_rate", "check", NOW_MS, 1000, 50));
  }

  @Test
  void whatSpeedsUpAgainstItselfAndItsCohortIsATrend() {
    List<KV<String, byte[]>> paces = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      paces.add(pace("tiktok", "v" + i % 20, 0, 5_000 + 100 * (i % 7), 5_000));
    }
    // Twice as fast: told once a day. Small ones and slow ones are not.
    paces.add(pace("tiktok", "hot", 1, 20_000, 5_000));
    paces.add(pace("tiktok", "hot", 3_600, 24_000, 5_000));
    paces.add(pace("tiktok", "small", 1, 900, 10));
    paces.add(pace("tiktok", "steady", 1, 50_000, 40_000));
    paces.add(pace("tiktok", "hot", 90_000, 30_000, 5_000));
    detect(paces);
    assertThat(TOLD).extracting(told -> ((Trend) told).key()).containsExactly("hot", "hot");
    Trend trend = (Trend) TOLD.peek();
    assertThat(trend.kind()).isEqualTo("video");
    assertThat(trend.viewsPerHour()).isEqualTo(833);
    assertThat(trend.growthPerMille()).isBetween(3_900L, 4_000L);
    assertThat(trend.cohortGrowthPerMille()).isBetween(1_000L, 1_200L);
  }

  @Test
  void aWaveThatLiftsTheWholeCohortIsNone() {
    List<KV<String, byte[]>> paces = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      paces.add(pace("tiktok", "v" + i, 0, 10_000 + 3_000 * (i % 5), 5_000));
    }
    paces.add(pace("tiktok", "hot", 1, 20_000, 5_000));
    detect(paces);
    assertThat(TOLD).isEmpty();
  }

  @Test
  void aTopicsPaceIsThatOfItsVideos() {
    List<KV<String, byte[]>> paces = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      paces.add(topic("v" + i, "topic-" + i % 10, 1_000, 1_000));
    }
    paces.add(topic("a", "pumps", 400, 400));
    paces.add(topic("b", "pumps", 400, 400));
    paces.add(topic("a", "pumps", 2_000, 400));
    paces.add(topic("b", "pumps", 3_000, 400));
    detect(paces);
    Trend trend = (Trend) TOLD.peek();
    assertThat(trend.kind()).isEqualTo("topic");
    assertThat(trend.key()).isEqualTo("pumps");
    assertThat(trend.baselineViewsPerHour()).isEqualTo(800 / 24);
  }

  @Test
  void aVideoThatNobodyTellsOfAnyMoreIsTakenOutOfItsTopic() {
    List<KV<String, byte[]>> paces = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      paces.add(topic("v" + i, "topic-" + i % 10, 0, 1_000, 1_000));
    }
    paces.add(topic("a", "pumps", 0, 400, 90_000));
    paces.add(topic("b", "pumps", 0, 400, 400));
    // Four days later one of the two is all there is of it, and it is ten times as fast.
    for (int i = 0; i < 60; i++) {
      paces.add(topic("v" + i, "topic-" + i % 10, 345_600, 1_000, 1_000));
    }
    paces.add(topic("b", "pumps", 345_700, 4_000, 400));
    detect(paces);
    assertThat(TOLD).extracting(told -> ((Trend) told).key()).containsExactly("pumps");
    assertThat(((Trend) TOLD.peek()).baselineViewsPerHour()).isEqualTo(400 / 24);
  }

  private static KV<String, byte[]> pace(
      String platform, String video, long second, long recent, long baseline) {
    return KV.of(
        platform, new Pace(video, platform, null, BEGIN_S + second, recent, baseline).packed());
  }

  private static KV<String, byte[]> topic(String video, String topic, long recent, long baseline) {
    return topic(video, topic, 0, recent, baseline);
  }

  private static KV<String, byte[]> topic(
      String video, String topic, long second, long recent, long baseline) {
    return KV.of(
        DetectTrends.TOPICS,
        new Pace(video, "x", topic, BEGIN_S + second, recent, baseline).packed());
  }

  private static void watch(OperationsEvent... events) {
    Pipeline pipeline = pipeline();
    TestStream.Builder<OperationsEvent> stream =
        TestStream.create(RecordCoder.of(OperationsEvent.class));
    for (OperationsEvent event : events) {
      stream = stream.addElements(event);
    }
    pipeline
        .apply(stream.advanceWatermarkToInfinity())
        .apply("Watch", WatchOperations.with(OperationsLimits.USUAL).withClock(nothing -> NOW_MS))
        .apply("Collect", ParDo.of(new CollectFn<>()));
    pipeline.run().waitUntilFinish();
  }

  private static void detect(List<KV<String, byte[]>> paces) {
    Pipeline pipeline = pipeline();
    TestStream.Builder<KV<String, byte[]>> stream =
        TestStream.create(KvCoder.of(StringUtf8Coder.of(), ByteArrayCoder.of()));
    for (KV<String, byte[]> pace : paces) {
      stream = stream.addElements(pace);
    }
    pipeline
        .apply(stream.advanceWatermarkToInfinity())
        .apply("Detect", ParDo.of(new DetectTrends()))
        .setCoder(RecordCoder.of(Trend.class))
        .apply("Collect", ParDo.of(new CollectFn<>()));
    pipeline.run().waitUntilFinish();
  }

  private static Pipeline pipeline() {
    DirectOptions options = PipelineOptionsFactory.as(DirectOptions.class);
    options.setEnforceImmutability(false);
    options.setEnforceEncodability(false);
    return Pipeline.create(options);
  }

  private static final class CollectFn<T> extends DoFn<T, Void> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element T element) {
      TOLD.add(element);
    }
  }
}
