package dev.reelbeam.media.composition;

import java.io.Serializable;

/**
 * The way into a shot. It lies at the beginning of the new shot, while the old one is still drawn,
 * so a transition never changes the length of anything.
 *
 * @param kind the effect
 * @param frames its length; 0 for a cut, else 1 to 120
 * @param rgb the colour of a fade as 0xRRGGBB; 0 for the other kinds
 */
public record Transition(TransitionKind kind, int frames, int rgb) implements Serializable {
  /** No effect. */
  public static final Transition CUT = new Transition(TransitionKind.CUT, 0, 0);

  public Transition {
    if (kind == TransitionKind.CUT) {
      Require.that(frames == 0, "a cut has no frames: %d", frames);
    } else {
      Require.that(frames >= 1 && frames <= 120, "transition must be 1..120 frames: %d", frames);
    }
    Require.that(rgb >= 0 && rgb <= 0xFFFFFF, "colour must be 0xRRGGBB: %d", rgb);
    Require.that(rgb == 0 || kind == TransitionKind.FADE, "only a fade has a colour");
  }

  /** A dissolve of this many frames. */
  public static Transition dissolve(int frames) {
    return new Transition(TransitionKind.DISSOLVE, frames, 0);
  }

  /** A fade through the colour, half of the frames down and half up. */
  public static Transition fade(int frames, int rgb) {
    return new Transition(TransitionKind.FADE, frames, rgb);
  }

  /** A push from the right. */
  public static Transition slideLeft(int frames) {
    return new Transition(TransitionKind.SLIDE_LEFT, frames, 0);
  }

  /** A push from below. */
  public static Transition slideUp(int frames) {
    return new Transition(TransitionKind.SLIDE_UP, frames, 0);
  }
}
