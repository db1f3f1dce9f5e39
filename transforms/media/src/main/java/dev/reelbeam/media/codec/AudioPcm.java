package dev.reelbeam.media.codec;

/**
 * Sound in memory: one plane of float samples per channel, 48 kHz, full scale at ±1.
 *
 * <p>The planes are handed out without a copy; whoever decodes or mixes owns them.
 */
public final class AudioPcm implements AudioSource {
  /** Samples per second of every sound inside Reelbeam. */
  public static final int SAMPLE_RATE = 48_000;

  private final float[][] planes;

  private AudioPcm(float[][] planes) {
    if (planes.length < 1 || planes.length > 2) {
      throw new IllegalArgumentException("one or two channels, not " + planes.length);
    }
    if (planes[0].length != planes[planes.length - 1].length) {
      throw new IllegalArgumentException("channels of unequal length");
    }
    this.planes = planes;
  }

  /** One channel. */
  public static AudioPcm mono(float[] samples) {
    return new AudioPcm(new float[][] {samples});
  }

  /** Two channels of equal length. */
  public static AudioPcm stereo(float[] left, float[] right) {
    return new AudioPcm(new float[][] {left, right});
  }

  @Override
  public int channels() {
    return planes.length;
  }

  @Override
  public int samples() {
    return planes[0].length;
  }

  @Override
  public void read(int from, int count, float[][] into) {
    for (int channel = 0; channel < planes.length; channel++) {
      System.arraycopy(planes[channel], from, into[channel], 0, count);
    }
  }

  /** Length in microseconds, rounded down. */
  public long durationUs() {
    return samplesToUs(samples());
  }

  /** The samples of a channel, not a copy. */
  public float[] plane(int channel) {
    return planes[channel];
  }

  /** The samples of the left channel, or of the only one. */
  public float[] left() {
    return planes[0];
  }

  /** The samples of the right channel; those of the only one when there is but one. */
  public float[] right() {
    return planes[planes.length - 1];
  }

  /** The time of a sample in microseconds, rounded down. */
  public static long samplesToUs(long samples) {
    return Math.floorDiv(samples * 1_000_000L, (long) SAMPLE_RATE);
  }

  /** The sample nearest to a time. */
  public static long usToSamples(long us) {
    return Math.floorDiv(us * SAMPLE_RATE + 500_000L, 1_000_000L);
  }
}
