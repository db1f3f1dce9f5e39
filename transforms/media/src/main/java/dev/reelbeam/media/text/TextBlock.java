package dev.reelbeam.media.text;

import java.awt.Shape;
import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.List;

/**
 * A text set in lines, ready to draw.
 *
 * @param lines top to bottom
 * @param texts what each line says, in reading order
 * @param lineHeightPx from baseline to baseline
 * @param shortened whether words were left out, which an ellipsis shows
 */
public record TextBlock(
    List<ShapedLine> lines,
    List<String> texts,
    TextStyle style,
    double lineHeightPx,
    boolean shortened) {

  /** How the lines stand in their column. */
  public enum Align {
    /** Left, for scripts that run right to left: right. */
    START,
    CENTRE
  }

  /** Longest text that is looked at; what lies behind is replaced by an ellipsis. */
  private static final int MAX_CHARS = 2_000;

  private static final double DEFAULT_LEADING = 1.16;

  /** What a text has to fit into. */
  public record Limits(double minPx, double maxPx, double widthPx, double heightPx, int maxLines) {}

  /**
   * Sets a text as large as its limits allow; words are only left out when it does not even fit at
   * the smallest size. Sizes step down by two pixels, so that equal texts get equal sizes.
   */
  public static TextBlock fit(FontBook fonts, String text, TextStyle style, Limits limits) {
    return fit(fonts, text, style, limits, DEFAULT_LEADING);
  }

  /** Like {@link #fit(FontBook, String, TextStyle, Limits)} with a line height in ems. */
  public static TextBlock fit(
      FontBook fonts, String text, TextStyle style, Limits limits, double leading) {
    String clean = text.strip().replaceAll("\\s+", " ");
    boolean cut = clean.length() > MAX_CHARS;
    if (cut) {
      clean = Ellipsis.shorten(clean, MAX_CHARS);
    }
    TextWrapper wrapper = new TextWrapper(fonts, clean, style);
    double step = Math.max(0.5, limits.maxPx() / 55);
    for (double size = limits.maxPx(); size >= limits.minPx() - 1e-9; size -= step) {
      if (wrapper.widestPieceEm() * size > limits.widthPx()) {
        continue;
      }
      List<String> lines = wrapper.wrap(size, limits.widthPx());
      if (fits(lines.size(), size, leading, limits)) {
        return of(fonts, lines, style.at((float) size), leading, cut);
      }
    }
    return shortened(fonts, wrapper, clean, style, limits, leading);
  }

  /** Sets a text at one size, in as many lines as it takes. */
  public static TextBlock wrap(
      FontBook fonts, String text, TextStyle style, double widthPx, double leading) {
    String clean = text.strip().replaceAll("\\s+", " ");
    List<String> lines =
        new TextWrapper(fonts, Ellipsis.shorten(clean, MAX_CHARS), style)
            .wrap(style.sizePx(), widthPx);
    return of(fonts, lines, style, leading, clean.length() > MAX_CHARS);
  }

  private static TextBlock shortened(
      FontBook fonts,
      TextWrapper wrapper,
      String text,
      TextStyle style,
      Limits limits,
      double leading) {
    double size = limits.minPx();
    int low = 0;
    int high = text.length();
    while (low < high) {
      int middle = (low + high + 1) / 2;
      List<String> lines =
          wrapper.forText(Ellipsis.shorten(text, middle)).wrap(size, limits.widthPx());
      if (fits(lines.size(), size, leading, limits)) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    String kept = Ellipsis.shorten(text, low);
    List<String> lines = wrapper.forText(kept).wrap(size, limits.widthPx());
    return of(fonts, lines, style.at((float) size), leading, low < text.length());
  }

  private static boolean fits(int lines, double size, double leading, Limits limits) {
    return lines <= limits.maxLines()
        && size * (leading * (lines - 1) + 1.05) <= limits.heightPx() + 1e-6;
  }

  private static TextBlock of(
      FontBook fonts, List<String> texts, TextStyle style, double leading, boolean shortened) {
    boolean rightToLeft = FontBook.startsRightToLeft(String.join(" ", texts));
    List<ShapedLine> lines = new ArrayList<>();
    for (String line : texts) {
      lines.add(fonts.shape(line, style, rightToLeft));
    }
    return new TextBlock(
        List.copyOf(lines), List.copyOf(texts), style, style.sizePx() * leading, shortened);
  }

  /** Width of the longest line. */
  public double width() {
    return lines.stream().mapToDouble(ShapedLine::width).max().orElse(0);
  }

  /** From the top of the first capitals to the last baseline: the height that the eye sees. */
  public double capTopToBaseline() {
    return lines.isEmpty() ? 0 : lines.get(0).capHeight() + lineHeightPx * (lines.size() - 1);
  }

  /** Like {@link #capTopToBaseline} with the descent of the last line. */
  public double height() {
    return lines.isEmpty() ? 0 : capTopToBaseline() + style.sizePx() * 0.24;
  }

  /** Baseline of a line when the first capitals touch {@code top}. */
  public double baseline(int line, double top) {
    return top + lines.get(0).capHeight() + lineHeightPx * line;
  }

  /** Left end of a line in a column. */
  public double lineX(int line, double left, double widthPx, Align align) {
    double free = widthPx - lines.get(line).width();
    if (align == Align.CENTRE) {
      return left + free / 2;
    }
    return lines.get(line).rightToLeft() ? left + free : left;
  }

  /** Outlines of all lines; the first capitals touch {@code top}. */
  public Shape outline(double left, double top, double widthPx, Align align) {
    Path2D all = new Path2D.Double();
    for (int i = 0; i < lines.size(); i++) {
      all.append(lines.get(i).outline(lineX(i, left, widthPx, align), baseline(i, top)), false);
    }
    return all;
  }
}
