package dev.reelbeam.media.card;

import dev.reelbeam.media.text.Colours;
import dev.reelbeam.media.text.Rasters;
import dev.reelbeam.media.text.ShapedLine;
import dev.reelbeam.media.text.TextBlock;
import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;

/** A transparent sheet over a canvas; what was drawn on it is cut out as a layer. */
final class Sheet {
  private final BufferedImage image;
  private final Graphics2D g;

  Sheet(int width, int height) {
    image = Rasters.transparent(width, height);
    g = Rasters.pen(image);
  }

  void fill(Shape shape, int rgb) {
    fill(shape, rgb, 1);
  }

  void fill(Shape shape, int rgb, double opacity) {
    g.setColor(new Color(Colours.alpha(rgb, opacity), true));
    g.fill(shape);
  }

  void rounded(double x, double y, double w, double h, double corner, int rgb, double opacity) {
    fill(new RoundRectangle2D.Double(x, y, w, h, 2 * corner, 2 * corner), rgb, opacity);
  }

  void text(TextBlock block, double x, double top, double width, TextBlock.Align align, int rgb) {
    fill(block.outline(x, top, width, align), rgb);
  }

  /** A line with its left end on the baseline. */
  void line(ShapedLine line, double x, double baseline, int rgb) {
    fill(line.outline(x, baseline), rgb);
  }

  /** Fills the part of a line between two places in another colour. */
  void emphasise(Shape line, double fromX, double toX, int rgb) {
    Shape clip = g.getClip();
    g.clip(new Rectangle2D.Double(fromX, 0, toX - fromX, image.getHeight()));
    fill(line, rgb);
    g.setClip(clip);
  }

  /** A soft shadow of what has been drawn so far, laid below it. */
  void shadow(double radius, double opacity, double down) {
    Rectangle ink = ink();
    int pad = (int) Math.ceil(radius * 3 + down);
    ink.grow(pad, pad);
    Rectangle box = ink.intersection(new Rectangle(image.getWidth(), image.getHeight()));
    if (box.isEmpty()) {
      return;
    }
    BufferedImage below = Rasters.transparent(box.width, box.height);
    Graphics2D pen = below.createGraphics();
    pen.drawImage(image, -box.x, (int) Math.round(down) - box.y, null);
    pen.dispose();
    Rasters.toShadow(below, Colours.INK, opacity, radius);
    g.setComposite(AlphaComposite.DstOver);
    g.drawImage(below, box.x, box.y, null);
    g.setComposite(AlphaComposite.SrcOver);
  }

  /** A picture inside a rectangle, whole. */
  void picture(BufferedImage picture, double x, double y, double w, double h) {
    BufferedImage from = picture;
    while (from.getWidth() > 2 * w && from.getHeight() > 2 * h) {
      from = half(from);
    }
    AffineTransform place = AffineTransform.getTranslateInstance(x, y);
    place.scale(w / from.getWidth(), h / from.getHeight());
    g.drawRenderedImage(from, place);
  }

  private static BufferedImage half(BufferedImage source) {
    BufferedImage result = Rasters.transparent(source.getWidth() / 2, source.getHeight() / 2);
    Graphics2D pen = result.createGraphics();
    pen.setRenderingHint(
        java.awt.RenderingHints.KEY_INTERPOLATION,
        java.awt.RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    pen.drawImage(source, 0, 0, result.getWidth(), result.getHeight(), null);
    pen.dispose();
    return result;
  }

  Graphics2D pen() {
    return g;
  }

  /** The drawn part, on even coordinates; one transparent pixel pair when nothing was drawn. */
  CardLayer layer(int index) {
    g.dispose();
    Rectangle ink = ink();
    if (ink.isEmpty()) {
      return new CardLayer(Rasters.transparent(2, 2), 0, 0, index);
    }
    int w = image.getWidth();
    int x = ink.x & ~1;
    int y = ink.y & ~1;
    int cutW = Math.min(w - x, (ink.x + ink.width - x + 1) & ~1);
    int cutH = Math.min(image.getHeight() - y, (ink.y + ink.height - y + 1) & ~1);
    BufferedImage cut = Rasters.transparent(cutW, cutH);
    int[] from = Rasters.pixels(image);
    for (int row = 0; row < cutH; row++) {
      System.arraycopy(from, (y + row) * w + x, Rasters.pixels(cut), row * cutW, cutW);
    }
    return new CardLayer(cut, x, y, index);
  }

  /** The rectangle of all pixels that are not fully transparent. */
  private Rectangle ink() {
    int w = image.getWidth();
    int h = image.getHeight();
    int[] pixels = Rasters.pixels(image);
    int left = w;
    int right = -1;
    int top = h;
    int bottom = -1;
    for (int y = 0; y < h; y++) {
      int row = y * w;
      int first = 0;
      while (first < w && (pixels[row + first] >>> 24) == 0) {
        first++;
      }
      if (first == w) {
        continue;
      }
      int last = w - 1;
      while ((pixels[row + last] >>> 24) == 0) {
        last--;
      }
      left = Math.min(left, first);
      right = Math.max(right, last);
      top = Math.min(top, y);
      bottom = y;
    }
    return right < 0
        ? new Rectangle()
        : new Rectangle(left, top, right - left + 1, bottom - top + 1);
  }
}
