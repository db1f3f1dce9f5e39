package dev.reelbeam.pipelines;

import dev.reelbeam.model.cost.Credits;
import java.util.List;

/** What a variant will cost by the default rate card, before it is made. */
final class CreditEstimate {
  private CreditEstimate() {}

  /** Credits of a video of this length for so many deliveries; nothing is found. */
  static int of(int durationMs, int deliveries) {
    int voice = Credits.voice(List.of(), durationMs);
    return Credits.SCRIPT
        + voice
        + Credits.COMPOSITION
        + Credits.THUMBNAIL
        + deliveries * Credits.TEXTS;
  }
}
