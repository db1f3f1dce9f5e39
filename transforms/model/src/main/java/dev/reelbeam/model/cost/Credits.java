package dev.reelbeam.model.cost;

import java.util.List;

/** The default credits of operations, which do not depend on who carries them out. */
public final class Credits {
  /** {@code video_script_generation}. */
  public static final int SCRIPT = 5;

  /** {@code video_composition}, for each variant. */
  public static final int COMPOSITION = 5;

  /** {@code video_thumbnail}. */
  public static final int THUMBNAIL = 3;

  /** {@code video_seo_metadata}, for each delivery. */
  public static final int TEXTS = 1;

  private static final int SELFHOSTED_PER_MINUTE = 2;
  private static final int STANDARD_PER_MINUTE = 10;
  private static final int HD_PER_MINUTE = 20;
  private static final int FEWEST_VISUALS = 15;
  private static final int MOST_VISUALS = 50;
  private static final int EACH_VISUAL = 7;
  private static final int MINUTE_MS = 60_000;

  private static final int MOST_SHORT = 80;
  private static final int MOST_LONG = 250;
  private static final int LONGEST_SHORT_MS = 90_000;

  private Credits() {}

  /**
   * What a video is expected to come to at most, {@code video_short_total} or {@code
   * video_long_total}: more is told, and stops nothing.
   */
  public static int mostExpected(long durationMs) {
    return durationMs > LONGEST_SHORT_MS ? MOST_LONG : MOST_SHORT;
  }

  /** The operation that a voice is booked as; no charges stand for a voice on one's own machine. */
  public static String voiceItem(List<Charge> speaking) {
    if (speaking.isEmpty()) {
      return "video_tts_selfhosted";
    }
    return hd(speaking) ? "video_tts_hd" : "video_tts_standard";
  }

  /** Of so much speech. */
  public static int voice(List<Charge> speaking, long durationMs) {
    int perMinute =
        speaking.isEmpty()
            ? SELFHOSTED_PER_MINUTE
            : hd(speaking) ? HD_PER_MINUTE : STANDARD_PER_MINUTE;
    return (int) ((durationMs * perMinute + MINUTE_MS - 1) / MINUTE_MS);
  }

  private static boolean hd(List<Charge> speaking) {
    return speaking.stream().anyMatch(charge -> charge.model().endsWith("-hd"));
  }

  /** {@code video_visual_generation}: 15 for one picture to 50 for six and more. */
  public static int visuals(int generated) {
    return generated == 0
        ? 0
        : Math.min(MOST_VISUALS, FEWEST_VISUALS + EACH_VISUAL * (generated - 1));
  }
}
