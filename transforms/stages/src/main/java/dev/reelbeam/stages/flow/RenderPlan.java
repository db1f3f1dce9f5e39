package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.store.MediaRef;
import java.util.List;

/**
 * A timeline cut into segments: what the joining stage waits for.
 *
 * @param renderId hash of the timeline and the encoding settings
 * @param video what is rendered
 * @param settings {@link dev.reelbeam.media.composition.EncodingSettings} as JSON text
 * @param segments the segments, in order
 */
public record RenderPlan(
    String renderId, LaidOutVideo video, String settings, List<PlannedSegment> segments)
    implements Derived {
  /**
   * One segment of a plan.
   *
   * @param key key under which its bytes are found
   * @param description the slice of the timeline, stored as JSON
   * @param frames number of frames
   */
  public record PlannedSegment(String key, MediaRef description, int frames)
      implements java.io.Serializable {}

  @Override
  public Tracked origin() {
    return video;
  }
}
