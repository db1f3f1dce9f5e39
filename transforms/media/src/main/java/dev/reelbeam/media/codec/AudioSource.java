package dev.reelbeam.media.codec;

/** Sound at 48 kHz that can be read from any place, held in memory or computed on the way. */
public interface AudioSource {
  /** 1 or 2. */
  int channels();

  /** Samples per channel. */
  int samples();

  /** Puts samples {@code from} to {@code from + count} at the start of each plane. */
  void read(int from, int count, float[][] into);
}
