package dev.reelbeam.pipelines.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Memory that processes hold, as Linux counts it. */
final class ResidentMemory {
  private ResidentMemory() {}

  /** Resident memory of a process and its children in MB; 0 where it is not told. */
  static long ofTreeMb(ProcessHandle process) {
    return Stream.concat(Stream.of(process), process.descendants())
            .mapToLong(one -> kilobytes(one.pid()))
            .sum()
        / 1024;
  }

  private static long kilobytes(long pid) {
    // Pss shares out what several processes map, such as Postgres' buffers.
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
      return lines
          .filter(line -> line.startsWith("Pss:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
          .sum();
    } catch (IOException | java.io.UncheckedIOException | NumberFormatException e) {
      return 0;
    }
  }
}
