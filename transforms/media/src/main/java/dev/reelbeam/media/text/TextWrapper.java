package dev.reelbeam.media.text;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Breaks a text into lines of even length.
 *
 * <p>As few lines as possible, then the least sum of squared free space (the total-fit idea of
 * Knuth and Plass), with a price on lines that end in an article, a preposition or a lone number. A
 * word wider than a line is broken between its letters.
 */
final class TextWrapper {
  private static final double REFERENCE_PX = 100;

  /** An unbreakable piece of text. */
  private record Piece(String text, boolean spaceAfter, double width) {}

  private final FontBook fonts;
  private final TextStyle reference;
  private final double space;
  private final List<Piece> pieces;
  private final Map<String, Double> widths;

  TextWrapper(FontBook fonts, String text, TextStyle style) {
    this(fonts, text, style, new HashMap<>());
  }

  private TextWrapper(FontBook fonts, String text, TextStyle style, Map<String, Double> widths) {
    this.fonts = fonts;
    this.widths = widths;
    this.reference = style.at((float) REFERENCE_PX);
    this.space = width("n n") - width("nn");
    this.pieces = pieces(text);
  }

  /** A wrapper for another text in the same type, which knows the words measured so far. */
  TextWrapper forText(String other) {
    return new TextWrapper(fonts, other, reference, widths);
  }

  /** Widest unbreakable piece in ems. */
  double widestPieceEm() {
    return pieces.stream().mapToDouble(Piece::width).max().orElse(0) / REFERENCE_PX;
  }

  /** The lines of the text at a size; empty for a blank text. */
  List<String> wrap(double sizePx, double maxWidthPx) {
    double limit = maxWidthPx / sizePx * REFERENCE_PX;
    List<Piece> fitting = new ArrayList<>();
    for (Piece piece : pieces) {
      if (piece.width() <= limit) {
        fitting.add(piece);
      } else {
        fitting.addAll(split(piece, limit));
      }
    }
    if (fitting.isEmpty()) {
      return List.of();
    }
    int[] breaks = totalFit(fitting, limit);
    List<String> lines = new ArrayList<>();
    int start = 0;
    for (int end : breaks) {
      StringBuilder line = new StringBuilder();
      for (int i = start; i < end; i++) {
        line.append(fitting.get(i).text());
        if (i + 1 < end && fitting.get(i).spaceAfter()) {
          line.append(' ');
        }
      }
      lines.add(line.toString());
      start = end;
    }
    return lines;
  }

  private List<Piece> pieces(String text) {
    List<Piece> result = new ArrayList<>();
    BreakIterator breaks = BreakIterator.getLineInstance(Locale.ROOT);
    breaks.setText(text);
    int start = breaks.first();
    for (int end = breaks.next(); end != BreakIterator.DONE; start = end, end = breaks.next()) {
      String piece = text.substring(start, end);
      String bare = piece.strip();
      int last = result.size() - 1;
      if (last >= 0 && !bare.isEmpty() && endsInHyphen(result.get(last))) {
        bare = result.remove(last).text() + bare;
      }
      if (!bare.isEmpty()) {
        result.add(new Piece(bare, piece.endsWith(" "), width(bare)));
      }
    }
    return result;
  }

  /** Words with a hyphen stay whole where they fit: broken, they read as two. */
  private static boolean endsInHyphen(Piece piece) {
    return !piece.spaceAfter() && (piece.text().endsWith("-") || piece.text().endsWith("/"));
  }

  private double width(String text) {
    return widths.computeIfAbsent(text, t -> fonts.width(t, reference));
  }

  /** Parts of a word that is too wide, broken between letters as readers perceive them. */
  private List<Piece> split(Piece piece, double limit) {
    List<Piece> parts = new ArrayList<>();
    BreakIterator letters = BreakIterator.getCharacterInstance(Locale.ROOT);
    letters.setText(piece.text());
    int start = 0;
    double used = 0;
    int previous = 0;
    for (int end = letters.next(); end != BreakIterator.DONE; end = letters.next()) {
      double letter = width(piece.text().substring(previous, end));
      if (used + letter > limit && previous > start) {
        int hyphen = piece.text().lastIndexOf('-', previous - 1) + 1;
        if (hyphen > start && hyphen < previous) {
          parts.add(part(piece.text().substring(start, hyphen)));
          start = hyphen;
          used = width(piece.text().substring(start, previous));
        } else {
          parts.add(part(piece.text().substring(start, previous)));
          start = previous;
          used = 0;
        }
      }
      used += letter;
      previous = end;
    }
    parts.add(new Piece(piece.text().substring(start), piece.spaceAfter(), used));
    return parts;
  }

  private Piece part(String text) {
    return new Piece(text, false, width(text));
  }

  private int[] totalFit(List<Piece> items, double limit) {
    int n = items.size();
    int[] fewest = new int[n + 1];
    double[] cost = new double[n + 1];
    int[] from = new int[n + 1];
    for (int end = 1; end <= n; end++) {
      fewest[end] = Integer.MAX_VALUE;
      double width = 0;
      for (int start = end - 1; start >= 0; start--) {
        width += items.get(start).width();
        if (start + 1 < end && items.get(start).spaceAfter()) {
          width += space;
        }
        if (width > limit + 1e-6 && start + 1 < end) {
          break;
        }
        double free = Math.max(0, limit - width) / limit;
        double total = cost[start] + free * free;
        if (end < n
            && items.get(end - 1).spaceAfter()
            && WordBinding.binds(items.get(end - 1).text(), items.get(end).text())) {
          total += 0.3;
        }
        if (end < n && !items.get(end - 1).spaceAfter()) {
          total += 0.3;
        }
        if (end == n && start == n - 1 && start > 0) {
          total += 0.15;
        }
        int lines = fewest[start] + 1;
        if (lines < fewest[end] || (lines == fewest[end] && total < cost[end])) {
          fewest[end] = lines;
          cost[end] = total;
          from[end] = start;
        }
      }
    }
    int[] breaks = new int[fewest[n]];
    int at = n;
    for (int i = breaks.length - 1; i >= 0; i--) {
      breaks[i] = at;
      at = from[at];
    }
    return breaks;
  }
}
