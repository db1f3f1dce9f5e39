package dev.reelbeam.model.video;

/**
 * Where videos are published, with the limits of their texts (state: October 2026).
 *
 * <p>Limits count UTF-16 characters except where a platform says otherwise.
 */
public enum Platform {
  YOUTUBE("youtube", 100, 5000, 500, 24, 60),
  INSTAGRAM("instagram", 100, 2200, 30 * 30, 23, 60),
  TIKTOK("tiktok", 100, 2200, 500, 23, 60),
  FACEBOOK("facebook", 255, 5000, 500, 24, 60),
  X("x", 100, 280, 200, 24, 60),
  LINKEDIN("linkedin", 200, 3000, 500, 10, 60),
  SITE("site", 110, 5000, 500, 1, 120);

  private final String id;
  private final int titleLimit;
  private final int descriptionLimit;
  private final int tagsLimit;
  private final int slowestFrameRate;
  private final int fastestFrameRate;

  Platform(
      String id,
      int titleLimit,
      int descriptionLimit,
      int tagsLimit,
      int slowestFrameRate,
      int fastestFrameRate) {
    this.id = id;
    this.titleLimit = titleLimit;
    this.descriptionLimit = descriptionLimit;
    this.tagsLimit = tagsLimit;
    this.slowestFrameRate = slowestFrameRate;
    this.fastestFrameRate = fastestFrameRate;
  }

  public String id() {
    return id;
  }

  /** Whether the platform takes videos of so many frames per second as they are. */
  public boolean allowsFrameRate(int frameRate) {
    return frameRate >= slowestFrameRate && frameRate <= fastestFrameRate;
  }

  /** Longest title in characters. */
  public int titleLimit() {
    return titleLimit;
  }

  /** Longest description or post text in characters. */
  public int descriptionLimit() {
    return descriptionLimit;
  }

  /** Longest list of tags, joined by commas, in characters. */
  public int tagsLimit() {
    return tagsLimit;
  }
}
