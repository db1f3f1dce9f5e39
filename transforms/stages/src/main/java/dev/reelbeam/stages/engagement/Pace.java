package dev.reelbeam.stages.engagement;

import dev.reelbeam.model.engagement.Counter;
import dev.reelbeam.model.engagement.Packed;
import dev.reelbeam.model.engagement.VideoFacts;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How fast a video gains views now, and how fast it did before.
 *
 * @param topic null when unknown
 * @param atS the end of the hours that were looked at
 * @param recent views a day in the last 12 hours
 * @param baseline views a day in the 48 hours before them
 */
record Pace(
    String video, String platform, @Nullable String topic, long atS, long recent, long baseline)
    implements Serializable {
  private static final long RECENT_S = 12 * SiteDays.HOUR_S;
  private static final long BASELINE_S = 48 * SiteDays.HOUR_S;

  /** A pace needs at least so long a time before its last hours. */
  private static final long LEAST_BASELINE_S = 12 * SiteDays.HOUR_S;

  /** Of a video as far as its history goes; null when that is too short. */
  static @Nullable Pace of(String video, VideoFacts facts, VideoHistory history) {
    int views = Counter.VIEWS.ordinal();
    Curves curves = new Curves(facts, history, 0);
    if (curves.isEmpty()) {
      return null;
    }
    long end = curves.frontier();
    long middle = end - RECENT_S;
    long begin = Math.max(curves.published(), middle - BASELINE_S);
    if (middle - begin < LEAST_BASELINE_S) {
      return null;
    }
    long atBegin = curves.at(views, begin);
    long atMiddle = curves.at(views, middle);
    long recent = (curves.at(views, end) - atMiddle) * SiteDays.DAY_S / RECENT_S;
    long baseline = (atMiddle - atBegin) * SiteDays.DAY_S / (middle - begin);
    return new Pace(video, facts.platform(), facts.topic(), end, recent, baseline);
  }

  byte[] packed() {
    return new Packed.Writer(96)
        .text(video)
        .text(platform)
        .optional(topic)
        .signed(atS)
        .signed(recent)
        .signed(baseline)
        .toBytes();
  }

  static Pace unpacked(byte[] bytes) {
    Packed.Reader reader = new Packed.Reader(bytes);
    return new Pace(
        reader.text(),
        reader.text(),
        reader.optional(),
        reader.signed(),
        reader.signed(),
        reader.signed());
  }
}
