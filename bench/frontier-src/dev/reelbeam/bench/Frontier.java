package dev.reelbeam.bench;

import dev.reelbeam.media.composition.EncodingSettings;
import java.awt.Color;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * CPU, bytes and likeness of many settings, at equal quality; started by {@code
 * bench/encoder-frontier}.
 */
public final class Frontier {
  private static final String REFERENCE = "veryfast";

  /** {@code name|preset|b-frames|lookahead|x264|rate factors}; the first is what others meet. */
  private static final List<String> CANDIDATES =
      List.of(
          "veryfast|veryfast|3|10||20,23,26",
          "ultrafast|ultrafast|0|0||18,22",
          "superfast|superfast|3|0||19,24",
          "faster|faster|3|20||20,25",
          "fast|fast|3|30||20,25",
          "medium|medium|3|40||20,25",
          "superfast-b5-la20|superfast|5|20||20,25",
          "b3-la10|superfast|3|10|b-adapt=0|20,25",
          "b5-la10|superfast|5|10|b-adapt=0|20,25",
          "b7-la10|superfast|7|10|b-adapt=0|20,25",
          "b5-la5|superfast|5|5|b-adapt=0|20,25",
          "b5-la20|superfast|5|20|b-adapt=0|20,25",
          "b5-la0|superfast|5|0|b-adapt=0:weightp=0|19,24",
          "b5-weightp0|superfast|5|10|b-adapt=0:weightp=0|20,25",
          "b5-subme2|superfast|5|10|b-adapt=0:subme=2|20,25",
          "b5-subme0|superfast|5|10|b-adapt=0:subme=0|20,25",
          "b5-p8x8|superfast|5|10|b-adapt=0:partitions=p8x8,i8x8,i4x4|20,25",
          "b5-i8x8|superfast|5|10|b-adapt=0:partitions=i8x8|20,25",
          "b5-nopart|superfast|5|10|b-adapt=0:partitions=none|20,25",
          "b5-temporal|superfast|5|10|b-adapt=0:direct=temporal|20,25",
          "b5-trellis1|superfast|5|10|b-adapt=0:trellis=1|20,25",
          "b5-ref2|superfast|5|10|b-adapt=0:ref=2|20,25",
          "b5-aq2|superfast|5|10|b-adapt=0:aq-mode=2|20,25",
          "medium-b5-la20|medium|5|20||20,25",
          "fast-b5-la20|fast|5|20||20,25");

  private final Path root;
  private final Path work;
  private final String classPath;
  private final List<String> lines = new ArrayList<>();

  private Frontier(Path root, Path work, String classPath) {
    this.root = root;
    this.work = work;
    this.classPath = classPath;
  }

  /**
   * Root of the clone, work folder, class path of the measuring processes, how many of these at
   * once, parts ({@code wide}, {@code compare}), result file, picture.
   */
  public static void main(String[] args) throws Exception {
    Frontier bench = new Frontier(Path.of(args[0]), Path.of(args[1]), args[2]);
    int jobs = Integer.parseInt(args[3]);
    List<String> parts = List.of(args[4].split(",", -1));
    bench.say("# Encoder settings on a frontier\n");
    bench.say(
        "Written by `bench/encoder-frontier`; what is measured: [README](../README.md). "
            + Machine.describe()
            + "\n");
    if (parts.contains("wide")) {
      bench.wide(jobs, Path.of(args[6]));
    }
    if (parts.contains("compare")) {
      bench.compare(jobs);
    }
    String text = String.join("\n", bench.lines) + "\n";
    Files.writeString(Path.of(args[5]), text);
    System.out.println("\n" + text);
  }

  /** One rate factor of one settings, summed over all segments. */
  private static final class Point {
    final int crf;
    long bytes;
    double[] cpuS = new double[0];
    double errors;
    double ssim;
    int frames;

    Point(int crf) {
      this.crf = crf;
    }

    double xpsnr() {
      return -10 * Math.log10(errors / frames);
    }

    double meanSsim() {
      return ssim / frames;
    }

    /** The median round. */
    double cpu() {
      double[] sorted = cpuS.clone();
      Arrays.sort(sorted);
      return sorted[(sorted.length - 1) / 2];
    }
  }

