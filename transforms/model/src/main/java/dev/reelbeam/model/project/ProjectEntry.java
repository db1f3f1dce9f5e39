package dev.reelbeam.model.project;

import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.store.MediaRef;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A valid record that asks to become a project, or the next revision of one.
 *
 * @param content the {@code ContentRecord} as canonical JSON; equal content has an equal hash
 * @param title for people
 * @param request presets, settings, review, priority
 * @param position where the record came from
 */
public record ProjectEntry(
    RecordKey key,
    MediaRef content,
    String title,
    @Nullable String siteId,
    @Nullable String userId,
    ProjectRequest request,
    String position)
    implements Serializable {
  /** The project's id: one project for all revisions of a record. */
  public String project() {
    return key.recordId();
  }
}
