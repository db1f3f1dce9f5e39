package dev.reelbeam.model.video;

import java.io.Serializable;
import java.util.List;

/**
 * One timeline that satisfies several presets: made once, delivered once per preset.
 *
 * @param id short and stable within the record, for example {@code 1080x1920-30s-60s}
 * @param type length class; it decides the script's pattern
 * @param range durations that every member allows
 * @param targetMs duration to aim at
 * @param presets members, in the order asked for
 * @param captions whether captions are drawn into the picture
 * @param watermark whether the brand's mark is shown
 * @param maxBytes the tightest member's file limit
 * @param encoder encoder of the pool chosen for the variant, for example {@code libx264}
 * @param quality {@code draft}, {@code standard} or {@code best}
 */
public record Variant(
    String id,
    int width,
    int height,
    int frameRate,
    VideoType type,
    DurationRange range,
    int targetMs,
    List<String> presets,
    boolean captions,
    boolean watermark,
    long maxBytes,
    String encoder,
    String quality)
    implements Serializable {
  /** The same, encoded by another encoder. */
  public Variant encodedBy(String newEncoder) {
    return new Variant(
        id,
        width,
        height,
        frameRate,
        type,
        range,
        targetMs,
        presets,
        captions,
        watermark,
        maxBytes,
        newEncoder,
        quality);
  }

  /** Taller than wide. */
  public boolean vertical() {
    return height > width;
  }
}
