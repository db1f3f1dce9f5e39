package dev.reelbeam.clients.ledger;

import dev.reelbeam.model.project.DeliveryState;
import dev.reelbeam.model.project.ProjectStatus;
import java.util.Collection;
import java.util.Optional;

/** How a project ended, by what became of the deliveries of its newest revision. */
final class Endings {
  private Endings() {}

  /** Empty while something is under way. */
  static Optional<ProjectStatus> of(Collection<DeliveryState> states) {
    if (states.isEmpty() || states.contains(DeliveryState.IN_PROGRESS)) {
      return Optional.empty();
    }
    if (states.contains(DeliveryState.WAITING)) {
      return Optional.of(ProjectStatus.REVIEW);
    }
    if (states.contains(DeliveryState.COMPLETED)) {
      return Optional.of(ProjectStatus.COMPLETED);
    }
    if (states.contains(DeliveryState.DEAD)) {
      return Optional.of(ProjectStatus.FAILED);
    }
    if (states.contains(DeliveryState.REJECTED)) {
      return Optional.of(ProjectStatus.REJECTED);
    }
    return Optional.of(
        states.contains(DeliveryState.SKIPPED) ? ProjectStatus.SKIPPED : ProjectStatus.CANCELLED);
  }
}
