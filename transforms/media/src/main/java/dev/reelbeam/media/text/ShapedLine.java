package dev.reelbeam.media.text;

import java.awt.Font;
import java.awt.Shape;
import java.awt.font.LineMetrics;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.text.AttributedString;

/**
 * One line of shaped text as outlines.
 *
 * <p>Outlines instead of glyph bitmaps: they are filled by the JDK's own rasteriser, so the pixels
 * do not depend on the machine's FreeType.
 */
public final class ShapedLine {
  private final Path2D outline;
  private final double width;
  private final double ascent;
  private final double descent;
  private final double capHeight;
  private final boolean rightToLeft;

  private ShapedLine(
      Path2D outline, double width, double ascent, double descent, double cap, boolean rtl) {
    this.outline = outline;
    this.width = width;
    this.ascent = ascent;
    this.descent = descent;
    this.capHeight = cap;
    this.rightToLeft = rtl;
  }

  static ShapedLine of(AttributedString text, TextStyle style, Font font, boolean rightToLeft) {
    TextLayout layout = new TextLayout(text.getIterator(), FontBook.CONTEXT);
    Path2D outline = new Path2D.Double(layout.getOutline(null));
    return sized(outline, layout.getVisibleAdvance(), style, font, rightToLeft);
  }

  static ShapedLine blank(TextStyle style, Font font, boolean rightToLeft) {
    return sized(new Path2D.Double(), 0, style, font, rightToLeft);
  }

  private static ShapedLine sized(
      Path2D outline, double width, TextStyle style, Font font, boolean rightToLeft) {
    LineMetrics metrics = font.getLineMetrics("Hg", FontBook.CONTEXT);
    double cap = font.createGlyphVector(FontBook.CONTEXT, "H").getVisualBounds().getHeight();
    return new ShapedLine(
        outline,
        width,
        metrics.getAscent(),
        metrics.getDescent(),
        cap > 0 ? cap : style.sizePx() * 0.7,
        rightToLeft);
  }

  /** Advance in pixels, without trailing space. */
  public double width() {
    return width;
  }

  /** Pixels from the baseline to the top of the font. */
  public double ascent() {
    return ascent;
  }

  /** Pixels from the baseline to the bottom of the font. */
  public double descent() {
    return descent;
  }

  /** Height of a capital in pixels: what the eye centres by. */
  public double capHeight() {
    return capHeight;
  }

  public boolean rightToLeft() {
    return rightToLeft;
  }

  /** The area that ink covers, relative to the line's left end on the baseline. */
  public Rectangle2D inkBounds() {
    return outline.getBounds2D();
  }

  /** The outlines with the line's left end on the baseline at the given point. */
  public Shape outline(double x, double baselineY) {
    return outline.createTransformedShape(AffineTransform.getTranslateInstance(x, baselineY));
  }
}
