package dev.reelbeam.bench;

import java.awt.image.BufferedImage;
import dev.reelbeam.pipelines.Reelbeam;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** What an edit costs against the whole video; started by {@code bench/edits}. */
public final class Edits {
  private static final Pattern SEGMENTS = Pattern.compile("(\\d+) found, (\\d+) rendered");
  private static final String ONE = "tiktok";
  private static final String THREE = "tiktok,youtube_short,instagram_reel";

  private static final List<String> PICTURES =
      List.of("hero-dripper.jpg", "fresh-beans.jpg", "scale.jpg", "kettle.jpg", "bloom.jpg", "cup.jpg");

  /** One paragraph for each picture. */
  private static final List<String> PARAGRAPHS =
      List.of(
          "A pour-over dripper costs less than ten café visits and lasts for decades. All it needs is"
              + " a filter, hot water and a little patience.",
          "Fresh beans taste best in the second and third week after roasting. Older beans turn flat,"
              + " because the air has carried their aroma away.",
          "A scale is the cheapest upgrade of them all. Use one gram of coffee for every sixteen grams"
              + " of water, every single morning.",
          "Let the kettle stand open for a short moment after it boils. Water that is a little cooler"
              + " leaves the bitter part in the filter.",
          "Pour a little water first and wait for half a minute. The coffee swells and rises, and the"
              + " gas inside it finds its way out.",
          "Then pour the rest in slow and narrow circles. Three minutes later the cup is clear, bright"
              + " and sweet, and the morning can begin.");

  private final Path root;
  private final Path work;
  private final String type;
  private final Map<String, List<Measured>> measured = new LinkedHashMap<>();
  private final Map<String, List<Measured>> warmMeasured = new LinkedHashMap<>();
  private boolean warm;

  private Edits(Path root, Path work, String type) {
    this.root = root;
    this.work = work;
    this.type = type;
  }

  private record Measured(double cpuS, int found, int rendered) {}

  /** Root of the clone, work folder, rounds, type, result file. */
  public static void main(String[] args) throws Exception {
    Edits bench = new Edits(Path.of(args[0]), Path.of(args[1]), args[3]);
    String machine = Machine.describe();
    int rounds = Integer.parseInt(args[2]);
    for (int round = 0; round < rounds; round++) {
      bench.round(round);
    }
    System.setProperty("reelbeam.home", bench.root.resolve("pipelines/target/reelbeam").toString());
    bench.warm = true;
    bench.round(rounds);
    bench.warmMeasured.clear(); // What has been compiled by now stays so.
    for (int round = 0; round < rounds; round++) {
      bench.round(rounds + 1 + round);
    }
    String text = bench.text(machine, rounds);
    Files.writeString(Path.of(args[4]), text);
    System.out.println("\n" + text);
  }

  private void round(int round) throws Exception {
    Path folder = Files.createDirectories(work.resolve("round-" + round));
    Path article = folder.resolve("article");
    Path store = folder.resolve("store");
    List<String> plain = List.of("--brand", brand(folder, "one").toString());
    write(article, PARAGRAPHS);
    make("the whole video", article, store, ONE, plain);
    make("nothing", article, copy(store), ONE, plain);

    mirror(article.resolve("images").resolve(PICTURES.get(2)));
    make("the picture of one scene of six", article, copy(store), ONE, plain);

    // As long when spoken, so that the writer chooses the same sentences.
    write(article, replaced("cup is clear", "cup is clean"));
    make("one word of one sentence", article, copy(store), ONE, plain);

    write(article, replaced("aroma away.", "aroma away. Keep them closed, cool and dark."));
    make("one sentence more, at 20 % of the video", article, copy(store), ONE, plain);

    write(article, PARAGRAPHS);
    List<String> music = new ArrayList<>(plain);
    music.addAll(List.of("--music", "drive"));
    make("the music", article, copy(store), ONE, music);
    make(
        "the address on the end card",
        article,
        copy(store),
        ONE,
        List.of("--brand", brand(folder, "two").toString()));

    make("three vertical presets, the whole video", article, folder.resolve("three"), THREE, plain);
    deleteTree(folder);
  }

  private static List<String> replaced(String what, String by) {
    List<String> paragraphs = new ArrayList<>();
    PARAGRAPHS.forEach(paragraph -> paragraphs.add(paragraph.replace(what, by)));
    if (paragraphs.equals(PARAGRAPHS)) {
      throw new IllegalStateException("nobody says '" + what + "'");
    }
    return paragraphs;
  }

  private void write(Path article, List<String> paragraphs) throws IOException {
    Path images = Files.createDirectories(article.resolve("images"));
    StringBuilder html = new StringBuilder("<html lang=\"en\"><head><title>Pour-over coffee at home</title></head><body><article>\n<h1>Pour-over coffee at home</h1>\n");
    for (int i = 0; i < paragraphs.size(); i++) {
      Files.write(
          images.resolve(PICTURES.get(i)),
          Files.readAllBytes(root.resolve("examples/howto/images").resolve(PICTURES.get(i))));
      html.append("<p>").append(paragraphs.get(i)).append("</p>\n<img src=\"images/")
          .append(PICTURES.get(i))
          .append("\" alt=\"Picture ")
          .append(i + 1)
          .append("\">\n");
    }
    Files.writeString(article.resolve("article.html"), html.append("</article></body></html>\n"));
  }

