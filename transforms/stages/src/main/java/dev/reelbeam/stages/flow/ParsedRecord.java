package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.store.MediaRef;
import java.util.List;

/**
 * A valid record, archived.
 *
 * @param content the {@link dev.reelbeam.model.content.ContentRecord} as canonical JSON
 * @param position where it came from
 */
public record ParsedRecord(
    RecordKey key, MediaRef content, ProjectRequest project, String title, String position)
    implements Tracked {
  @Override
  public RecordKey recordKey() {
    return key;
  }

  @Override
  public List<String> presets() {
    return project.presets();
  }
}
