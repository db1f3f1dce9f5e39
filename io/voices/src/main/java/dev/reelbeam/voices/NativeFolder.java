package dev.reelbeam.voices;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A folder for native libraries of the class path; it goes away with the process. */
record NativeFolder(Path path) {
  /** A folder of its own under the temporary one. */
  static NativeFolder make(String name) throws IOException {
    Path folder = Files.createTempDirectory(name);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
    return new NativeFolder(folder);
  }

  /** Copies a resource, for example {@code debian-amd64/libwhisper.so.1}, under another name. */
  Path copy(String resource, String name) throws IOException {
    Path file = path.resolve(name);
    try (InputStream in = resource(resource)) {
      Files.copy(in, file);
    }
    return file;
  }

  static InputStream resource(String name) throws IOException {
    InputStream in = NativeFolder.class.getResourceAsStream("/" + name);
    if (in == null) {
      throw new IOException("missing on the class path: " + name);
    }
    return in;
  }

  /** How the artifacts call this machine, for example {@code debian-amd64}; null for others. */
  static @Nullable String machine() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String processor = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    boolean arm = processor.equals("aarch64") || processor.equals("arm64");
    boolean intel = processor.equals("amd64") || processor.equals("x86_64");
    boolean linux = system.contains("linux");
    if ((!arm && !intel) || (!linux && !system.contains("mac"))) {
      return null;
    }
    return (linux ? "debian-" : "macos-") + (arm ? "arm64" : "amd64");
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).collect(Collectors.toList())) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      // The process is ending, and its caller removes the folder around this one.
      System.err.println("cannot remove " + folder + ": " + e);
    }
  }
}
