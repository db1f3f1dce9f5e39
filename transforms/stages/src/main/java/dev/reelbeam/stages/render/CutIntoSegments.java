package dev.reelbeam.stages.render;

import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.render.Segment;
import dev.reelbeam.media.render.SegmentCutter;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.store.StepKey;
import dev.reelbeam.model.video.Variant;
import dev.reelbeam.stages.flow.LaidOutVideo;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.flow.RenderPlan;
import dev.reelbeam.stages.step.ProvidedStep;
import java.util.ArrayList;
import java.util.List;

/** Cuts a timeline into segments and names each by everything that it shows. */
public final class CutIntoSegments extends ProvidedStep<LaidOutVideo, RenderPlan> {
  private static final long serialVersionUID = 1L;

  public CutIntoSegments(Providers providers) {
    super(providers);
  }

  @Override
  public RenderPlan apply(LaidOutVideo video) {
    Timeline timeline = artifacts().read(video.timeline(), Timeline.class);
    EncodingSettings settings = settings(video.planned().variant(), video.totalFrames());
    String renderId =
        StepKey.of("render", 1, video.timeline(), settings).hex().substring(0, 24)
            + "-"
            // The same picture for two records is two renders of shared segments.
            + StepKey.of("of", 1, video.planned()).hex().substring(0, 12);
    List<RenderPlan.PlannedSegment> segments = new ArrayList<>();
    for (Segment segment : SegmentCutter.cut(timeline)) {
      segments.add(
          new RenderPlan.PlannedSegment(
              segment.key(settings).hex(), artifacts().putRecord(segment), segment.frames()));
    }
    progress().renderPlanned(video, renderId, segments.size(), video.totalFrames());
    return new RenderPlan(renderId, video, RecordJson.canonical(settings), List.copyOf(segments));
  }

  /** Encoding settings of a variant: its quality, capped so that the file limit holds. */
  static EncodingSettings settings(Variant variant, int totalFrames) {
    EncodingSettings base =
        (Math.max(variant.width(), variant.height()) <= 640
                ? EncodingSettings.preview(variant.frameRate())
                : quality(variant.quality(), variant.frameRate()))
            .withEncoder(variant.encoder());
    long seconds = rung((totalFrames + variant.frameRate() - 1L) / variant.frameRate());
    // 6 % stays for the container and for what the cap lets through; 256 kbit/s for sound.
    long capKbps = variant.maxBytes() / 1000 * 8 * 94 / 100 / seconds - 256;
    if (base.maxrateKbps() > 0 && capKbps < base.maxrateKbps()) {
      int cap = (int) Math.max(300, capKbps);
      return base.withCap(cap, 2 * cap);
    }
    return base;
  }

  /**
   * The length that the cap is worked out for. The cap is part of every segment's key: if it
   * followed the exact length, a sentence more would render the whole video again.
   */
  private static long rung(long seconds) {
    long rung = 30;
    while (rung < seconds) {
      rung += Math.max(30, rung / 60 * 30);
    }
    return rung;
  }

  private static EncodingSettings quality(String quality, int frameRate) {
    EncodingSettings standard = EncodingSettings.delivery(frameRate);
    return switch (quality) {
      case "draft" -> standard.withCrf(26);
      case "best" -> standard.withPreset("medium").withCrf(19);
      // Platforms encode once more: what they get should be better than what they show.
      default -> standard.withCrf(18);
    };
  }
}
