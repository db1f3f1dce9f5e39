package dev.reelbeam.model.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.content.RecordKey;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeliveryStateTest {
  private static final RecordKey KEY = new RecordKey("p", 1);
  private static final Delivery VIDEO =
      new Delivery(KEY, "tiktok", "v", "Title", 1, 0, 1, Map.of(), 1);

  private final DeliveryOutcome made = outcome(1, DeliveryState.COMPLETED, VIDEO, null);

  @Test
  void whatStaysCompletedTellsHowTheLaterEpochEnded() {
    assertThat(made.endOfEpoch()).isEqualTo(DeliveryState.COMPLETED);
    DeliveryOutcome died =
        DeliveryState.kept(made, outcome(2, DeliveryState.DEAD, null, "letter: of words"));
    assertThat(died.state()).isEqualTo(DeliveryState.COMPLETED);
    assertThat(died.endOfEpoch()).isEqualTo(DeliveryState.DEAD);
    assertThat(
            DeliveryState.kept(made, outcome(2, DeliveryState.CANCELLED, null, null)).endOfEpoch())
        .isEqualTo(DeliveryState.CANCELLED);
    assertThat(outcome(1, DeliveryState.COMPLETED, VIDEO, "deadline").endOfEpoch())
        .isEqualTo(DeliveryState.COMPLETED);
  }

  /** A bundle that runs again may bring further in the same epoch what died, also to a gate. */
  @Test
  void behindAnEarlierVideoWhatDiedMayStillBeHeldRejectedOrMade() {
    DeliveryOutcome died = DeliveryState.kept(made, outcome(2, DeliveryState.DEAD, null, "letter"));
    for (DeliveryState next :
        new DeliveryState[] {
          DeliveryState.WAITING, DeliveryState.REJECTED, DeliveryState.COMPLETED
        }) {
      assertThat(DeliveryState.follows(died, outcome(2, next, null, null))).isTrue();
    }
    DeliveryOutcome cancelled =
        DeliveryState.kept(made, outcome(2, DeliveryState.CANCELLED, null, "event"));
    assertThat(DeliveryState.follows(cancelled, outcome(2, DeliveryState.REJECTED, null, null)))
        .isFalse();
    assertThat(DeliveryState.follows(made, outcome(1, DeliveryState.REJECTED, null, null)))
        .isFalse();
  }

  private static DeliveryOutcome outcome(
      long epoch, DeliveryState state, @Nullable Delivery delivery, @Nullable String detail) {
    return new DeliveryOutcome(KEY, "tiktok", epoch, state, delivery, detail);
  }
}
