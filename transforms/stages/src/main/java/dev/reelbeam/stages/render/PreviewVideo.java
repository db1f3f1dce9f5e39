package dev.reelbeam.stages.render;

import dev.reelbeam.media.codec.Encoders;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.render.Segment;
import dev.reelbeam.media.render.SegmentCutter;
import dev.reelbeam.media.render.SegmentRenderer;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.video.Preset;
import dev.reelbeam.model.video.Presets;
import dev.reelbeam.model.video.Variant;
import dev.reelbeam.stages.flow.Artifacts;
import dev.reelbeam.stages.flow.IllustratedVideo;
import dev.reelbeam.stages.flow.JoinedRender;
import dev.reelbeam.stages.flow.LaidOutVideo;
import dev.reelbeam.stages.flow.NarratedVideo;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.flow.RenderPlan;
import dev.reelbeam.stages.flow.SegmentResult;
import dev.reelbeam.stages.layout.LayOutVideo;
import dev.reelbeam.stages.review.Subject;
import dev.reelbeam.stages.step.ProvidedStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes a small video of a timeline for the visuals gate, in seconds and before any full render.
 *
 * <p>The same storyboard, narration and music, laid out anew in the geometry of the {@code preview}
 * preset. A timeline that nobody reviews passes untouched. Segments are found and shared like any
 * others: an edit makes only what it touches again.
 */
public final class PreviewVideo extends ProvidedStep<LaidOutVideo, LaidOutVideo> {
  private static final long serialVersionUID = 1L;

  private final LayOutVideo layOut;
  private final AssembleVideo assemble;
  private transient @Nullable SegmentRenderer renderer;
  private transient @Nullable String encoder;

  public PreviewVideo(Providers providers) {
    super(providers);
    layOut = new LayOutVideo(providers);
    assemble = new AssembleVideo(providers);
  }

  @Override
  public void open() {
    super.open();
    layOut.open();
    assemble.open();
    renderer = SharedRenderer.acquire();
  }

  @Override
  public void close() {
    if (renderer != null) {
      SharedRenderer.release();
      renderer = null;
    }
    assemble.close();
    layOut.close();
    super.close();
  }

  /** Nobody's turn is waited for where nobody reviews. */
  @Override
  public Optional<LaidOutVideo> atOnce(LaidOutVideo video) {
    return Subject.visuals().mode(video).manual() ? Optional.empty() : Optional.of(video);
  }

  @Override
  public LaidOutVideo apply(LaidOutVideo video) throws StageException {
    Variant variant = small(video.planned().variant(), encoder());
    NarratedVideo narrated = video.illustrated().narrated();
    LaidOutVideo laidOut =
        layOut.apply(
            new IllustratedVideo(
                new NarratedVideo(
                    video.planned().withVariant(variant),
                    narrated.script(),
                    narrated.narration(),
                    narrated.durationMs(),
                    narrated.spokenCharacters()),
                video.illustrated().storyboard(),
                video.illustrated().notes()));
    List<Segment> segments =
        SegmentCutter.cut(artifacts().read(laidOut.timeline(), Timeline.class));
    EncodingSettings settings = RateLadder.first(variant, laidOut.totalFrames(), segments.size());
    String renderId = "preview-" + laidOut.timeline().sha256();
    List<RenderPlan.PlannedSegment> planned = new ArrayList<>();
    List<SegmentResult> results = new ArrayList<>();
    for (Segment segment : segments) {
      Artifacts.Outcome<MediaRef> outcome =
          artifacts()
              .bytes(
                  Stage.LAY_OUT,
                  "preview-segment",
                  segment.key(settings),
                  () ->
                      SegmentWork.render(
                          Objects.requireNonNull(renderer), segment, settings, store(), n -> {}));
      results.add(
          new SegmentResult(
              renderId, results.size(), outcome.value(), outcome.found(), null, null));
    }
    RenderPlan plan = new RenderPlan(renderId, laidOut, RecordJson.canonical(settings), planned);
    return video.withPreview(assemble.apply(new JoinedRender(plan, results)).mp4());
  }

  /**
   * Chosen on the worker: a preview is made where no GPU is, also of what a GPU will encode, and in
   * builds that carry one encoder or another.
   */
  private String encoder() throws StageException {
    String chosen = encoder;
    if (chosen == null) {
      chosen = Encoders.choose(List.of(Encoders.AUTO));
      encoder = chosen;
    }
    return chosen;
  }

  /** The variant in the geometry of the preview preset, without a limit of size. */
  static Variant small(Variant variant, String encoder) {
    Preset preset =
        Presets.find(variant.vertical() ? "preview" : "preview_landscape").orElseThrow();
    return new Variant(
        variant.id() + "-preview",
        preset.width(),
        preset.height(),
        preset.frameRate(),
        variant.type(),
        variant.range(),
        variant.targetMs(),
        variant.presets(),
        variant.captions(),
        variant.watermark(),
        preset.maxBytes(),
        encoder,
        "draft");
  }
}
