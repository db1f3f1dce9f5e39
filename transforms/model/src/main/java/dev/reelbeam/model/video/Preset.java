package dev.reelbeam.model.video;

import java.io.Serializable;

/**
 * A target's demands on a video.
 *
 * @param frameRate whole frames per second
 * @param range durations allowed when no type lowers or narrows them
 * @param maxBytes largest file the platform takes
 * @param captionsBurnedIn whether captions are drawn into the picture by default
 * @param watermarkAllowed whether the platform allows a watermark
 */
public record Preset(
    String id,
    Platform platform,
    int width,
    int height,
    int frameRate,
    DurationRange range,
    long maxBytes,
    boolean captionsBurnedIn,
    boolean watermarkAllowed,
    String description)
    implements Serializable {
  /** Taller than wide. */
  public boolean vertical() {
    return height > width;
  }
}
