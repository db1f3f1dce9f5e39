package dev.reelbeam.media.picture;

import java.io.Serializable;

/**
 * How one picture is shown in one shot.
 *
 * @param focusXPermille what matters in the picture, in permille of its width
 * @param focusYPermille what matters in the picture, in permille of its height
 * @param placeYPermille of a contained picture: where on the canvas its middle stands, in permille
 *     of the canvas height (higher than the middle on tall canvases, clear of the captions); 500
 *     for {@link FramingMode#COVER}
 * @param move the suggested camera move
 */
public record FramingChoice(
    FramingMode mode, int focusXPermille, int focusYPermille, int placeYPermille, CameraMove move)
    implements Serializable {}
