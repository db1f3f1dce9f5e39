package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.Tracked;
import java.util.List;

/**
 * The segments of a render that have to be made, in line at the dispatcher.
 *
 * @param pool the workers that can make them
 * @param priority {@code high}, {@code normal} or {@code low}
 * @param indices place of each segment in the render
 * @param segments the segments to be made, in the order of the video
 */
public record RenderOrder(
    RecordKey key,
    String renderId,
    String pool,
    String priority,
    long epoch,
    String settings,
    List<Integer> indices,
    List<RenderPlan.PlannedSegment> segments)
    implements Tracked {
  @Override
  public RecordKey recordKey() {
    return key;
  }

  @Override
  public List<String> presets() {
    return List.of();
  }

  /** The request of one of the segments, with the ticket that counts it. */
  public SegmentRequest request(int place) {
    int index = indices.get(place);
    RenderPlan.PlannedSegment segment = segments.get(place);
    return new SegmentRequest(
        key,
        renderId,
        index,
        segment.key(),
        segment.description(),
        segment.frames(),
        settings,
        epoch,
        renderId + "/" + index);
  }
}
