package dev.reelbeam.stages.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.fakes.FakeAssetReader;
import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.fakes.FakeScriptWriter;
import dev.reelbeam.fakes.FakeSpeechSynthesizer;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.stages.Videos;
import dev.reelbeam.stages.flow.IllustratedVideo;
import dev.reelbeam.stages.flow.JoinedRender;
import dev.reelbeam.stages.flow.LaidOutVideo;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.flow.RenderPlan;
import dev.reelbeam.stages.flow.SegmentResult;
import dev.reelbeam.stages.visuals.Storyboard;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AssembleVideoTest {
  @TempDir Path folder;

  /** The same joined result would be looked at three times, for fifteen seconds. */
  @Test
  void aSegmentThatItsRendererGaveUpIsTheVideosEnd() {
    FakeObjectStore store = new FakeObjectStore(folder);
    AssembleVideo assemble =
        new AssembleVideo(
            new Providers(
                () -> store,
                FakeAssetReader::new,
                FakeScriptWriter::new,
                FakeSpeechSynthesizer::new,
                () -> Progress.NONE));
    assemble.open();
    MediaRef storyboard =
        store.put(
            RecordJson.canonicalBytes(
                new Storyboard(List.of(), List.of(), List.of(), List.of(), null, 1_000)),
            "application/json");
    LaidOutVideo video =
        new LaidOutVideo(
            new IllustratedVideo(
                Videos.narrated("p", 1, "auto", "s1"), storyboard, List.of(), List.of()),
            Videos.ref("timeline"),
            60,
            null);
    SegmentResult failed =
        new SegmentResult("r1", 0, null, false, "MEMORY_SHORT", "Java heap space");

    assertThatThrownBy(
            () ->
                assemble.apply(
                    new JoinedRender(
                        new RenderPlan("r1", video, "{}", List.of()), List.of(failed))))
        .isInstanceOfSatisfying(
            StageException.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(FailureCode.MEMORY_SHORT);
              assertThat(failure).hasMessage("segment 1 of 1: Java heap space");
              assertThat(failure.isTriedOut()).isTrue();
            });
    assemble.close();
  }
}
