package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.store.MediaRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A variant as a timeline of whole frames.
 *
 * @param timeline {@link dev.reelbeam.media.composition.Timeline} as JSON
 * @param totalFrames exact length
 * @param preview small and quick, for the gate; null when nobody decides
 */
public record LaidOutVideo(
    IllustratedVideo illustrated, MediaRef timeline, int totalFrames, @Nullable MediaRef preview)
    implements Tracked {
  /** A timeline that nobody wants to see before it is rendered. */
  public LaidOutVideo(IllustratedVideo illustrated, MediaRef timeline, int totalFrames) {
    this(illustrated, timeline, totalFrames, null);
  }

  /** The same with a small video to look at. */
  public LaidOutVideo withPreview(MediaRef mp4) {
    return new LaidOutVideo(illustrated, timeline, totalFrames, mp4);
  }

  @Override
  public RecordKey recordKey() {
    return illustrated.recordKey();
  }

  @Override
  public List<String> presets() {
    return illustrated.presets();
  }

  @Override
  public long epoch() {
    return illustrated.epoch();
  }

  @Override
  public String priority() {
    return illustrated.priority();
  }

  /** The variant's plan. */
  public PlannedVideo planned() {
    return illustrated.narrated().planned();
  }
}
