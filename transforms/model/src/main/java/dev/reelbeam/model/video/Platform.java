package dev.reelbeam.model.video;

/**
 * Where videos are published, with the limits of their texts (state: October 2026).
 *
 * <p>Limits count UTF-16 characters except where a platform says otherwise.
 */
public enum Platform {
  YOUTUBE("youtube", 100, 5000, 500),
  INSTAGRAM("instagram", 100, 2200, 30 * 30),
  TIKTOK("tiktok", 100, 2200, 500),
  FACEBOOK("facebook", 255, 5000, 500),
  X("x", 100, 280, 200),
  LINKEDIN("linkedin", 200, 3000, 500),
  SITE("site", 110, 5000, 500);

  private final String id;
  private final int titleLimit;
  private final int descriptionLimit;
  private final int tagsLimit;

  Platform(String id, int titleLimit, int descriptionLimit, int tagsLimit) {
    this.id = id;
    this.titleLimit = titleLimit;
    this.descriptionLimit = descriptionLimit;
    this.tagsLimit = tagsLimit;
  }

  public String id() {
    return id;
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
