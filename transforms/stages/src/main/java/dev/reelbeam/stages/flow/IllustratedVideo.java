package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.store.MediaRef;
import java.util.List;

/**
 * A variant whose visuals were chosen.
 *
 * @param storyboard {@link dev.reelbeam.stages.visuals.Storyboard} as JSON
 * @param notes what was left out and why
 */
public record IllustratedVideo(NarratedVideo narrated, MediaRef storyboard, List<String> notes)
    implements Tracked {
  @Override
  public RecordKey recordKey() {
    return narrated.recordKey();
  }

  @Override
  public List<String> presets() {
    return narrated.presets();
  }

  @Override
  public long epoch() {
    return narrated.epoch();
  }
}
