package dev.reelbeam.pipelines.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether a job was begun without its state and nobody has sent through again what it was busy
 * with. A file says so, since whoever begins it may be stopped at any moment: whoever comes next
 * does what is owed.
 */
final class ForgottenState {
  private final Path marker;

  private ForgottenState(Path marker) {
    this.marker = marker;
  }

  static ForgottenState in(Path home) {
    return new ForgottenState(home.resolve("run").resolve("state-given-up"));
  }

  /** Whether an earlier command began it and did not come to its end. */
  boolean isOwed() {
    return Files.exists(marker);
  }

  /** From now on a job may be without its state. */
  void mayBegin() throws IOException {
    Files.createDirectories(marker.getParent());
    Files.writeString(marker, "");
  }

  /** Everything is sent through again that has to be. */
  void settled() throws IOException {
    Files.deleteIfExists(marker);
  }
}
