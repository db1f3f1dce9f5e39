package dev.reelbeam.clients.asset;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.AssetReader;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reads assets from the record's own folder.
 *
 * <p>A path may not leave the folder, neither by {@code ..}, nor as an absolute path, nor through a
 * symbolic link. Web addresses are refused: a local run needs no network.
 */
public final class FolderAssetReader implements AssetReader {
  @Override
  public byte[] read(String baseUri, String url, long maxBytes) throws StageException {
    try {
      return Files.readAllBytes(file(baseUri, url, maxBytes));
    } catch (IOException e) {
      throw new StageException(
          FailureCode.INPUT_UNREADABLE, "'" + url + "' cannot be read: " + e.getMessage(), e);
    }
  }

  /** The file that would be read, under the same conditions as {@link #read}. */
  public Path file(String baseUri, String url, long maxBytes) throws StageException {
    if (url.regionMatches(/* ignoreCase= */ true, 0, "file:", 0, 5)) {
      throw escapes(url);
    }
    if (url.matches("(?i)^[a-z][a-z0-9+.-]*:.*") || url.startsWith("//")) {
      throw new StageException(
          FailureCode.INPUT_UNREADABLE,
          "'" + url + "' is a web address; local runs read only files beside the record");
    }
    try {
      Path root = Path.of(URI.create(baseUri)).toRealPath();
      int end = endOfPath(url);
      Path file = resolve(root, url.substring(0, end));
      Path real = file.toRealPath();
      if (!real.startsWith(root)) {
        throw escapes(url);
      }
      if (!Files.isRegularFile(real)) {
        throw new StageException(FailureCode.INPUT_UNREADABLE, "'" + url + "' is not a file");
      }
      long size = Files.size(real);
      if (size > maxBytes) {
        throw new StageException(
            FailureCode.PICTURE_TOO_LARGE,
            "'" + url + "' has " + size + " bytes; at most " + maxBytes + " are read");
      }
      if (!Files.isReadable(real)) {
        throw new AccessDeniedException(real.toString());
      }
      return real;
    } catch (NoSuchFileException e) {
      throw new StageException(FailureCode.INPUT_UNREADABLE, "'" + url + "' does not exist", e);
    } catch (AccessDeniedException e) {
      throw new StageException(FailureCode.INPUT_UNREADABLE, "'" + url + "' may not be read", e);
    } catch (InvalidPathException e) {
      throw new StageException(FailureCode.INPUT_UNREADABLE, "'" + url + "' is not a path", e);
    } catch (IOException e) {
      throw new StageException(
          FailureCode.INPUT_UNREADABLE, "'" + url + "' cannot be read: " + e.getMessage(), e);
    }
  }

  private static Path resolve(Path root, String path) throws StageException {
    Path direct = root.resolve(path).normalize();
    if (!direct.startsWith(root)) {
      throw escapes(path);
    }
    if (Files.exists(direct) || path.indexOf('%') < 0) {
      return direct;
    }
    // Pages write spaces and umlauts percent-encoded.
    Path decoded;
    try {
      decoded =
          root.resolve(URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8))
              .normalize();
    } catch (IllegalArgumentException e) {
      return direct;
    }
    if (!decoded.startsWith(root)) {
      throw escapes(path);
    }
    return decoded;
  }

  private static int endOfPath(String url) {
    int query = url.indexOf('?');
    int fragment = url.indexOf('#');
    int end = url.length();
    end = query >= 0 ? Math.min(end, query) : end;
    return fragment >= 0 ? Math.min(end, fragment) : end;
  }

  private static StageException escapes(String url) {
    return new StageException(
        FailureCode.PATH_ESCAPES_ROOT, "'" + url + "' leaves the record's folder");
  }
}
