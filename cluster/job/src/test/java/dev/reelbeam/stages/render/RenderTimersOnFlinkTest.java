package dev.reelbeam.stages.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.connectors.DeadLetterIO;
import dev.reelbeam.fakes.FakeAssetReader;
import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.fakes.FakeProjectLedger;
import dev.reelbeam.fakes.FakeRenderCredits;
import dev.reelbeam.fakes.FakeScriptWriter;
import dev.reelbeam.fakes.FakeSpeechSynthesizer;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.model.project.ControlType;
import dev.reelbeam.model.project.ProjectEdits;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.stages.SmallVideos;
import dev.reelbeam.stages.deadletter.DeadLetters;
import dev.reelbeam.stages.flow.JoinedRender;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.flow.RenderPlan;
import dev.reelbeam.stages.flow.SegmentRequest;
import dev.reelbeam.stages.flow.SegmentResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.beam.runners.flink.JobsOnFlink;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.flink.api.common.JobID;
import org.joda.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The timers of dispatch and join on Flink's runtime, where none can be cleared. */
class RenderTimersOnFlinkTest {
  private static final Duration PATIENCE = Duration.standardSeconds(7);
  private static final String PLANS = "plans";
  private static final String RESULTS = "results";

  private static final Queue<String> JOINED = new ConcurrentLinkedQueue<>();
  private static final Queue<String> RELEASED = new ConcurrentLinkedQueue<>();
  private static final FakeProjectLedger LEDGER = new FakeProjectLedger();
  private static final FakeRenderCredits CREDITS = new FakeRenderCredits();

  @TempDir private Path savepoints;
  @TempDir private Path letters;

  @Test
  void aJoinGivesUpWhatNothingMoreIsHeardOfAndNothingElse() throws Exception {
    try (JobsOnFlink flink = JobsOnFlink.start()) {
      JobID first = flink.run(this::join);
      arrives("whole", 2);
      result("whole", 0);
      result("whole", 1);
      arrives("dropped", 2);
      cancel("dropped");
      JobsOnFlink.send(RESULTS, SegmentResult.dropped("dropped", 1));
      result("without-plan", 0);
      arrives("short", 3);
      result("short", 0);
      JobsOnFlink.await(() -> JOINED.contains("whole"), JOINED::toString);
      // It begins anew, for a render that has gone: nobody may hear of it.
      result("whole", 1);
      TimeUnit.MILLISECONDS.sleep(PATIENCE.getMillis() / 2);
      long lastHeardMs = System.currentTimeMillis();
      result("short", 1);

      JobsOnFlink.await(() -> !dead().isEmpty(), () -> "letters of what never comes");
      assertThat(System.currentTimeMillis() - lastHeardMs)
          .as("a result puts the end off, though the timer before it is set still")
          .isGreaterThanOrEqualTo(PATIENCE.getMillis() - 100);
      assertThat(dead()).containsExactly("short RENDER_EXPIRED");
      assertThat(JOINED).containsExactly("whole");

      // What waits outlives the job, and so does the time when it is given up.
      arrives("goes-on", 2);
      result("goes-on", 0);
      arrives("ends", 2);
      result("ends", 0);
      TimeUnit.MILLISECONDS.sleep(500);
      String savepoint = flink.stop(first, savepoints);
      JobID second = flink.resume(savepoint, this::join);
      result("goes-on", 1);
      JobsOnFlink.await(() -> JOINED.contains("goes-on"), JOINED::toString);
      JobsOnFlink.await(() -> dead().size() == 2, () -> dead().toString());
      TimeUnit.MILLISECONDS.sleep(500);
      assertThat(dead()).containsExactlyInAnyOrder("short RENDER_EXPIRED", "ends RENDER_EXPIRED");
      assertThat(JOINED).containsExactly("whole", "goes-on");
      flink.cancel(second);
    }
  }

