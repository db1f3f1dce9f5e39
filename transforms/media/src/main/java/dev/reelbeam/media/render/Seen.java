package dev.reelbeam.media.render;

import dev.reelbeam.media.frame.Window;

/**
 * All that decides what one frame of a shot looks like. Equal values of one shot give equal pixels.
 *
 * @param window what the camera sees of the picture, in pixels of its plate; of a clip, in pixels
 *     of the canvas that it fills
 * @param sourceUs position in the clip, that of its frame where the painter knows it; 0 for a
 *     picture
 * @param insetUs the same in the clip of the inset; 0 without one
 */
record Seen(Window window, long sourceUs, long insetUs) {
  /** The same through another window. */
  Seen through(Window other) {
    return new Seen(other, sourceUs, insetUs);
  }
}
