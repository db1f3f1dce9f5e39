package dev.reelbeam.media.probe;

import java.io.Serializable;
import java.util.List;

/**
 * What decoding one closed group of pictures showed. Equal bytes decode to equal pictures, so it
 * holds wherever a group with this hash turns up.
 *
 * @param sha256 of the decoder's configuration and the group's packets, each after its length
 * @param packets packets in it
 * @param frames pictures that came out
 * @param decodeErrors packets or frames that the decoder complained about
 * @param profile for example High
 * @param level ten times the level: 40 is 4.0
 * @param width pixels, 0 when no picture came out
 * @param height pixels
 * @param pixelFormat for example yuv420p
 * @param colors tags as {@code primaries/transfer/matrix/range}
 * @param pictureMeasured whether black and still frames were looked for (8-bit luma only)
 * @param blackRuns first black frame and first frame after it, in turn
 * @param stillSince frames that differ from what stood before them, ascending, the first is 0: from
 *     each to the next the picture stands still
 * @param first some samples of the first frame's luma, base64
 * @param last the same samples of the last frame in {@code stillSince}
 */
public record GroupLook(
    String sha256,
    int packets,
    int frames,
    int decodeErrors,
    String profile,
    int level,
    int width,
    int height,
    String pixelFormat,
    String colors,
    boolean pictureMeasured,
    List<Integer> blackRuns,
    List<Integer> stillSince,
    String first,
    String last)
    implements Serializable {}