  /** Settings against the reference at equal likeness. */
  private record Row(
      String name,
      double cpuRatio,
      double bytesAtXpsnr,
      double bytesAtSsim,
      List<Point> points,
      boolean onFrontier) {}

  private void wide(int jobs, Path picture) throws Exception {
    Map<String, List<Point>> curves =
        measure(jobs, "everything", List.of(0, 2, 3, 4), 45, 1, 540, CANDIDATES);
    List<Point> reference = curves.get(REFERENCE);
    List<Row> rows = new ArrayList<>();
    curves.forEach((name, points) -> rows.add(row(name, points, reference)));
    rows.sort(Comparator.comparingDouble(Row::cpuRatio));
    List<Row> marked = new ArrayList<>();
    double least = Double.POSITIVE_INFINITY;
    for (Row row : rows) {
      boolean on = row.bytesAtXpsnr() < least;
      least = Math.min(least, row.bytesAtXpsnr());
      marked.add(
          new Row(
              row.name(), row.cpuRatio(), row.bytesAtXpsnr(), row.bytesAtSsim(), row.points(), on));
    }
    say("## All settings against x264's veryfast\n");
    say(
        "Pieces of 45 frames of a photo with fine texture, a diagram shown whole, a card of text"
            + " and a photo with captions, with their transitions, at 540x960 so that the whole"
            + " field can be walked in minutes. CPU and bytes are those at the reference's XPSNR"
            + " (and SSIM), by interpolation between rate factors. **Bold**: nothing here is both"
            + " cheaper and smaller.\n");
    say("![CPU against bytes](" + picture.getFileName() + ")\n");
    say(
        "| settings | CPU / veryfast | bytes at equal XPSNR | bytes at equal SSIM | preset,"
            + " B-frames, lookahead, further | crf: kB, XPSNR dB, SSIM |\n"
            + "|---|---:|---:|---:|---|---|");
    for (Row row : marked) {
      String[] parts = candidate(row.name());
      say(
          String.format(
              Locale.ROOT,
              "| %s | %.2f | %+.1f %% | %+.1f %% | %s, %s, %s%s | %s |",
              row.onFrontier() ? "**" + row.name() + "**" : row.name(),
              row.cpuRatio(),
              100 * (row.bytesAtXpsnr() - 1),
              100 * (row.bytesAtSsim() - 1),
              parts[1],
              parts[2],
              parts[3],
              parts[4].isEmpty() ? "" : ", `" + parts[4] + "`",
              String.join(
                  "; ",
                  row.points().stream()
                      .map(
                          point ->
                              String.format(
                                  Locale.ROOT,
                                  "%d: %d, %.2f, %.4f",
                                  point.crf,
                                  point.bytes / 1000,
                                  point.xpsnr(),
                                  point.meanSsim()))
                      .toList())));
    }
    say("");
    draw(marked, picture);
  }

  private void say(String line) {
    lines.add(line);
  }

  private static String[] candidate(String name) {
    return CANDIDATES.stream()
        .map(text -> text.split("[|]", -1))
        .filter(parts -> parts[0].equals(name))
        .findFirst()
        .orElseThrow();
  }

  private void compare(int jobs) throws Exception {
    EncodingSettings chosen = EncodingSettings.standard(30);
    String x264 =
        chosen.preset()
            + "|"
            + chosen.bFrames()
            + "|"
            + chosen.lookaheadFrames()
            + "|"
            + chosen.x264();
    Map<String, List<Point>> curves =
        measure(
            jobs,
            "sixPhotos",
            List.of(1, 3, 7, 12),
            60,
            3,
            1080,
            List.of("veryfast|veryfast|3|10||21", "standard|" + x264 + "|20,21,22,23"));
    Point reference = curves.get(REFERENCE).get(0);
    List<Point> ours = curves.get("standard");
    double bytes = at(ours, reference.xpsnr(), Point::xpsnr, point -> Math.log(point.bytes));
    double cpu = at(ours, reference.xpsnr(), Point::xpsnr, Point::cpu);
    double ssim = at(ours, reference.xpsnr(), Point::xpsnr, Point::meanSsim);
    say("## The default quality setting against x264 veryfast crf 21\n");
    say(
        "1080x1920, 60 frames of each of four segments of `bench/render-path`'s minute (one of them"
            + " a dissolve), every settings in turn on the same frames, medians of three"
            + " rounds.\n");
    say("| | crf | CPU, s | kB | XPSNR, dB | SSIM |\n|---|---:|---:|---:|---:|---:|");
    say(line("veryfast", reference));
    for (Point point : ours) {
      say(line("standard (" + x264.replace('|', ' ') + ")", point));
    }
    say(
        String.format(
            Locale.ROOT,
            "%nAt equal XPSNR, between these rate factors: **%.2f of the CPU** (target 0.5),"
                + " **%+.1f %% bytes** (target at most +3 %%), SSIM %.4f against %.4f.%n",
            cpu / reference.cpu(),
            100 * (Math.exp(bytes) / reference.bytes - 1),
            ssim,
            reference.meanSsim()));
  }

