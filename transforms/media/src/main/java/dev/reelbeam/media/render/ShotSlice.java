package dev.reelbeam.media.render;

import dev.reelbeam.media.composition.Motion;
import dev.reelbeam.media.composition.Still;
import dev.reelbeam.media.composition.Transition;
import java.io.Serializable;

/**
 * What a segment sees of a shot.
 *
 * @param still the picture and its framing
 * @param motion the camera move
 * @param incoming the way into the shot; a cut if that is over before the segment begins
 * @param startFrame first frame of the shot relative to the segment, zero or negative
 * @param visibleFrames the length over which the motion runs
 */
public record ShotSlice(
    Still still, Motion motion, Transition incoming, int startFrame, int visibleFrames)
    implements Serializable {}
