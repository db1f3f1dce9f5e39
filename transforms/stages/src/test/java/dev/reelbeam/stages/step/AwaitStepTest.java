package dev.reelbeam.stages.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.fakes.FakeProjectLedger;
import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.meter.Places;
import dev.reelbeam.model.meter.WorkMeter;
import dev.reelbeam.model.port.Purse;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.model.project.ControlType;
import dev.reelbeam.model.project.ProjectEdits;
import dev.reelbeam.model.project.ProjectEntry;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.stages.CollectDead;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.deadletter.DeadLetters;
import dev.reelbeam.stages.flow.EpochFence;
import dev.reelbeam.stages.flow.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.DistributionResult;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricResults;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One contract for both shapes: requests in state with timers, and calls within the bundle. */
class AwaitStepTest {
  enum Shape {
    STREAMING,
    BOUNDED
  }

  /** A request; its id says what its call does. */
  record Ask(String id, long epoch) implements Tracked {
    @Override
    public RecordKey recordKey() {
      return new RecordKey(id, 1);
    }

    @Override
    public List<String> presets() {
      return id.startsWith("all")
          ? List.of("tiktok", "x_vertical", "landscape")
          : List.of("tiktok");
    }

    @Override
    public String priority() {
      return id.startsWith("low") ? "low" : "normal";
    }
  }

  record Answer(String text) {}

  private static final Queue<String> ANSWERS = new ConcurrentLinkedQueue<>();
  private static final Queue<String> OUTCOMES = new ConcurrentLinkedQueue<>();
  private static final Queue<String> WAITS = new ConcurrentLinkedQueue<>();
  private static final Queue<String> PLACES = new ConcurrentLinkedQueue<>();
  private static final Queue<String> BOUGHT = new ConcurrentLinkedQueue<>();
  private static final Progress COUNTING =
      new Progress() {
        @Override
        public void outcome(Stage stage, boolean failed) {
          OUTCOMES.add(failed ? "failed" : "done");
        }

        @Override
        public void waits(Stage stage, Tracked element, String message) {
          WAITS.add(message);
        }
      };
  private static final Map<String, AtomicInteger> CALLS = new ConcurrentHashMap<>();
  private static FakeProjectLedger ledger = new FakeProjectLedger();
  private static boolean fenced = true;
  private static @Nullable FullLine RELEASE;

  @BeforeEach
  void forget() {
    ANSWERS.clear();
    CALLS.clear();
    OUTCOMES.clear();
    BOUGHT.clear();
    PLACES.clear();
    WAITS.clear();
    CollectDead.LETTERS.clear();
    ledger = new FakeProjectLedger();
    fenced = true;
  }

