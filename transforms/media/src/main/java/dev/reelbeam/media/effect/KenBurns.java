package dev.reelbeam.media.effect;

import dev.reelbeam.media.frame.Plate;
import dev.reelbeam.media.frame.Window;

/**
 * The slow camera move over a still picture.
 *
 * <p>Edges of the window, not its centre and zoom, are interpolated: then one point of the picture
 * stays fixed (or the move is a straight pan), and a window that lies inside the picture at both
 * ends lies inside it all the way.
 */
public final class KenBurns {
  private KenBurns() {}

  /**
   * What one frame of a shot shows.
   *
   * @param frame index within the visible length of the shot, from 0
   * @param visibleFrames the visible length
   */
  public static Window window(Plate plate, int frame, int visibleFrames) {
    if (visibleFrames <= 1 || plate.from().equals(plate.to())) {
      return plate.from();
    }
    double share = Easing.inOut((double) frame / (visibleFrames - 1));
    return plate.from().towards(plate.to(), share);
  }
}
