package dev.reelbeam.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.fakes.FakeProjectLedger;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.project.AuditEntry;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.model.project.ControlType;
import dev.reelbeam.model.project.DeliveryOutcome;
import dev.reelbeam.model.project.DeliveryState;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.project.ProjectEdits;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.model.project.WaitingArtifact;
import dev.reelbeam.stages.SmallVideos;
import dev.reelbeam.stages.flow.NarratedVideo;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.review.ReviewGate;
import dev.reelbeam.stages.review.Subject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.beam.runners.flink.JobsOnFlink;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The gate of a streaming job on Flink's runtime, whose timers cannot be cleared and are state.
 * What waits since an hour ago by the ledger has a deadline of an hour that passes in some seconds.
 */
class ReviewGateOnFlinkTest {
  private static final long HOUR_MS = 3_600_000;

  /** What the gate gives a decision on its way, behind a deadline. */
  private static final long GRACE_MS = 60_000;

  private static final String BY_HAND = "manual";
  private static final String THEN_APPROVED = "manual 1h approve";
  private static final String THEN_REJECTED = "manual 1h reject";
  private static final String VIDEOS = "videos";
  private static final String EVENTS = "events";

  private static final Queue<String> PASSED = new ConcurrentLinkedQueue<>();
  private static final FakeProjectLedger LEDGER = new FakeProjectLedger();

  @TempDir private Path savepoints;

  @Test
  void peopleDecideAndDeadlinesDoAndATimerThatIsSetStillDoesNoHarm() throws Exception {
    try (JobsOnFlink flink = JobsOnFlink.start()) {
      JobID first = flink.run(ReviewGateOnFlinkTest::graph);
      arrives("let-through", BY_HAND);
      arrives("refused", BY_HAND);
      arrives("held", BY_HAND);
      for (String project : List.of("let-through", "refused", "held")) {
        awaitState(project, DeliveryState.WAITING);
      }
      decide("let-through", ControlType.APPROVED, 1);
      decide("refused", ControlType.REJECTED, 1);
      awaitState("let-through", DeliveryState.IN_PROGRESS);
      awaitState("refused", DeliveryState.REJECTED);
      assertThat(PASSED).containsExactly("let-through@1");

      // Both timers are set; one of them is not needed any more when it fires.
      long dueMs = System.currentTimeMillis() + 6_000;
      waitsUntil("in-time", THEN_REJECTED, dueMs);
      waitsUntil("edited", THEN_REJECTED, dueMs);
      waitsUntil("by-approval", THEN_APPROVED, dueMs);
      waitsUntil("by-rejection", THEN_REJECTED, dueMs);
      for (String project : List.of("in-time", "edited", "by-approval", "by-rejection")) {
        awaitState(project, DeliveryState.WAITING);
      }
      decide("in-time", ControlType.APPROVED, 1);
      awaitState("in-time", DeliveryState.IN_PROGRESS);
      // Its next version has an hour from now, and the timer of the one before is set still.
      decide("edited", ControlType.APPROVED, 1);
      awaitState("edited", DeliveryState.IN_PROGRESS);
      raise("edited");
      JobsOnFlink.send(VIDEOS, SmallVideos.narrated("edited", 2, THEN_REJECTED, "edited-2"));
      awaitState("edited", DeliveryState.WAITING);
      assertThat(System.currentTimeMillis()).as("all of it came before").isLessThan(dueMs);

      awaitState("by-approval", DeliveryState.IN_PROGRESS);
      awaitState("by-rejection", DeliveryState.REJECTED);
      assertThat(System.currentTimeMillis()).isGreaterThanOrEqualTo(dueMs);
      assertThat(decidedBy("by-approval")).containsExactly("deadline: approved");
      assertThat(decidedBy("by-rejection")).containsExactly("deadline: rejected");
      assertThat(decidedBy("in-time")).containsExactly("ann: approved");
      assertThat(PASSED).containsExactly("let-through@1", "in-time@1", "edited@1", "by-approval@1");
      assertThat(LEDGER.waiting("edited"))
          .extracting(WaitingArtifact::artifact, WaitingArtifact::parked)
          .containsExactly(org.assertj.core.groups.Tuple.tuple("edited-2", false));

      // What is held, and when it is due, outlives the job.
      long laterMs = System.currentTimeMillis() + 8_000;
      waitsUntil("due-later", THEN_APPROVED, laterMs);
      awaitState("due-later", DeliveryState.WAITING);
      String savepoint = flink.stop(first, savepoints);
      PASSED.clear();
      JobID second = flink.resume(savepoint, ReviewGateOnFlinkTest::graph);
      decide("held", ControlType.APPROVED, 1);
      decide("edited-2", "edited", ControlType.APPROVED, 2);
      awaitState("held", DeliveryState.IN_PROGRESS);
      awaitState("edited", DeliveryState.IN_PROGRESS);
      awaitState("due-later", DeliveryState.IN_PROGRESS);
      assertThat(PASSED).containsExactlyInAnyOrder("held@1", "edited@2", "due-later@1");
      assertThat(decidedBy("due-later")).containsExactly("deadline: approved");
      flink.cancel(second);
    }
  }

