package dev.reelbeam.model.project;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

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

  /** Whether nothing more happens to it by itself. */
  public boolean ended() {
    return switch (this) {
      case COMPLETED, PUBLISHED, FAILED, REJECTED, CANCELLED, SKIPPED -> true;
      case DRAFT, SCRIPTING, VOICEOVER, COMPOSING, RENDERING, REVIEW -> false;
    };
  }

  /**
   * How a project ended, by what became of the deliveries of its newest revision; empty while
   * something is under way.
   */
  public static Optional<ProjectStatus> atEnd(Collection<DeliveryState> states) {
    if (states.isEmpty() || states.contains(DeliveryState.IN_PROGRESS)) {
      return Optional.empty();
    }
    if (states.contains(DeliveryState.WAITING)) {
      return Optional.of(REVIEW);
    }
    if (states.contains(DeliveryState.COMPLETED)) {
      return Optional.of(COMPLETED);
    }
    if (states.contains(DeliveryState.DEAD)) {
      return Optional.of(FAILED);
    }
    if (states.contains(DeliveryState.REJECTED)) {
      return Optional.of(REJECTED);
    }
    return Optional.of(states.contains(DeliveryState.SKIPPED) ? SKIPPED : CANCELLED);
  }

  /** The name on the wire, for example {@code rendering}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
