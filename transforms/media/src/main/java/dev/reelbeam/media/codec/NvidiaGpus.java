package dev.reelbeam.media.codec;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What NVIDIA's kernel driver says of itself.
 *
 * @param driver its version; null when it is not loaded
 * @param models names of its GPUs, in the order of their addresses
 */
public record NvidiaGpus(@Nullable String driver, List<String> models) {
  private static final Path DRIVER_FOLDER = Path.of("/proc/driver/nvidia");
  private static final Pattern VERSION =
      Pattern.compile("Kernel Module.*?\\s(\\d+(?:\\.\\d+)+)\\s");

  /** Made for computing only: they decode video but have no unit that encodes it. */
  private static final Pattern WITHOUT_ENCODER =
      Pattern.compile(
          "\\b(?:A100|A800|A30|H100|H800|H200|H20|GH200|B100|B200|GB200|B300|GB300)\\b");

  public NvidiaGpus {
    models = List.copyOf(models);
  }

  /** Looks at this machine. */
  public static NvidiaGpus here() {
    return in(DRIVER_FOLDER);
  }

  static NvidiaGpus in(Path folder) {
    String driver = null;
    List<String> models = new ArrayList<>();
    try {
      Matcher version = VERSION.matcher(Files.readString(folder.resolve("version")));
      driver = version.find() ? version.group(1) : "unknown";
    } catch (IOException e) {
      return new NvidiaGpus(null, List.of());
    }
    List<Path> gpus = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder.resolve("gpus"))) {
      found.forEach(gpus::add);
      Collections.sort(gpus);
      for (Path gpu : gpus) {
        for (String line : Files.readAllLines(gpu.resolve("information"))) {
          if (line.startsWith("Model:")) {
            models.add(line.substring("Model:".length()).strip());
          }
        }
      }
    } catch (IOException e) {
      // A driver without GPUs, or one that a container may not ask.
      return new NvidiaGpus(driver, models);
    }
    return new NvidiaGpus(driver, models);
  }

  /** Whether every GPU is of a class that has no NVENC unit; false without a GPU. */
  public boolean withoutEncoder() {
    return !models.isEmpty()
        && models.stream().allMatch(model -> WITHOUT_ENCODER.matcher(model).find());
  }
}
