package dev.reelbeam.model.project;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A project as the ledger knows it.
 *
 * @param entry its newest revision
 * @param epoch raised by each accepted edit, retry, cancel and newer revision; counted from 1
 * @param edits what stands for this revision
 * @param begun who sent it into a running job last; null when nobody has
 */
public record ProjectRow(
    ProjectEntry entry, long epoch, ProjectEdits edits, ProjectStatus status, @Nullable Begun begun)
    implements Serializable {
  /** A project that nobody has begun. */
  public static ProjectRow draft(ProjectEntry entry, long epoch, ProjectEdits edits) {
    return new ProjectRow(entry, epoch, edits, ProjectStatus.DRAFT, null);
  }

  public String project() {
    return entry.project();
  }

  ProjectRow withStatus(ProjectStatus newStatus) {
    return new ProjectRow(entry, epoch, edits, newStatus, begun);
  }

  ProjectRow withBegun(Begun newBegun) {
    return new ProjectRow(entry, epoch, edits, status, newBegun);
  }
}
