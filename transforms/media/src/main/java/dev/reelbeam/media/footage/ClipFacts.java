package dev.reelbeam.media.footage;

import java.io.Serializable;

/**
 * What is known of a clip after every frame of its usable part was decoded.
 *
 * @param width upright, in square pixels
 * @param height upright, in square pixels
 * @param usableUs length from the first frame on that can be shown, in microseconds
 * @param frames in that part
 * @param sound whether it has sound
 * @param complete false when the clip goes on but is damaged there
 * @param highDynamicRange whether its light is that of HDR, which is shown as if it were SDR
 */
public record ClipFacts(
    int width,
    int height,
    long usableUs,
    int frames,
    boolean sound,
    boolean complete,
    boolean highDynamicRange)
    implements Serializable {}
