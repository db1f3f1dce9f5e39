package dev.reelbeam.pipelines;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a run left behind when it was cut off. Nothing is taken for ours by its name alone: a folder
 * of temporary files is signed by the process that it belongs to.
 */
final class Leftovers {
  /** No draft is being written for longer than this. */
  private static final Duration SURELY_ABANDONED = Duration.ofHours(24);

  private Leftovers() {}

  /**
   * Removes folders of processes that are no more from the machine's temporary files, and drafts
   * from the store's folder for them. What cannot be removed stays.
   *
   * @param store folder of a store
   * @return how many were removed
   */
  static int remove(Path temporary, Path store, Instant now) {
    Instant before = now.minus(SURELY_ABANDONED);
    int removed = 0;
    for (Path folder : children(temporary)) {
      if (folder.getFileName().toString().startsWith(TemporaryFolder.PREFIX)
          && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
          && isOlder(folder, before)
          && TemporaryFolder.isAbandoned(folder)
          && TemporaryFolder.remove(folder)) {
        removed++;
      }
    }
    for (Path draft : children(store.resolve("tmp"))) {
      if (Files.isRegularFile(draft, LinkOption.NOFOLLOW_LINKS)
          && isOlder(draft, before)
          && isDeleted(draft)) {
        removed++;
      }
    }
    return removed;
  }

  private static List<Path> children(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of();
    }
  }

  private static boolean isOlder(Path file, Instant than) {
    try {
      return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant().isBefore(than);
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isDeleted(Path draft) {
    try {
      return Files.deleteIfExists(draft);
    } catch (IOException e) {
      return false; // Somebody else's: it costs space, never correctness.
    }
  }
}
