package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.Tracked;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The segments of a render that have to be made, in line at the dispatcher.
 *
 * @param pool whose line they stand in: that of the pool which renders them, and of the encoder
 *     where that is the usual one
 * @param priority {@code high}, {@code normal} or {@code low}
 * @param indices place of each segment in the render
 * @param segments the segments to be made, in the order of the video
 * @param routedTo the pool that renders them, null for the usual one
 */
public record RenderOrder(
    RecordKey key,
    String renderId,
    String pool,
    String priority,
    long epoch,
    String settings,
    List<Integer> indices,
    List<RenderPlan.PlannedSegment> segments,
    @Nullable String routedTo)
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
        renderId + "/" + index,
        routedTo);
  }
}