  private static void graph(Pipeline pipeline) {
    JobsOnFlink.mail(pipeline, VIDEOS, NarratedVideo.class)
        .apply(
            "Gate",
            ReviewGate.holding(
                Subject.script(),
                () -> Progress.NONE,
                () -> LEDGER,
                JobsOnFlink.mail(pipeline, EVENTS, ControlEvent.class)))
        .apply("Collect", ParDo.of(new CollectFn()));
  }

  /** A first version, whose bytes have the project's name. */
  private static void arrives(String project, String mode) {
    LEDGER.admit(SmallVideos.entry(project));
    LEDGER.expect(new RecordKey(project, 1), 1, SmallVideos.PRESETS);
    JobsOnFlink.send(VIDEOS, SmallVideos.narrated(project, 1, mode, project));
  }

  /** One that has waited for so long that its deadline decides then. */
  private static void waitsUntil(String project, String mode, long dueMs) {
    long sinceMs = dueMs - GRACE_MS - HOUR_MS;
    LEDGER.admit(SmallVideos.entry(project));
    LEDGER.park(
        new WaitingArtifact(
            new RecordKey(project, 1),
            Gate.SCRIPT,
            SmallVideos.VARIANT,
            SmallVideos.PRESETS,
            project,
            1,
            Map.of(),
            sinceMs,
            sinceMs + HOUR_MS,
            /* parked= */ false));
    arrives(project, mode);
  }

  private static void decide(String project, ControlType type, long epoch) {
    decide(project, project, type, epoch);
  }

  private static void decide(String artifact, String project, ControlType type, long epoch) {
    JobsOnFlink.send(
        EVENTS,
        ControlEvent.about(
            "event-" + artifact,
            type,
            project,
            Gate.SCRIPT,
            artifact,
            epoch,
            "ann",
            System.currentTimeMillis(),
            "so"));
  }

  private static void raise(String project) {
    LEDGER.apply(
        ControlEvent.of(
            "retry-" + project, ControlType.RETRY, project, "ann", System.currentTimeMillis()),
        LEDGER.epoch(project),
        ProjectEdits.NONE,
        ProjectStatus.SCRIPTING);
    LEDGER.expect(new RecordKey(project, 1), LEDGER.epoch(project), SmallVideos.PRESETS);
  }

  private static List<String> decidedBy(String project) {
    return LEDGER.audited(project).stream()
        .map((AuditEntry line) -> line.who() + ": " + line.decision())
        .toList();
  }

  private static void awaitState(String project, DeliveryState state) throws Exception {
    JobsOnFlink.await(
        () ->
            LEDGER.outcomes(project).stream()
                .map(DeliveryOutcome::state)
                .toList()
                .equals(List.of(state)),
        () -> project + " " + state + ": " + LEDGER.outcomes(project));
  }

  private static final class CollectFn extends DoFn<NarratedVideo, Void> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element NarratedVideo video) {
      PASSED.add(video.recordKey().recordId() + "@" + video.epoch());
    }
  }
}
