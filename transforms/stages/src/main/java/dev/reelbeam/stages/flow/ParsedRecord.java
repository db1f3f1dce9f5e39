package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.project.ProjectEdits;
import dev.reelbeam.model.project.ProjectEntry;
import dev.reelbeam.model.project.ProjectRow;
import dev.reelbeam.model.store.MediaRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A valid record, archived.
 *
 * @param content the {@link dev.reelbeam.model.content.ContentRecord} as canonical JSON
 * @param position where it came from
 * @param epoch the project's epoch, 0 before the project is known
 * @param edits what people changed, null when there is nothing
 */
public record ParsedRecord(
    RecordKey key,
    MediaRef content,
    ProjectRequest project,
    String title,
    String position,
    @Nullable String siteId,
    @Nullable String userId,
    long epoch,
    @Nullable ProjectEdits edits)
    implements Tracked {
  /** The record of a project as it stands. */
  public static ParsedRecord of(ProjectRow row) {
    ProjectEntry entry = row.entry();
    return new ParsedRecord(
        entry.key(),
        entry.content(),
        entry.request(),
        entry.title(),
        entry.position(),
        entry.siteId(),
        entry.userId(),
        row.epoch(),
        row.edits());
  }

  /** What the ledger is told about it. */
  public ProjectEntry entry() {
    return new ProjectEntry(key, content, title, siteId, userId, project, position);
  }

  @Override
  public RecordKey recordKey() {
    return key;
  }

  @Override
  public List<String> presets() {
    return project.presets();
  }
}
