package dev.reelbeam.clients.ledger;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Files that one thread of one process at a time reads and writes anew. */
public final class FileLocks {
  /** Java's file locks are those of the process; its threads take turns here. */
  private static final Object[] STRIPES = new Object[64];

  static {
    for (int i = 0; i < STRIPES.length; i++) {
      STRIPES[i] = new Object();
    }
  }

  private FileLocks() {}

  /** Work on a file. */
  @FunctionalInterface
  public interface Work<T> {
    T on(Path file) throws IOException;
  }

  /** Does the work while nobody else works on the same file. */
  public static <T> T locked(Path file, Work<T> work) throws IOException {
    Files.createDirectories(file.getParent());
    // One lock file for each stripe and folder: a lock of one's own for each file would stay
    // behind.
    int stripe = Math.floorMod(file.getFileName().hashCode(), STRIPES.length);
    Path lock = file.resolveSibling("." + stripe + ".lock");
    synchronized (STRIPES[Math.floorMod(lock.toAbsolutePath().hashCode(), STRIPES.length)]) {
      try (FileChannel channel =
              FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock held = channel.lock()) {
        return work.on(file);
      }
    }
  }

  /** Writes a file anew: a reader sees the old or the new one, whole. */
  public static void replace(Path file, String text) throws IOException {
    Path draft = file.resolveSibling("." + UUID.randomUUID() + ".part");
    try {
      Files.writeString(draft, text, StandardCharsets.UTF_8);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(draft);
    }
  }
}
