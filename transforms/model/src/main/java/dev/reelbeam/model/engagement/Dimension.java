package dev.reelbeam.model.engagement;

import org.jspecify.annotations.Nullable;

/** By what engagement is grouped. The order is part of stored state: new ones go to the end. */
public enum Dimension {
  VIDEO("video"),
  PLATFORM("platform"),
  PRESET("preset"),
  SITE("site"),
  HOOK_STYLE("hook_style"),
  VOICE("voice"),
  DURATION_CLASS("duration_class"),
  TOPIC("topic"),
  PROJECT("project");

  private static final Dimension[] ALL = values();

  private final String label;

  Dimension(String label) {
    this.label = label;
  }

  /** The name in tables. */
  public String label() {
    return label;
  }

  /** The dimension of an ordinal. */
  public static Dimension of(int ordinal) {
    if (ordinal < 0 || ordinal >= ALL.length) {
      throw new IllegalArgumentException("dimension " + ordinal);
    }
    return ALL[ordinal];
  }

  public static int count() {
    return ALL.length;
  }

  /** Under what key a video counts; null where that is unknown and it does not count. */
  public @Nullable String key(VideoFacts facts) {
    return switch (this) {
      case VIDEO -> facts.videoKey();
      case PLATFORM -> facts.platform();
      case PRESET -> facts.preset();
      case SITE -> facts.siteId();
      case HOOK_STYLE -> facts.hookStyle();
      case VOICE -> facts.voice();
      case DURATION_CLASS -> facts.durationClass();
      case TOPIC -> facts.topic();
      case PROJECT -> facts.project();
    };
  }
}
