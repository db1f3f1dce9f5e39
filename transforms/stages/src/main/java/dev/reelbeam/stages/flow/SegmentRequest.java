package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.store.MediaRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One segment to be found or rendered.
 *
 * @param epoch the project's epoch that the render belongs to, 0: none
 * @param ticket what the renderer gives back to the dispatcher, null when nobody counts
 * @param pool whose workers render it, null for the usual one
 */
public record SegmentRequest(
    RecordKey key,
    String renderId,
    int index,
    String segmentKey,
    MediaRef description,
    int frames,
    String settings,
    long epoch,
    @Nullable String ticket,
    @Nullable String pool)
    implements Tracked {
  /** A request that no epoch fences and no dispatcher counts. */
  public SegmentRequest(
      RecordKey key,
      String renderId,
      int index,
      String segmentKey,
      MediaRef description,
      int frames,
      String settings) {
    this(key, renderId, index, segmentKey, description, frames, settings, 0, null, null);
  }

  @Override
  public RecordKey recordKey() {
    return key;
  }

  @Override
  public List<String> presets() {
    return List.of();
  }
}
