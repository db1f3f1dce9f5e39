package dev.reelbeam.model.project;

import java.io.Serializable;

/**
 * A project as the ledger knows it.
 *
 * @param entry its newest revision
 * @param epoch raised by each accepted edit, retry, cancel and newer revision; counted from 1
 * @param edits what stands for this revision
 */
public record ProjectRow(ProjectEntry entry, long epoch, ProjectEdits edits, ProjectStatus status)
    implements Serializable {
  public String project() {
    return entry.project();
  }
}
