package dev.reelbeam.media.composition;

import dev.reelbeam.model.store.MediaRef;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A picture or clip and its framing. The framing gives the <em>base frame</em>: the canvas-shaped
 * area that is seen at zoom 1000 from the centre.
 *
 * @param picture an upright picture (PNG, JPEG or WebP), or a clip; a contained picture may be
 *     transparent in parts, which show the ground
 * @param fit how the picture meets the canvas
 * @param focusXPermille for {@link Fit#COVER}: the point of the picture, from its left edge, that
 *     the base frame is centred on as far as the picture's edges allow
 * @param focusYPermille the same, from the top; for a contained picture: where on the canvas the
 *     middle of the picture stands
 * @param cropWidthPermille for {@link Fit#COVER}: width of the base frame as a share of the
 *     picture's width; 0, or more than fits, means as wide as the shape allows
 * @param groundRgb for {@link Fit#CONTAIN_COLOUR}: the colour of the ground, 0xRRGGBB; else null
 */
public record Still(
    MediaRef picture,
    Fit fit,
    int focusXPermille,
    int focusYPermille,
    int cropWidthPermille,
    @Nullable Integer groundRgb)
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
    if (fit != Fit.CONTAIN_COLOUR) {
      groundRgb = null;
    } else {
      int rgb = groundRgb == null ? -1 : groundRgb;
      Require.that(rgb >= 0 && rgb <= 0xFFFFFF, "the ground needs a colour 0xRRGGBB: %d", rgb);
    }
  }

  /** Without a colour. */
  public Still(
      MediaRef picture, Fit fit, int focusXPermille, int focusYPermille, int cropWidthPermille) {
    this(picture, fit, focusXPermille, focusYPermille, cropWidthPermille, null);
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

  /** Shown whole over a ground of one colour, its middle at this share of the canvas height. */
  public static Still over(MediaRef picture, int placeYPermille, int groundRgb) {
    return new Still(picture, Fit.CONTAIN_COLOUR, 500, placeYPermille, 0, groundRgb);
  }

  /** Shown as it is; the picture has the size of the canvas, or at least its shape. */
  public static Still exact(MediaRef picture) {
    return new Still(picture, Fit.EXACT, 500, 500, 0);
  }
}
