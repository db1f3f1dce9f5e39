package dev.reelbeam.media.composition;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * One visual of the timeline. It is drawn from its start until the next shot has taken over: the
 * next shot's start plus the frames of the next shot's transition.
 *
 * @param startFrame first frame, absolute
 * @param still the picture, or the clip, and its framing
 * @param motion the camera move over all frames in which the shot is drawn; none over a clip, which
 *     moves by itself
 * @param incoming the way into this shot
 * @param playback how the clip is played; null for a picture
 * @param inset what lies over it, null for nothing
 */
public record Shot(
    int startFrame,
    Still still,
    Motion motion,
    Transition incoming,
    @Nullable Playback playback,
    @Nullable PictureInPicture inset)
    implements Serializable {
  public Shot {
    Require.that(startFrame >= 0, "shot starts at a negative frame: %d", startFrame);
    if (playback != null) {
      Require.that(motion.still(), "no camera moves over a clip");
      Require.that(
          still.fit() != Fit.EXACT && still.fit() != Fit.CONTAIN_COLOUR,
          "a clip covers the canvas or is contained over a blur: %s",
          still.fit());
    }
  }

  /** A picture. */
  public Shot(int startFrame, Still still, Motion motion, Transition incoming) {
    this(startFrame, still, motion, incoming, null, null);
  }

  /** A clip. */
  public static Shot footage(int startFrame, Still clip, Playback playback, Transition incoming) {
    return new Shot(startFrame, clip, Motion.NONE, incoming, playback, null);
  }

  /** The same with something over it. */
  public Shot withInset(PictureInPicture newInset) {
    return new Shot(startFrame, still, motion, incoming, playback, newInset);
  }
}
