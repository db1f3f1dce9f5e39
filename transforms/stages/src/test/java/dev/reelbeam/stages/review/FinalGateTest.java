package dev.reelbeam.stages.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.fakes.FakeProjectLedger;
import dev.reelbeam.model.project.Decision;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.project.WaitingArtifact;
import dev.reelbeam.stages.Videos;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.flow.CheckedVideo;
import dev.reelbeam.stages.flow.Progress;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is decided about at the last gate, and what was in earlier releases. */
class FinalGateTest {
  private static final Queue<String> PASSED = new ConcurrentLinkedQueue<>();
  private static FakeProjectLedger ledger = new FakeProjectLedger();

  @BeforeEach
  void freshLedger() {
    PASSED.clear();
    ledger = new FakeProjectLedger();
    ledger.admit(Videos.entry("p", 1, "content", "normal"));
  }

  @Test
  void anApprovalIsOfTheVideoWithItsTextsAndNotOfItsPictureAlone() {
    decide("texts-1", 1);
    run(Videos.checked("p", 1, "manual", "mp4", "texts-1"));
    assertThat(PASSED).containsExactly("texts-1");

    run(Videos.checked("p", 1, "manual", "mp4", "texts-2"));
    assertThat(PASSED).containsExactly("texts-1");
    assertThat(ledger.waiting("p"))
        .extracting(WaitingArtifact::artifact)
        .containsExactly("texts-2");
  }

  @Test
  void whatWaitedSinceAReleaseWithoutTextsIsDecidedAsItWasShown() {
    run(Videos.checked("p", 1, "manual", "mp4", null));
    assertThat(ledger.waiting("p")).extracting(WaitingArtifact::artifact).containsExactly("mp4");
    decide("mp4", 1);

    run(Videos.checked("p", 1, "manual", "mp4", "texts-1"));
    assertThat(PASSED).containsExactly("texts-1");
    assertThat(ledger.waiting("p")).isEmpty();
  }

  @Test
  void whatSuchAReleaseApprovedIsAskedAboutInALaterEpoch() {
    decide("mp4", 1);
    run(Videos.checked("p", 2, "manual", "mp4", "texts-1"));

    assertThat(PASSED).isEmpty();
    assertThat(ledger.waiting("p"))
        .extracting(WaitingArtifact::artifact)
        .containsExactly("texts-1");
  }

  private static void decide(String artifact, long epoch) {
    Decision unused =
        ledger.decide(
            new Decision("p", Gate.FINAL, artifact, true, "e-" + artifact, "ann", 7, null, epoch));
  }

  private static void run(CheckedVideo video) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    pipeline
        .apply(Create.of(video).withCoder(RecordCoder.of(CheckedVideo.class)))
        .apply(ReviewGate.parking(Subject.finalVideo(), () -> Progress.NONE, () -> ledger))
        .apply("Collect", ParDo.of(new CollectFn()));
    pipeline.run().waitUntilFinish();
  }

  private static final class CollectFn extends DoFn<CheckedVideo, Void> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element CheckedVideo video) {
      PASSED.add(String.valueOf(video.proof() == null ? null : video.proof().sha256()));
    }
  }
}
