package dev.reelbeam.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One worker, then two, then a thousand on paper; started by {@code bench/scaling}. */
public final class Scaling {
  private static final Pattern STAGE = Pattern.compile("([a-z-]+) ([0-9.]+) s");
  private static final Pattern SEGMENTS = Pattern.compile("(\\d+) found, (\\d+) rendered");
  private static final int[] ON_PAPER = {1, 2, 4, 8, 16, 64, 256, 1000};

  /** The stage that more workers share; every other one waits for the one before it. */
  private static final String SHARED = "render";

  private final Path root;
  private final Path work;
  private final String type;
  private final String preset;
  private final List<String> lines = new ArrayList<>();

  private Scaling(Path root, Path work, String type, String preset) {
    this.root = root;
    this.work = work;
    this.type = type;
    this.preset = preset;
  }

  private record Run(double load, ProcessTree.Usage usage, Map<String, Double> stagesS) {
    double sharedS() {
      return stagesS.getOrDefault(SHARED, 0.0);
    }

    double serialS() {
      return stagesS.values().stream().mapToDouble(Double::doubleValue).sum() - sharedS();
    }

    /** Share of the stages' time that more workers do not shorten. */
    double serialShare() {
      return serialS() / (serialS() + sharedS());
    }

    int segments() {
      Matcher matcher = SEGMENTS.matcher(usage.output());
      return matcher.find() ? Integer.parseInt(matcher.group(2)) : 0;
    }
  }

  /** Root of the clone, work folder, runs of each, type, preset, result file. */
  public static void main(String[] args) throws Exception {
    Scaling bench = new Scaling(Path.of(args[0]), Path.of(args[1]), args[3], args[4]);
    bench.measure(Integer.parseInt(args[2]));
    String text = String.join("\n", bench.lines) + "\n";
    Files.writeString(Path.of(args[5]), text);
    System.out.println("\n" + text);
  }

  private void measure(int runs) throws Exception {
    lines.add("# One worker, two, a thousand\n");
    lines.add(
        "Written by `bench/scaling`. `make examples/howto --type "
            + type
            + " --presets "
            + preset
            + "`, a fresh store each time, one worker and two in turn; "
            + (runs == 1 ? "one run of each." : "medians of " + runs + " by wall time.")
            + " CPU: user and system time of the whole process tree. Stages: as `make` prints them, in"
            + " wall seconds. *Serial*: all stages but render.\n");
    lines.add(Machine.describe() + "\n");
    Map<Integer, List<Run>> byWorkers = new TreeMap<>();
    for (int i = 0; i < runs; i++) {
      for (int workers = 1; workers <= 2; workers++) {
        byWorkers.computeIfAbsent(workers, key -> new ArrayList<>()).add(run(workers, i));
      }
    }
    Map<Integer, Run> medians = new TreeMap<>();
    byWorkers.forEach((workers, all) -> medians.put(workers, median(all)));
    lines.add(
        "| workers | load before | wall, s | CPU, s | serial, s | render, s | segments rendered |\n"
            + "|---:|---:|---:|---:|---:|---:|---:|");
    medians.forEach(
        (workers, run) ->
            lines.add(
                String.format(
                    Locale.ROOT,
                    "| %d | %.1f | %.1f | %.1f | %.1f | %.1f | %d |",
                    workers,
                    run.load(),
                    run.usage().wallS(),
                    run.usage().cpuS(),
                    run.serialS(),
                    run.sharedS(),
                    run.segments())));
    Run one = medians.get(1);
    Run two = medians.get(2);
    lines.add("\nStages with one worker: " + one.stagesS() + "; with two: " + two.stagesS() + ".\n");
    lines.add(
        String.format(
            Locale.ROOT,
            "From one worker to two: the wall time of all is divided by %.2f, that of rendering by %.2f;"
                + " the CPU time is multiplied by %.2f.%n",
            one.usage().wallS() / two.usage().wallS(),
            one.sharedS() / two.sharedS(),
            two.usage().cpuS() / one.usage().cpuS()));
    onPaper(one);
  }

  private void onPaper(Run one) {
    double serial = one.serialShare();
    int segments = one.segments();
    lines.add("## On paper\n");
    lines.add(
        String.format(
            Locale.ROOT,
            "One video of *K* segments on *N* workers: `speed-up(N) = 1 / (s + (1 - s) * ceil(K / N) / K)`"
                + " with the measured serial share *s* = %.3f (plan, narration, layout, join, sound, checks)"
                + " and *K* = %d: past *K* workers nothing is gained, and never more than 1/s = %.1f. The"
                + " serial part is one video's: other videos' segments fill the workers meanwhile. Many"
                + " videos at once, *V* of them, on *N* workers whose serial parts also run on workers,"
                + " one each: `speed-up(N) = V / max(V / N, s + (1 - s) / K)` for *N* at most *V* * *K*,"
                + " so with enough videos it is *N*. What that leaves out: the store's and the network's own"
                + " limits, uneven segments, and that one worker's idle seconds (waiting for the speech"
                + " process) count as serial.%n",
            serial,
            segments,
            1 / serial));
    lines.add(
        "| workers | one video | ten videos at once | a thousand videos at once |\n|---:|---:|---:|---:|");
    for (int workers : ON_PAPER) {
      double single =
          1 / (serial + (1 - serial) * Math.ceil((double) segments / workers) / segments);
      lines.add(
          String.format(
              Locale.ROOT,
              "| %d | %.2f | %.2f | %.1f |",
              workers,
              single,
              many(10, workers, serial, segments),
              many(1000, workers, serial, segments)));
    }
  }

  private static double many(int videos, int workers, double serial, int segments) {
    return videos / Math.max((double) videos / workers, serial + (1 - serial) / segments);
  }

  private Run run(int workers, int number) throws Exception {
    Path folder = Files.createDirectories(work.resolve(workers + "-" + number));
    double load = Machine.load();
    ProcessTree.Usage usage =
        ProcessTree.run(
            List.of(
                root.resolve("reelbeam").toString(),
                "make",
                root.resolve("examples/howto").toString(),
                "--type",
                type,
                "--presets",
                preset,
                "--workers",
                Integer.toString(workers),
                "--out",
                "out",
                "--store",
                "store"),
            Map.of(),
            folder);
    if (usage.exit() != 0) {
      throw new IllegalStateException("exit " + usage.exit() + ":\n" + usage.output());
    }
    Map<String, Double> stages = new LinkedHashMap<>();
    usage
        .output()
        .lines()
        .filter(line -> line.startsWith("stages:"))
        .forEach(
            line -> {
              Matcher matcher = STAGE.matcher(line);
              while (matcher.find()) {
                stages.put(matcher.group(1), Double.parseDouble(matcher.group(2)));
              }
            });
    System.err.printf(
        Locale.ROOT,
        "scaling: %d workers, %.1f s, %.1f s CPU, %s%n",
        workers,
        usage.wallS(),
        usage.cpuS(),
        stages);
    return new Run(load, usage, stages);
  }

  private static Run median(List<Run> runs) {
    List<Run> sorted = new ArrayList<>(runs);
    sorted.sort(Comparator.comparingDouble(run -> run.usage().wallS()));
    return sorted.get((sorted.size() - 1) / 2);
  }
}
