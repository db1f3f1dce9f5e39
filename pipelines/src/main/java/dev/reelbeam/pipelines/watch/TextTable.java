package dev.reelbeam.pipelines.watch;

import java.util.ArrayList;
import java.util.List;

/** Columns of text, as wide as their widest cell. */
public final class TextTable {
  private static final String GAP = "  ";

  private final List<Column> columns;
  private final List<List<String>> rows = new ArrayList<>();

  /** A column's heading and whether its cells stand on the right. */
  public record Column(String heading, boolean right) {
    /** Cells on the left: texts. */
    public static Column left(String heading) {
      return new Column(heading, false);
    }

    /** Cells on the right: figures. */
    public static Column right(String heading) {
      return new Column(heading, true);
    }
  }

  public TextTable(Column... columns) {
    this.columns = List.of(columns);
  }

  /** Adds a row; line breaks and tabs become spaces. */
  public TextTable row(String... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(cells.length + " cells, " + columns.size() + " columns");
    }
    List<String> row = new ArrayList<>();
    for (String cell : cells) {
      row.add(cell.replaceAll("[\\s\\p{Cntrl}]+", " ").strip());
    }
    rows.add(row);
    return this;
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The heading and every row, each ended by a line break; nothing trails a line. */
  @Override
  public String toString() {
    int[] widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = width(columns.get(i).heading());
      for (List<String> row : rows) {
        widths[i] = Math.max(widths[i], width(row.get(i)));
      }
    }
    StringBuilder text = new StringBuilder();
    append(text, columns.stream().map(Column::heading).toList(), widths);
    rows.forEach(row -> append(text, row, widths));
    return text.toString();
  }

  private void append(StringBuilder text, List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String padding = " ".repeat(widths[i] - width(cells.get(i)));
      line.append(i == 0 ? "" : GAP);
      line.append(columns.get(i).right() ? padding + cells.get(i) : cells.get(i) + padding);
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  /** Columns on a terminal: wide East Asian characters and emoji take two, marks take none. */
  static int width(String text) {
    return text.codePoints().map(TextTable::width).sum();
  }

  static int width(int character) {
    int type = Character.getType(character);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT) {
      return 0;
    }
    Character.UnicodeScript script = Character.UnicodeScript.of(character);
    boolean wide =
        script == Character.UnicodeScript.HAN
            || script == Character.UnicodeScript.HANGUL
            || script == Character.UnicodeScript.HIRAGANA
            || script == Character.UnicodeScript.KATAKANA
            || (character >= 0xFF01 && character <= 0xFF60)
            || (character >= 0x1F300 && character <= 0x1FAFF);
    return wide ? 2 : 1;
  }

  /** The text cut to a width in columns, with an ellipsis when something was cut. */
  public static String shortened(String text, int width) {
    return fit(text, width);
  }

  static String fit(String text, int width) {
    if (width(text) <= width) {
      return text;
    }
    StringBuilder kept = new StringBuilder();
    int used = 1; // The ellipsis.
    for (int i = 0; i < text.length(); ) {
      int character = text.codePointAt(i);
      used += width(character);
      if (used > width) {
        break;
      }
      kept.appendCodePoint(character);
      i += Character.charCount(character);
    }
    return kept.append('\u2026').toString();
  }
}
