package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.failure.DeadLetter;
import java.util.List;

/**
 * A record's variants, and the deliveries that were refused.
 *
 * @param skipped whether the record does not want videos
 */
public record PlannedRecord(
    RecordKey key, List<PlannedVideo> videos, List<DeadLetter> refused, boolean skipped, long epoch)
    implements Tracked {
  @Override
  public RecordKey recordKey() {
    return key;
  }

  @Override
  public List<String> presets() {
    return videos.stream().flatMap(video -> video.presets().stream()).toList();
  }
}
