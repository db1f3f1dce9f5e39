package dev.reelbeam.clients.visual;

import static dev.reelbeam.clients.visual.VisualFinderContract.failure;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.http.ProviderHttp;
import dev.reelbeam.clients.http.Secret;
import dev.reelbeam.clients.http.ServerCalls;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.Purse;
import dev.reelbeam.model.port.VisualFinder;
import dev.reelbeam.model.visual.Scene;
import dev.reelbeam.model.visual.Visual;
import dev.reelbeam.model.visual.VisualFile;
import dev.reelbeam.simulators.ComfySimulator;
import dev.reelbeam.simulators.Fault;
import dev.reelbeam.simulators.OpenAiSimulator;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes wrong between a ComfyUI server and a clip. */
@Timeout(240)
class ComfyFaultsTest {
  private static final Scene SCENE = VisualFinderContract.scene();

  private ComfySimulator comfy;

  @BeforeEach
  void start() throws IOException {
    comfy = ComfySimulator.start();
  }

  @AfterEach
  void stop() {
    comfy.close();
  }

  private VisualFinder open(String more) {
    return open(more, VisualTests.cache());
  }

  private VisualFinder open(String more, SearchCache cache) {
    return VisualTests.open(
        "{name: comfyui, base_url: '"
            + comfy.baseUrl()
            + "', model: ltx-video-2b-v0.9.5.safetensors, long_side: 992,"
            + " workflow: {frame_rate: 8, seconds: 1"
            + more
            + "}}",
        cache);
  }

  private static Visual offer(VisualFinder finder, String rung) throws StageException {
    return finder.find(SCENE).stream()
        .filter(offer -> offer.id().startsWith(rung))
        .findFirst()
        .orElseThrow();
  }