  @ParameterizedTest
  @EnumSource
  void everyRequestGivesOneAnswer(Shape shape) {
    run(shape, "a", "b", "c");

    assertThat(ANSWERS).containsExactlyInAnyOrder("a!", "b!", "c!");
    assertThat(CollectDead.LETTERS).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aPassingFaultIsTriedAgain(Shape shape) {
    run(shape, "busy-2");

    assertThat(ANSWERS).containsExactly("busy-2!");
    assertThat(calls("busy-2")).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource
  void whoIsCancelledDuringACallBuysNothingMoreAndLeavesNoLetter(Shape shape) {
    admit("buys");

    runAsks(settings(shape), 60, new Ask("buys", 1));

    assertThat(BOUGHT).containsExactly("first");
    assertThat(ANSWERS).isEmpty();
    assertThat(CollectDead.LETTERS).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void theThirdFaultIsADeadLetter(Shape shape) {
    run(shape, "busy-9", "a");

    assertThat(ANSWERS).containsExactly("a!");
    assertThat(calls("busy-9")).isEqualTo(3);
    assertThat(CollectDead.LETTERS).extracting(DeadLetter::code).containsExactly("PROVIDER_FAILED");
    assertThat(CollectDead.LETTERS).extracting(DeadLetter::preset).containsExactly("tiktok");
  }

  @ParameterizedTest
  @EnumSource
  void anElementEndsOnceHoweverOftenItIsTriedAndHoweverManyDeliveriesItIs(Shape shape) {
    run(shape, "busy-2", "busy-9", "all-refused", "a");

    assertThat(OUTCOMES).containsExactlyInAnyOrder("done", "failed", "failed", "done");
    assertThat(CollectDead.LETTERS).hasSize(4);
  }

  @ParameterizedTest
  @EnumSource
  void whatCameWentOnWasSetAsideAndWasAskedOfAProviderIsCounted(Shape shape) {
    MetricResults metrics = run(shape, "busy-2", "busy-9", "all-refused", "a");

    Map<String, Long> counts = new TreeMap<>();
    for (MetricResult<Long> counter : metrics.allMetrics().getCounters()) {
      counts.put(
          counter.getName().getNamespace() + " " + counter.getName().getName(),
          counter.getAttempted());
    }
    assertThat(counts)
        .containsEntry("fit-narration records-in", 4L)
        .containsEntry("fit-narration records-out", 2L)
        // One for each delivery.
        .containsEntry("fit-narration dead-letters", 4L)
        .containsEntry("fit-narration attempts", 8L)
        .containsEntry("fit-narration artifacts-found", 8L)
        .containsEntry("fit-narration cost-micros", 24L)
        .containsEntry("provider/acme provider-calls", 8L)
        .containsEntry("provider/acme provider-errors", 6L)
        .containsEntry("provider/acme provider-waiting-ms", 16L)
        .containsEntry("provider/acme provider-cost-micros", 24L);
    for (MetricResult<DistributionResult> latency : metrics.allMetrics().getDistributions()) {
      assertThat(latency.getName().getName()).isEqualTo("latency-ms");
      assertThat(latency.getAttempted().getCount()).isBetween(2L, 4L);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatWillNotGetBetterIsNotTriedAgain(Shape shape) {
    run(shape, "refused", "defect");

    assertThat(calls("refused")).isEqualTo(1);
    assertThat(calls("defect")).isEqualTo(1);
    assertThat(CollectDead.LETTERS)
        .extracting(DeadLetter::code)
        .containsExactlyInAnyOrder("VOICE_MISSING", "UNEXPECTED");
  }

  /** It may be bought already. */
  @ParameterizedTest
  @EnumSource
  void whatNobodyKnowsTheEndOfIsNotTriedAgain(Shape shape) {
    run(shape, "lost", "overdue");

    assertThat(calls("lost")).isEqualTo(1);
    assertThat(calls("overdue")).isEqualTo(1);
    assertThat(CollectDead.LETTERS)
        .extracting(DeadLetter::code)
        .containsExactlyInAnyOrder("PROVIDER_OUTCOME_UNKNOWN", "JOB_OVERDUE");
  }

  @ParameterizedTest
  @EnumSource
  void aCallThatHangsIsInterruptedAtItsDeadline(Shape shape) {
    AwaitSettings settings =
        shape == Shape.STREAMING
            ? new AwaitSettings(2, Retries.of(2, 5_000, 300_000), 60_000, 2_000, false)
            : new AwaitSettings(2, Retries.of(2, 1, 1), 300, 2_000, true);
    run(settings, 200, "hang");

    assertThat(ANSWERS).isEmpty();
    assertThat(calls("hang")).isEqualTo(2);
    assertThat(CollectDead.LETTERS).extracting(DeadLetter::code).containsExactly("CALL_TIMEOUT");
  }

  @ParameterizedTest
  @EnumSource
  void aTurnThatOurOwnLimitsDidNotLeaveIsNoAttempt(Shape shape) {
    run(shape, "noturn-7", "a");

    assertThat(ANSWERS).containsExactlyInAnyOrder("noturn-7!", "a!");
    assertThat(calls("noturn-7")).isEqualTo(8);
    assertThat(CollectDead.LETTERS).isEmpty();
    assertThat(WAITS)
        .contains("fit-narration waits for a turn with tight: its limits allow no more at once");
  }

  @ParameterizedTest
  @EnumSource
  void whoComesAgainForATurnStandsWhereItStood(Shape shape) {
    run(shape, "noturn-5", "noturn-3");

    assertThat(PLACES).hasSize(8);
    assertThat(Set.copyOf(PLACES)).hasSize(2);
    assertThat(PLACES.stream().map(place -> place.replaceAll(".* ", "")).distinct()).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource
  void whoGetsNoTurnForLongerThanAnybodyWaitsIsALetterThatCanBeReplayed(Shape shape) {
    AwaitSettings settings =
        shape == Shape.STREAMING
            ? new AwaitSettings(
                0, new Retries(3, 5_000, 300_000, 900_000, 30_000), 600_000, 2_000, false)
            : new AwaitSettings(2, new Retries(3, 1, 2, 900_000, 1_000), 600_000, 2_000, true);
    run(settings, 60, "noturn-9999");

    assertThat(ANSWERS).isEmpty();
    assertThat(calls("noturn-9999")).isGreaterThan(3);
    assertThat(CollectDead.LETTERS)
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.code()).isEqualTo("NO_TURN");
              assertThat(letter.replayable()).isTrue();
            });
  }

  @Test
  void timeInWhichACallWaitsForTurnsIsNotItsDeadlines() {
    run(new AwaitSettings(2, Retries.of(3, 1, 2), 1_000, 2_000, true), 1, "turn-1500");

    assertThat(ANSWERS).containsExactly("turn-1500!");
    assertThat(calls("turn-1500")).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void aProviderThatIsAwayIsWaitedFor(Shape shape) {
    // 5, 10, 20, 40 and 60 s of pauses: more calls than three attempts.
    run(settings(shape), 100, "down-5", "down-5-too");

    assertThat(ANSWERS).containsExactlyInAnyOrder("down-5!", "down-5-too!");
    assertThat(calls("down-5")).isEqualTo(6);
    assertThat(CollectDead.LETTERS).isEmpty();
    assertThat(WAITS)
        .anySatisfy(
            line ->
                assertThat(line)
                    .matches(
                        "gone-down-5 is away \\(2010 PROVIDER_DOWN\\); what needs it waits until"
                            + " \\d\\d:\\d\\d"));
  }

  @ParameterizedTest
  @EnumSource
  void afterPatienceItIsTheLetterThatItWouldHaveBeen(Shape shape) {
    AwaitSettings settings =
        shape == Shape.STREAMING
            ? settings(shape).withAwayMs(60_000)
            : settings(shape).withAwayMs(1_000);
    run(settings, 100, "down-9999", "a");

    assertThat(ANSWERS).containsExactly("a!");
    assertThat(calls("down-9999")).isGreaterThan(3);
    assertThat(CollectDead.LETTERS).extracting(DeadLetter::code).containsExactly("PROVIDER_DOWN");
  }

  @ParameterizedTest
  @EnumSource
  void withoutPatienceThreeAttemptsAreMadeStill(Shape shape) {
    run(settings(shape).withAwayMs(0), 60, "down-99", "down-2");

    assertThat(ANSWERS).containsExactly("down-2!");
    assertThat(calls("down-99")).isEqualTo(3);
    assertThat(CollectDead.LETTERS).extracting(DeadLetter::code).containsExactly("PROVIDER_DOWN");
  }

  @ParameterizedTest
  @EnumSource
  void aCancelEndsTheWait(Shape shape) {
    admit("cancelled");

    runAsks(settings(shape), 60, new Ask("cancelled", 1));

    assertThat(ANSWERS).isEmpty();
    assertThat(CollectDead.LETTERS).isEmpty();
  }

  @Test
  void bundlesThatComeOneAfterTheOtherShareOnePatience() {
    Stage script = Stage.FIT_NARRATION;
    assertThat(Outages.since(script, "shared", 1_000)).isEqualTo(1_000);
    assertThat(Outages.since(script, "shared", 61_000)).isEqualTo(1_000);
    assertThat(Outages.since(script, "another", 61_000)).isEqualTo(61_000);
    // It draws: that says nothing about whether it writes.
    assertThat(Outages.since(Stage.PLAN_VISUALS, "shared", 62_000)).isEqualTo(62_000);
    Outages.over(Stage.PLAN_VISUALS, "shared");
    assertThat(Outages.since(script, "shared", 63_000)).isEqualTo(1_000);
    Outages.over(script, "shared");
    assertThat(Outages.since(script, "shared", 90_000)).isEqualTo(90_000);
    long later = 90_000 + Outages.FORGET_MS + 1;
    assertThat(Outages.since(script, "shared", later)).isEqualTo(later);
  }

  /** Its lists are told, and nothing is made. */
  @Test
  void anAnswerThatBringsNothingDoesNotEndAnOutage() {
    AwaitSettings settings = settings(Shape.BOUNDED).withAwayMs(1_000);

    run(settings, 1, "half");
    run(settings, 1, "half-too");

    assertThat(calls("half")).isGreaterThan(3);
    assertThat(calls("half-too")).isEqualTo(3);
  }

  /** Who answered in the provider's place says nothing of what it did. */
  @ParameterizedTest
  @EnumSource
  void whatAGatewayAnsweredIsNotAskedForAgain(Shape shape) {
    run(settings(shape), 100, "gateway-1");

    assertThat(calls("gateway-1")).isEqualTo(1);
    assertThat(CollectDead.LETTERS)
        .extracting(DeadLetter::code)
        .containsExactly("PROVIDER_OUTCOME_UNKNOWN");
  }

  @ParameterizedTest
  @EnumSource
  void whoSaysItselfThatItTakesLongerThanPatienceIsNotWaitedFor(Shape shape) {
    AwaitSettings settings =
        shape == Shape.STREAMING
            ? settings(shape).withAwayMs(900_000)
            : settings(shape).withAwayMs(1_000);
    run(settings, 100, "shut-3600");

    assertThat(calls("shut-3600")).isEqualTo(1);
    assertThat(CollectDead.LETTERS).extracting(DeadLetter::code).containsExactly("PROVIDER_BUSY");
  }

  /** Ten minutes of maintenance, which it tells one of those who ask; others find it closed. */
  @Test
  void aPauseThatIsAskedForIsWaitedOut() {
    run(settings(Shape.STREAMING), 400, "shut-600", "shut-600-too");

    assertThat(ANSWERS).containsExactlyInAnyOrder("shut-600!", "shut-600-too!");
    assertThat(CollectDead.LETTERS).isEmpty();
  }

  @Test
  void thatAProviderIsBackIsSeenWithinAMinute() {
    Retries retries = Retries.USUAL;
    assertThat(retries.awayPauseMs(1, 0)).isEqualTo(5_000);
    assertThat(retries.awayPauseMs(3, 0)).isEqualTo(20_000);
    assertThat(retries.awayPauseMs(30, 0)).isEqualTo(60_000);
    // Unless it says itself when.
    assertThat(retries.awayPauseMs(1, 120_000)).isEqualTo(120_000);
    assertThat(retries.awayPauseMs(1, 7_200_000)).isEqualTo(300_000);
  }

  @ParameterizedTest
  @EnumSource
  void whatBelongsToAnEpochThatIsOverIsNotCalled(Shape shape) {
    admit("old");
    admit("old-too");
    ledger.admit(entry("old", 2));

    runAsks(settings(shape), 10, new Ask("old", 1), new Ask("old-too", 1));

    assertThat(ANSWERS).containsExactly("old-too!");
    assertThat(CALLS).doesNotContainKey("old");
  }

  @ParameterizedTest
  @EnumSource
  void whatIsWantedAllTheSameIsCalledThoughItsEpochIsOver(Shape shape) {
    admit("old");
    ledger.admit(entry("old", 2));
    fenced = false;

    runAsks(settings(shape), 10, new Ask("old", 1));

    assertThat(ANSWERS).containsExactly("old!");
  }

  @Test
  void equalRequestsThatAreOutAreOneRequest() {
    run(Shape.STREAMING, "a", "a");

    assertThat(ANSWERS).containsExactly("a!");
    assertThat(calls("a")).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void whatNeedsNoWorkWaitsForNobodysTurn(Shape shape) throws Exception {
    AwaitSettings settings = settings(shape);
    CountDownLatch release = new CountDownLatch(1);
    try (CallPool pool = CallPool.open("test-" + settings.inFlight(), settings.inFlight());
        FullLine line = FullLine.of(pool, release)) {
      MetricResults metrics = run(settings, 1, "free-a");
      assertThat(ANSWERS).containsExactly("free-a!");
      assertThat(CALLS).doesNotContainKey("free-a");
      assertThat(count(metrics, "records-in")).isEqualTo(1);
      assertThat(count(metrics, "records-out")).isEqualTo(1);
      assertThat(count(metrics, "attempts")).isZero();
      release.countDown();
    }
  }

  @Test
  void whoFoundTheLineFullLooksAgainInMilliseconds() throws Exception {
    AwaitSettings settings = settings(Shape.STREAMING);
    CountDownLatch release = new CountDownLatch(1);
    try (CallPool pool = CallPool.open("test-0", 0);
        FullLine line = FullLine.of(pool, release)) {
      RELEASE = line;
      RecordCoder<Ask> coder = RecordCoder.of(Ask.class);
      TestStream.Builder<Ask> stream = TestStream.create(coder).addElements(new Ask("low-a", 0));
      stream = stream.advanceProcessingTime(Duration.millis(20));
      stream = stream.addElements(new Ask("release", 0));
      for (int i = 0; i < 20; i++) {
        stream = stream.advanceProcessingTime(Duration.millis(10));
      }
      MetricResults metrics = run(settings, stream.advanceWatermarkToInfinity());
      assertThat(ANSWERS).containsExactlyInAnyOrder("release!", "low-a!");
      for (MetricResult<DistributionResult> latency : metrics.allMetrics().getDistributions()) {
        assertThat(latency.getAttempted().getMax()).as("ms").isBetween(20L, 100L);
      }
    }
  }

  /** A line in which the low lane has no place left, until it is released. */
  private static final class FullLine implements AutoCloseable {
    private final CountDownLatch release;
    private final List<Thread> callers = new ArrayList<>();

    private FullLine(CountDownLatch release) {
      this.release = release;
    }

    static FullLine of(CallPool pool, CountDownLatch release) throws Exception {
      FullLine line = new FullLine(release);
      CountDownLatch begun = new CountDownLatch(2);
      for (int i = 0; i < 2; i++) {
        String id = "blocks-" + i;
        // A pool without threads calls on the caller's.
        Thread caller =
            new Thread(
                () ->
                    pool.begin(
                        id,
                        2,
                        () -> {
                          begun.countDown();
                          release.await();
                          return "done";
                        }));
        caller.start();
        line.callers.add(caller);
      }
      assertThat(begun.await(120, TimeUnit.SECONDS)).isTrue();
      return line;
    }

    @Override
    public void close() {
      release.countDown();
      for (Thread caller : callers) {
        try {
          caller.join(120_000);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  @Test
  void aResultLiesForAQuarterOfItsAgeAtTheMost() {
    assertThat(AwaitStep.nextLookMs(0, 2_000)).isEqualTo(10);
    assertThat(AwaitStep.nextLookMs(40, 2_000)).isEqualTo(10);
    assertThat(AwaitStep.nextLookMs(1_000, 2_000)).isEqualTo(250);
    assertThat(AwaitStep.nextLookMs(60_000, 2_000)).isEqualTo(2_000);
    assertThat(AwaitStep.nextLookMs(60_000, 250)).isEqualTo(250);
  }

  private static long count(MetricResults metrics, String name) {
    long count = 0;
    for (MetricResult<Long> counter : metrics.allMetrics().getCounters()) {
      if (counter.getName().getName().equals(name)) {
        count += counter.getAttempted();
      }
    }
    return count;
  }

  @Test
  void aStoreThatIsAwayCountsAsNoAttempt() {
    // 5, 10, 20 and 40 s of pauses: more than three attempts would have.
    run(Shape.STREAMING, "away-4");

    assertThat(ANSWERS).containsExactly("away-4!");
    assertThat(calls("away-4")).isEqualTo(5);
    assertThat(CollectDead.LETTERS).isEmpty();
  }

  @Test
  void patienceWithAStoreBeginsWhenItGoesAwayNotWhenTheRequestCame() {
    Tries old = Tries.arrived(0).called(900_000);
    assertThat(old.awayMs(900_000)).isZero();
    Tries away = old.away(900_000, 905_000).called(905_000).away(905_000, 915_000);
    assertThat(away.awayMs(930_000)).isEqualTo(30_000);
    assertThat(away.failed(1_000_000).awayMs(1_000_000)).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void whatTheStoreLacksIsALetterOfItsElementAndNobodyElseWaits(Shape shape) {
    run(shape, "missing", "a");

    assertThat(ANSWERS).containsExactly("a!");
    assertThat(calls("missing")).isEqualTo(1);
    assertThat(CollectDead.LETTERS).extracting(DeadLetter::code).containsExactly("CONTENT_MISSING");
  }

  @Test
  void pausesDoubleFromFiveSecondsAndNeverPassFiveMinutes() {
    Retries retries = Retries.USUAL;
    assertThat(retries.pauseMs(1, 0)).isEqualTo(5_000);
    assertThat(retries.pauseMs(2, 0)).isEqualTo(10_000);
    assertThat(retries.pauseMs(3, 0)).isEqualTo(20_000);
    assertThat(retries.pauseMs(30, 0)).isEqualTo(300_000);
    // What the provider asks for is obeyed, but not for ever.
    assertThat(retries.pauseMs(1, 42_000)).isEqualTo(42_000);
    assertThat(retries.pauseMs(1, 7_200_000)).isEqualTo(300_000);
  }

  @Test
  void theNextAttemptWaitsForAsLongAsTheProviderAsked() {
    // Each advance is 2 s: after 15 of them 30 s are over, after 40 more 80 s.
    AwaitSettings inline = settings(Shape.STREAMING);
    runAsks(inline, 15, new Ask("later-60", 0));
    assertThat(calls("later-60")).isEqualTo(1);

    forget();
    runAsks(inline, 55, new Ask("later-60", 0));
    assertThat(calls("later-60")).isEqualTo(2);
    assertThat(ANSWERS).containsExactly("later-60!");
  }

  @Test
  void aPoolTakesAsManyCallsAgainAsItMakesAndMeetsThoseItKnows() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (CallPool pool = CallPool.open("test-pool", 2)) {
      List<CallPool.Call<String>> begun = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        begun.add(
            pool.begin(
                "call-" + i,
                1,
                () -> {
                  release.await();
                  return "done";
                }));
      }
      assertThat(begun).doesNotContainNull();
      assertThat(pool.<String>begin("call-4", 1, () -> "no")).isNull();
      assertThat(pool.<String>begin("call-1", 1, () -> "no")).isSameAs(begun.get(1));
      assertThat(pool.out("call-").running() + pool.out("call-").waiting()).isEqualTo(4);
      assertThat(pool.out("another-")).isEqualTo(new CallPool.Out(0, 0));

      release.countDown();
      for (CallPool.Call<String> call : begun) {
        assertThat(call.get()).isEqualTo("done");
      }
    }
  }

  @Test
  void theLowLaneLeavesAPlaceAndItsLineIsNoneForOthers() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch started = new CountDownLatch(4);
    Queue<String> began = new ConcurrentLinkedQueue<>();
    try (CallPool pool = CallPool.open("test-lanes", 4)) {
      List<CallPool.Call<String>> begun = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        begun.add(call(pool, "low-" + i, 2, began, started, release));
      }
      assertThat(pool.<String>begin("low-8", 2, () -> "no")).isNull();
      begun.add(call(pool, "live", 1, began, started, release));
      assertThat(started.await(120, TimeUnit.SECONDS)).isTrue();
      assertThat(began).containsExactlyInAnyOrder("low-0", "low-1", "low-2", "live");

      release.countDown();
      for (CallPool.Call<String> one : begun) {
        assertThat(one.get()).isEqualTo("done");
      }
    }
  }

  @Test
  void whereThePlacesAreCoresTheLowLaneTakesNoneFromOthers() throws Exception {
    int cores = Runtime.getRuntime().availableProcessors();
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch started = new CountDownLatch(2 * cores);
    Queue<String> began = new ConcurrentLinkedQueue<>();
    try (CallPool pool = CallPool.open("test-cores", AwaitSettings.CORES)) {
      List<CallPool.Call<String>> begun = new ArrayList<>();
      for (int i = 0; i < 2 * cores; i++) {
        begun.add(call(pool, "low-" + i, 2, began, started, release));
      }
      for (int i = 0; i < cores; i++) {
        begun.add(call(pool, "live-" + i, 1, began, started, release));
      }
      assertThat(started.await(120, TimeUnit.SECONDS)).isTrue();
      assertThat(began).hasSize(2 * cores);
      assertThat(began.stream().filter(id -> id.startsWith("live")).count()).isEqualTo(cores);

      release.countDown();
      for (CallPool.Call<String> one : begun) {
        assertThat(one.get()).isEqualTo("done");
      }
    }
  }

  @Test
  void whatIsUrgentGoesFirst() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch started = new CountDownLatch(1);
    Queue<String> began = new ConcurrentLinkedQueue<>();
    try (CallPool pool = CallPool.open("test-line", 1)) {
      List<CallPool.Call<String>> begun = new ArrayList<>();
      begun.add(call(pool, "first", 2, began, started, release));
      begun.add(call(pool, "low", 2, began, started, release));
      begun.add(call(pool, "live", 1, began, started, release));
      begun.add(call(pool, "high", 0, began, started, release));
      release.countDown();
      for (CallPool.Call<String> one : begun) {
        assertThat(one.get()).isEqualTo("done");
      }
      assertThat(began).containsExactly("first", "high", "live", "low");
    }
  }

  private static CallPool.Call<String> call(
      CallPool pool,
      String id,
      int rank,
      Queue<String> began,
      CountDownLatch started,
      CountDownLatch release) {
    CallPool.Call<String> call =
        pool.begin(
            id,
            rank,
            () -> {
              began.add(id);
              started.countDown();
              release.await();
              return "done";
            });
    assertThat(call).as(id).isNotNull();
    return call;
  }

  @Test
  void whatIsKeptInStateIsReadByLaterReleases() {
    assertThat(
            dev.reelbeam.model.json.RecordJson.canonical(new Tries(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)))
        .isEqualTo(
            "{\"arrived_ms\":2,\"away_since_ms\":7,\"called_ms\":4,\"down_since_ms\":9,\"made\":1,"
                + "\"no_turn_since_ms\":10,\"not_before_ms\":3,\"outages\":6,\"poll_ms\":5,\"waits\":8}");
  }

  private static AwaitSettings settings(Shape shape) {
    return shape == Shape.STREAMING
        ? new AwaitSettings(0, Retries.of(3, 5_000, 300_000), 600_000, 2_000, false)
        : new AwaitSettings(2, Retries.of(3, 1, 2), 600_000, 2_000, true);
  }

  private static MetricResults run(Shape shape, String... ids) {
    return run(settings(shape), 60, ids);
  }

  private static MetricResults run(AwaitSettings settings, int advances, String... ids) {
    Ask[] asks = new Ask[ids.length];
    for (int i = 0; i < ids.length; i++) {
      asks[i] = new Ask(ids[i], 0);
    }
    return runAsks(settings, advances, asks);
  }

  private static MetricResults runAsks(AwaitSettings settings, int advances, Ask... asks) {
    RecordCoder<Ask> coder = RecordCoder.of(Ask.class);
    if (settings.inBundle()) {
      return run(settings, Create.of(List.of(asks)).withCoder(coder));
    }
    TestStream.Builder<Ask> stream = TestStream.create(coder);
    for (Ask ask : asks) {
      stream = stream.addElements(ask);
    }
    for (int i = 0; i < advances; i++) {
      stream = stream.advanceProcessingTime(Duration.standardSeconds(2));
    }
    return run(settings, stream.advanceWatermarkToInfinity());
  }

  private static MetricResults run(
      AwaitSettings settings, PTransform<PBegin, PCollection<Ask>> asks) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    try (var handler = pipeline.registerBadRecordErrorHandler(new CollectDead())) {
      AwaitStep<Ask, Answer> step =
          AwaitStep.apply(
              Stage.FIT_NARRATION,
              "test-" + settings.inFlight(),
              new TestStep(),
              Ask.class,
              Answer.class,
              settings,
              () -> COUNTING,
              new DeadLetters.Lane(handler));
      pipeline
          .apply(asks)
          .apply(fenced ? step.fencedBy(() -> ledger) : step.settledIn(() -> ledger))
          .apply("Collect", ParDo.of(new CollectFn()));
    }
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();
    return result.metrics();
  }

  private static int calls(String id) {
    AtomicInteger calls = CALLS.get(id);
    return calls == null ? 0 : calls.get();
  }

  private static void cancel(String project) {
    ledger.apply(
        ControlEvent.of("cancel-" + project, ControlType.CANCEL, project, "editor", 1),
        1,
        ProjectEdits.NONE,
        ProjectStatus.CANCELLED);
  }

  private static void admit(String project) {
    ledger.admit(entry(project, 1));
  }

  private static ProjectEntry entry(String project, int revision) {
    return new ProjectEntry(
        new RecordKey(project, revision),
        new MediaRef("c" + revision, 1, "application/json"),
        "t",
        null,
        null,
        new ProjectRequest(
            null, List.of(), VideoSettings.DEFAULT, ReviewPolicy.AUTO, "normal", true),
        "test");
  }

  private static final class TestStep implements Step<Ask, Answer> {
    private static final long serialVersionUID = 1L;

    @Override
    public Optional<Answer> atOnce(Ask ask) {
      return ask.id().startsWith("free")
          ? Optional.of(new Answer(ask.id() + "!"))
          : Optional.empty();
    }

    @Override
    public Answer apply(Ask ask) throws StageException {
      WorkMeter.artifact(true);
      WorkMeter.waited("acme", 2);
      WorkMeter.paid("acme", 3);
      boolean failed = true;
      try {
        Answer answer = answer(ask);
        failed = false;
        return answer;
      } finally {
        WorkMeter.called("acme", failed);
      }
    }

    private static String bought(String what) {
      BOUGHT.add(what);
      return what;
    }

    private static Answer answer(Ask ask) throws StageException {
      String id = ask.id();
      int call = CALLS.computeIfAbsent(id, unused -> new AtomicInteger()).incrementAndGet();
      int number = id.matches(".*-\\d+") ? Integer.parseInt(id.replaceAll(".*-", "")) : 0;
      if (id.startsWith("busy") && call <= number) {
        throw new StageException(FailureCode.PROVIDER_FAILED, "busy");
      }
      if (id.startsWith("lost")) {
        throw new StageException(FailureCode.PROVIDER_OUTCOME_UNKNOWN, "nobody knows");
      }
      if (id.startsWith("overdue")) {
        throw new StageException(FailureCode.JOB_OVERDUE, "still at it");
      }
      if (id.startsWith("later") && call == 1) {
        throw new StageException(FailureCode.PROVIDER_FAILED, "later")
            .withRetryAfterMs(number * 1000L);
      }
      if (id.startsWith("noturn") && call <= number) {
        Places places = Objects.requireNonNull(WorkMeter.places());
        UUID place = places.take("tight");
        PLACES.add(id + " " + place);
        places.keep("tight", place);
        throw new StageException(FailureCode.NO_TURN, "no turn").withProvider("tight");
      }
      if (id.startsWith("turn")) {
        try (WorkMeter.Waiting unused = WorkMeter.forTurn("tight")) {
          Thread.sleep(number);
        } catch (InterruptedException e) {
          throw new StageException(FailureCode.PROVIDER_FAILED, "interrupted", e);
        }
      }
      if (id.startsWith("down") && call <= (number > 0 ? number : 5)) {
        throw new StageException(FailureCode.PROVIDER_DOWN, "nobody answers")
            .withProvider("gone-" + id);
      }
      if (id.startsWith("half")) {
        WorkMeter.called("gone-half", /* failed= */ false);
        throw new StageException(FailureCode.PROVIDER_DOWN, "only lists").withProvider("gone-half");
      }
      if (id.startsWith("gateway") && call <= number) {
        throw new StageException(
            FailureCode.PROVIDER_OUTCOME_UNKNOWN,
            "nobody knows",
            new StageException(FailureCode.PROVIDER_DOWN, "answered 502").withProvider("gate"));
      }
      if (id.startsWith("shut") && call <= (id.equals("shut-3600") ? 9 : 2)) {
        throw new StageException(FailureCode.PROVIDER_BUSY, "left alone")
            .withProvider("gone-" + id)
            .withRetryAfterMs(id.equals("shut-3600") ? 3_600_000 : 600_000 - 300_000L * (call - 1));
      }
      if (id.equals("cancelled")) {
        if (call == 1) {
          cancel(id);
        }
        throw new StageException(FailureCode.PROVIDER_DOWN, "nobody answers")
            .withProvider("gone-" + id);
      }
      if (id.startsWith("away") && call <= number) {
        throw new StoreException(FailureCode.STORAGE_UNAVAILABLE, "away", new IOException());
      }
      if (id.equals("missing")) {
        throw new StoreException(FailureCode.CONTENT_MISSING, "not there", new IOException());
      }
      if (id.equals("buys")) {
        List<Charge> price = List.of(new Charge("acme", "m", Charge.Unit.PICTURE, 1));
        String first = Purse.OPEN.buy("acme", price, () -> bought("first"), made -> price);
        cancel(id);
        try {
          Thread.sleep(EpochFence.CACHE_MS + 100);
        } catch (InterruptedException e) {
          throw new StageException(FailureCode.PROVIDER_FAILED, "interrupted", e);
        }
        return new Answer(
            first + Purse.OPEN.buy("acme", price, () -> bought("second"), made -> price));
      }
      if (id.endsWith("refused")) {
        throw new StageException(FailureCode.VOICE_MISSING, "no");
      }
      if (id.equals("release")) {
        Objects.requireNonNull(RELEASE).close();
      }
      if (id.equals("defect")) {
        throw new IllegalStateException("defect");
      }
      if (id.equals("hang")) {
        try {
          new CountDownLatch(1).await();
        } catch (InterruptedException e) {
          throw new StageException(FailureCode.PROVIDER_FAILED, "interrupted", e);
        }
      }
      return new Answer(id + "!");
    }
  }

  private static final class CollectFn extends DoFn<Answer, Void> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element Answer answer) {
      ANSWERS.add(answer.text());
    }
  }
}
