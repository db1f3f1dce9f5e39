package dev.reelbeam.pipelines.watch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What this process and its children took.
 *
 * @param cpu user and system time of this process, of the children that ended and of those alive
 * @param peakResidentBytes most memory that this process held at once, its children not counted;
 *     null where the system does not tell
 */
public record ProcessUsage(Duration cpu, @Nullable Long peakResidentBytes) {
  /** Linux counts in hundredths of a second on every machine that Java runs on. */
  private static final long TICK_MS = 10;

  /**
   * What children took that were over before Java began: the launcher becomes this process, and the
   * build that it ran is not the run's work.
   */
  private static final long INHERITED_TICKS = field("self", 16) + field("self", 17);

  /** Notes what was taken before; to be called first thing. */
  public static void begin() {
    // Loading this class did it.
  }

  /** Measures now. */
  public static ProcessUsage now() {
    Duration own = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    // Of /proc/self/stat, fields 16 and 17: children that were waited for, theirs included.
    Duration ended =
        Duration.ofMillis((field("self", 16) + field("self", 17) - INHERITED_TICKS) * TICK_MS);
    Duration alive =
        ProcessHandle.current()
            .descendants()
            .map(
                child ->
                    child
                        .info()
                        .totalCpuDuration()
                        .orElse(Duration.ZERO)
                        .plusMillis(
                            (field(child.pid() + "", 16) + field(child.pid() + "", 17)) * TICK_MS))
            .reduce(Duration.ZERO, Duration::plus);
    return new ProcessUsage(own.plus(ended).plus(alive), peakResident());
  }

  private static long field(String process, int number) {
    try {
      String stat =
          Files.readString(Path.of("/proc", process, "stat"), StandardCharsets.ISO_8859_1);
      // The name in parentheses may hold spaces: fields are counted behind it, from the third.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Long.parseLong(fields[number - 3]);
    } catch (IOException | RuntimeException e) {
      return 0;
    }
  }

  private static @Nullable Long peakResident() {
    try {
      List<String> lines = Files.readAllLines(Path.of("/proc/self/status"));
      for (String line : lines) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        }
      }
    } catch (IOException | RuntimeException e) {
      return null;
    }
    return null;
  }
}
