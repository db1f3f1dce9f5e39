package dev.reelbeam.media.probe;

import java.io.Serializable;
import java.util.List;

/**
 * What was found in the picture of a file, by decoding every frame once.
 *
 * @param codec short name, for example h264
 * @param profile for example High
 * @param level ten times the level: 40 is 4.0
 * @param width pixels
 * @param height pixels
 * @param pixelFormat for example yuv420p
 * @param frameRateNumerator frames per second, from the step between frames
 * @param frameRateDenominator frames per second, denominator
 * @param constantFrameRate whether every frame lies one step behind its predecessor
 * @param frames number of decoded frames
 * @param startUs time of the first frame
 * @param durationUs from the first frame to the end of the last
 * @param keyframes number of keyframes
 * @param longestGopFrames most frames from one keyframe to the next, or to the end
 * @param closedGops whether each keyframe is an IDR picture and no frame reaches back over it
 * @param colorPrimaries tag, for example bt709; unknown when absent
 * @param colorTransfer tag
 * @param colorMatrix tag
 * @param colorRange tv, pc or unknown
 * @param decodeErrors packets or frames the decoder complained about
 * @param pictureMeasured whether black and frozen stretches were looked for (8-bit luma only)
 * @param black stretches of at least 100 ms in which 98 % of the picture are black
 * @param frozen stretches of at least 1 s in which the picture stands still
 */
public record VideoReport(
    String codec,
    String profile,
    int level,
    int width,
    int height,
    String pixelFormat,
    int frameRateNumerator,
    int frameRateDenominator,
    boolean constantFrameRate,
    int frames,
    long startUs,
    long durationUs,
    int keyframes,
    int longestGopFrames,
    boolean closedGops,
    String colorPrimaries,
    String colorTransfer,
    String colorMatrix,
    String colorRange,
    int decodeErrors,
    boolean pictureMeasured,
    List<Stretch> black,
    List<Stretch> frozen)
    implements Serializable {
  /** Time at which the last frame ends. */
  public long endUs() {
    return startUs + durationUs;
  }
}
