package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.model.video.Variant;
import java.util.List;

/** One variant of a record, to be made. */
public record PlannedVideo(
    RecordKey key,
    MediaRef content,
    String title,
    VideoSettings settings,
    Brand brand,
    Variant variant)
    implements Tracked {
  @Override
  public RecordKey recordKey() {
    return key;
  }

  @Override
  public List<String> presets() {
    return variant.presets();
  }
}
