package dev.reelbeam.media.caption;

import java.awt.image.BufferedImage;

/**
 * What a state of a caption page looks like.
 *
 * @param image ARGB, not premultiplied
 * @param x left edge on the canvas, even
 * @param y top edge on the canvas, even
 * @param spoken index of the word that is heard, {@link CaptionState#NONE_SPOKEN} before the first
 */
public record CaptionRaster(BufferedImage image, int x, int y, int spoken) {}
