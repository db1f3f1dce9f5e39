package dev.reelbeam.stages.layout;

import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.text.FontBook;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.speech.Narration;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import dev.reelbeam.model.video.Variant;
import dev.reelbeam.stages.flow.Artifacts;
import dev.reelbeam.stages.flow.IllustratedVideo;
import dev.reelbeam.stages.flow.LaidOutVideo;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.step.ProvidedStep;
import dev.reelbeam.stages.visuals.Storyboard;
import java.nio.file.Path;
import java.util.List;

/** Draws every text once and puts everything on a timeline of whole frames. */
public final class LayOutVideo extends ProvidedStep<IllustratedVideo, LaidOutVideo> {
  private static final long serialVersionUID = 1L;

  /** Raised whenever the same storyboard may give another timeline. */
  private static final int VERSION = 5;

  public LayOutVideo(Providers providers) {
    super(providers);
  }

  @Override
  public LaidOutVideo apply(IllustratedVideo video) throws StageException {
    PlannedVideo planned = video.narrated().planned();
    Variant variant = planned.variant();
    // Only what the timeline shows of it: two records that say the same have one timeline.
    ContentRecord content = artifacts().read(planned.content(), ContentRecord.class);
    StepKey key =
        StepKey.of(
            "lay-out",
            VERSION,
            video.storyboard(),
            video.narrated().narration(),
            content.kind(),
            content.language(),
            content.listing() == null ? "" : content.listing(),
            planned.settings(),
            planned.brand(),
            variant.width(),
            variant.height(),
            variant.frameRate(),
            variant.captions(),
            variant.watermark());
    Artifacts.Outcome<Timeline> outcome =
        artifacts()
            .record(Stage.LAY_OUT, "timeline", key, Timeline.class, () -> layOut(video, content));
    return new LaidOutVideo(video, outcome.ref(), outcome.value().totalFrames());
  }

  private Timeline layOut(IllustratedVideo video, ContentRecord content) throws StageException {
    PlannedVideo planned = video.narrated().planned();
    Storyboard storyboard = artifacts().read(video.storyboard(), Storyboard.class);
    Narration narration = artifacts().read(video.narrated().narration(), Narration.class);
    FontBook fonts = FontBook.bundled();
    List<MediaRef> extra = planned.brand().fallbackFonts();
    if (!extra.isEmpty()) {
      List<Path> files = extra.stream().map(store()::localFile).toList();
      fonts = fonts.withFiles(files);
    }
    return new TimelineLayout(content, planned, storyboard, narration, fonts, store()).layOut();
  }
}
