package dev.reelbeam.media.probe;

import java.io.Serializable;
import java.util.List;

/**
 * What was found in the sound of a file, by decoding all of it once.
 *
 * @param codec short name, for example aac
 * @param profile for example LC
 * @param sampleRate samples per second
 * @param channels number of channels
 * @param samples decoded samples per channel
 * @param startUs time of the first sample
 * @param durationUs of the decoded samples
 * @param bitRate bits per second, 0 when unknown
 * @param integratedMilliLufs loudness, thousandths of a LUFS
 * @param rangeMilliLu loudness range, thousandths of a LU
 * @param truePeakMilliDbtp true peak, thousandths of a dBTP
 * @param decodeErrors packets that could not be decoded
 * @param silent stretches of at least 500 ms below -50 dBFS
 */
public record AudioReport(
    String codec,
    String profile,
    int sampleRate,
    int channels,
    long samples,
    long startUs,
    long durationUs,
    long bitRate,
    int integratedMilliLufs,
    int rangeMilliLu,
    int truePeakMilliDbtp,
    int decodeErrors,
    List<Stretch> silent)
    implements Serializable {
  /** The same sound in another file. */
  AudioReport in(long newStartUs, long newBitRate) {
    return new AudioReport(
        codec,
        profile,
        sampleRate,
        channels,
        samples,
        newStartUs,
        durationUs,
        newBitRate,
        integratedMilliLufs,
        rangeMilliLu,
        truePeakMilliDbtp,
        decodeErrors,
        silent);
  }

  /** Time at which the last sample ends. */
  public long endUs() {
    return startUs + durationUs;
  }
}
