package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.store.MediaRef;
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
    implements Derived {
  /** A timeline that nobody wants to see before it is rendered. */
  public LaidOutVideo(IllustratedVideo illustrated, MediaRef timeline, int totalFrames) {
    this(illustrated, timeline, totalFrames, null);
  }

  /** The same with a small video to look at. */
  public LaidOutVideo withPreview(MediaRef mp4) {
    return new LaidOutVideo(illustrated, timeline, totalFrames, mp4);
  }

  @Override
  public Tracked origin() {
    return illustrated;
  }

  /** The variant's plan. */
  public PlannedVideo planned() {
    return illustrated.narrated().planned();
  }
}