  private static void mirror(Path picture) throws IOException {
    BufferedImage from = ImageIO.read(picture.toFile());
    BufferedImage to =
        new BufferedImage(from.getWidth(), from.getHeight(), BufferedImage.TYPE_INT_RGB);
    to.createGraphics().drawImage(from, from.getWidth(), 0, -from.getWidth(), from.getHeight(), null);
    ImageIO.write(to, "jpg", picture.toFile());
  }

  private static Path brand(Path folder, String host) throws IOException {
    return Files.writeString(
        folder.resolve(host + ".yaml"),
        "name: Copper Kettle\nwatermark: false\ncta:\n  text: Brew one tomorrow\n  url: https://" + host + ".example\n");
  }

  /** The store as it was after the whole video. */
  private Path copy(Path store) throws IOException {
    Path copy = store.resolveSibling("store-copy");
    deleteTree(copy);
    try (Stream<Path> files = Files.walk(store)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(store.relativize(file).toString()));
      }
    }
    return copy;
  }

  private static void deleteTree(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Collections.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private void make(String what, Path article, Path store, String presets, List<String> options)
      throws Exception {
    Path out = article.resolveSibling("out");
    deleteTree(out);
    List<String> command =
        new ArrayList<>(
            List.of(
                root.resolve("reelbeam").toString(),
                "make",
                article.toString(),
                "--type",
                type,
                "--presets",
                presets,
                "--out",
                out.toString(),
                "--store",
                store.toString()));
    command.addAll(options);
    Ran ran = warm ? here(command.subList(1, command.size())) : alone(command);
    Matcher segments = SEGMENTS.matcher(ran.output());
    if (ran.exit() != 0 || !segments.find()) {
      throw new IllegalStateException("exit " + ran.exit() + ":\n" + ran.output());
    }
    Measured one =
        new Measured(
            ran.cpuS(), Integer.parseInt(segments.group(1)), Integer.parseInt(segments.group(2)));
    measured().computeIfAbsent(what, key -> new ArrayList<>()).add(one);
    System.err.printf(Locale.ROOT, "edits: %s: %.1f s CPU, %s%n", what, one.cpuS(), segments.group());
  }

  private Map<String, List<Measured>> measured() {
    return warm ? warmMeasured : measured;
  }

  private record Ran(int exit, double cpuS, String output) {}

  private Ran alone(List<String> command) throws Exception {
    ProcessTree.Usage usage = ProcessTree.run(command, Map.of(), work);
    return new Ran(usage.exit(), usage.cpuS(), usage.output());
  }

  /** In this process, which has done it before. */
  private static Ran here(List<String> arguments) throws IOException {
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text);
    double before = cpuS();
    int exit = Reelbeam.commandLine(writer, writer).execute(arguments.toArray(new String[0]));
    writer.flush();
    return new Ran(exit, cpuS() - before, text.toString());
  }

  /** Of this process and its children that have ended: fields 14 to 17 of /proc/self/stat. */
  private static double cpuS() throws IOException {
    String stat = Files.readString(Path.of("/proc/self/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    long ticks = 0;
    for (int i = 11; i <= 14; i++) {
      ticks += Long.parseLong(fields[i]);
    }
    return ticks / 100.0;
  }

  private String text(String machine, int rounds) {
    StringBuilder text = new StringBuilder("# What an edit costs\n\n");
    text.append(
        String.format(
            Locale.ROOT,
            "Written by `bench/edits --rounds %d --type %s`. `make` of six paragraphs with a picture each,"
                + " 1080x1920; then, each on a copy of that run's store, the same with one thing changed. CPU:"
                + " user and system time of the whole process tree, start-up of both JVMs and the checks of"
                + " the finished file included; medians. *Warm*: the same commands in one process that has"
                + " run them all before, as a service or the streaming job does them.%n%n%s%n%n",
            rounds,
            type,
            machine));
    text.append("| changed | CPU, s | / whole video | warm: CPU, s | / whole video | segments found | rendered |\n"
            + "|---|---:|---:|---:|---:|---:|---:|\n");
    double whole = median(measured.get("the whole video")).cpuS();
    double warmWhole = median(warmMeasured.get("the whole video")).cpuS();
    measured.forEach(
        (what, all) -> {
          Measured one = median(all);
          double warmCpuS = median(warmMeasured.get(what)).cpuS();
          text.append(
              String.format(
                  Locale.ROOT,
                  "| %s | %.1f | %.2f | %.1f | %.2f | %d | %d |%n",
                  what,
                  one.cpuS(),
                  one.cpuS() / whole,
                  warmCpuS,
                  warmCpuS / warmWhole,
                  one.found(),
                  one.rendered()));
        });
    return text.toString();
  }

  private static Measured median(List<Measured> all) {
    List<Measured> sorted = new ArrayList<>(all);
    sorted.sort(java.util.Comparator.comparingDouble(Measured::cpuS));
    return sorted.get((sorted.size() - 1) / 2);
  }
}
