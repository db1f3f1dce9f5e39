package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.store.MediaRef;
import java.util.List;

/**
 * A bitstream that was decoded again, measured and found good.
 *
 * @param report the measured figures as JSON
 */
public record CheckedVideo(AssembledVideo assembled, MediaRef report) implements Tracked {
  @Override
  public RecordKey recordKey() {
    return assembled.recordKey();
  }

  @Override
  public List<String> presets() {
    return assembled.presets();
  }

  @Override
  public long epoch() {
    return assembled.epoch();
  }
}
