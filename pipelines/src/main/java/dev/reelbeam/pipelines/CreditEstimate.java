package dev.reelbeam.pipelines;

/** What a variant will cost by the default rate card, before it is made. */
final class CreditEstimate {
  private static final int SCRIPT = 5;
  private static final int VOICE_PER_MINUTE = 2;
  private static final int COMPOSITION = 5;
  private static final int THUMBNAIL = 3;
  private static final int TEXTS_PER_DELIVERY = 1;
  private static final int MINUTE_MS = 60_000;

  private CreditEstimate() {}

  /** Credits of a video of this length for so many deliveries; nothing is found. */
  static int of(int durationMs, int deliveries) {
    int voice = (durationMs * VOICE_PER_MINUTE + MINUTE_MS - 1) / MINUTE_MS;
    return SCRIPT + voice + COMPOSITION + THUMBNAIL + deliveries * TEXTS_PER_DELIVERY;
  }
}
