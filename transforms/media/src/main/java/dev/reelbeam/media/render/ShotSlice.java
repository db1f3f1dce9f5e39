package dev.reelbeam.media.render;

import dev.reelbeam.media.composition.Motion;
import dev.reelbeam.media.composition.PictureInPicture;
import dev.reelbeam.media.composition.Playback;
import dev.reelbeam.media.composition.Still;
import dev.reelbeam.media.composition.Transition;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What a segment sees of a shot.
 *
 * @param still the picture, or the clip, and its framing
 * @param motion the camera move
 * @param incoming the way into the shot; a cut if that is over before the segment begins
 * @param startFrame first frame of the shot relative to the segment, zero or negative
 * @param visibleFrames the length over which the motion runs
 * @param playback how a clip is played, counted from {@code startFrame}; null for a picture
 * @param inset what lies over it, its clip counted from {@code startFrame} too; null for nothing
 */
public record ShotSlice(
    Still still,
    Motion motion,
    Transition incoming,
    int startFrame,
    int visibleFrames,
    @Nullable Playback playback,
    @Nullable PictureInPicture inset)
    implements Serializable {}
