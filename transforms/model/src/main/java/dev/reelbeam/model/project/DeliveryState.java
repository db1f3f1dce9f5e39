package dev.reelbeam.model.project;

import java.util.Locale;

/** What became of a delivery; every accepted one is in exactly one of these states. */
public enum DeliveryState {
  IN_PROGRESS,
  /** Held or parked at a gate. */
  WAITING,
  COMPLETED,
  SKIPPED,
  DEAD,
  CANCELLED,
  REJECTED,
  /** A newer revision of its record took its place. */
  SUPERSEDED;

  /** Whether nothing more happens without an event or a newer revision. */
  public boolean terminal() {
    return this != IN_PROGRESS && this != WAITING;
  }

  /** The name on the wire, for example {@code in_progress}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
