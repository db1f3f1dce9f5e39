package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.store.MediaRef;
import java.util.List;

/**
 * A variant as a timeline of whole frames.
 *
 * @param timeline {@link dev.reelbeam.media.composition.Timeline} as JSON
 * @param totalFrames exact length
 */
public record LaidOutVideo(IllustratedVideo illustrated, MediaRef timeline, int totalFrames)
    implements Tracked {
  @Override
  public RecordKey recordKey() {
    return illustrated.recordKey();
  }

  @Override
  public List<String> presets() {
    return illustrated.presets();
  }

  /** The variant's plan. */
  public PlannedVideo planned() {
    return illustrated.narrated().planned();
  }
}
