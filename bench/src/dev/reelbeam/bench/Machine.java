package dev.reelbeam.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What the figures were measured on. Linux only: reads /proc. */
final class Machine {
  private Machine() {}

  /** One line: processor, cores, memory, Java, load. */
  static String describe() throws IOException {
    String cpu = "unknown";
    for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
      if (line.startsWith("model name")) {
        cpu = line.substring(line.indexOf(':') + 1).strip();
      }
    }
    String memory = Files.readAllLines(Path.of("/proc/meminfo")).get(0).replaceAll("\\D", "");
    return String.format(
        Locale.ROOT,
        "Machine: %s, %d cores, %.0f GiB; %s %s; load average at the start %s.",
        cpu,
        Runtime.getRuntime().availableProcessors(),
        Long.parseLong(memory) / 1048576.0,
        System.getProperty("java.vm.name"),
        System.getProperty("java.vm.version"),
        load());
  }

  /** Mean number of running threads in the last minute. */
  static double load() throws IOException {
    return Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0]);
  }
}
