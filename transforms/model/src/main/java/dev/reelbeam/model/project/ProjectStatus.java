package dev.reelbeam.model.project;

import java.util.Locale;

/** Where a project stands. */
public enum ProjectStatus {
  /** Accepted, not begun. */
  DRAFT,
  SCRIPTING,
  VOICEOVER,
  COMPOSING,
  RENDERING,
  /** An artifact waits for somebody's decision. */
  REVIEW,
  /** Every delivery came to an end and at least one is there; nothing is published yet. */
  COMPLETED,
  PUBLISHED,
  FAILED,
  REJECTED,
  CANCELLED,
  SKIPPED;

  /** Whether workers are busy with it: such projects hold a place of their lane. */
  public boolean active() {
    return switch (this) {
      case SCRIPTING, VOICEOVER, COMPOSING, RENDERING -> true;
      case DRAFT, REVIEW, COMPLETED, PUBLISHED, FAILED, REJECTED, CANCELLED, SKIPPED -> false;
    };
  }

  /** The name on the wire, for example {@code rendering}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
