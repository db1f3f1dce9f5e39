package dev.reelbeam.media.caption;

import java.awt.image.BufferedImage;

/**
 * One state of a caption page.
 *
 * @param image ARGB, not premultiplied
 * @param x left edge on the canvas, even
 * @param y top edge on the canvas, even
 * @param startFrame first frame it is seen on
 * @param endFrame frame behind the last one, after {@code startFrame}
 */
public record CaptionRaster(BufferedImage image, int x, int y, int startFrame, int endFrame) {}
