package dev.reelbeam.stages.render;

import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.render.Segment;
import dev.reelbeam.media.render.SegmentCutter;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.store.StepKey;
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
    List<Segment> cut = SegmentCutter.cut(timeline);
    EncodingSettings settings =
        RateLadder.first(video.planned().variant(), video.totalFrames(), cut.size());
    List<RenderPlan.PlannedSegment> segments = new ArrayList<>();
    for (Segment segment : cut) {
      segments.add(
          new RenderPlan.PlannedSegment(
              segment.key(settings).hex(), artifacts().putRecord(segment), segment.frames()));
    }
    RenderPlan plan = plan(video, settings, segments);
    progress().renderPlanned(video, plan.renderId(), segments.size(), video.totalFrames());
    return plan;
  }

  static RenderPlan plan(
      LaidOutVideo video, EncodingSettings settings, List<RenderPlan.PlannedSegment> segments) {
    String renderId =
        StepKey.of("render", 1, video.timeline(), settings).hex().substring(0, 24)
            + "-"
            // The same picture for two records is two renders of shared segments.
            + StepKey.of("of", 1, video.planned()).hex().substring(0, 12);
    return new RenderPlan(renderId, video, RecordJson.canonical(settings), List.copyOf(segments));
  }
}
