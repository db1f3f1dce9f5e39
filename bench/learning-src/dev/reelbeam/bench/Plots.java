package dev.reelbeam.bench;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** One look for all pictures of what the loop learns. */
final class Plots {
  static final Color DARK = new Color(0x1D2940);
  static final Color GREY = new Color(0x9AA0A6);
  static final Color RED = new Color(0xC0392B);
  static final Color AMBER = new Color(0xE0A030);
  static final Color VIOLET = new Color(0x7D5BA6);
  static final Color BLUE = new Color(0x5DADE2);
  static final Color TEAL = new Color(0x1F7A7A);
  static final Color GREEN = new Color(0x7FB77E);

  private static final float STRONG = 3.2f;
  private static final float USUAL = 1.7f;

  private Plots() {}

  /** An empty chart whose axes begin at zero. */
  static XYChart chart(String title, String x, double xMax) {
    XYChart chart = new XYChartBuilder().width(900).height(560).title(title).xAxisTitle(x).build();
    Styler styler = chart.getStyler();
    chart.getStyler().setXAxisMin(0.0);
    chart.getStyler().setXAxisMax(xMax);
    chart.getStyler().setYAxisMin(0.0);
    styler.setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setPlotBorderVisible(false);
    chart.getStyler().setPlotGridLinesColor(new Color(0xE6E8EB));
    chart.getStyler().setPlotGridLinesStroke(new BasicStroke(1f));
    styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 17));
    chart.getStyler().setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    styler.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
    styler.setLegendBorderColor(new Color(0, 0, 0, 0));
    styler.setLegendVisible(false);
    chart.getStyler().setXAxisTickMarkSpacingHint(90);
    styler.setAntiAlias(true);
    return chart;
  }

  static void legend(XYChart chart, Styler.LegendPosition position) {
    chart.getStyler().setLegendPosition(position);
    chart.getStyler().setLegendVisible(true);
  }

  static void line(XYChart chart, String label, Color colour, List<Double> x, List<Double> y) {
    style(chart.addSeries(label, x, y), colour, USUAL);
  }

  /** The line that a chart is about. */
  static void strong(XYChart chart, String label, Color colour, List<Double> x, List<Double> y) {
    style(chart.addSeries(label, x, y), colour, STRONG);
  }

  /** What nobody reaches. */
  static void dashed(XYChart chart, String label, List<Double> x, List<Double> y) {
    XYSeries series = chart.addSeries(label, x, y);
    style(series, DARK, USUAL);
    series.setLineStyle(SeriesLines.DASH_DASH);
  }

  private static void style(XYSeries series, Color colour, float width) {
    series.setMarker(SeriesMarkers.NONE);
    series.setLineColor(colour);
    series.setLineWidth(width);
  }

  /** Two to a row. */
  static void save(List<XYChart> charts, Path picture) throws IOException {
    BitmapEncoder.saveBitmap(
        charts, (charts.size() + 1) / 2, 2, picture.toString(), BitmapEncoder.BitmapFormat.PNG);
  }
}
