package dev.reelbeam.stages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.fakes.FakeAssetReader;
import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.fakes.FakeScriptWriter;
import dev.reelbeam.fakes.FakeSpeechSynthesizer;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.speech.Narration;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.model.video.DurationRange;
import dev.reelbeam.model.video.Variant;
import dev.reelbeam.model.video.VideoType;
import dev.reelbeam.stages.flow.AssembledVideo;
import dev.reelbeam.stages.flow.IllustratedVideo;
import dev.reelbeam.stages.flow.LaidOutVideo;
import dev.reelbeam.stages.flow.NarratedVideo;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.render.CheckVideo;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a finished file is found before anybody sees it. */
class CheckVideoTest {
  @TempDir Path folder;

  @Test
  void aFileThatIsNotWhatWasPlannedIsRefusedWithTheFigures() throws Exception {
    FakeObjectStore store = new FakeObjectStore(folder);
    // Planned are two seconds of 270x480 at 15 frames a second, in at most 10 kB.
    MediaRef other = store.put(ProduceVideosTest.clip(320, 180, 1), "video/mp4");
    CheckVideo check =
        new CheckVideo(
            new Providers(
                () -> store,
                FakeAssetReader::new,
                FakeScriptWriter::new,
                FakeSpeechSynthesizer::new,
                () -> Progress.NONE));
    check.open();

    assertThatThrownBy(() -> check.apply(assembled(store, other)))
        .isInstanceOfSatisfying(
            StageException.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(FailureCode.CHECK_FAILED);
              assertThat(failure.getMessage()).contains("320", "270", "expected 30");
            });
  }

  private static AssembledVideo assembled(FakeObjectStore store, MediaRef mp4) {
    MediaRef nothing = store.put(new byte[] {'{', '}'}, "application/json");
    MediaRef narration =
        store.put(
            RecordJson.canonicalBytes(new Narration(List.of(), "v", 1000, 1, 2_000)),
            "application/json");
    Variant variant =
        new Variant(
            "planned",
            270,
            480,
            15,
            VideoType.TEASER,
            new DurationRange(1_500, 2_500),
            2_000,
            List.of("preview"),
            true,
            true,
            10_000,
            "libx264",
            "standard");
    PlannedVideo planned =
        new PlannedVideo(
            new RecordKey("checked", 1),
            nothing,
            "Checked",
            VideoSettings.DEFAULT,
            Brand.DEFAULT,
            variant);
    return new AssembledVideo(
        new LaidOutVideo(
            new IllustratedVideo(
                new NarratedVideo(planned, nothing, narration, 2_000, 10), nothing, List.of()),
            nothing,
            30),
        mp4,
        List.of(),
        null,
        0,
        1);
  }
}
