package dev.reelbeam.media.composition;

/** Which frame a moment falls on. */
public final class FrameClock {
  /**
   * Starts of frames are rounded to whole microseconds, and sums of them are off by a little more.
   * Word times are whole milliseconds, so at 24, 50 and 60 frames a second they often lie exactly
   * between two frames: without this the same word would fall on either of them, by where in the
   * video its sentence begins.
   */
  private static final long ROUNDING_US = 2;

  private FrameClock() {}

  /** The frame nearest to a moment of at least 0 µs; of two that are as near the later one. */
  public static int nearest(long us, int framesPerSecond) {
    return Math.toIntExact(((us + ROUNDING_US) * framesPerSecond + 500_000) / 1_000_000);
  }

  /** The start of a frame in µs. */
  public static long startUs(long frame, int framesPerSecond) {
    return (frame * 1_000_000 + framesPerSecond / 2) / framesPerSecond;
  }
}