  private static String line(String name, Point point) {
    return String.format(
        Locale.ROOT,
        "| %s | %d | %.2f | %d | %.2f | %.4f |",
        name,
        point.crf,
        point.cpu(),
        point.bytes / 1000,
        point.xpsnr(),
        point.meanSsim());
  }

  private static Row row(String name, List<Point> points, List<Point> reference) {
    double cpu = 0;
    double xpsnr = 0;
    double ssim = 0;
    for (Point point : points) {
      cpu += Math.log(point.cpu() / at(reference, point.xpsnr(), Point::xpsnr, Point::cpu));
      xpsnr +=
          Math.log(point.bytes)
              - at(reference, point.xpsnr(), Point::xpsnr, other -> Math.log(other.bytes));
      ssim +=
          Math.log(point.bytes)
              - at(reference, logSsim(point), Frontier::logSsim, other -> Math.log(other.bytes));
    }
    int count = points.size();
    return new Row(
        name,
        Math.exp(cpu / count),
        Math.exp(xpsnr / count),
        Math.exp(ssim / count),
        points,
        false);
  }

  /** Nearly straight over the logarithm of the bytes, as decibels are. */
  private static double logSsim(Point point) {
    return -10 * Math.log10(1 - point.meanSsim());
  }

  /** A figure of a curve at a likeness: on the line through the two nearest points. */
  private static double at(
      List<Point> curve,
      double likeness,
      java.util.function.ToDoubleFunction<Point> axis,
      java.util.function.ToDoubleFunction<Point> figure) {
    List<Point> nearest = new ArrayList<>(curve);
    nearest.sort(
        Comparator.comparingDouble(point -> Math.abs(axis.applyAsDouble(point) - likeness)));
    Point a = nearest.get(0);
    Point b = nearest.get(1);
    double share =
        (likeness - axis.applyAsDouble(a)) / (axis.applyAsDouble(b) - axis.applyAsDouble(a));
    return figure.applyAsDouble(a) + share * (figure.applyAsDouble(b) - figure.applyAsDouble(a));
  }

