package dev.reelbeam.model.project;

import java.io.Serializable;

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
