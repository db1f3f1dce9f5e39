package dev.reelbeam.media.composition;

import java.io.Serializable;

/**
 * One visual of the timeline. It is drawn from its start until the next shot has taken over: the
 * next shot's start plus the frames of the next shot's transition.
 *
 * @param startFrame first frame, absolute
 * @param still the picture and its framing
 * @param motion the camera move over all frames in which the shot is drawn
 * @param incoming the way into this shot
 */
public record Shot(int startFrame, Still still, Motion motion, Transition incoming)
    implements Serializable {
  public Shot {
    Require.that(startFrame >= 0, "shot starts at a negative frame: %d", startFrame);
  }
}
