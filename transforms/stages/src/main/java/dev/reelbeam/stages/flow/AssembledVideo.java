package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.store.MediaRef;
import java.util.List;

/**
 * A finished bitstream.
 *
 * @param video the mp4
 * @param segmentsFound segments that were found
 * @param segmentsRendered segments that had to be rendered
 */
public record AssembledVideo(
    LaidOutVideo video, MediaRef mp4, int segmentsFound, int segmentsRendered) implements Tracked {
  @Override
  public RecordKey recordKey() {
    return video.recordKey();
  }

  @Override
  public List<String> presets() {
    return video.presets();
  }

  @Override
  public long epoch() {
    return video.epoch();
  }
}
