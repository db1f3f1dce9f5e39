package dev.reelbeam.media.card;

import dev.reelbeam.media.text.Colours;
import dev.reelbeam.media.text.FontWeight;
import dev.reelbeam.media.text.ShapedLine;
import dev.reelbeam.media.text.TextBlock;
import dev.reelbeam.media.text.TextBlock.Align;
import dev.reelbeam.media.text.TextStyle;
import java.awt.geom.Ellipse2D;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An editor window with source code in it. */
final class CodeCard {
  private static final int MAX_ROWS = 12;
  private static final int MAX_CODE_CHARS = 20_000;
  private static final double MIN_PX = 28;

  /** A landscape picture is seen smaller on a phone. */
  private static final double MIN_LANDSCAPE_PX = 36;

  private static final double MAX_PX = 40;
  private static final double LEADING = 1.52;
  private static final int WINDOW = 0x0f1524;
  private static final int BAR = 0x1a2236;
  private static final int[] BUTTONS = {0xff5f57, 0xfebc2e, 0x28c840};

  private final CardFrame frame;
  private final Palette palette;

  CodeCard(CardFrame frame, Palette palette) {
    this.frame = frame;
    this.palette = palette;
  }

  /** What stands in one row of the window. */
  private record Row(int line, boolean first, int indentCells, List<Syntax.Piece> pieces) {}

  Card draw(String code, @Nullable String language, String title, List<Integer> highlighted) {
    List<String> lines = lines(code);
    int focus = highlighted.isEmpty() ? 0 : highlighted.get(0);
    List<List<Syntax.Piece>> coloured = Syntax.highlight(lines, language);
    double minimum = frame.px(frame.area().vertical() ? MIN_PX : MIN_LANDSCAPE_PX);
    double cell = cellEm();
    int gutterCells = Integer.toString(Math.max(1, lines.size())).length() + 2;
    double pad = frame.px(32);
    double inner = frame.width() - 2 * pad;

    int longest = lines.stream().mapToInt(String::length).max().orElse(1);
    double size = Math.min(frame.px(MAX_PX), inner / ((longest + gutterCells) * cell));
    size = Math.max(size, minimum);
    double bar = frame.px(72);
    int rowsThatFit = (int) ((frame.height() - bar - 2 * pad) / (size * LEADING));
    if (rowsThatFit < Math.min(MAX_ROWS, lines.size())) {
      size = minimum;
      rowsThatFit = (int) ((frame.height() - bar - 2 * pad) / (size * LEADING));
    }
    int columns = Math.max(8, (int) Math.floor(inner / (size * cell)) - gutterCells);
    List<Row> rows = window(wrap(coloured, columns), Math.min(MAX_ROWS, rowsThatFit), focus);

    double rowHeight = Math.max(1, Math.floor(size * LEADING));
    double height = bar + 2 * pad + rows.size() * rowHeight;
    double top = frame.grid(frame.top() + Math.max(0, (frame.height() - height) * 0.5));
    int canvasW = frame.area().canvasWidth();
    int canvasH = frame.area().canvasHeight();
    Sheet sheet = new Sheet(canvasW, canvasH);
    double corner = frame.px(24);
    sheet.rounded(frame.left(), top, frame.width(), height, corner, WINDOW, 1);
    sheet.shadow(frame.px(22), 0.55, frame.px(12));
    titleBar(sheet, title, language, top, bar, corner);
    double codeTop = Math.round(top + bar + pad);
    for (int i = 0; i < rows.size(); i++) {
      row(sheet, rows.get(i), codeTop + i * rowHeight, rowHeight, size, gutterCells, false);
    }
    List<CardLayer> layers = new ArrayList<>();
    layers.add(sheet.layer(CardLayer.ALWAYS));
    for (int h = 0; h < highlighted.size(); h++) {
      Sheet lit = new Sheet(canvasW, canvasH);
      for (int i = 0; i < rows.size(); i++) {
        if (rows.get(i).line() == highlighted.get(h)) {
          double y = codeTop + i * rowHeight;
          lit.fill(
              new java.awt.geom.Rectangle2D.Double(frame.left(), y, frame.width(), rowHeight),
              Colours.mix(WINDOW, palette.accent(), 0.2));
          lit.fill(
              new java.awt.geom.Rectangle2D.Double(frame.left(), y, frame.px(8), rowHeight),
              palette.accent());
          row(lit, rows.get(i), y, rowHeight, size, gutterCells, true);
        }
      }
      layers.add(lit.layer(h));
    }
    return new Card(Backdrop.plain(canvasW, canvasH, palette, 1), layers, highlighted.size());
  }

  /** Lines without the indentation that all of them share, tabs as two spaces. */
  private List<String> lines(String code) {
    String bounded = code.length() > MAX_CODE_CHARS ? code.substring(0, MAX_CODE_CHARS) : code;
    List<String> lines = bounded.replace("\t", "  ").stripIndent().stripTrailing().lines().toList();
    return lines.isEmpty() ? List.of("") : lines;
  }

