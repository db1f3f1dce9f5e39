package dev.reelbeam.model.project;

import dev.reelbeam.model.content.Delivery;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

  /** Ends of an epoch that leave a delivery completed where an earlier one made it. */
  static final Set<DeliveryState> BEHIND_WHAT_WAS_MADE =
      Set.of(DEAD, CANCELLED, SKIPPED, SUPERSEDED);

  /** Whether nothing more happens without an event or a newer revision. */
  public boolean terminal() {
    return this != IN_PROGRESS && this != WAITING;
  }

  /**
   * Whether a ledger puts one outcome of a delivery in the place of another. This is the only place
   * that says so, whatever the ledger is kept in.
   *
   * <p>An outcome of an older epoch never counts. Within an epoch, work may run again after a
   * failure, so that what was dead is made after all, or rejected, also where what an earlier epoch
   * made stood for it meanwhile; but what is made stays made, and what was cancelled, skipped or
   * superseded stays so. In a later epoch everything is begun again, except that a superseded
   * delivery never is, and only what is under way is cancelled, skipped or superseded.
   *
   * @param before null when nothing is known of the delivery
   */
  public static boolean follows(@Nullable DeliveryOutcome before, DeliveryOutcome next) {
    if (before == null) {
      return true;
    }
    if (next.epoch() < before.epoch()) {
      return false;
    }
    return next.epoch() == before.epoch()
        ? before.endOfEpoch().mayBecome(next.state())
        : before.state().mayBecomeLater(next.state());
  }

  /**
   * What a ledger keeps of an outcome that {@linkplain #follows follows}: what was made stays with
   * the delivery while a later epoch is under way, and is the outcome again when that epoch ends
   * without another one. Only a person's rejection takes it away.
   *
   * @param before null when nothing is known of the delivery
   */
  public static DeliveryOutcome kept(@Nullable DeliveryOutcome before, DeliveryOutcome next) {
    Delivery made = before == null ? null : before.delivery();
    if (made == null || next.delivery() != null) {
      return next;
    }
    return switch (next.state()) {
      case COMPLETED, REJECTED -> next;
      case IN_PROGRESS, WAITING ->
          new DeliveryOutcome(
              next.key(), next.preset(), next.epoch(), next.state(), made, next.detail());
      case DEAD, CANCELLED, SKIPPED, SUPERSEDED ->
          new DeliveryOutcome(
              next.key(),
              next.preset(),
              next.epoch(),
              COMPLETED,
              made,
              next.state().label() + (next.detail() == null ? "" : ": " + next.detail()));
    };
  }

  private boolean mayBecome(DeliveryState next) {
    return switch (this) {
      case IN_PROGRESS, WAITING -> true;
      case COMPLETED, SKIPPED, CANCELLED, SUPERSEDED -> next == this;
      case DEAD ->
          switch (next) {
            case IN_PROGRESS, WAITING, COMPLETED, DEAD, REJECTED -> true;
            case SKIPPED, CANCELLED, SUPERSEDED -> false;
          };
      // Whoever approves it after all lets it go on; what was under way meanwhile does not end it.
      case REJECTED ->
          switch (next) {
            case IN_PROGRESS, WAITING, REJECTED -> true;
            case COMPLETED, SKIPPED, DEAD, CANCELLED, SUPERSEDED -> false;
          };
    };
  }

  private boolean mayBecomeLater(DeliveryState next) {
    return switch (next) {
      case IN_PROGRESS, WAITING, COMPLETED, DEAD, REJECTED -> this != SUPERSEDED;
      case CANCELLED, SKIPPED, SUPERSEDED -> !terminal();
    };
  }

  /** The name on the wire, for example {@code in_progress}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
