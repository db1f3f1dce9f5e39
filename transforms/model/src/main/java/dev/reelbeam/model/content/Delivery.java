package dev.reelbeam.model.content;

import dev.reelbeam.model.store.MediaRef;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A completed delivery: a record, a revision, a preset, and its files by name.
 *
 * @param files file name to stored bytes: {@code video.mp4}, {@code captions.srt}, …
 * @param epoch the project's epoch that made it; 0: nobody keeps a ledger, or an earlier release
 */
public record Delivery(
    RecordKey key,
    String preset,
    String variantId,
    String title,
    int durationMs,
    int segmentsFound,
    int segmentsRendered,
    Map<String, MediaRef> files,
    long epoch)
    implements Tracked, java.io.Serializable {
  /**
   * Every name that a file of a delivery has, or had in an earlier release. What lies in a folder
   * under one of them is a delivery's; what lies there under another is somebody else's.
   */
  public static final Set<String> FILE_NAMES =
      Set.of(
          "video.mp4",
          "captions.srt",
          "captions.vtt",
          "thumbnail.jpg",
          "thumbnail_16x9.jpg",
          "thumbnail_9x16.jpg",
          "metadata.json",
          "videoobject.jsonld",
          "script.json",
          "storyboard.json",
          "timeline.json",
          "words.json",
          "narration.wav",
          "checks.json");

  /** A delivery of a run that keeps no ledger. */
  public Delivery(
      RecordKey key,
      String preset,
      String variantId,
      String title,
      int durationMs,
      int segmentsFound,
      int segmentsRendered,
      Map<String, MediaRef> files) {
    this(key, preset, variantId, title, durationMs, segmentsFound, segmentsRendered, files, 0);
  }

  @Override
  public RecordKey recordKey() {
    return key;
  }

  @Override
  public List<String> presets() {
    return List.of(preset);
  }

  /** The same with the number of segments that this run found and rendered. */
  public Delivery withSegments(int found, int rendered) {
    return new Delivery(key, preset, variantId, title, durationMs, found, rendered, files, epoch);
  }

  /** The same as a project's epoch delivers it. */
  public Delivery withEpoch(long newEpoch) {
    return new Delivery(
        key,
        preset,
        variantId,
        title,
        durationMs,
        segmentsFound,
        segmentsRendered,
        files,
        newEpoch);
  }
}
