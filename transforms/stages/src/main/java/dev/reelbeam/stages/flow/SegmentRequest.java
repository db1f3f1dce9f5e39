package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.store.MediaRef;
import java.util.List;

/** One segment to be found or rendered. */
public record SegmentRequest(
    RecordKey key,
    String renderId,
    int index,
    String segmentKey,
    MediaRef description,
    int frames,
    String settings)
    implements Tracked {
  @Override
  public RecordKey recordKey() {
    return key;
  }

  @Override
  public List<String> presets() {
    return List.of();
  }
}
