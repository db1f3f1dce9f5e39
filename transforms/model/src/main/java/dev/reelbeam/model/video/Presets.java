package dev.reelbeam.model.video;

import java.util.List;
import java.util.Optional;

/** The built-in presets. Limits are of October 2026. */
public final class Presets {
  private static final long MB = 1_000_000L;

  private static final List<Preset> ALL =
      List.of(
          vertical("youtube_short", Platform.YOUTUBE, 30, 60, 256_000 * MB, true, "YouTube Shorts"),
          vertical("instagram_reel", Platform.INSTAGRAM, 30, 90, 300 * MB, true, "Instagram Reels"),
          vertical("tiktok", Platform.TIKTOK, 30, 180, 72 * MB, false, "TikTok"),
          landscape("youtube_long", Platform.YOUTUBE, 180, 900, 256_000 * MB, "YouTube, landscape"),
          landscape(
              "landscape", Platform.SITE, 60, 180, 500 * MB, "X, LinkedIn, Facebook, site pages"),
          vertical("facebook_reel", Platform.FACEBOOK, 30, 90, 1000 * MB, true, "Facebook Reels"),
          vertical("x_vertical", Platform.X, 30, 140, 512 * MB, true, "X, vertical"),
          vertical("linkedin_vertical", Platform.LINKEDIN, 30, 90, 500 * MB, true, "LinkedIn"),
          new Preset(
              "preview",
              Platform.SITE,
              270,
              480,
              15,
              new DurationRange(3_000, 900_000),
              100 * MB,
              true,
              true,
              "small and quick, for review and tests"),
          new Preset(
              "preview_landscape",
              Platform.SITE,
              480,
              270,
              15,
              new DurationRange(3_000, 900_000),
              100 * MB,
              true,
              true,
              "small and quick, landscape"));

  private Presets() {}

  /** Every preset, the usual ones first. */
  public static List<Preset> all() {
    return ALL;
  }

  /** What `make` uses when neither the record nor the user names presets. */
  public static List<String> defaults() {
    return List.of("youtube_short", "instagram_reel", "tiktok");
  }

  public static Optional<Preset> find(String id) {
    return ALL.stream().filter(preset -> preset.id().equals(id)).findFirst();
  }

  private static Preset vertical(
      String id,
      Platform platform,
      int minSeconds,
      int maxSeconds,
      long maxBytes,
      boolean watermarkAllowed,
      String description) {
    return new Preset(
        id,
        platform,
        1080,
        1920,
        30,
        new DurationRange(minSeconds * 1000, maxSeconds * 1000),
        maxBytes,
        true,
        watermarkAllowed,
        description);
  }

  private static Preset landscape(
      String id,
      Platform platform,
      int minSeconds,
      int maxSeconds,
      long maxBytes,
      String description) {
    return new Preset(
        id,
        platform,
        1920,
        1080,
        30,
        new DurationRange(minSeconds * 1000, maxSeconds * 1000),
        maxBytes,
        !id.equals("youtube_long"),
        true,
        description);
  }
}
