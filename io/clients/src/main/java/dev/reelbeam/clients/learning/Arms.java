package dev.reelbeam.clients.learning;

import dev.reelbeam.model.learning.ArmReward;
import java.util.Comparator;

/** What both ledgers of arms share. */
final class Arms {
  /** Names a reward: one for each kind and video. */
  static final Comparator<ArmReward> BY_KEY =
      Comparator.comparing(ArmReward::kind)
          .thenComparing(ArmReward::platform)
          .thenComparing(ArmReward::videoId)
          .thenComparing(ArmReward::version);

  private Arms() {}
}
