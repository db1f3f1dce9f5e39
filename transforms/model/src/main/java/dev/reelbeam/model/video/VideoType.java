package dev.reelbeam.model.video;

import java.util.Locale;

/** Length classes of videos. */
public enum VideoType {
  TEASER(15_000, 30_000),
  SHORT(30_000, 90_000),
  MEDIUM(60_000, 180_000),
  LONG(300_000, 900_000);

  private final int minMs;
  private final int maxMs;

  VideoType(int minMs, int maxMs) {
    this.minMs = minMs;
    this.maxMs = maxMs;
  }

  /** The durations of this type. */
  public DurationRange range() {
    return new DurationRange(minMs, maxMs);
  }

  /** The name on the wire, for example {@code short}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
