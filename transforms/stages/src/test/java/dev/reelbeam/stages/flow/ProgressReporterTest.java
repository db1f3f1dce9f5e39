package dev.reelbeam.stages.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.fakes.RecordingProgressSink;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.project.DeliveryState;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.project.ProgressBoard;
import dev.reelbeam.model.project.ProgressEvent;
import dev.reelbeam.stages.Videos;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressReporterTest {
  private final RecordingProgressSink sink = new RecordingProgressSink();
  private final NarratedVideo video = Videos.narrated("p", 1, "manual", "s1");
  private long nowMs = 1_000;
  private final Progress progress = ProgressReporter.of(sink, () -> nowMs);

  @Test
  void theRestOfARenderIsEstimatedByThePaceSoFar() {
    progress.segmentsJoined(video, 3, 10);
    nowMs += 4_000;
    progress.segmentsJoined(video, 5, 10);
    nowMs += 1_500;
    progress.segmentsJoined(video, 6, 10);
    progress.segmentsJoined(video, 10, 10);

    // Two in four seconds, then three in five and a half.
    assertThat(sink.events())
        .extracting(ProgressEvent::estimatedTimeRemainingS)
        .containsExactly(null, 10L, 8L, 0L);
  }

  @Test
  void aRejectionIsShownHoweverFarItWas() {
    progress.segmentsJoined(video, 5, 10);
    progress.settled(video, DeliveryState.REJECTED, "dull");

    assertThat(shown().status()).isEqualTo("rejected");
    assertThat(shown().progress()).isEqualTo(60);
  }

  @Test
  void whatPassesAGateCanBeLookedAtThoughNobodyWasAsked() {
    progress.passed(video, Gate.SCRIPT, Map.of("script.json", video.script()));
    progress.segmentsJoined(video, 5, 10);

    assertThat(shown().refs()).containsEntry("script.json", video.script());
    assertThat(shown().status()).isEqualTo("rendering");
  }

  @Test
  void aProjectThatWaitsForAPlaceIsADraft() {
    progress.draft(video);

    assertThat(shown().status()).isEqualTo("draft");
    assertThat(shown().progress()).isZero();
  }

  @Test
  void whatIsWaitedForIsShownUntilTheWorkGoesOn() {
    progress.waits(Stage.FIT_NARRATION, video, "acme is away");
    assertThat(shown().status()).isEqualTo("voiceover");
    assertThat(shown().error())
        .satisfies(error -> assertThat(error.message()).isEqualTo("acme is away"))
        .satisfies(error -> assertThat(error.retryable()).isTrue());

    progress.stageStarted(Stage.PLAN_VISUALS, video);
    assertThat(shown().error()).isNull();

    // One variant has failed, which another one's wait does not hide.
    progress.deadLetter(
        new DeadLetter(
            "id",
            "p",
            1,
            "preview",
            "fit narration",
            "PROVIDER_DOWN",
            2002,
            "gone",
            "Wait.",
            true,
            "{}",
            null));
    progress.waits(Stage.PLAN_VISUALS, video, "acme is away");
    progress.segmentsJoined(video, 1, 10);
    assertThat(shown().error().message()).isEqualTo("gone");
  }

  private ProgressEvent shown() {
    List<ProgressEvent> events = List.copyOf(sink.events());
    return events.stream().reduce(ProgressBoard::merge).orElseThrow();
  }
}
