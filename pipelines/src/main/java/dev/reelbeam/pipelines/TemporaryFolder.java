package dev.reelbeam.pipelines;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The folder for temporary files that the launcher makes for one process. It goes with the process:
 * stopped in the middle, a run leaves nothing behind.
 */
final class TemporaryFolder {
  /** Name of a folder of one process begins so; nobody else writes into it. */
  static final String PREFIX = "reelbeam-run-";

  /** In such a folder: number and beginning of its process. */
  private static final String OWNER = ".owner";

  private static final String PROPERTY = "java.io.tmpdir";
  private static final int DELETE_ATTEMPTS = 20;

  private TemporaryFolder() {}

  /** Sees to it that a folder of this process alone is removed when the process ends. */
  static void removeAtExit() {
    Path folder = Path.of(System.getProperty(PROPERTY, "/tmp")).toAbsolutePath();
    if (!folder.equals(shared())) {
      sign(folder, ProcessHandle.current());
      Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder), "temporary-folder"));
    }
  }

  /** Writes whose folder it is: one without a name is nobody's to remove. */
  static void sign(Path folder, ProcessHandle owner) {
    try {
      Files.writeString(folder.resolve(OWNER), owner.pid() + " " + beganMs(owner));
    } catch (IOException e) {
      // Then it stays, should this process be killed.
    }
  }

  /** Whether a folder was that of a process which is no more. */
  static boolean isAbandoned(Path folder) {
    try {
      String[] fields = Files.readString(folder.resolve(OWNER)).strip().split(" ", -1);
      long beganMs = Long.parseLong(fields[1]);
      return ProcessHandle.of(Long.parseLong(fields[0]))
          .filter(process -> beganMs(process) == beganMs)
          .isEmpty();
    } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return false;
    }
  }

  private static long beganMs(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  /** The machine's folder for temporary files. */
  static Path shared() {
    Path current = Path.of(System.getProperty(PROPERTY, "/tmp")).toAbsolutePath();
    Path name = current.getFileName();
    Path parent = current.getParent();
    return parent != null && name != null && name.toString().startsWith(PREFIX) ? parent : current;
  }

  /** Removes a folder and all in it; workers that still write into it do not keep it. */
  static boolean remove(Path folder) {
    for (int i = 0; i < DELETE_ATTEMPTS; i++) {
      try {
        Files.walkFileTree(folder, new Deletion());
        return true;
      } catch (IOException | UncheckedIOException e) {
        // A draft was begun meanwhile: once more.
      }
    }
    return false;
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException gone) {
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
        throws IOException {
      Files.deleteIfExists(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