  @Test
  void dispatchAsksForItsCreditsAgainAndAgainAndGoesOnWhereItWas() throws Exception {
    try (JobsOnFlink flink = JobsOnFlink.start()) {
      JobID first = flink.run(RenderTimersOnFlinkTest::dispatch);
      arrives("a", 4);
      awaitReleased("a/0");
      TimeUnit.MILLISECONDS.sleep(500);
      assertThat(RELEASED).as("one at a time").hasSize(1);
      CREDITS.giveBack("a/0");
      awaitReleased("a/1");
      // It arrives while a timer is set, and must not put it off, nor set a second one.
      arrives("b", 1);
      CREDITS.giveBack("a/1");
      awaitReleased("a/2");

      String savepoint = flink.stop(first, savepoints);
      CREDITS.giveBack("a/2");
      JobID second = flink.resume(savepoint, RenderTimersOnFlinkTest::dispatch);
      awaitReleased("a/3");
      CREDITS.giveBack("a/3");
      awaitReleased("b/0");
      CREDITS.giveBack("b/0");
      // An idle pool holds nothing, and begins anew with the next render.
      TimeUnit.MILLISECONDS.sleep(500);
      arrives("c", 1);
      awaitReleased("c/0");
      assertThat(RELEASED).containsExactly("a/0", "a/1", "a/2", "a/3", "b/0", "c/0");
      flink.cancel(second);
    }
  }

  private void join(Pipeline pipeline) {
    try (var handler = pipeline.registerBadRecordErrorHandler(DeadLetterIO.write(letters))) {
      JoinRenders.join(
              JobsOnFlink.mail(pipeline, PLANS, RenderPlan.class),
              JobsOnFlink.mail(pipeline, RESULTS, SegmentResult.class),
              () -> Progress.NONE,
              () -> LEDGER,
              new DeadLetters.Lane(handler),
              PATIENCE)
          .apply("Collect", ParDo.of(new JoinedFn()));
    }
  }

  private static void dispatch(Pipeline pipeline) {
    Providers providers =
        new Providers(
                () -> new FakeObjectStore(Path.of("unset")),
                FakeAssetReader::new,
                FakeScriptWriter::new,
                FakeSpeechSynthesizer::new,
                () -> Progress.NONE)
            .withProjects(() -> LEDGER)
            .withCredits(() -> CREDITS);
    PCollectionTuple dispatched =
        JobsOnFlink.mail(pipeline, PLANS, RenderPlan.class)
            .apply(
                "Dispatch",
                DispatchByCredits.with(
                    providers,
                    new DispatchSettings(1, 1, 8, 100, 600_000, Map.of()),
                    /* force= */ false));
    dispatched.get(DispatchByCredits.REQUESTS).apply("Collect", ParDo.of(new ReleasedFn()));
  }

  /** The plan of a render that has the project's name. */
  private static void arrives(String project, int segments) {
    LEDGER.admit(SmallVideos.entry(project));
    LEDGER.expect(new RecordKey(project, 1), 1, SmallVideos.PRESETS);
    JobsOnFlink.send(PLANS, SmallVideos.render(project, segments));
  }

  private static void cancel(String project) {
    LEDGER.apply(
        ControlEvent.of("cancel-" + project, ControlType.CANCEL, project, "ann", 7),
        1,
        ProjectEdits.NONE,
        ProjectStatus.CANCELLED);
  }

  private static void result(String render, int index) {
    JobsOnFlink.send(
        RESULTS,
        new SegmentResult(render, index, SmallVideos.ref("bytes"), /* found= */ false, null, null));
  }

  private static void awaitReleased(String ticket) throws Exception {
    JobsOnFlink.await(() -> RELEASED.contains(ticket), () -> ticket + " of " + RELEASED);
  }

  private List<String> dead() {
    return DeadLetterIO.read(letters).stream()
        .map((DeadLetter letter) -> letter.recordId() + " " + letter.code())
        .toList();
  }

  private static final class JoinedFn extends DoFn<JoinedRender, Void> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element JoinedRender joined) {
      JOINED.add(joined.plan().renderId());
    }
  }

  private static final class ReleasedFn extends DoFn<SegmentRequest, Void> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element SegmentRequest request) {
      RELEASED.add(request.ticket());
    }
  }
}
