package dev.reelbeam.media.probe;

/**
 * What a finished video must be. A 0 for width, height, frame rate, frames or size means "any".
 *
 * @param width pixels
 * @param height pixels
 * @param frameRateNumerator frames per second
 * @param frameRateDenominator frames per second, denominator
 * @param frames exact number of frames
 * @param maxBytes largest file
 * @param minDurationUs shortest video
 * @param maxDurationUs longest video
 * @param minMilliLufs lowest integrated loudness
 * @param maxMilliLufs highest integrated loudness
 * @param maxTruePeakMilliDbtp highest true peak
 * @param longestBlackUs longest black stretch allowed
 * @param longestFrozenUs longest frozen stretch allowed
 * @param longestSilentUs longest silent stretch allowed
 * @param soundRequired whether a video without sound fails
 */
public record MediaExpectations(
    int width,
    int height,
    int frameRateNumerator,
    int frameRateDenominator,
    int frames,
    long maxBytes,
    long minDurationUs,
    long maxDurationUs,
    int minMilliLufs,
    int maxMilliLufs,
    int maxTruePeakMilliDbtp,
    long longestBlackUs,
    long longestFrozenUs,
    long longestSilentUs,
    boolean soundRequired) {

  /**
   * What every platform takes, whatever the size: -14 ±1 LUFS, at most -1 dBTP, at most half a
   * second black, 6 s frozen, 3 s silent.
   */
  public static final MediaExpectations ANY_PLATFORM =
      new MediaExpectations(
          0,
          0,
          0,
          1,
          0,
          0,
          0,
          Long.MAX_VALUE,
          -15_000,
          -13_000,
          -1_000,
          500_000,
          6_000_000,
          3_000_000,
          true);

  /** The platform rules with an exact picture and length. */
  public static MediaExpectations of(int width, int height, int framesPerSecond, int frames) {
    return ANY_PLATFORM.withPicture(width, height, framesPerSecond, frames);
  }

  /** The same with an exact picture and length. */
  public MediaExpectations withPicture(int newWidth, int newHeight, int rate, int newFrames) {
    return new MediaExpectations(
        newWidth,
        newHeight,
        rate,
        1,
        newFrames,
        maxBytes,
        minDurationUs,
        maxDurationUs,
        minMilliLufs,
        maxMilliLufs,
        maxTruePeakMilliDbtp,
        longestBlackUs,
        longestFrozenUs,
        longestSilentUs,
        soundRequired);
  }

  /** The same with a size limit, 0 for none. */
  public MediaExpectations withMaxBytes(long bytes) {
    return new MediaExpectations(
        width,
        height,
        frameRateNumerator,
        frameRateDenominator,
        frames,
        bytes,
        minDurationUs,
        maxDurationUs,
        minMilliLufs,
        maxMilliLufs,
        maxTruePeakMilliDbtp,
        longestBlackUs,
        longestFrozenUs,
        longestSilentUs,
        soundRequired);
  }

  /** The same with a range of durations. */
  public MediaExpectations withDuration(long minUs, long maxUs) {
    return new MediaExpectations(
        width,
        height,
        frameRateNumerator,
        frameRateDenominator,
        frames,
        maxBytes,
        minUs,
        maxUs,
        minMilliLufs,
        maxMilliLufs,
        maxTruePeakMilliDbtp,
        longestBlackUs,
        longestFrozenUs,
        longestSilentUs,
        soundRequired);
  }

  /** The same with other limits for stretches of nothing, in microseconds. */
  public MediaExpectations withLongest(long blackUs, long frozenUs, long silentUs) {
    return new MediaExpectations(
        width,
        height,
        frameRateNumerator,
        frameRateDenominator,
        frames,
        maxBytes,
        minDurationUs,
        maxDurationUs,
        minMilliLufs,
        maxMilliLufs,
        maxTruePeakMilliDbtp,
        blackUs,
        frozenUs,
        silentUs,
        soundRequired);
  }

  /** The same without asking for sound; if there is some, it is still checked. */
  public MediaExpectations soundOptional() {
    return new MediaExpectations(
        width,
        height,
        frameRateNumerator,
        frameRateDenominator,
        frames,
        maxBytes,
        minDurationUs,
        maxDurationUs,
        minMilliLufs,
        maxMilliLufs,
        maxTruePeakMilliDbtp,
        longestBlackUs,
        longestFrozenUs,
        longestSilentUs,
        false);
  }
}
