package dev.reelbeam.stages;

import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.project.ProjectEntry;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.model.video.DurationRange;
import dev.reelbeam.model.video.Variant;
import dev.reelbeam.model.video.VideoType;
import dev.reelbeam.stages.flow.Handling;
import dev.reelbeam.stages.flow.IllustratedVideo;
import dev.reelbeam.stages.flow.LaidOutVideo;
import dev.reelbeam.stages.flow.NarratedVideo;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.flow.RenderPlan;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Elements of the flow for tests of what only moves them. */
public final class SmallVideos {
  /** Name of their only variant. */
  public static final String VARIANT = "v";

  /** Their only delivery. */
  public static final List<String> PRESETS = List.of("preview");

  private SmallVideos() {}

  /** A reference that stands for some bytes. */
  public static MediaRef ref(String name) {
    return new MediaRef(name, 1, "application/json");
  }

  /** What the ledger is told about a project. */
  public static ProjectEntry entry(String project) {
    return new ProjectEntry(
        new RecordKey(project, 1),
        ref("content"),
        "title",
        null,
        null,
        new ProjectRequest(
            null,
            PRESETS,
            VideoSettings.DEFAULT,
            ReviewPolicy.AUTO,
            "normal",
            /* watermark= */ true),
        "test");
  }

  /** A spoken script in an epoch; the script gate decides in this mode. */
  public static NarratedVideo narrated(String project, long epoch, String mode, String script) {
    Variant variant =
        new Variant(
            VARIANT,
            270,
            480,
            15,
            VideoType.TEASER,
            new DurationRange(5_000, 30_000),
            8_000,
            PRESETS,
            /* captions= */ true,
            /* watermark= */ false,
            100_000_000,
            "libx264",
            "draft");
    PlannedVideo planned =
        new PlannedVideo(
            new RecordKey(project, 1),
            ref("content"),
            "title",
            VideoSettings.DEFAULT,
            Brand.DEFAULT,
            variant,
            null,
            Map.of(),
            new Handling(epoch, new ReviewPolicy(mode, "auto", "auto", "auto"), "normal"));
    return new NarratedVideo(planned, ref(script), ref(script + "-spoken"), 8_000, 0);
  }

  /** A render of so many segments; it has the project's name. */
  public static RenderPlan render(String project, int segments) {
    LaidOutVideo video =
        new LaidOutVideo(
            new IllustratedVideo(narrated(project, 1, "auto", "s"), ref("storyboard"), List.of()),
            ref("timeline"),
            30 * segments);
    return new RenderPlan(
        project,
        video,
        "{}",
        IntStream.range(0, segments)
            .mapToObj(
                i ->
                    new RenderPlan.PlannedSegment(
                        project + "-segment-" + i, ref("description"), 30))
            .toList());
  }
}
