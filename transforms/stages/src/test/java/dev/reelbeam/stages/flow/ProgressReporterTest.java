package dev.reelbeam.stages.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.fakes.RecordingProgressSink;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.project.DeliveryState;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.project.ProgressBoard;
import dev.reelbeam.model.project.ProgressEvent;
import dev.reelbeam.stages.Videos;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
    progress.deadLetter(letter("preview"));
    progress.waits(Stage.PLAN_VISUALS, video, "acme is away");
    progress.segmentsJoined(video, 1, 10);
    assertThat(shown().error().message()).isEqualTo("gone");
  }

  /** Deliveries of one project. */
  private record Of(List<String> presets) implements Tracked {
    @Override
    public RecordKey recordKey() {
      return new RecordKey("p", 1);
    }

    @Override
    public long epoch() {
      return 1;
    }

    @Override
    public String priority() {
      return "normal";
    }
  }

  private final Of upright = new Of(List.of("tiktok"));
  private final Of wide = new Of(List.of("landscape"));

  @Test
  void whileOneVariantGoesOnTheOtherOnesEndIsNotTheProjects() {
    progress.stageStarted(Stage.PLAN_VARIANTS, new Of(List.of("tiktok", "landscape")));
    progress.segmentsJoined(upright, 10, 10);
    progress.queued(wide, 3);
    progress.settled(upright, DeliveryState.REJECTED, "dull");

    assertThat(shown().status()).isEqualTo("rendering");
    assertThat(shown().ended()).containsExactly("tiktok");

    progress.stageDone(Stage.DELIVER, wide, 0);
    assertThat(shown().status()).isEqualTo("completed");
    assertThat(shown().progress()).isEqualTo(100);
  }

  @Test
  void theLetterOfOneVariantIsToldAndTheProjectGoesOnWithTheOther() {
    progress.stageStarted(Stage.PLAN_VARIANTS, new Of(List.of("tiktok", "landscape")));
    progress.segmentsJoined(wide, 1, 10);
    progress.deadLetter(letter("tiktok"));

    assertThat(shown().status()).isEqualTo("rendering");
    assertThat(shown().error().message()).isEqualTo("gone");

    // Who lags behind is no better a word than before.
    progress.stageStarted(Stage.LAY_OUT, wide);
    assertThat(shown().currentStage()).isEqualTo("render");

    progress.deadLetter(letter("landscape"));
    assertThat(shown().status()).isEqualTo("failed");

    // What crosses it on its way changes that no more.
    progress.segmentsJoined(wide, 9, 10);
    assertThat(shown().status()).isEqualTo("failed");
  }

  @Test
  void aVideoThatIsThereIsNotTheProjectsEndWhileAnotherOneIsMade() {
    progress.stageStarted(Stage.PLAN_VARIANTS, new Of(List.of("tiktok", "landscape")));
    progress.segmentsJoined(wide, 1, 10);
    progress.stageDone(Stage.DELIVER, upright, 0);
    assertThat(shown().status()).isEqualTo("rendering");

    progress.deadLetter(letter("landscape"));
    assertThat(shown().status()).isEqualTo("completed");
    assertThat(shown().error().message()).isEqualTo("gone");
  }

  @Test
  void aLetterAboutTheWholeRecordEndsTheProject() {
    progress.stageStarted(Stage.PLAN_VARIANTS, new Of(List.of("tiktok", "landscape")));
    progress.deadLetter(letter(null));

    assertThat(shown().status()).isEqualTo("failed");
    assertThat(shown().ended()).containsExactly("landscape", "tiktok");
  }

  private static DeadLetter letter(@Nullable String preset) {
    return new DeadLetter(
        "id", "p", 1, preset, "render", "X", 2002, "gone", "Wait.", true, "{}", null);
  }

  private ProgressEvent shown() {
    List<ProgressEvent> events = List.copyOf(sink.events());
    return events.stream().reduce(ProgressBoard::merge).orElseThrow();
  }
}
