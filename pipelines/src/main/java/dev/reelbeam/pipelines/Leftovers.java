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

/** Drafts that a run left behind when it was cut off. */
final class Leftovers {
  /** No draft is being written for longer than this. */
  private static final Duration SURELY_ABANDONED = Duration.ofHours(24);

  private static final String PREFIX = "reelbeam-";

  private Leftovers() {}

  /**
   * Removes abandoned drafts: our own files and folders among the machine's temporary files, and
   * every one in the store's folder for drafts. What cannot be removed stays.
   *
   * @return how many were removed
   */
  static int remove(Path temporary, Path store, Instant now) {
    return remove(temporary, PREFIX, now) + remove(store.resolve("tmp"), "", now);
  }

  private static int remove(Path folder, String prefix, Instant now) {
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    List<Path> drafts;
    try (Stream<Path> files = Files.list(folder)) {
      drafts = files.filter(file -> file.getFileName().toString().startsWith(prefix)).toList();
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
    int removed = 0;
    for (Path draft : drafts) {
      try {
        boolean abandoned =
            Files.getLastModifiedTime(draft, LinkOption.NOFOLLOW_LINKS)
                .toInstant()
                .isBefore(now.minus(SURELY_ABANDONED));
        if (!abandoned) {
          continue;
        }
        boolean gone =
            Files.isDirectory(draft, LinkOption.NOFOLLOW_LINKS)
                ? TemporaryFolder.remove(draft)
                : Files.deleteIfExists(draft);
        if (gone) {
          removed++;
        }
      } catch (IOException e) {
        // Somebody else's: it costs space, never correctness.
      }
    }
    return removed;
  }
}
