package dev.reelbeam.media.composition;

import dev.reelbeam.media.effect.Direction;
import dev.reelbeam.media.effect.TransitionEffect;
import java.io.Serializable;

/**
 * The way into a shot. It lies at the beginning of the new shot, while the old one is still drawn,
 * so a transition never changes the length of anything.
 *
 * @param kind the effect
 * @param frames its length; 0 for a cut, else 1 to 120
 * @param direction which way things travel; left for kinds that do not look at it
 * @param rgb the colour of a fade as 0xRRGGBB; 0 for the other kinds
 */
public record Transition(TransitionKind kind, int frames, Direction direction, int rgb)
    implements Serializable {
  /** No effect. */
  public static final Transition CUT = new Transition(TransitionKind.CUT, 0, Direction.LEFT, 0);

  public Transition {
    if (kind == TransitionKind.CUT) {
      Require.that(frames == 0, "a cut has no frames: %d", frames);
    } else {
      Require.that(frames >= 1 && frames <= 120, "transition must be 1..120 frames: %d", frames);
    }
    Require.that(rgb >= 0 && rgb <= 0xFFFFFF, "colour must be 0xRRGGBB: %d", rgb);
    // What a kind does not look at must not tell equal segments apart.
    if (!kind.directed()) {
      direction = Direction.LEFT;
    }
    if (!kind.coloured()) {
      rgb = 0;
    }
  }

  /** A dissolve of this many frames. */
  public static Transition dissolve(int frames) {
    return new Transition(TransitionKind.DISSOLVE, frames, Direction.LEFT, 0);
  }

  /** A fade through the colour, half of the frames down and half up. */
  public static Transition fade(int frames, int rgb) {
    return new Transition(TransitionKind.FADE, frames, Direction.LEFT, rgb);
  }

  /** An effect that travels; the direction has no meaning for those that do not. */
  public static Transition of(TransitionKind kind, int frames, Direction direction) {
    return new Transition(kind, frames, direction, 0);
  }

  /** Draws the effect; for one thread. */
  public TransitionEffect effect() {
    return kind.factory().of(direction, rgb);
  }
}
