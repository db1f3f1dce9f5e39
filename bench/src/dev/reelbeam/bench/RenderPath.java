package dev.reelbeam.bench;

import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.model.json.RecordJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The encoder alone against the whole render path; started by {@code bench/render-path}. */
public final class RenderPath {
  private static final int SHOTS = 6;
  private static final int FRAME_RATE = 30;

  private final Path root;
  private final Path work;
  private final String classPath;
  private final int shotFrames;
  private final List<String> lines = new ArrayList<>();

  private RenderPath(Path root, Path work, int seconds) {
    this.root = root;
    this.work = work;
    this.shotFrames = seconds * FRAME_RATE / SHOTS;
    this.classPath = work.resolve("classes") + ":" + root + "/pipelines/target/reelbeam/lib/*";
  }

  /** Root of the clone, work folder, runs, presets, profile or no, result file, seconds. */
  public static void main(String[] args) throws Exception {
    RenderPath bench =
        new RenderPath(Path.of(args[0]), Path.of(args[1]), Integer.parseInt(args[6]));
    bench.measure(Integer.parseInt(args[2]), args[3].split(","), args[4].equals("yes"));
    String text = String.join("\n", bench.lines) + "\n";
    Files.writeString(Path.of(args[5]), text);
    System.out.println("\n" + text);
  }

  /** One turn: the whole path, then its encoder alone. */
  private record Turn(
      double wholeS,
      double threadS,
      double streamS,
      double segmentsS,
      double copyS,
      double proofS,
      long bytes) {
    double ratio() {
      return streamS / wholeS;
    }

    double ratioWithProof() {
      return streamS / (wholeS + proofS);
    }
  }

  /**
   * x264's own presets as a user of ffmpeg knows them (their B-frames and lookahead, crf 21), or a
   * quality of this project.
   */
  private static EncodingSettings settings(String name) {
    return switch (name) {
      case "ultrafast" -> x264(name, 0, 0);
      case "superfast" -> x264(name, 3, 0);
      case "veryfast" -> x264(name, 3, 10);
      case "fast" -> x264(name, 3, 30);
      case "medium" -> x264(name, 3, 40);
      case "default" -> EncodingSettings.standard(30);
      default -> throw new IllegalArgumentException("unknown settings: " + name);
    };
  }

  private static EncodingSettings x264(String preset, int bFrames, int lookahead) {
    return new EncodingSettings("libx264", preset, "", 21, 60, bFrames, lookahead, 0, 0);
  }

  private static String target(String name) {
    return switch (name) {
      case "veryfast" -> "0.92";
      case "medium" -> "0.96";
      default -> "";
    };
  }

