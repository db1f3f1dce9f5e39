package dev.reelbeam.clients.speech;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Files of models that settings name. */
final class ModelFile {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int PRINT_BYTES = 6;

  /** Models are hundreds of megabytes: each is read once, and again when it has changed. */
  private static final Map<Version, String> PRINTS = new ConcurrentHashMap<>();

  private record Version(Path file, long bytes, long changedMs) {}

  private ModelFile() {}

  /**
   * The file that a setting names, beside the settings file unless the path is absolute.
   *
   * @param where the setting
   * @throws StageException {@code CONFIG_INVALID} if there is none
   */
  static String find(String name, Path folder, String where) throws StageException {
    Path file;
    try {
      file = folder.resolve(name).normalize();
    } catch (InvalidPathException e) {
      throw new StageException(
          FailureCode.CONFIG_INVALID, where + ": '" + name + "' is no path", e);
    }
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new StageException(
          FailureCode.CONFIG_INVALID, where + ": there is no file '" + file + "' that may be read");
    }
    return file.toString();
  }

  /**
   * A short name of what is in it, for keys: another model under the same name sounds otherwise.
   *
   * @throws StageException {@code MODEL_UNUSABLE} if it cannot be read
   */
  static String fingerprint(Path file) throws StageException {
    try {
      Version version =
          new Version(file, Files.size(file), Files.getLastModifiedTime(file).toMillis());
      String known = PRINTS.get(version);
      if (known == null) {
        known = print(file);
        PRINTS.put(version, known);
      }
      return known;
    } catch (IOException e) {
      throw new StageException(
          FailureCode.MODEL_UNUSABLE, "'" + file + "' is not there, or may not be read", e);
    }
  }

  /**
   * The {@link #fingerprint} of a file that may be replaced while this process runs; the last one
   * known while it cannot be read, as between removing and writing it.
   */
  static final class Print {
    private final Path file;
    private volatile String last;

    /**
     * A file's.
     *
     * @throws StageException {@code MODEL_UNUSABLE} if it cannot be read
     */
    Print(Path file) throws StageException {
      this.file = file;
      this.last = fingerprint(file);
    }

    String now() {
      try {
        last = fingerprint(file);
      } catch (StageException e) {
        // Who speaks next is told what is wrong with it.
      }
      return last;
    }
  }

  private static String print(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest(), 0, PRINT_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
