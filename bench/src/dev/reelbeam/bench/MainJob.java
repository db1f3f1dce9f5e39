package dev.reelbeam.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Measures the main job on the bundled how-to; started by {@code bench/main-job}. */
public final class MainJob {
  private static final String PRESETS = "youtube_short,instagram_reel,tiktok";
  private static final Pattern SEGMENTS = Pattern.compile("(\\d+) found, (\\d+) rendered");
  private static final int MOST_WAIT_S = 300;

  private final Path root;
  private final Path work;
  private final int runs;
  private final double maxLoad;
  private final List<String> lines = new ArrayList<>();

  private MainJob(Path root, Path work, int runs, double maxLoad) {
    this.root = root;
    this.work = work;
    this.runs = runs;
    this.maxLoad = maxLoad;
  }

  /** Root of the clone, work folder, runs, qualities, profile or no, most load, result file. */
  public static void main(String[] args) throws Exception {
    MainJob job =
        new MainJob(
            Path.of(args[0]),
            Path.of(args[1]),
            Integer.parseInt(args[2]),
            Double.parseDouble(args[5]));
    job.measure(args[3].split(","), args[4].equals("yes"));
    String text = String.join("\n", job.lines) + "\n";
    Files.createDirectories(Path.of(args[6]).toAbsolutePath().getParent());
    Files.writeString(Path.of(args[6]), text);
    System.out.println("\n" + text);
  }

  /** One run of make, run again, and its encoder alone. */
  private record Run(
      double load,
      ProcessTree.Usage first,
      ProcessTree.Usage second,
      Map<String, String> alone,
      Map<String, String> aloneTwice) {
    double encoderS() {
      return Double.parseDouble(alone.get("one_stream_s"));
    }

    double segmentsS() {
      return Double.parseDouble(alone.get("by_segments_s"));
    }

    double ratio() {
      return first.cpuS() / encoderS();
    }
  }

  private void measure(String[] qualities, boolean profile) throws Exception {
    say("# The main job, measured\n");
    say("Written by `bench/main-job`; what each figure means: [README](../README.md).\n");
    say("Input: `examples/howto`, type short, presets " + PRESETS.replace(",", ", ") + ".\n");
    say(Machine.describe() + "\n");
    Map<String, List<Run>> byQuality = new TreeMap<>(java.util.Comparator.reverseOrder());
    for (String quality : qualities) {
      List<Run> done = new ArrayList<>();
      for (int i = 0; i < runs; i++) {
        tell("run " + (i + 1) + " of " + runs + ", quality " + quality);
        done.add(run(quality, i));
      }
      byQuality.put(quality, done);
    }
    for (String quality : qualities) {
      report(quality, byQuality.get(quality));
    }
    tell("word times, subtitles, sound");
    Path delivered = work.resolve(qualities[0] + "-0");
    say("## Word times, subtitles, sound\n");
    say("| figure | measured | target |\n|---|---|---|");
    lines.addAll(
        new Accuracy(
                delivered.resolve("out/howto/tiktok"),
                delivered.resolve("store"),
                root.resolve("pipelines/target/reelbeam/voices"))
            .rows());
    if (profile) {
      profile();
    }
  }

  private double quiet() throws IOException, InterruptedException {
    for (int waited = 0; Machine.load() > maxLoad && waited < MOST_WAIT_S; waited += 5) {
      Thread.sleep(5000);
    }
    return Machine.load();
  }

  private List<String> make(String quality) {
    List<String> command =
        new ArrayList<>(
            List.of(
                root.resolve("reelbeam").toString(),
                "make",
                root.resolve("examples/howto").toString(),
                "--type",
                "short",
                "--presets",
                PRESETS,
                "--out",
                "out",
                "--store",
                "store"));
    if (!quality.equals("standard")) {
      command.addAll(List.of("--quality", quality));
    }
    return command;
  }

  private Run run(String quality, int number) throws Exception {
    Path folder = Files.createDirectories(work.resolve(quality + "-" + number));
    double load = quiet();
    ProcessTree.Usage first = succeeded(ProcessTree.run(make(quality), Map.of(), folder));
    ProcessTree.Usage second = succeeded(ProcessTree.run(make(quality), Map.of(), folder));
    Map<String, String> alone = encoder(quality, folder, 1);
    Map<String, String> twice = encoder(quality, folder, 2);
    tell(
        String.format(
            Locale.ROOT,
            "  load %.1f: make %.1f s CPU, x264 alone %.1f s, ratio %.2f; again %.1f s CPU",
            load,
            first.cpuS(),
            Double.parseDouble(alone.get("one_stream_s")),
            first.cpuS() / Double.parseDouble(alone.get("one_stream_s")),
            second.cpuS()));
    if (number > 0) {
      delete(folder);
    }
    return new Run(load, first, second, alone, twice);
  }

  private static ProcessTree.Usage succeeded(ProcessTree.Usage usage) {
    if (usage.exit() != 0) {
      throw new IllegalStateException("exit " + usage.exit() + ":\n" + usage.output());
    }
    return usage;
  }

