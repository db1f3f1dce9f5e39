package dev.reelbeam.media.render;

import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.EncodingSettings;
import java.io.Serializable;

/**
 * What a renderer may use.
 *
 * <p>The memory budget of a process that renders, at 1080x1920:
 *
 * <ul>
 *   <li>the caches below, shared by all its workers: 256 MB of heap by default;
 *   <li>for each worker about 25 MB of heap (three frames and the scratch rows of the warp) and 60
 *       to 120 MB of native memory for x264 (its lookahead and reference frames);
 *   <li>for each worker the plates that it draws from, which the cache may have let go of: 3 MB a
 *       picture that stands still, about 5 MB one that is zoomed, 25 MB one of eight canvases that
 *       the camera pans along; two of them in a transition;
 *   <li>for each worker and clip on screen 30 MB of native memory at 1920x1080, 120 MB at 3840x2160
 *       (what its codec keeps), for an interlaced one three frames more;
 *   <li>one picture being decoded, whatever the number of workers: 72 MB of native memory for the
 *       largest that intake keeps ({@code PictureCap}), 110 MB for a JPEG of 24 megapixels as a
 *       camera writes it, 450 MB for one of 100 megapixels, the largest that is taken; and once
 *       more for each that hangs, until its call comes back. A PNG with transparency takes 8 bytes
 *       a pixel of native memory and 4 of heap: 800 and 400 MB at 100 megapixels, which only
 *       callers of this module can ask for.
 * </ul>
 *
 * {@code bench/bounds} measures the peaks.
 *
 * @param plateCacheBytes pictures kept ready, in bytes
 * @param rasterCacheBytes overlay rasters and insets kept ready, in bytes
 * @param baseDeadlineMs time for a segment of no frames: loading and decoding pictures
 * @param frameDeadlineMs time for each frame of 1080x1920 pixels, encoded by a quick preset; other
 *     sizes in proportion, slower presets by {@link #effort}
 * @param graceMs how long after its deadline a segment may still be inside one native call
 */
public record RenderLimits(
    long plateCacheBytes,
    long rasterCacheBytes,
    long baseDeadlineMs,
    long frameDeadlineMs,
    long graceMs)
    implements Serializable {
  /** For a worker with 1 GiB or more: about 250 MB of caches, 25 times the usual time. */
  public static final RenderLimits DEFAULT =
      new RenderLimits(192L << 20, 64L << 20, 60_000, 1_000, 30_000);

  private static final long REFERENCE_PIXELS = 1080L * 1920;

  /** Frames of a clip that are decoded in the time of one that is drawn and encoded. */
  private static final int FRAMES_DECODED = 4;

  /** With the usual grace. */
  public RenderLimits(
      long plateCacheBytes, long rasterCacheBytes, long baseDeadlineMs, long frameDeadlineMs) {
    this(plateCacheBytes, rasterCacheBytes, baseDeadlineMs, frameDeadlineMs, DEFAULT.graceMs());
  }

  /** Time for a segment in milliseconds, its clips not counted. */
  public long deadlineMs(Canvas canvas, int frames, EncodingSettings settings) {
    long pixels = (long) canvas.width() * canvas.height();
    return baseDeadlineMs + frameDeadlineMs * effort(settings) * frames * pixels / REFERENCE_PIXELS;
  }

  /**
   * Time for decoding and scaling the frames of a clip, in milliseconds.
   *
   * @param width of its frames
   * @param height of its frames
   * @param frames that are decoded, those on the way included
   */
  public long clipDeadlineMs(int width, int height, long frames) {
    long pixels = (long) width * height;
    return frameDeadlineMs * frames * pixels / (REFERENCE_PIXELS * FRAMES_DECODED);
  }

  /** How many times the work of a quick preset an encoder's settings ask for, at most. */
  static int effort(EncodingSettings settings) {
    return switch (settings.preset()) {
      case "faster", "fast" -> 2;
      case "medium" -> 4;
      case "slow" -> 8;
      default -> 1;
    };
  }
}
