package dev.reelbeam.stages.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.reelbeam.fakes.FakeAssetReader;
import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.fakes.FakeScriptWriter;
import dev.reelbeam.fakes.FakeSpeechSynthesizer;
import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.stages.flow.ParsedRecord;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.flow.RecordOverrides;
import dev.reelbeam.stages.flow.RenderRoutes;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanVideosTest {
  @TempDir Path folder;

  @Test
  void poolAndEncoderOfAVariantAreChosenWhenItIsPlanned() {
    RenderRoutes routes = RenderRoutes.parse("preview=cpu-render:libx264");
    List<PlannedVideo> videos = planned(routes, "preview", "landscape");
    assertThat(videos)
        .extracting(
            video -> video.variant().presets().get(0),
            video -> video.variant().encoder(),
            video -> video.handling().pool())
        .containsExactlyInAnyOrder(
            tuple("preview", "libx264", "cpu-render"), tuple("landscape", "h264_nvenc", null));
  }

  /** What was rendered by one encoder is found, whichever pool it is now to be rendered on. */
  @Test
  void thePoolIsNoPartOfWhatAVideoIs() {
    PlannedVideo here = planned(RenderRoutes.parse("low=a"), "preview").get(0);
    PlannedVideo there = planned(RenderRoutes.parse("low=b"), "preview").get(0);
    assertThat(here).isNotEqualTo(there);
    assertThat(here.handledPlainly()).isEqualTo(there.handledPlainly());
  }

  private List<PlannedVideo> planned(RenderRoutes routes, String... presets) {
    RecordOverrides overrides =
        new RecordOverrides(
            null,
            List.of(),
            null,
            VideoSettings.DEFAULT,
            false,
            Brand.DEFAULT,
            true,
            "h264_nvenc",
            "standard",
            routes);
    PlanVideos plan =
        new PlanVideos(
            new Providers(
                () -> new FakeObjectStore(folder),
                FakeAssetReader::new,
                FakeScriptWriter::new,
                FakeSpeechSynthesizer::new,
                () -> Progress.NONE),
            overrides);
    plan.open();
    try {
      return plan.apply(
              new ParsedRecord(
                  new RecordKey("record", 1),
                  new MediaRef("content", 1, "application/json"),
                  new ProjectRequest(
                      null,
                      List.of(presets),
                      VideoSettings.DEFAULT,
                      ReviewPolicy.AUTO,
                      "low",
                      true),
                  "Title",
                  "test",
                  null,
                  null,
                  0,
                  null))
          .videos();
    } finally {
      plan.close();
    }
  }
}
