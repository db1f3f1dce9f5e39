package dev.reelbeam.stages.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.fakes.FakeProjectLedger;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.project.DeliveryOutcome;
import dev.reelbeam.model.project.DeliveryState;
import dev.reelbeam.stages.CollectDead;
import dev.reelbeam.stages.Happening;
import dev.reelbeam.stages.Videos;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.deadletter.DeadLetters;
import dev.reelbeam.stages.flow.IllustratedVideo;
import dev.reelbeam.stages.flow.JoinInput;
import dev.reelbeam.stages.flow.JoinedRender;
import dev.reelbeam.stages.flow.LaidOutVideo;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.RenderPlan;
import dev.reelbeam.stages.flow.SegmentResult;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JoinRendersTest {
  private static final Queue<JoinedRender> JOINED = new ConcurrentLinkedQueue<>();
  private static FakeProjectLedger ledger = new FakeProjectLedger();

  @BeforeEach
  void forget() {
    JOINED.clear();
    CollectDead.LETTERS.clear();
    ledger = new FakeProjectLedger();
    ledger.admit(Videos.entry("p", 1, "content", "normal"));
    ledger.expect(new RecordKey("p", 1), 1, List.of("preview"));
  }

  @Test
  void aRenderOfWhichNothingMoreIsHeardIsALetterForItsDelivery() {
    // What comes again, as of a twin of its project, is nothing new, and does not put it off.
    run(
        plan(),
        result(0),
        Happening.days(1),
        plan(),
        result(0),
        Happening.days(1),
        Happening.millis(1));

    assertThat(JOINED).isEmpty();
    assertThat(CollectDead.LETTERS)
        .extracting(DeadLetter::code, DeadLetter::preset)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("RENDER_EXPIRED", "preview"));
    assertThat(ledger.outcomes("p"))
        .extracting(DeliveryOutcome::state)
        .containsExactly(DeliveryState.DEAD);
  }

  @Test
  void timeInWhichTheJobWasDownDoesNotCount() {
    run(plan(), result(0), Happening.days(4), result(1));

    assertThat(JOINED).hasSize(1);
    assertThat(CollectDead.LETTERS).isEmpty();

    forget();
    run(plan(), result(0), Happening.days(4), Happening.millis(6 * 3_600_000 + 1));
    assertThat(CollectDead.LETTERS).hasSize(1);
  }

  /** The workers of another job are away from a Friday evening until a Tuesday. */
  @Test
  void aRenderThatGoesToAnotherJobIsWaitedForLonger() {
    run(
        JoinRenders.PATIENCE_ELSEWHERE,
        plan(),
        result(0),
        Happening.days(1),
        Happening.days(1),
        Happening.days(1),
        Happening.days(1),
        result(1));
    assertThat(JOINED).hasSize(1);
    assertThat(CollectDead.LETTERS).isEmpty();

    forget();
    run(JoinRenders.PATIENCE_ELSEWHERE, plan(), result(0), Happening.millis(7 * 86_400_000 + 1));
    assertThat(CollectDead.LETTERS)
        .extracting(DeadLetter::code, DeadLetter::message)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "RENDER_EXPIRED", "1 of 2 segments came, and none for 7 days"));
  }

  private static Happening plan() {
    LaidOutVideo video =
        new LaidOutVideo(
            new IllustratedVideo(
                Videos.narrated("p", 1, "auto", "s1"),
                Videos.ref("storyboard"),
                List.of(),
                List.of()),
            Videos.ref("timeline"),
            60,
            null);
    RenderPlan.PlannedSegment segment =
        new RenderPlan.PlannedSegment("ab".repeat(32), Videos.ref("segment"), 30);
    RenderPlan plan = new RenderPlan("r1", video, "{}", List.of(segment, segment));
    return Happening.of(new JoinInput(plan, null));
  }

  private static Happening result(int index) {
    return Happening.of(
        new JoinInput(
            null, new SegmentResult("r1", index, Videos.ref("bytes"), false, null, null)));
  }

  private static void run(Happening... happenings) {
    run(JoinRenders.PATIENCE, happenings);
  }

  private static void run(Duration patience, Happening... happenings) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PCollection<JoinInput> inputs =
        Happening.in(pipeline, JoinInput.class, happenings).elements(JoinInput.class);
    PCollection<RenderPlan> plans =
        inputs.apply("Plans", ParDo.of(new PlanFn())).setCoder(RecordCoder.of(RenderPlan.class));
    PCollection<SegmentResult> results =
        inputs
            .apply("Results", ParDo.of(new ResultFn()))
            .setCoder(RecordCoder.of(SegmentResult.class));
    try (var handler = pipeline.registerBadRecordErrorHandler(new CollectDead())) {
      JoinRenders.join(
              plans,
              results,
              () -> Progress.NONE,
              () -> ledger,
              new DeadLetters.Lane(handler),
              patience)
          .apply("Collect", ParDo.of(new CollectFn()));
    }
    pipeline.run().waitUntilFinish();
  }

  private static final class PlanFn extends DoFn<JoinInput, RenderPlan> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element JoinInput input, OutputReceiver<RenderPlan> receiver) {
      if (input.plan() != null) {
        receiver.output(input.plan());
      }
    }
  }

  private static final class ResultFn extends DoFn<JoinInput, SegmentResult> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element JoinInput input, OutputReceiver<SegmentResult> receiver) {
      if (input.result() != null) {
        receiver.output(input.result());
      }
    }
  }

  private static final class CollectFn extends DoFn<JoinedRender, Void> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element JoinedRender joined) {
      JOINED.add(joined);
    }
  }
}