  private static VisualFile full(VisualFinder finder) throws StageException {
    return finder.fetch(offer(finder, "full"), SCENE);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"RATE_LIMIT", "RATE_LIMIT_WITH_RETRY_AFTER", "SERVER_ERROR", "OVERLOADED"})
  void aPassingFaultIsOvercome(Fault fault) throws StageException {
    comfy.next(fault);

    assertThat(full(open("")).bytes()).isNotEmpty();

    assertThat(comfy.workflows()).hasSize(1);
  }

  @Test
  void aSubmissionWhoseAnswerWasLostIsFoundAndNotMadeTwice() throws StageException {
    comfy.next(Fault.CONNECTION_RESET);
    assertThat(full(open("")).bytes()).isNotEmpty();
    assertThat(comfy.workflows()).hasSize(1);

    // By the names of its files, where the server gives numbers of its own.
    comfy.ownNumbers();
    comfy.next(Fault.CONNECTION_RESET);
    assertThat(full(open("")).bytes()).isNotEmpty();
    assertThat(comfy.workflows()).hasSize(2);
  }

  @Test
  void whoComesAfterARestartFindsTheJobAndAFailedOneIsSubmittedAnew() throws StageException {
    SearchCache cache = VisualTests.cache();
    VisualFile file = full(open("", cache));
    assertThat(full(open("", cache)).bytes()).isEqualTo(file.bytes());
    assertThat(comfy.workflows()).hasSize(1);

    SearchCache other = VisualTests.cache();
    comfy.nextJobs(Fault.JOB_FAILS);
    assertThat(failure(() -> full(open("", other))).code().number()).isBetween(2_000, 2_999);
    assertThat(full(open("", other)).bytes()).isNotEmpty();
    assertThat(comfy.workflows()).hasSize(3);
  }

  @Test
  void withoutASocketTheHistoryIsAsked() throws StageException {
    comfy.deaf();

    long beganNs = System.nanoTime();
    VisualFile file = full(open(""));
    long tookMs = (System.nanoTime() - beganNs) / 1_000_000;

    assertThat(file.charges())
        .singleElement()
        .satisfies(
            charge -> {
              assertThat(charge.unit()).isEqualTo(Charge.Unit.GPU_SECOND);
              // A second that has begun counts: one, unless the machine was busy for longer.
              assertThat(charge.quantity()).isBetween(1L, tookMs / 1_000 + 1);
            });
  }

  @Test
  void aJobThatTheServerForgotIsSubmittedOnceMore() throws StageException {
    comfy.nextJobs(Fault.JOB_FORGOTTEN);
    assertThat(full(open("")).bytes()).isNotEmpty();
    assertThat(comfy.workflows()).hasSize(2);

    comfy.nextJobs(Fault.JOB_FORGOTTEN, Fault.JOB_FORGOTTEN);
    assertThat(failure(() -> full(open(""))).code()).isEqualTo(FailureCode.JOB_LOST);
    assertThat(comfy.workflows()).hasSize(4);
  }

  @Test
  void aJobThatTakesTooLongIsInterrupted() {
    comfy.nextJobs(Fault.JOB_HANGS);

    StageException failure = failure(() -> full(open(", deadline_seconds: 1")));

    assertThat(failure.code()).isEqualTo(FailureCode.JOB_OVERDUE);
    assertThat(comfy.cancelled()).hasSize(1);
  }

  @Test
  void aJobThatDoesNotBeginLeavesTheQueueAndTheServerIsBusy() throws Exception {
    comfy.nextJobs(Fault.JOB_HANGS);
    VisualFinder finder = open("");
    Visual offer = offer(finder, "full");
    Thread first =
        new Thread(
            () -> {
              try {
                VisualFile unused = finder.fetch(offer, SCENE);
              } catch (StageException | CancellationException e) {
                // It hangs until it is interrupted.
              }
            });
    first.start();
    while (comfy.workflows().isEmpty()) {
      Thread.onSpinWait();
    }
    ServerCalls calls =
        new ServerCalls(
            "comfyui",
            comfy.baseUrl(),
            Secret.none(),
            "",
            "",
            new ProviderHttp(
                "comfyui", comfy.baseUrl(), Secret.none(), VisualTests.QUICK, new ComfyErrors()));
    ComfyServer server = new ComfyServer(calls, calls, Duration.ofMillis(5));
    ObjectNode workflow = comfy.workflows().get(0).deepCopy();

    StageException failure =
        failure(
            () ->
                server.run(
                    workflow, "a second job", Duration.ofMillis(20), ComfyServer.Numbers.UNKEPT));

    assertThat(failure.code()).isEqualTo(FailureCode.PROVIDER_BUSY);
    assertThat(comfy.cancelled()).hasSize(1);
    first.interrupt();
    first.join(60_000);
  }

  @Test
  void aDeadlineIsBoundedOnBothSides() {
    assertThat(ComfyFinder.deadline(0, 1)).isEqualTo(Duration.ofSeconds(120));
    assertThat(ComfyFinder.deadline(0, 100)).isEqualTo(Duration.ofSeconds(500));
    assertThat(ComfyFinder.deadline(0, Long.MAX_VALUE)).isEqualTo(Duration.ofSeconds(1_500));
    assertThat(ComfyFinder.deadline(7, 100)).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void oneMeasureCountsForAnEighthToEightTimes() {
    GpuTimes times =
        new GpuTimes(VisualTests.cache().store(), Clock.systemUTC(), "one measure", 1_000);
    assertThat(times.expectedSeconds(1_000, 1_000, 80)).isEqualTo(83);

    times.took(100_000_000, 1_000, 1_000, 80);
    assertThat(times.expectedSeconds(1_000, 1_000, 80)).isEqualTo(3 + 8 * 80);

    times.took(1, 1_000, 1_000, 80);
    assertThat(times.expectedSeconds(1_000, 1_000, 80)).isEqualTo(3 + (8 + 1) * 80 / 2);
  }

  @Test
  void whatTheServerHadInItsCacheAndSimplerGraphsAreNoMeasure() throws StageException {
    List<Charge> prices = new ArrayList<>();
    VisualFinder finder =
        VisualTests.open(
                "{name: cache-test, kind: comfyui, base_url: '"
                    + comfy.baseUrl()
                    + "', model: ltx-video-2b-v0.9.5.safetensors, long_side: 992,"
                    + " workflow: {frame_rate: 8, seconds: 1, gpu_ms: 64000}}")
            .paying(
                (provider, price) -> {
                  prices.addAll(price);
                  return Purse.Hold.NOTHING;
                });

    for (String rung : List.of("simple", "full", "full", "full")) {
      VisualFile unused = finder.fetch(offer(finder, rung), SCENE);
    }

    List<Long> seconds = prices.stream().map(Charge::quantity).toList();
    assertThat(seconds.get(1)).isEqualTo(seconds.get(0));
    assertThat(seconds.get(2)).isLessThan(seconds.get(1));
    assertThat(seconds.get(3)).isEqualTo(seconds.get(2));
  }

  @Test
  void anotherSizeOrLengthIsAskedForAnew() {
    String settings =
        "{name: comfyui, base_url: 'http://localhost:1', model: m, long_side: %d,"
            + " workflow: {seconds: %d}}";
    assertThat(
            List.of(
                VisualTests.open(settings.formatted(768, 5)).identity(),
                VisualTests.open(settings.formatted(992, 5)).identity(),
                VisualTests.open(settings.formatted(768, 4)).identity()))
        .doesNotHaveDuplicates();
  }

  @Test
  void aJobThatNobodyWaitsForIsInterrupted() throws Exception {
    comfy.nextJobs(Fault.JOB_HANGS);
    VisualFinder finder = open("");
    Visual offer = offer(finder, "full");
    AtomicReference<Throwable> ended = new AtomicReference<>();
    Thread waiting =
        new Thread(
            () -> {
              try {
                VisualFile unused = finder.fetch(offer, SCENE);
              } catch (StageException | CancellationException e) {
                ended.set(e);
              }
            });
    waiting.start();
    while (comfy.workflows().isEmpty()) {
      Thread.onSpinWait();
    }
    waiting.interrupt();
    waiting.join(60_000);

    assertThat(ended.get()).isInstanceOf(CancellationException.class);
    assertThat(comfy.cancelled()).hasSize(1);
  }

  /** Each edit of a project would else book up to 1500 s for a job that never began. */
  @Test
  void aJobThatIsGivenUpIsBookedAsLongAsItRanAndNotAtAllInTheQueue() throws Exception {
    comfy.nextJobs(Fault.JOB_HANGS);
    List<Charge> ran = new ArrayList<>();
    List<Charge> stood = new ArrayList<>();
    AtomicInteger released = new AtomicInteger();
    Thread first = fetching(open("").paying(VisualTests.booking(ran)));
    while (comfy.workflows().isEmpty()) {
      Thread.onSpinWait();
    }
    Thread second =
        fetching(
            open(", seconds: 4")
                .paying(
                    (provider, price) ->
                        new Purse.Hold() {
                          @Override
                          public void settle(List<Charge> billed) {
                            stood.addAll(billed);
                          }

                          @Override
                          public void release() {
                            released.incrementAndGet();
                          }
                        }));
    while (comfy.workflows().size() < 2) {
      Thread.onSpinWait();
    }
    // Each looks into the history first, then into the queue: after two looks it has seen that the
    // other one is before it, or that its own one runs.
    while (comfy.looks(0) < 2 || comfy.looks(1) < 2) {
      Thread.onSpinWait();
    }

    second.interrupt();
    second.join(60_000);
    first.interrupt();
    first.join(60_000);

    assertThat(comfy.cancelled()).hasSize(2);
    assertThat(released).hasValue(1);
    assertThat(stood).isEmpty();
    assertThat(ran)
        .singleElement()
        .satisfies(charge -> assertThat(charge.quantity()).isBetween(1L, 30L));
  }

  private static Thread fetching(VisualFinder finder) {
    Thread thread =
        new Thread(
            () -> {
              try {
                VisualFile unused = finder.fetch(offer(finder, "full"), SCENE);
              } catch (StageException | CancellationException e) {
                // What it is billed as is what counts.
              }
            });
    thread.start();
    return thread;
  }

  @Test
  void whatAnUnfinishedJobHadPutOutIsKeptAndOfferedBeforeAStill() throws StageException {
    VisualFinder finder = open("");
    Visual kept = offer(finder, "kept");
    assertThat(failure(() -> finder.fetch(kept, SCENE)).code())
        .isEqualTo(FailureCode.VISUAL_MISSING);

    comfy.nextJobs(Fault.JOB_FAILS_LATE);
    StageException failure = failure(() -> full(finder));
    assertThat(failure.code()).isEqualTo(FailureCode.JOB_FAILED);
    assertThat(failure.getMessage()).contains("SaveVideo").contains("No space left");

    assertThat(finder.fetch(kept, SCENE).bytes()).startsWith(0x89, 'P', 'N', 'G');
    assertThat(comfy.workflows()).hasSize(1);
  }

  @Test
  void whatIsKeptIsThereWithoutTheServer() throws StageException {
    VisualFinder finder = open("");
    assertThat(finder.kept(SCENE)).isEmpty();
    comfy.nextJobs(Fault.JOB_FAILS_LATE);
    StageException unused = failure(() -> full(finder));
    comfy.close();

    Visual kept = finder.kept(SCENE).orElseThrow();

    assertThat(kept).isEqualTo(offer(finder, "kept"));
    assertThat(finder.fetch(kept, SCENE).bytes()).startsWith(0x89, 'P', 'N', 'G');
  }

  /** The usual end on a small card. */
  @Test
  void whatAJobThatTookTooLongHadPutOutIsKeptAndTheCardIsPaidFor() throws StageException {
    List<Charge> booked = new ArrayList<>();
    VisualFinder finder = open(", deadline_seconds: 1").paying(VisualTests.booking(booked));
    comfy.nextJobs(Fault.JOB_HANGS_LATE);
    long beganNs = System.nanoTime();

    assertThat(failure(() -> full(finder)).code()).isEqualTo(FailureCode.JOB_OVERDUE);
    long tookMs = (System.nanoTime() - beganNs) / 1_000_000;

    assertThat(comfy.cancelled()).hasSize(1);
    assertThat(booked)
        .singleElement()
        .satisfies(charge -> assertThat(charge.quantity()).isBetween(1L, tookMs / 1_000 + 1));
    assertThat(finder.fetch(offer(finder, "kept"), SCENE).bytes()).startsWith(0x89, 'P', 'N', 'G');
  }

  @Test
  void everyStepDownSaysWhatItGivesUpAndAsksForLess() throws StageException {
    VisualFinder finder = open("");

    assertThat(finder.find(SCENE))
        .extracting(Visual::concession)
        .containsExactly(
            null,
            null,
            "a simpler description",
            "a simplified workflow",
            "fewer pixels",
            "a frame of an unfinished clip",
            "a still picture");
    for (String rung : List.of("full", "words", "simple", "small", "still")) {
      VisualFile unused = finder.fetch(offer(finder, rung), SCENE);
    }
    List<JsonNode> sent = comfy.workflows();
    assertThat(sent.get(1).path("3").path("inputs").path("text").asText().length())
        .isLessThan(sent.get(0).path("3").path("inputs").path("text").asText().length());
    assertThat(sent.get(2).size()).isLessThan(sent.get(1).size());
    assertThat(sent.get(3).path("5").path("inputs").path("width").asInt())
        .isLessThan(sent.get(2).path("5").path("inputs").path("width").asInt());
    assertThat(sent.get(4).toString()).contains("SaveImage").doesNotContain("SaveVideo");
  }

  @Test
  void aModelThatTheServerDoesNotHaveIsToldBeforeAnythingRuns() {
    VisualFinder finder =
        VisualTests.open(
            "{name: comfyui, base_url: '" + comfy.baseUrl() + "', model: other.safetensors}");

    StageException failure = failure(() -> full(finder));

    assertThat(failure.code()).isEqualTo(FailureCode.WORKFLOW_INVALID);
    assertThat(failure.getMessage()).contains("ckpt_name").contains("other.safetensors");
    assertThat(comfy.workflows()).isEmpty();
  }

  @Test
  void aBudgetHoldsBackWhatTheCardWouldTake() throws StageException {
    Purse empty =
        (provider, price) -> {
          assertThat(price).extracting(Charge::unit).containsExactly(Charge.Unit.GPU_SECOND);
          throw new StageException(FailureCode.BUDGET_SPENT, "nothing left");
        };

    assertThat(failure(() -> full(open("").paying(empty))).code())
        .isEqualTo(FailureCode.BUDGET_SPENT);

    assertThat(comfy.workflows()).isEmpty();
  }

  @Test
  void aPageInsteadOfAFileIsRefused() {
    comfy.nextFiles(Fault.HTML_PAGE);

    assertThat(failure(() -> full(open(""))).code()).isEqualTo(FailureCode.PROVIDER_REPLY_INVALID);
  }

  @Test
  void aModelWritesTheWorkflowAndWhatItWritesWrongTheTemplateReplaces() throws Exception {
    try (OpenAiSimulator writer =
        OpenAiSimulator.start("sk-right", OpenAiSimulator.Dialect.OPENAI)) {
      String settings =
          ", writer: {name: writer, base_url: '"
              + writer.baseUrl()
              + "', model: writer-large, key: 'env:KEY'}";
      VisualFile written = full(open(settings));
      assertThat(written.charges()).extracting(Charge::unit).contains(Charge.Unit.OUTPUT_TOKEN);
      assertThat(comfy.workflows().get(0).toString()).contains("A slow dolly shot.");

      for (String answer :
          List.of(
              node("RunAnything", "code", "import os"),
              node("NoSuchNode", "x", "1"),
              node("EmptyLTXVLatentVideo", "width", "1e999999999"),
              "{\"nodes\":[]}")) {
        int before = writer.calls();
        writer.answerBy((name, schema, prompt) -> answer);
        List<Charge> booked = new ArrayList<>();
        VisualFinder finder = open(settings).paying(VisualTests.booking(booked));
        for (int again = 0; again < 2; again++) {
          assertThat(failure(() -> full(finder)).code()).isEqualTo(FailureCode.WORKFLOW_INVALID);
        }
        // One round that tells what is wrong, and no third.
        assertThat(writer.calls() - before).isEqualTo(2);
        assertThat(booked)
            .describedAs("the rounds are paid for, once")
            .filteredOn(charge -> charge.unit() == Charge.Unit.OUTPUT_TOKEN)
            .hasSize(2);

        Visual offer = offer(finder, "template");
        VisualFile filled = finder.fetch(offer, SCENE);
        assertThat(offer.concession()).contains("template");
        assertThat(filled.bytes()).isNotEmpty();
        assertThat(filled.charges())
            .extracting(Charge::unit)
            .containsExactly(Charge.Unit.GPU_SECOND);
        JsonNode sent = comfy.workflows().get(comfy.workflows().size() - 1);
        assertThat(sent.toString()).doesNotContain("RunAnything").contains("EmptyLTXVLatentVideo");
      }
      int before = writer.calls();
      writer.next(Fault.EMPTY_WALLET);
      // The writer's empty wallet is not the server's.
      assertThat(failure(() -> full(open(settings))).code())
          .isEqualTo(FailureCode.WORKFLOW_INVALID);
      assertThat(writer.calls() - before).isEqualTo(1);
    }
  }

  private static String node(String kind, String input, String text) {
    return "{\"nodes\":[{\"id\":\"1\",\"class_type\":\""
        + kind
        + "\",\"inputs\":[{\"name\":\""
        + input
        + "\",\"text\":\""
        + text
        + "\",\"node\":\"\",\"output\":0}]}]}";
  }
}
