package dev.reelbeam.voices;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What tells a file of a model from the one that stood there before. */
record FileState(long bytes, long changedMs) {
  /**
   * The state of a file.
   *
   * @throws EngineException {@code bad_model} if it is not there
   */
  static FileState of(Path file) throws EngineException {
    try {
      if (!Files.isReadable(file) || Files.isDirectory(file)) {
        throw new EngineException("bad_model", file + " is not there, or may not be read");
      }
      return new FileState(Files.size(file), Files.getLastModifiedTime(file).toMillis());
    } catch (IOException e) {
      throw new EngineException("bad_model", file + " cannot be read: " + e.getMessage(), e);
    }
  }
}