  /** Points by settings; a process for each segment, so many at once. */
  private Map<String, List<Point>> measure(
      int jobs,
      String timeline,
      List<Integer> segments,
      int frames,
      int rounds,
      int width,
      List<String> candidates)
      throws Exception {
    List<Process> running = new ArrayList<>();
    List<Path> outputs = new ArrayList<>();
    for (int segment : segments) {
      while (running.stream().filter(Process::isAlive).count() >= jobs) {
        Thread.sleep(200);
      }
      Path folder = Files.createDirectories(work.resolve(timeline + "-" + segment));
      Path output = folder.resolve("points.txt");
      outputs.add(output);
      if (Files.exists(output) && Files.size(output) > 0) {
        // Measured before in a folder that was kept.
        continue;
      }
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-Xmx1g",
                  "-Djava.awt.headless=true",
                  "-cp",
                  classPath,
                  "dev.reelbeam.media.render.EncoderFrontier",
                  folder.toString(),
                  root.resolve("examples").toString(),
                  timeline,
                  "" + frames,
                  "" + segment,
                  "" + rounds,
                  "" + width));
      command.addAll(candidates);
      running.add(
          new ProcessBuilder(command)
              .redirectOutput(output.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start());
      System.err.println("encoder-frontier: " + timeline + ", segment " + segment);
    }
    Map<String, List<Point>> curves = new LinkedHashMap<>();
    for (Process process : running) {
      if (process.waitFor() != 0) {
        throw new IllegalStateException("a measuring process failed");
      }
    }
    for (Path output : outputs) {
      for (String line : Files.readAllLines(output)) {
        add(curves, line.split(" ", -1));
      }
    }
    return curves;
  }

  private static void add(Map<String, List<Point>> curves, String[] fields) {
    List<Point> points = curves.computeIfAbsent(fields[1], name -> new ArrayList<>());
    int crf = Integer.parseInt(fields[2]);
    Point point = points.stream().filter(known -> known.crf == crf).findFirst().orElse(null);
    if (point == null) {
      point = new Point(crf);
      points.add(point);
    }
    point.bytes += Long.parseLong(fields[3]);
    String[] rounds = fields[4].split(",", -1);
    if (point.cpuS.length == 0) {
      point.cpuS = new double[rounds.length];
    }
    for (int i = 0; i < rounds.length; i++) {
      point.cpuS[i] += Double.parseDouble(rounds[i]);
    }
    point.errors += Double.parseDouble(fields[5]);
    point.ssim += Double.parseDouble(fields[6]);
    point.frames += Integer.parseInt(fields[7]);
  }

  private static void draw(List<Row> rows, Path picture) throws Exception {
    XYChart chart =
        new XYChartBuilder()
            .width(1300)
            .height(800)
            .title("x264 on moved photos, diagrams and text: CPU against bytes at equal XPSNR")
            .xAxisTitle("CPU / veryfast (each step a quarter of a doubling)")
            .yAxisTitle("bytes at equal XPSNR against veryfast, %")
            .build();
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    // A logarithmic axis of the library's own would name whole powers of ten alone.
    chart.getStyler().setxAxisTickLabelsFormattingFunction(
        octave -> String.format(Locale.ROOT, "%.2f", Math.pow(2, octave)));
    chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setMarkerSize(8);
    chart.getStyler().setDecimalPattern("#0.##");
    // Ultrafast is so much larger that it would flatten everything else; the table has it.
    List<Row> shown = rows.stream().filter(row -> row.bytesAtXpsnr() < 1.5).toList();
    List<Row> frontier = shown.stream().filter(Row::onFrontier).toList();
    XYSeries line =
        chart.addSeries(
            "frontier",
            frontier.stream().map(Frontier::octave).toList(),
            frontier.stream().map(row -> 100 * (row.bytesAtXpsnr() - 1)).toList());
    line.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
    line.setMarker(SeriesMarkers.NONE);
    line.setLineColor(new Color(0x4FA3A5));
    XYSeries dots =
        chart.addSeries(
            "settings",
            shown.stream().map(Frontier::octave).toList(),
            shown.stream().map(row -> 100 * (row.bytesAtXpsnr() - 1)).toList());
    dots.setMarkerColor(new Color(0x1D2940));
    dots.setMarker(SeriesMarkers.CIRCLE);
    List<double[]> taken = new ArrayList<>();
    shown.stream()
        .sorted(Comparator.comparingDouble(Row::cpuRatio))
        .forEach(
            row -> {
              double[] place = place(row, taken);
              taken.add(place);
              chart.addAnnotation(new AnnotationText(row.name(), place[0], place[1], false));
            });
    BitmapEncoder.saveBitmap(chart, picture.toString(), BitmapEncoder.BitmapFormat.PNG);
  }

  private static double octave(Row row) {
    return Math.log(row.cpuRatio()) / Math.log(2);
  }

  /** Above its dot, or where no other name stands: below it, further above or further below. */
  private static double[] place(Row row, List<double[]> taken) {
    double x = octave(row);
    double y = 100 * (row.bytesAtXpsnr() - 1);
    for (double away : new double[] {0.9, -0.9, 1.8, -1.8, 2.7, -2.7}) {
      double[] place = {x, y + away, 0.012 * row.name().length()};
      if (taken.stream().noneMatch(other -> hides(place, other))) {
        return place;
      }
    }
    return new double[] {x, y + 0.9, 0};
  }

  private static boolean hides(double[] one, double[] other) {
    return Math.abs(one[0] - other[0]) < one[2] + other[2] && Math.abs(one[1] - other[1]) < 0.8;
  }
}
