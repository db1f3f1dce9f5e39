package dev.reelbeam.media.card;

import java.awt.image.BufferedImage;

/**
 * A raster that lies over a picture.
 *
 * @param image ARGB, not premultiplied
 * @param x left edge on the canvas, even
 * @param y top edge on the canvas, even
 */
public record Overlay(BufferedImage image, int x, int y) {}
