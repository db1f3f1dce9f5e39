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
import dev.reelbeam.stages.flow.AssembledVideo;
import dev.reelbeam.stages.flow.CheckedVideo;
import dev.reelbeam.stages.flow.Handling;
import dev.reelbeam.stages.flow.IllustratedVideo;
import dev.reelbeam.stages.flow.LaidOutVideo;
import dev.reelbeam.stages.flow.NarratedVideo;
import dev.reelbeam.stages.flow.ParsedRecord;
import dev.reelbeam.stages.flow.PlannedVideo;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

  /**
   * A finished video of a project in an epoch; the last gate decides in this mode.
   *
   * @param proof what is decided about there; null as in elements of releases that had none
   */
  public static CheckedVideo checked(
      String project, long epoch, String mode, String mp4, @Nullable String proof) {
    Handling handling =
        new Handling(epoch, new ReviewPolicy("auto", "auto", "auto", mode), "normal");
    IllustratedVideo illustrated =
        new IllustratedVideo(
            narrated(project, epoch, "auto", "script").handled(handling),
            ref("storyboard"),
            List.of());
    CheckedVideo checked =
        new CheckedVideo(
            new AssembledVideo(
                new LaidOutVideo(illustrated, ref("timeline"), 120),
                ref(mp4),
                List.of(),
                null,
                0,
                1),
            ref("report"));
    return proof == null ? checked : checked.withShown(Map.of(CheckedVideo.PROOF, ref(proof)));
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
