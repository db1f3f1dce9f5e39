package dev.reelbeam.model.port;

import dev.reelbeam.model.failure.StageException;

/** Reads the pictures and tracks that a record names, bounded and confined to the record's base. */
public interface AssetReader {
  /**
   * Reads an asset whole.
   *
   * @param baseUri the record's base; a relative url may not leave it
   * @param url a relative path, or an absolute URL where the reader allows it
   * @param maxBytes refuses more than this before reading
   * @throws StageException {@code PATH_ESCAPES_ROOT}, {@code INPUT_UNREADABLE}, {@code
   *     PICTURE_TOO_LARGE}
   */
  byte[] read(String baseUri, String url, long maxBytes) throws StageException;
}
