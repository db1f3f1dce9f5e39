package dev.reelbeam.media.render;

import dev.reelbeam.media.composition.Canvas;
import java.io.Serializable;

/**
 * What a renderer may use.
 *
 * @param plateCacheBytes pictures kept ready, in bytes
 * @param rasterCacheBytes overlay rasters kept ready, in bytes
 * @param baseDeadlineMs time for a segment of no frames: loading and decoding pictures
 * @param frameDeadlineMs time for each frame of 1080x1920 pixels; other sizes in proportion
 */
public record RenderLimits(
    long plateCacheBytes, long rasterCacheBytes, long baseDeadlineMs, long frameDeadlineMs)
    implements Serializable {
  /** For a worker with 1 GiB or more: about 250 MB of caches, 25 times the usual time. */
  public static final RenderLimits DEFAULT = new RenderLimits(192L << 20, 64L << 20, 60_000, 1_000);

  private static final long REFERENCE_PIXELS = 1080L * 1920;

  /** Time for a segment in milliseconds. */
  public long deadlineMs(Canvas canvas, int frames) {
    long pixels = (long) canvas.width() * canvas.height();
    return baseDeadlineMs + frameDeadlineMs * frames * pixels / REFERENCE_PIXELS;
  }
}
