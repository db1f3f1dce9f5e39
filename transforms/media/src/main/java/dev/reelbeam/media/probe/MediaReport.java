package dev.reelbeam.media.probe;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Everything the checks want to know of a finished file.
 *
 * @param fileBytes size of the file
 * @param brand major brand of the container, for example isom
 * @param moovBeforeMdat whether playback can start before the whole file is there
 * @param editList whether any track has an edit list
 * @param colorBox colour tags in the container as {@code primaries/transfer/matrix/range} in the
 *     numbers of ISO/IEC 23091-2, or null when there are none
 * @param video the first picture stream
 * @param audio the first sound stream, null when there is none
 */
public record MediaReport(
    long fileBytes,
    String brand,
    boolean moovBeforeMdat,
    boolean editList,
    @Nullable String colorBox,
    VideoReport video,
    @Nullable AudioReport audio)
    implements Serializable {
  /** By how much the sound outlasts the picture; negative when it ends earlier; 0 without sound. */
  public long audioEndMinusVideoEndUs() {
    return audio == null ? 0 : audio.endUs() - video.endUs();
  }
}
