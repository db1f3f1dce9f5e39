package dev.reelbeam.media.composition;

import dev.reelbeam.model.store.MediaRef;
import java.io.Serializable;

/**
 * A picture and its framing. The framing gives the <em>base frame</em>: the canvas-shaped area that
 * is seen at zoom 1000 from the centre.
 *
 * @param picture an upright opaque picture (PNG, JPEG or WebP)
 * @param fit how the picture meets the canvas
 * @param focusXPermille for {@link Fit#COVER}: the point of the picture, from its left edge, that
 *     the base frame is centred on as far as the picture's edges allow
 * @param focusYPermille the same, from the top; for {@link Fit#CONTAIN_BLUR}: where on the canvas
 *     the middle of the picture stands
 * @param cropWidthPermille for {@link Fit#COVER}: width of the base frame as a share of the
 *     picture's width; 0, or more than fits, means as wide as the shape allows
 */
public record Still(
    MediaRef picture, Fit fit, int focusXPermille, int focusYPermille, int cropWidthPermille)
    implements Serializable {
  public Still {
    Require.that(
        focusXPermille >= 0 && focusXPermille <= 1000,
        "focusXPermille must be 0..1000: %d",
        focusXPermille);
    Require.that(
        focusYPermille >= 0 && focusYPermille <= 1000,
        "focusYPermille must be 0..1000: %d",
        focusYPermille);
    Require.that(
        cropWidthPermille >= 0 && cropWidthPermille <= 1000,
        "cropWidthPermille must be 0..1000: %d",
        cropWidthPermille);
    // What a fit does not look at must not tell equal segments apart.
    if (fit != Fit.COVER) {
      focusXPermille = 500;
      cropWidthPermille = 0;
    }
    if (fit == Fit.EXACT) {
      focusYPermille = 500;
    }
  }

  /** Fills the canvas, keeping the focus in view. */
  public static Still cover(MediaRef picture, int focusXPermille, int focusYPermille) {
    return new Still(picture, Fit.COVER, focusXPermille, focusYPermille, 0);
  }

  /** Shown whole over a blurred copy of itself, in the middle of the canvas. */
  public static Still contain(MediaRef picture) {
    return contain(picture, 500);
  }

  /** Shown whole over a blurred copy of itself, its middle at this share of the canvas height. */
  public static Still contain(MediaRef picture, int placeYPermille) {
    return new Still(picture, Fit.CONTAIN_BLUR, 500, placeYPermille, 0);
  }

  /** Shown as it is; the picture has the size of the canvas, or at least its shape. */
  public static Still exact(MediaRef picture) {
    return new Still(picture, Fit.EXACT, 500, 500, 0);
  }
}