  private Map<String, String> encoder(String quality, Path folder, int threads)
      throws IOException, InterruptedException {
    ProcessTree.Usage usage =
        succeeded(
            ProcessTree.run(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-Xmx3g",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "dev.reelbeam.media.render.EncoderAlone",
                    folder.resolve("out/howto/tiktok/timeline.json").toString(),
                    folder.resolve("store").toString(),
                    quality,
                    PRESETS,
                    Integer.toString(threads)),
                Map.of(),
                folder));
    Map<String, String> values = new HashMap<>();
    for (String line : usage.output().split("\n", -1)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        values.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    if (!values.get("segments").equals(values.get("segments_equal"))) {
      throw new IllegalStateException("other frames or settings than the run's:\n" + values);
    }
    return values;
  }

  private void report(String quality, List<Run> done) {
    Run run = median(done);
    ProcessTree.Usage first = run.first();
    say("## Quality " + quality + "\n");
    say(
        "Median of "
            + done.size()
            + (done.size() == 1 ? " run" : " runs")
            + " by ratio; all ratios: "
            + String.join(", ", done.stream().map(one -> two(one.ratio())).toList())
            + "; load before each: "
            + String.join(", ", done.stream().map(one -> two(one.load())).toList())
            + ".\n");
    say("Settings: `" + run.alone().get("settings") + "`\n");
    say("| figure | measured | target |\n|---|---:|---|");
    row("CPU of `make`, whole process tree", two(first.cpuS()) + " s", "");
    row(
        "CPU of libx264 alone, the same "
            + run.alone().get("frames")
            + " frames in one stream",
        two(run.encoderS()) + " s",
        "");
    row("**whole / encoder**", "**" + two(run.ratio()) + "**", "1.5");
    row(
        "CPU of libx264 alone, by segments as the run does",
        two(run.segmentsS()) + " s",
        run.alone().get("segments_equal") + " segments equal the run's, byte for byte");
    row(
        "the same with two encoders at once",
        run.aloneTwice().get("by_segments_s") + " s",
        "as the run shares the machine");
    row("whole / encoder by segments", two(first.cpuS() / run.segmentsS()), "");
    row("of the encoder: copying frames to it", run.alone().get("handing_over_s") + " s", "");
    row("composing the frames, alone", run.alone().get("composing_s") + " s", "");
    row("wall time of `make`", two(first.wallS()) + " s", "90 s for a video of 60 s");
    row("peak resident memory, main process", megabytes(first.peakMainKb()), "");
    row("peak resident memory, speech process", megabytes(first.peakChildKb()), "");
    Matcher again = SEGMENTS.matcher(run.second().output());
    String segments = again.find() ? again.group(1) + " found, " + again.group(2) : "?";
    row("second run: segments", segments + " rendered", "0 rendered");
    row(
        "second run: CPU",
        two(run.second().cpuS())
            + " s, "
            + two(100 * run.second().cpuS() / first.cpuS())
            + " % of the first",
        "under 10 %");
    row("second run: wall time", two(run.second().wallS()) + " s", "");
    say("\nWall time by stage, as `make` prints it (stages overlap):\n");
    first.output().lines().filter(line -> line.startsWith("stages:")).forEach(l -> say("> " + l));
    say("\n| CPU by threads, sampled | s |\n|---|---:|");
    first
        .groupsS()
        .forEach((group, s) -> say("| " + group + " | " + two(s) + " |"));
    double sampled = first.groupsS().values().stream().mapToDouble(Double::doubleValue).sum();
    say("| short-lived, not sampled | " + two(first.cpuS() - sampled) + " |\n");
  }

  private void profile() throws Exception {
    tell("one more run, recorded");
    Path folder = Files.createDirectories(work.resolve("profiled"));
    Path recording = folder.resolve("make.jfr");
    Path settings = folder.resolve("sampling.jfc");
    Files.writeString(settings, Profile.SETTINGS);
    quiet();
    succeeded(
        ProcessTree.run(
            make("standard"),
            Map.of(
                "REELBEAM_JAVA_OPTS",
                "-XX:FlightRecorderOptions=stackdepth=128 -XX:StartFlightRecording=settings="
                    + settings
                    + ",filename="
                    + recording),
            folder));
    say("\n## Profile, quality standard");
    say(Profile.of(recording));
  }

  private static Run median(List<Run> runs) {
    Run[] sorted = runs.toArray(new Run[0]);
    Arrays.sort(sorted, java.util.Comparator.comparingDouble(Run::ratio));
    return sorted[(sorted.length - 1) / 2];
  }

  private void row(String figure, String measured, String target) {
    say("| " + figure + " | " + measured + " | " + target + " |");
  }

  private void say(String line) {
    lines.add(line);
  }

  private static void tell(String line) {
    System.err.println("main-job: " + line);
  }

  private static String two(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static String megabytes(long kb) {
    return kb / 1024 + " MiB";
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
