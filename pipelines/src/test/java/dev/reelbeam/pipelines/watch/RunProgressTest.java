package dev.reelbeam.pipelines.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.stages.flow.Progress;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RunProgressTest {
  private static final Tracked VIDEO = new Element("howto", List.of("tiktok", "youtube_short"));

  private final AtomicLong nowMs = new AtomicLong();
  private final RunProgress progress = new RunProgress(() -> nowMs.get() * 1_000_000);

  @Test
  void aVideoIsFollowedFromItsNarrationToItsDeliveries() {
    progress.stageStarted(Stage.FIT_NARRATION, VIDEO);
    progress.stageDone(Stage.FIT_NARRATION, VIDEO, 5);
    progress.renderPlanned(VIDEO, "r1", 3, 300);
    progress.segmentReady("r1", 100, true);
    progress.framesRendered("r1", 40);

    VideoStatus status = progress.videos().get(0);
    assertThat(status.segmentsReady()).isEqualTo(1);
    assertThat(status.segmentsFound()).isEqualTo(1);
    assertThat(status.framesReady()).isEqualTo(140);
    assertThat(status.percent()).isEqualTo(46);
    assertThat(status.state()).isEqualTo(VideoStatus.State.WORKING);

    progress.delivered(RunSummaryTest.delivery("howto", "tiktok", 1, 2));
    assertThat(progress.videos().get(0).state()).isEqualTo(VideoStatus.State.WORKING);
    progress.delivered(RunSummaryTest.delivery("howto", "youtube_short", 1, 2));
    assertThat(progress.videos().get(0).state()).isEqualTo(VideoStatus.State.DONE);
    assertThat(progress.report().lost()).isEmpty();
  }

  @Test
  void aBundleThatRunsAgainChangesNoCountAndNeverOvershoots() {
    progress.stageStarted(Stage.FIT_NARRATION, VIDEO);
    progress.stageStarted(Stage.FIT_NARRATION, VIDEO);
    progress.renderPlanned(VIDEO, "r1", 1, 10);
    for (int i = 0; i < 3; i++) {
      progress.framesRendered("r1", 10);
      progress.segmentReady("r1", 10, false);
      progress.delivered(RunSummaryTest.delivery("howto", "tiktok", 0, 1));
    }
    assertThat(progress.videos()).hasSize(1);
    assertThat(progress.videos().get(0).percent()).isEqualTo(100);
    assertThat(progress.report().completed()).hasSize(1);
    assertThat(progress.report().planned()).hasSize(2);
  }

  @Test
  void whatIsWaitedForIsToldOnceHoweverManyWaitForIt() {
    List<String> told = new ArrayList<>();
    progress.tellWaits(
        line -> {
          assertThat(progress.videos()).isEmpty(); // Whoever shows it draws the run anew.
          told.add(line);
        });
    for (int i = 0; i < 3; i++) {
      progress.waits(Stage.FIT_NARRATION, VIDEO, "acme is away");
    }
    progress.waits(Stage.FIT_NARRATION, VIDEO, "another is away");

    assertThat(told).containsExactly("acme is away", "another is away");
  }

  @Test
  void aDeadDeliveryEndsItsVideo() {
    progress.stageStarted(Stage.FIT_NARRATION, VIDEO);
    progress.deadLetter(RunSummaryTest.letter("howto", "tiktok"));
    progress.deadLetter(RunSummaryTest.letter("howto", "youtube_short"));
    assertThat(progress.videos().get(0).state()).isEqualTo(VideoStatus.State.DEAD);
    assertThat(progress.report().dead()).hasSize(2);
  }

  @Test
  void whatSomebodyHasEditedMeanwhileIsNotLostAndWaitsForNobody() {
    Tracked begun =
        new Tracked() {
          @Override
          public RecordKey recordKey() {
            return VIDEO.recordKey();
          }

          @Override
          public List<String> presets() {
            return VIDEO.presets();
          }

          @Override
          public long epoch() {
            return 3;
          }
        };
    progress.stageStarted(Stage.FIT_NARRATION, begun);
    progress.delivered(RunSummaryTest.delivery("howto", "tiktok", 0, 1));

    assertThat(progress.report(project -> 3).lost()).hasSize(1);
    RunReport report = progress.report(project -> project.equals("howto") ? 4 : 0);
    assertThat(report.lost()).isEmpty();
    assertThat(report.overtaken())
        .containsExactly(new RunProgress.DeliveryKey("howto", 1, "youtube_short"));
    assertThat(RunSummary.counts(report))
        .endsWith("accepted 2 = completed 1 + dead 0 + edited or cancelled meanwhile 1");
  }

  @Test
  void stageTimesAreThoseInWhichSomebodyWorked() {
    progress.stageStarted(Stage.LAY_OUT, VIDEO);
    nowMs.set(300);
    progress.stageDone(Stage.LAY_OUT, VIDEO, 300);
    nowMs.set(1_000);
    progress.stageStarted(Stage.CHECK, VIDEO);
    nowMs.set(1_250);
    progress.deadLetter(RunSummaryTest.letter("howto", "tiktok"));
    nowMs.set(9_000);
    assertThat(progress.report().stageWallMs())
        .containsEntry(Stage.LAY_OUT, 300L)
        .containsEntry(Stage.CHECK, 250L);
  }

  @Test
  void theRestOfTheRenderIsEstimatedFromWhatWasDrawn() {
    progress.stageStarted(Stage.FIT_NARRATION, VIDEO);
    progress.renderPlanned(VIDEO, "r1", 2, 200);
    assertThat(progress.remainingMs()).isNull();
    progress.framesRendered("r1", 10); // Starts the clock.
    nowMs.set(1_000);
    progress.framesRendered("r1", 50);
    assertThat(progress.remainingMs()).isEqualTo(140 * 20L);
  }

  @Test
  void theGraphCarriesOnlyTheRunsIdAndFindsTheListenerByIt() throws Exception {
    RunProgress begun = RunProgress.begin("run-1");
    Progress.Factory travelled = copy(RunProgress.of("run-1"));
    assertThat(travelled.open()).isSameAs(begun);
    RunProgress.end("run-1");
    assertThat(travelled.open()).isSameAs(Progress.NONE);
    RunProgress.delivered("run-1", RunSummaryTest.delivery("a", "tiktok", 0, 1));
    assertThat(begun.report().completed()).isEmpty();
  }

  private static Progress.Factory copy(Progress.Factory factory) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(factory);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (Progress.Factory) in.readObject();
    }
  }

  private record Element(String id, List<String> presets) implements Tracked {
    @Override
    public RecordKey recordKey() {
      return new RecordKey(id, 1);
    }
  }
}
