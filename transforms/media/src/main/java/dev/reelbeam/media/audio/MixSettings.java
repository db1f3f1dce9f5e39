package dev.reelbeam.media.audio;

/**
 * How a sound track is mixed.
 *
 * @param musicMode how the music behaves under the voice
 * @param musicPercent amplitude of the music, in percent of the voice's: 20 means that the music's
 *     integrated loudness (EBU R 128, gated) lies 20·log10(0.20) = 13.98 LU under the integrated
 *     loudness of the narration alone, whose pauses the gate leaves out
 * @param targetMilliLufs integrated loudness of the finished track
 * @param toleranceMilliLu how far the finished track may be off before it is made once more
 * @param ceilingMilliDbtp what the limiter holds, before AAC
 * @param maxTruePeakMilliDbtp what the decoded AAC may reach
 * @param aacBitRate bits per second
 */
public record MixSettings(
    MusicMode musicMode,
    int musicPercent,
    int targetMilliLufs,
    int toleranceMilliLu,
    int ceilingMilliDbtp,
    int maxTruePeakMilliDbtp,
    int aacBitRate) {
  /** Flat music at 20 %, -14 ±0.5 LUFS, limited to -2 dBTP, at most -1 dBTP decoded, 192 kbit/s. */
  public static final MixSettings DEFAULT =
      new MixSettings(MusicMode.FLAT, 20, -14_000, 500, -2_000, -1_000, 192_000);

  /** Refuses values out of range. */
  public MixSettings {
    if (musicPercent < 1 || musicPercent > 100) {
      throw new IllegalArgumentException("music at " + musicPercent + " %");
    }
    if (targetMilliLufs > -5_000 || targetMilliLufs < -40_000 || toleranceMilliLu < 1) {
      throw new IllegalArgumentException("a target of " + targetMilliLufs + " mLUFS");
    }
    if (ceilingMilliDbtp > 0 || maxTruePeakMilliDbtp < ceilingMilliDbtp) {
      throw new IllegalArgumentException("a ceiling of " + ceilingMilliDbtp + " mdBTP");
    }
  }

  /** The same with another music mode. */
  public MixSettings withMusicMode(MusicMode mode) {
    return new MixSettings(
        mode,
        musicPercent,
        targetMilliLufs,
        toleranceMilliLu,
        ceilingMilliDbtp,
        maxTruePeakMilliDbtp,
        aacBitRate);
  }
}
