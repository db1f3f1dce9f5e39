package dev.reelbeam.connectors;

import dev.reelbeam.model.failure.FailureCode;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.UUID;

/** Files that appear under their name only when they are whole. */
final class WholeFiles {
  private WholeFiles() {}

  /** Writes the draft's content. */
  @FunctionalInterface
  interface Content {
    void writeTo(Path draft) throws IOException;
  }

  /**
   * Writes a file under another name in the same folder, then moves it over the target in one step.
   *
   * @throws TargetException {@code STORAGE_FULL} or {@code STORAGE_UNAVAILABLE}
   */
  static void write(Path target, Content content) {
    Path folder = target.getParent();
    if (folder == null) {
      throw new IllegalArgumentException("no file in a folder: " + target);
    }
    Path draft = folder.resolve("." + UUID.randomUUID() + ".part");
    try {
      Files.createDirectories(folder);
      try {
        content.writeTo(draft);
        move(draft, target);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      throw failure("cannot write " + target, e);
    }
  }

  private static void move(Path draft, Path target) throws IOException {
    try {
      Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  static TargetException failure(String message, IOException e) {
    String reason = String.valueOf(e.getMessage());
    String lower = reason.toLowerCase(Locale.ROOT);
    boolean full =
        lower.contains("no space left") || lower.contains("quota") || lower.contains("disk full");
    return new TargetException(
        full ? FailureCode.STORAGE_FULL : FailureCode.STORAGE_UNAVAILABLE,
        message + ": " + reason,
        e);
  }
}
