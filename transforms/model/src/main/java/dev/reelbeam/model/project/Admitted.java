package dev.reelbeam.model.project;

import java.io.Serializable;
import java.util.List;

/**
 * How the ledger took an entry.
 *
 * @param row the project as it stands now, with the newest revision
 * @param before edits that stood before; those of a newer revision that does not keep them are
 *     lost, and the audit log says so
 */
public record Admitted(Verdict verdict, ProjectRow row, ProjectEdits before)
    implements Serializable {
  /** The revision that is known stays as it was. */
  public static Admitted unchanged(Verdict verdict, ProjectRow row) {
    return new Admitted(verdict, row, row.edits());
  }

  /**
   * The lines of the audit log about edits that a newer revision gives up; the ledger writes them
   * together with the row, so that none is lost without a trace.
   */
  public List<AuditEntry> givenUp(long atMs) {
    if (verdict != Verdict.NEWER) {
      return List.of();
    }
    String why =
        "revision " + row.entry().key().revision() + " has another text or asks for others";
    return before.lostIn(row.edits()).stream()
        .map(lost -> AuditEntry.givenUp(row.entry(), row.epoch(), lost, why, atMs))
        .toList();
  }

  /** Which of the revisions an entry turned out to be. */
  public enum Verdict {
    /** The first revision of the project that was seen. */
    NEW,
    /** Newer than what was known; the older one is superseded and the epoch was raised. */
    NEWER,
    /** The revision that is known, with the same content. */
    SAME,
    /** The revision that is known, but with other content: somebody forgot to count. */
    CONFLICT,
    /** Older than what is known. */
    OLDER
  }
}
