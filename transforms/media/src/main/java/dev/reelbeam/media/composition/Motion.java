package dev.reelbeam.media.composition;

import java.io.Serializable;

/**
 * A camera move over the whole visible length of a shot, eased at both ends (the Ken Burns effect).
 *
 * @param from view at the first visible frame
 * @param to view at the last visible frame
 */
public record Motion(View from, View to) implements Serializable {
  /** No move: the base frame throughout. */
  public static final Motion NONE = new Motion(View.BASE, View.BASE);

  /** A zoom towards, or away from, the middle. */
  public static Motion zoom(int fromPermille, int toPermille) {
    return new Motion(View.zoom(fromPermille), View.zoom(toPermille));
  }

  /** Whether the view never changes. */
  public boolean still() {
    return from.equals(to);
  }
}
