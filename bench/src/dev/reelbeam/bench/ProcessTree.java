package dev.reelbeam.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs a command and tells what it and all its descendants took. Linux only: reads /proc. */
final class ProcessTree {
  /** Linux counts CPU time in hundredths of a second wherever Java runs. */
  private static final double TICKS_PER_SECOND = 100;

  private static final int SAMPLE_MS = 100;

  /**
   * What a run took.
   *
   * @param cpuS user and system time of the whole tree, from the kernel's account of ended children
   * @param groupsS CPU seconds by process and group of threads, sampled: what threads do in their
   *     last {@value #SAMPLE_MS} ms is missing
   * @param peakMainKb most resident memory of the command's own process
   * @param peakChildKb most resident memory of any of its children
   */
  record Usage(
      int exit,
      double wallS,
      double cpuS,
      Map<String, Double> groupsS,
      long peakMainKb,
      long peakChildKb,
      String output) {}

  private final Map<String, Double> threads = new HashMap<>();
  private final Map<String, String> groups = new HashMap<>();
  private final Map<Long, Long> peaksKb = new HashMap<>();

  private ProcessTree() {}

  static Usage run(List<String> command, Map<String, String> environment, Path folder)
      throws IOException, InterruptedException {
    return new ProcessTree().measure(command, environment, folder);
  }

  private Usage measure(List<String> command, Map<String, String> environment, Path folder)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile(folder, "run-", ".log");
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    double before = endedChildrenS();
    long start = System.nanoTime();
    Process process = builder.start();
    while (process.isAlive()) {
      sample(process.pid(), process.pid());
      Thread.sleep(SAMPLE_MS);
    }
    double wallS = (System.nanoTime() - start) / 1e9;
    int exit = process.waitFor();
    double cpuS = endedChildrenS() - before;
    Map<String, Double> sums = new TreeMap<>();
    threads.forEach((thread, s) -> sums.merge(groups.get(thread), s, Double::sum));
    long main = peaksKb.getOrDefault(process.pid(), 0L);
    peaksKb.remove(process.pid());
    long child = peaksKb.values().stream().mapToLong(Long::longValue).max().orElse(0);
    return new Usage(exit, wallS, cpuS, sums, main, child, Files.readString(log));
  }

  /** Fields 16 and 17 of /proc/self/stat: children that were waited for, theirs included. */
  private static double endedChildrenS() throws IOException {
    String[] fields = statFields(Path.of("/proc/self/stat"));
    return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / TICKS_PER_SECOND;
  }

  private static String[] statFields(Path stat) throws IOException {
    String line = Files.readString(stat, StandardCharsets.ISO_8859_1);
    // The name in parentheses may hold spaces; the first field behind it is the third of all.
    return line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
  }

  private void sample(long pid, long root) {
    Path process = Path.of("/proc", Long.toString(pid));
    try {
      for (String line : Files.readAllLines(process.resolve("status"))) {
        if (line.startsWith("VmHWM:")) {
          peaksKb.merge(pid, Long.parseLong(line.replaceAll("\\D", "")), Math::max);
        }
      }
    } catch (IOException | RuntimeException e) {
      return; // It ended meanwhile.
    }
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(process.resolve("task"))) {
      for (Path task : tasks) {
        sampleThread(task, pid == root);
        for (String child : Files.readString(task.resolve("children")).split(" ", -1)) {
          if (!child.isBlank()) {
            sample(Long.parseLong(child.strip()), root);
          }
        }
      }
    } catch (IOException | RuntimeException e) {
      return; // A thread ended meanwhile: the next sample sees the rest.
    }
  }

  private void sampleThread(Path task, boolean main) {
    try {
      String line = Files.readString(task.resolve("stat"), StandardCharsets.ISO_8859_1);
      String name = line.substring(line.indexOf('(') + 1, line.lastIndexOf(')'));
      String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
      double s = (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
      threads.put(task.toString(), s);
      groups.put(task.toString(), (main ? "make: " : "speech process: ") + group(name));
    } catch (IOException | RuntimeException e) {
      return; // It ended meanwhile; what it took so far is kept.
    }
  }

  private static String group(String thread) {
    if (thread.contains("Compiler")) {
      return "compiling (" + thread.substring(0, 2) + ")";
    }
    if (thread.startsWith("GC") || thread.startsWith("VM Thread") || thread.startsWith("G1")) {
      return "collecting garbage";
    }
    if (thread.startsWith("direct-runner")) {
      return "workers of the direct runner";
    }
    return "other threads";
  }
}
