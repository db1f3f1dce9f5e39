package dev.reelbeam.model.project;

import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.content.RecordKey;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What became of a delivery in an epoch.
 *
 * @param delivery its files, when it is completed; while a later epoch is under way, those that an
 *     earlier one made
 * @param detail the dead letter's id, the reason of a rejection, the event of a cancel; of one that
 *     stays completed, how the later epoch ended; else null
 */
public record DeliveryOutcome(
    RecordKey key,
    String preset,
    long epoch,
    DeliveryState state,
    @Nullable Delivery delivery,
    @Nullable String detail)
    implements Serializable {
  /**
   * How its own epoch ended: that of a delivery which stays completed by what an earlier one made
   * is not {@link DeliveryState#COMPLETED}, see {@link DeliveryState#kept}.
   */
  public DeliveryState endOfEpoch() {
    if (state != DeliveryState.COMPLETED || detail == null) {
      return state;
    }
    String end = detail.split(":", 2)[0];
    return DeliveryState.BEHIND_WHAT_WAS_MADE.stream()
        .filter(one -> one.label().equals(end))
        .findFirst()
        .orElse(state);
  }
}