  private double cellEm() {
    TextStyle style = frame.mono().at(100);
    return frame.fonts().width("0000000000", style) / 1000;
  }

  private static List<Row> wrap(List<List<Syntax.Piece>> lines, int columns) {
    List<Row> rows = new ArrayList<>();
    for (int l = 0; l < lines.size(); l++) {
      List<Syntax.Piece> row = new ArrayList<>();
      int used = 0;
      int indent = 0;
      boolean first = true;
      int hang = Math.min(indentOf(lines.get(l)) + 2, columns / 2);
      for (Syntax.Piece piece : lines.get(l)) {
        String rest = piece.text();
        while (used + rest.length() > columns) {
          int room = columns - used;
          int cut = cut(rest, room, used > indent);
          if (cut > 0) {
            row.add(new Syntax.Piece(rest.substring(0, cut), piece.rgb()));
          }
          rest = rest.substring(cut).stripLeading();
          rows.add(new Row(l, first, indent, row));
          row = new ArrayList<>();
          first = false;
          indent = hang;
          used = indent;
        }
        if (!rest.isEmpty()) {
          row.add(new Syntax.Piece(rest, piece.rgb()));
          used += rest.length();
        }
      }
      rows.add(new Row(l, first, indent, row));
    }
    return rows;
  }

  /** Where a piece is cut: behind a space, else in front of the piece, else in its middle. */
  private static int cut(String text, int room, boolean mayMove) {
    int space = room > 0 ? text.lastIndexOf(' ', Math.min(room, text.length() - 1)) : -1;
    if (space > 0) {
      return space;
    }
    return mayMove && text.length() <= 24 ? 0 : Math.max(1, Math.min(room, text.length()));
  }

  private static int indentOf(List<Syntax.Piece> line) {
    int indent = 0;
    for (Syntax.Piece piece : line) {
      String stripped = piece.text().stripLeading();
      indent += piece.text().length() - stripped.length();
      if (!stripped.isEmpty()) {
        break;
      }
    }
    return indent;
  }

  /** The rows around the line in focus. */
  private static List<Row> window(List<Row> rows, int max, int focusLine) {
    int limit = Math.max(1, max);
    if (rows.size() <= limit) {
      return rows;
    }
    int focusRow = 0;
    while (focusRow + 1 < rows.size() && rows.get(focusRow).line() < focusLine) {
      focusRow++;
    }
    int start = Math.max(0, Math.min(rows.size() - limit, focusRow - limit / 2));
    return rows.subList(start, start + limit);
  }

  private void titleBar(
      Sheet sheet, String title, @Nullable String language, double top, double bar, double corner) {
    var shape =
        new java.awt.geom.RoundRectangle2D.Double(
            frame.left(), top, frame.width(), bar + corner, 2 * corner, 2 * corner);
    java.awt.geom.Area head = new java.awt.geom.Area(shape);
    head.intersect(
        new java.awt.geom.Area(
            new java.awt.geom.Rectangle2D.Double(frame.left(), top, frame.width(), bar)));
    sheet.fill(head, BAR);
    double r = frame.px(11);
    for (int i = 0; i < BUTTONS.length; i++) {
      double x = frame.left() + frame.px(32) + i * frame.px(36);
      sheet.fill(new Ellipse2D.Double(x, top + bar / 2 - r, 2 * r, 2 * r), BUTTONS[i]);
    }
    String label = title.isBlank() ? (language == null ? "" : language) : title;
    if (!label.isBlank()) {
      TextBlock block =
          frame.fit(
              label,
              new TextStyle(frame.brand().monoFont(), FontWeight.REGULAR, 10),
              24,
              28,
              frame.width() - frame.px(220),
              bar,
              1);
      sheet.text(
          block,
          frame.left() + frame.px(168),
          top + (bar - block.capTopToBaseline()) / 2,
          block.width(),
          Align.START,
          0x9fb0cc);
    }
  }

  private void row(
      Sheet sheet, Row row, double y, double rowHeight, double size, int gutter, boolean lit) {
    TextStyle style = frame.mono().at((float) size);
    double cell = cellEm() * size;
    double left = frame.left() + frame.px(32);
    ShapedLine sample = frame.fonts().shape("0", style);
    double baseline = y + (rowHeight + sample.capHeight()) / 2;
    if (row.first()) {
      String number = Integer.toString(row.line() + 1);
      double x = left + (gutter - 2 - number.length()) * cell;
      sheet.line(
          frame.fonts().shape(number, style), x, baseline, lit ? palette.accent() : 0x5b6a88);
    }
    double x = left + (gutter + row.indentCells()) * cell;
    for (Syntax.Piece piece : row.pieces()) {
      String text = piece.text();
      int lead = text.length() - text.stripLeading().length();
      if (!text.isBlank()) {
        sheet.line(
            frame.fonts().shape(frame.fonts().clean(text.strip()), style, false),
            x + lead * cell,
            baseline,
            piece.rgb());
      }
      x += text.length() * cell;
    }
  }
}
