package dev.reelbeam.media.codec;

/**
 * How large an audio file may be before it is refused.
 *
 * @param maxBytes size of the file
 * @param maxSeconds length of the sound, counted while it is decoded
 */
public record AudioLimits(long maxBytes, int maxSeconds) {
  /** 256 MiB and 20 minutes: longer than any video made here. */
  public static final AudioLimits DEFAULT = new AudioLimits(256L << 20, 20 * 60);

  /** Refuses limits that are not positive or would not fit into an array. */
  public AudioLimits {
    if (maxBytes < 1 || maxSeconds < 1 || maxSeconds > 12 * 3600) {
      throw new IllegalArgumentException("limits out of range");
    }
  }
}
