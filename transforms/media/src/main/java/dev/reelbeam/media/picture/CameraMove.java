package dev.reelbeam.media.picture;

import java.io.Serializable;

/**
 * A slow move over a picture, from the first frame of a shot to its last; ease in between.
 *
 * <p>A centre is the point of the picture, in permille of its width and height, that lies in the
 * middle of the view. Zoom 1000 is the mode's own scale: for {@link FramingMode#COVER} the smallest
 * that fills the canvas, for {@link FramingMode#CONTAIN_BLUR} the largest that shows the whole
 * picture (so a contained picture at 1000 touches two edges of the canvas and never exceeds 1000).
 */
public record CameraMove(
    int fromXPermille,
    int fromYPermille,
    int fromZoomPermille,
    int toXPermille,
    int toYPermille,
    int toZoomPermille)
    implements Serializable {
  /** The same way back. */
  public CameraMove reversed() {
    return new CameraMove(
        toXPermille, toYPermille, toZoomPermille, fromXPermille, fromYPermille, fromZoomPermille);
  }
}
