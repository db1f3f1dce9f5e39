package dev.reelbeam.notebooks;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.dflib.DataFrame;
import org.dflib.csv.Csv;
import org.dflib.csv.CsvLoader;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** What cells use: tables in, pictures and tables out. */
public final class Show {
  /** Colours of series, the same in all notebooks. */
  public static final Color[] COLOURS = {
    new Color(0x1F7A7A), new Color(0xE0A030), new Color(0x7D5BA6),
    new Color(0xC0392B), new Color(0x5DADE2), new Color(0x9AA0A6)
  };

  private static final Set<String> NUMBERS =
      Set.of(
          "views",
          "interactions",
          "engagement_views",
          "watch_s",
          "cost_micros",
          "money_micros");

  private Show() {}

  /**
   * A published table as CSV, from the folder of {@code REELBEAM_TABLES}. A number that nobody told
   * is null: missing is not zero.
   */
  public static DataFrame table(String name) {
    Path file = folder().resolve(name + ".csv");
    try {
      CsvLoader loader = Csv.loader();
      for (String column : Files.lines(file).findFirst().orElse("").split(",", -1)) {
        if (NUMBERS.contains(column)) {
          loader = loader.numCol(column, Double.class);
        } else if (column.equals("week") || column.equals("age_day")) {
          loader = loader.intCol(column);
        }
      }
      return loader.load(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The different values of a column, sorted. */
  public static List<String> names(DataFrame table, String column) {
    return table.height() == 0
        ? List.of()
        : table.<String>getColumn(column).toList().stream().distinct().sorted().toList();
  }

  /** The sum of what is told of a column; null when nothing is. */
  public static Double sum(DataFrame table, String column) {
    return table.height() == 0
        ? null
        : table.<Double>getColumn(column).toList().stream()
            .filter(Objects::nonNull)
            .reduce(Double::sum)
            .orElse(null);
  }

  private static Path folder() {
    String folder = System.getenv("REELBEAM_TABLES");
    if (folder == null) {
      throw new IllegalStateException("REELBEAM_TABLES names no folder: see notebooks/README.md");
    }
    return Path.of(folder);
  }

  /** A file of measured figures in {@code bench/results}. */
  public static String figures(String name) {
    try {
      return Files.readString(Path.of(System.getenv("REELBEAM_ROOT"), "bench/results", name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The number behind the first match of a pattern with one group. */
  public static double figure(String text, String pattern) {
    var matcher = java.util.regex.Pattern.compile(pattern).matcher(text);
    if (!matcher.find()) {
      throw new IllegalArgumentException("no figure " + pattern);
    }
    return Double.parseDouble(matcher.group(1).replace(",", ""));
  }

  /** The house's way of drawing. */
  public static <C extends Chart<?, ?>> C styled(C chart) {
    Styler style = chart.getStyler();
    style.setChartBackgroundColor(Color.WHITE);
    style.setPlotBackgroundColor(Color.WHITE);
    style.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 17));
    style.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    style.setLegendBorderColor(new Color(0, 0, 0, 0));
    style.setSeriesColors(COLOURS);
    style.setAntiAlias(true);
    if (style instanceof org.knowm.xchart.style.AxesChartStyler axes) {
      axes.setPlotGridLinesColor(new Color(0xE6E8EB));
      axes.setPlotGridLinesStroke(new BasicStroke(1f));
      axes.setPlotGridVerticalLinesVisible(false);
      axes.setPlotBorderVisible(false);
      axes.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    }
    return chart;
  }

  /** Lines without a mark at each point, which speak as lines; one point alone keeps its mark. */
  public static XYChart plain(XYChart chart) {
    chart.getSeriesMap().values().stream()
        .filter(series -> series.getXData().length > 1)
        .forEach(series -> series.setMarker(SeriesMarkers.NONE));
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
    return chart;
  }

  /** Puts a chart below the cell; of one that has nothing to show a line says so. */
  public static void show(Chart<?, ?> chart) {
    if (chart instanceof HeatMapChart heat
        ? heat.getHeatMapSeries() == null
        : chart.getSeriesMap().isEmpty()) {
      DisplayData data = new DisplayData();
      data.putData("text/plain", "nothing to show yet: " + chart.getTitle());
      BaseKernel.notebookKernel().display(data);
      return;
    }
    try {
      byte[] png = BitmapEncoder.getBitmapBytes(chart, BitmapEncoder.BitmapFormat.PNG);
      DisplayData data = new DisplayData();
      data.putData("image/png", Base64.getEncoder().encodeToString(png));
      data.putData("text/plain", String.valueOf(chart.getTitle()));
      BaseKernel.notebookKernel().display(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts a table below the cell. */
  public static void show(DataFrame table) {
    StringBuilder html = new StringBuilder("<table><tr>");
    for (String name : table.getColumnsIndex()) {
      html.append("<th>").append(name).append("</th>");
    }
    html.append("</tr>");
    StringBuilder text = new StringBuilder();
    for (var row : table) {
      html.append("<tr>");
      for (String name : table.getColumnsIndex()) {
        Object value = row.get(name);
        String shown =
            value instanceof Number number
                ? String.format(
                    Locale.ROOT,
                    number.doubleValue() == Math.rint(number.doubleValue()) ? "%,.0f" : "%,.2f",
                    number.doubleValue())
                : value == null ? "not told" : String.valueOf(value);
        html.append("<td>").append(shown).append("</td>");
        text.append(shown).append('\t');
      }
      html.append("</tr>");
      text.append('\n');
    }
    DisplayData data = new DisplayData();
    data.putHTML(html.append("</table>").toString());
    data.putData("text/plain", text.toString());
    BaseKernel.notebookKernel().display(data);
  }
}
