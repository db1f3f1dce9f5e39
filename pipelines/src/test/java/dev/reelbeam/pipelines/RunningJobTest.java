package dev.reelbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.fakes.FakeProjectLedger;
import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.model.project.ControlType;
import dev.reelbeam.model.project.DeliveryOutcome;
import dev.reelbeam.model.project.DeliveryState;
import dev.reelbeam.model.project.ProjectEntry;
import dev.reelbeam.model.project.ProjectRow;
import dev.reelbeam.model.project.VoiceChange;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.stages.project.ControlDesk;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands say about a job that runs: what came of it, not what was sent. */
class RunningJobTest {
  private static final RecordKey KEY = new RecordKey("p", 1);
  private static final MediaRef VIDEO = new MediaRef("ab".repeat(32), 1_000, "video/mp4");

  private final FakeProjectLedger ledger = new FakeProjectLedger();
  @TempDir Path folder;
  private FakeObjectStore store = new FakeObjectStore(Path.of("unset"));

  @BeforeEach
  void aProject() {
    store = new FakeObjectStore(folder);
    ledger.admit(
        new ProjectEntry(
            KEY,
            new MediaRef("cd".repeat(32), 1, "application/json"),
            "Title",
            null,
            null,
            new ProjectRequest(
                null,
                List.of("tiktok", "youtube_short"),
                VideoSettings.DEFAULT,
                ReviewPolicy.AUTO,
                "normal",
                true),
            "here"));
  }

  @Test
  void anEventThatCameTooLateIsNotToldAsDone() {
    try (ReviewDesk desk = job()) {
      assertThat(desk.send(edit("e1", 1)).done()).isTrue();
      ReviewDesk.Sent late = desk.send(edit("e2", 1));
      assertThat(late.done()).isFalse();
      assertThat(late.why()).contains("stale: epoch 1 is over");
      assertThat(desk.send(edit("e3", 2)).done()).isTrue();
    }
  }

  @Test
  void aJobThatDoesNotAnswerIsToldSo() {
    try (ReviewDesk desk = ReviewDesk.ofJob(ledger, store, event -> {}, Duration.ZERO)) {
      ReviewDesk.Sent sent = desk.send(edit("e1", 1));
      assertThat(sent.done()).isTrue();
      assertThat(sent.why()).contains("has not answered yet");
    }
  }

  @Test
  void whereAVideoIsStandsBelowItsDelivery() {
    settle("tiktok", DeliveryState.COMPLETED);
    settle("youtube_short", DeliveryState.COMPLETED);
    StringWriter told = new StringWriter();
    assertThat(end(told)).isEqualTo(ExitCode.COMPLETED.number());
    assertThat(told.toString()).contains("tiktok  completed", "at " + VIDEO.sha256());
  }

  @Test
  void nothingCompletedIsNotAllCompleted() {
    settle("tiktok", DeliveryState.SKIPPED);
    settle("youtube_short", DeliveryState.SKIPPED);
    assertThat(end(new StringWriter())).isEqualTo(ExitCode.NOTHING_COMPLETED.number());
  }

  private int end(StringWriter told) {
    ProjectRow row = ledger.find("p").orElseThrow();
    return WatchCommand.end(
        ledger, row, video -> "at " + video.sha256(), new PrintWriter(told, true));
  }

  private void settle(String preset, DeliveryState state) {
    Delivery delivery =
        state == DeliveryState.COMPLETED
            ? new Delivery(KEY, preset, "v", "Title", 31_000, 3, 4, Map.of("video.mp4", VIDEO))
            : null;
    ledger.settle(new DeliveryOutcome(KEY, preset, 1, state, delivery, null));
  }

  /** A job that hears at once. */
  private ReviewDesk job() {
    ControlDesk desk = new ControlDesk(ledger, store);
    return ReviewDesk.ofJob(
        ledger,
        store,
        event -> {
          ControlDesk.Outcome unused = desk.carryOut(event);
        },
        Duration.ZERO);
  }

  private ControlEvent edit(String id, long epoch) {
    MediaRef payload =
        store.put(RecordJson.canonicalBytes(new VoiceChange(null, 900)), "application/json");
    return ControlEvent.edit(id, ControlType.VOICE_CHANGED, "p", epoch, "ann", 7, payload);
  }
}
