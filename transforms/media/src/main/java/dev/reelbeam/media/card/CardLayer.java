package dev.reelbeam.media.card;

import java.awt.image.BufferedImage;

/**
 * A part of a card that lies over its background.
 *
 * @param image ARGB, not premultiplied
 * @param x left edge on the canvas, even
 * @param y top edge on the canvas, even
 * @param index {@link #ALWAYS} for what is there from the start, else the item, row or line (from
 *     0) that it shows
 */
public record CardLayer(BufferedImage image, int x, int y, int index) {
  /** Index of what is there from the start. */
  public static final int ALWAYS = -1;
}
