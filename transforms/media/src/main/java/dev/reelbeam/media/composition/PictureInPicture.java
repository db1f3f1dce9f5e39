package dev.reelbeam.media.composition;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A small picture or clip over a shot, with rounded corners, a light rim and a soft shadow. It
 * stays where it is while the camera moves over what lies under it.
 *
 * @param still what is shown, filling the inset around its focus; fit {@link Fit#COVER}
 * @param playback of a clip, null for a picture
 * @param centerXPermille middle of the inset on the canvas, from the left
 * @param centerYPermille middle of the inset on the canvas, from the top
 * @param widthPermille width of the inset as a share of the canvas width, 50 to 1000
 * @param heightPermille height of the inset as a share of the canvas height, 50 to 1000
 */
public record PictureInPicture(
    Still still,
    @Nullable Playback playback,
    int centerXPermille,
    int centerYPermille,
    int widthPermille,
    int heightPermille)
    implements Serializable {
  public PictureInPicture {
    Require.that(still.fit() == Fit.COVER, "an inset is filled by its picture: %s", still.fit());
    Require.that(
        widthPermille >= 50
            && widthPermille <= 1000
            && heightPermille >= 50
            && heightPermille <= 1000,
        "an inset takes 50..1000 permille of the canvas: %d x %d",
        widthPermille,
        heightPermille);
    Require.that(
        2 * centerXPermille >= widthPermille
            && 2 * (1000 - centerXPermille) >= widthPermille
            && 2 * centerYPermille >= heightPermille
            && 2 * (1000 - centerYPermille) >= heightPermille,
        "the inset lies outside the canvas: its middle at %d, %d",
        centerXPermille,
        centerYPermille);
  }

  /**
   * What is seen of it up to a frame: without its sound, its clip without what only later frames
   * would reach.
   *
   * @param lastFrame of the shot that is seen
   * @param frameRate of the timeline, frames per second
   */
  public PictureInPicture seenUpTo(int lastFrame, int frameRate) {
    return playback == null
        ? this
        : new PictureInPicture(
            still,
            playback.silent().upTo(lastFrame, frameRate),
            centerXPermille,
            centerYPermille,
            widthPermille,
            heightPermille);
  }
}
