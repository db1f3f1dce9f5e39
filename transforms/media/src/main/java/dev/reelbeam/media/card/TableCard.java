package dev.reelbeam.media.card;

import dev.reelbeam.media.text.Colours;
import dev.reelbeam.media.text.FontWeight;
import dev.reelbeam.media.text.TextBlock;
import dev.reelbeam.media.text.TextBlock.Align;
import dev.reelbeam.media.text.TextStyle;
import java.util.ArrayList;
import java.util.List;

/** A table whose rows come one by one. */
final class TableCard {
  private final CardFrame frame;
  private final Palette palette;

  TableCard(CardFrame frame, Palette palette) {
    this.frame = frame;
    this.palette = palette;
  }

  Card draw(String heading, List<String> head, List<List<String>> allRows) {
    int columns = Math.max(1, Math.min(CardRenderer.MAX_TABLE_COLUMNS, head.size()));
    List<List<String>> rows =
        allRows.subList(0, Math.min(CardRenderer.MAX_TABLE_ROWS, allRows.size()));
    TextBlock title =
        frame.fit(heading, frame.heading(), 40, 72, frame.width(), frame.height() * 0.24, 3);
    double titleHeight = heading.isBlank() ? 0 : title.height() + frame.px(36);
    double rowHeight = Math.min(frame.px(120), (frame.height() - titleHeight) / (rows.size() + 1));
    double total = titleHeight + rowHeight * (rows.size() + 1);
    double top = frame.grid(frame.top() + Math.max(0, (frame.height() - total) * 0.5));
    double[] widths = columnWidths(head, rows, columns);
    int canvasW = frame.area().canvasWidth();
    int canvasH = frame.area().canvasHeight();
    double size = size(head, rows, widths, rowHeight);

    List<CardLayer> layers = new ArrayList<>();
    Sheet sheet = new Sheet(canvasW, canvasH);
    if (!heading.isBlank()) {
      sheet.text(title, frame.left(), top, frame.width(), Align.START, palette.text());
    }
    double y = top + titleHeight;
    double gap = frame.px(8);
    sheet.rounded(
        frame.left(), y, frame.width(), rowHeight - gap, frame.px(16), palette.accent(), 1);
    cells(
        sheet,
        head,
        widths,
        y,
        rowHeight - gap,
        size,
        FontWeight.BOLD,
        Colours.readableOn(palette.accent()));
    layers.add(sheet.layer(CardLayer.ALWAYS));
    for (int r = 0; r < rows.size(); r++) {
      y += rowHeight;
      Sheet row = new Sheet(canvasW, canvasH);
      row.rounded(
          frame.left(), y, frame.width(), rowHeight - gap, frame.px(16), palette.text(), 0.09);
      cells(
          row, rows.get(r), widths, y, rowHeight - gap, size, FontWeight.SEMIBOLD, palette.text());
      layers.add(row.layer(r));
    }
    return new Card(Backdrop.plain(canvasW, canvasH, palette, 3), layers, rows.size());
  }

  /** Shares of the width by the square root of the longest cell: long columns give up more. */
  private double[] columnWidths(List<String> head, List<List<String>> rows, int columns) {
    double[] weights = new double[columns];
    double sum = 0;
    for (int c = 0; c < columns; c++) {
      int longest = Math.max(4, cell(head, c).length());
      for (List<String> row : rows) {
        longest = Math.max(longest, cell(row, c).length());
      }
      weights[c] = Math.sqrt(Math.min(40, longest));
      sum += weights[c];
    }
    for (int c = 0; c < columns; c++) {
      weights[c] = weights[c] / sum * frame.width();
    }
    return weights;
  }

  private static String cell(List<String> row, int column) {
    return column < row.size() ? row.get(column) : "";
  }

  /** One size for all cells: the smallest that any of them needs. */
  private double size(
      List<String> head, List<List<String>> rows, double[] widths, double rowHeight) {
    double size = 44;
    List<List<String>> all = new ArrayList<>(rows);
    all.add(head);
    for (List<String> row : all) {
      for (int c = 0; c < widths.length; c++) {
        TextBlock block =
            frame.fit(
                cell(row, c),
                style(FontWeight.BOLD),
                smallest(),
                44,
                inner(widths[c]),
                rowHeight * 0.8,
                2);
        size = Math.min(size, block.style().sizePx() / frame.px(1));
      }
    }
    return size;
  }

  private TextStyle style(FontWeight weight) {
    return new TextStyle(frame.brand().bodyFont(), weight, 10);
  }

  private double smallest() {
    return frame.area().vertical() ? 30 : 36;
  }

  private double inner(double columnWidth) {
    return columnWidth - frame.px(40);
  }

  private void cells(
      Sheet sheet,
      List<String> row,
      double[] widths,
      double y,
      double rowHeight,
      double size,
      FontWeight weight,
      int colour) {
    double x = frame.left() + frame.px(24);
    for (int c = 0; c < widths.length; c++) {
      TextBlock block =
          frame.fit(cell(row, c), style(weight), size, size, inner(widths[c]), rowHeight * 0.86, 2);
      double top = y + (rowHeight - block.capTopToBaseline()) / 2;
      sheet.text(block, x, top, inner(widths[c]), Align.START, colour);
      x += widths[c];
    }
  }
}
