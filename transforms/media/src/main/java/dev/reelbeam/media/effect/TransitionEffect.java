package dev.reelbeam.media.effect;

import dev.reelbeam.media.frame.Window;
import dev.reelbeam.media.frame.YuvFrame;

/**
 * How one picture takes over from another: a pure function of the two pictures and of how far it
 * has come, in whole numbers or in arithmetic that is exact to the last bit on every machine.
 *
 * <p>At the start the result is the old picture, at the end the new one, both exactly; in between
 * the new one never loses ground. An instance may keep scratch memory between frames, so it serves
 * one thread.
 */
public interface TransitionEffect {
  /** Makes the effect for a way across the frame and a colour; most look at neither. */
  @FunctionalInterface
  interface Factory {
    TransitionEffect of(Direction direction, int rgb);
  }

  /**
   * Mixes the new picture into the old one.
   *
   * @param frame the old picture (the new one where the old one is not {@link #showsOld seen}),
   *     which becomes the mixture
   * @param incoming the new picture; has no meaning where it is not {@link #showsNew seen}, may be
   *     changed
   */
  void mix(YuvFrame frame, YuvFrame incoming, Progress progress);

  /** Whether the old picture can be seen; what is not seen is not drawn. */
  default boolean showsOld(Progress progress) {
    return true;
  }

  /** Whether the new picture can be seen. */
  default boolean showsNew(Progress progress) {
    return true;
  }

  /** What of the old picture is drawn, where the effect moves the camera as well. */
  default Window oldWindow(Window window, Progress progress) {
    return window;
  }

  /** What of the new picture is drawn. */
  default Window newWindow(Window window, Progress progress) {
    return window;
  }
}
