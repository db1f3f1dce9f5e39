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
import dev.reelbeam.stages.flow.NarratedVideo;
import dev.reelbeam.stages.flow.ParsedRecord;
import dev.reelbeam.stages.flow.PlannedVideo;
import java.util.List;
import java.util.Map;

/** Small elements of the flow, for tests of what only moves them. */
public final class Videos {
  private Videos() {}

  /** A reference that stands for some bytes. */
  public static MediaRef ref(String name) {
    return new MediaRef(name, 1, "application/json");
  }

  /** A spoken script of a project in an epoch; the script gate decides in this mode. */
  public static NarratedVideo narrated(String project, long epoch, String mode, String script) {
    PlannedVideo planned =
        new PlannedVideo(
            new RecordKey(project, 1),
            ref("content"),
            "title",
            VideoSettings.DEFAULT,
            Brand.DEFAULT,
            variant(),
            null,
            Map.of(),
            new Handling(epoch, new ReviewPolicy(mode, "auto", "auto", "auto"), "normal"));
    return new NarratedVideo(planned, ref(script), ref(script + "-spoken"), 8_000, 0);
  }

  /** One variant for one preset. */
  public static Variant variant() {
    return new Variant(
        "v",
        270,
        480,
        15,
        VideoType.TEASER,
        new DurationRange(5_000, 30_000),
        8_000,
        List.of("preview"),
        true,
        false,
        100_000_000,
        "libx264",
        "draft");
  }

  /** What the ledger is told about a record. */
  public static ProjectEntry entry(String project, int revision, String content, String priority) {
    return parsed(project, revision, content, priority).entry();
  }

  /** A record as it was parsed. */
  public static ParsedRecord parsed(String project, int revision, String content, String priority) {
    return new ParsedRecord(
        new RecordKey(project, revision),
        ref(content),
        new ProjectRequest(
            null, List.of("preview"), VideoSettings.DEFAULT, ReviewPolicy.AUTO, priority, true),
        "title",
        "test",
        "acme",
        "u7",
        0,
        null);
  }
}