  private void measure(int runs, String[] presets, boolean profile) throws Exception {
    say("# Encoder alone / whole render path\n");
    say(
        "Written by `bench/render-path`. "
            + SHOTS * shotFrames / FRAME_RATE
            + " s of 1080x1920 at 30 fps, six photos with camera moves,"
            + " dissolves, captions that follow the word, a label in every shot, a watermark; one"
            + " worker, one thread.\n");
    say(Machine.describe() + "\n");
    say(
        "*Whole*: user and system time of a process that turns pictures into the MP4s of all"
            + " segments, start of the JVM and its compilers included. *Encoder*: CPU time of x264,"
            + " fed the same frames with the same settings in one stream. *With proof*: the same"
            + " beside the whole path and the decoding of every segment, which a worker of the"
            + " dataflow does once before it stores it, and nobody after. All in turn; "
            + (runs == 1 ? "one run.\n" : "medians of " + runs + " by ratio.\n"));
    java("prepare", root.resolve("examples").toString(), Integer.toString(shotFrames));
    Map<String, List<Turn>> turns = new LinkedHashMap<>();
    List<Double> composing = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      for (String preset : presets) {
        Turn turn = turn(settings(preset));
        turns.computeIfAbsent(preset, key -> new ArrayList<>()).add(turn);
        tell(
            String.format(
                Locale.ROOT,
                "run %d of %d, %s: whole %.2f s, encoder %.2f s, ratio %.3f",
                run + 1,
                runs,
                preset,
                turn.wholeS(),
                turn.streamS(),
                turn.ratio()));
      }
      composing.add(java("compose").cpuS());
    }
    say(
        "| settings | whole, s | encoder, s | **encoder / whole** | target | all ratios | proof, s |"
            + " encoder / whole with proof | render"
            + " thread only, s | encoder / render thread | encoder by segments, s | frame copies, s"
            + " | MB |\n|---|---:|---:|---:|---:|---|---:|---:|---:|---:|---:|---:|---:|");
    for (Map.Entry<String, List<Turn>> entry : turns.entrySet()) {
      Turn median = median(entry.getValue());
      List<String> all = entry.getValue().stream().map(turn -> two(turn.ratio())).toList();
      say(
          String.format(
              Locale.ROOT,
              "| %s | %.2f | %.2f | **%.3f** | %s | %s | %.2f | %.3f | %.2f | %.3f | %.2f | %.2f | %.1f |",
              entry.getKey(),
              median.wholeS(),
              median.streamS(),
              median.ratio(),
              target(entry.getKey()),
              String.join(", ", all),
              median.proofS(),
              median.ratioWithProof(),
              median.threadS(),
              median.streamS() / median.threadS(),
              median.segmentsS(),
              median.copyS(),
              median.bytes() / 1e6));
    }
    Double[] sorted = composing.toArray(new Double[0]);
    Arrays.sort(sorted);
    double alone = sorted[(sorted.length - 1) / 2];
    say(
        String.format(
            Locale.ROOT,
            "%nComposing alone, whole process: %.2f s, %.2f ms a frame.%n",
            alone,
            alone * 1000 / (SHOTS * shotFrames)));
    say("Settings:\n");
    for (String preset : presets) {
      say("* " + preset + ": `" + RecordJson.canonical(settings(preset)) + "`");
    }
    if (profile) {
      profile(settings(presets[0]), presets[0]);
    }
  }

  private Turn turn(EncodingSettings settings) throws Exception {
    String json = RecordJson.canonical(settings);
    ProcessTree.Usage whole = java("render", json);
    Map<String, String> rendered = values(whole);
    Map<String, String> proven = values(java("prove"));
    Map<String, String> encoded = values(java("encode", json));
    return new Turn(
        whole.cpuS(),
        Double.parseDouble(rendered.get("thread_s")),
        Double.parseDouble(encoded.get("one_stream_s")),
        Double.parseDouble(encoded.get("by_segments_s")),
        Double.parseDouble(encoded.get("handing_over_s")),
        Double.parseDouble(proven.get("prove_s")),
        Long.parseLong(rendered.get("bytes")));
  }

  private ProcessTree.Usage java(String... arguments) throws Exception {
    return java(List.of(), arguments);
  }

  private ProcessTree.Usage java(List<String> options, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // As the launcher starts it, except for the larger heap of `encode`, which holds frames.
    command.add(arguments[0].equals("encode") ? "-Xmx3g" : "-Xmx1g");
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:Tier4InvocationThreshold=100000",
            "-XX:Tier4MinInvocationThreshold=30000",
            "-XX:Tier4CompileThreshold=200000",
            "-XX:Tier4BackEdgeThreshold=600000",
            "-XX:CompileCommand=quiet",
            "-XX:CompileCommand=CompileThresholdScaling,dev.reelbeam.media*::*,0.2"));
    command.add("-Djava.awt.headless=true");
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, "dev.reelbeam.media.render.RenderTimeline"));
    command.add(arguments[0]);
    command.add(work.toString());
    command.addAll(List.of(arguments).subList(1, arguments.length));
    ProcessTree.Usage usage = ProcessTree.run(command, Map.of(), work);
    if (usage.exit() != 0) {
      throw new IllegalStateException("exit " + usage.exit() + ":\n" + usage.output());
    }
    return usage;
  }

  private static Map<String, String> values(ProcessTree.Usage usage) {
    Map<String, String> values = new HashMap<>();
    for (String line : usage.output().split("\n", -1)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        values.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    return values;
  }

  private void profile(EncodingSettings settings, String name) throws Exception {
    Path recording = work.resolve("profile.jfr");
    Path sampling = work.resolve("profile.jfc");
    Files.writeString(sampling, Profile.SETTINGS);
    ProcessTree.Usage usage =
        java(
            List.of("-XX:StartFlightRecording=settings=" + sampling + ",filename=" + recording),
            "render",
            RecordJson.canonical(settings));
    say("\n## Profile of the whole path, " + name + "\n");
    say("| threads, sampled | s |\n|---|---:|");
    usage
        .groupsS()
        .forEach(
            (group, s) ->
                say("| " + group.replace("make: ", "") + " | " + two(s) + " |"));
    say(Profile.of(recording));
  }

  private static Turn median(List<Turn> turns) {
    Turn[] sorted = turns.toArray(new Turn[0]);
    Arrays.sort(sorted, java.util.Comparator.comparingDouble(Turn::ratio));
    return sorted[(sorted.length - 1) / 2];
  }

  private void say(String line) {
    lines.add(line);
  }

  private static void tell(String line) {
    System.err.println("render-path: " + line);
  }

  private static String two(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
