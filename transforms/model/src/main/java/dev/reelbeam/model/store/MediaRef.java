package dev.reelbeam.model.store;

import java.io.Serializable;
import java.util.regex.Pattern;

/**
 * Names stored bytes by their content; elements of the graph carry references, never bytes.
 *
 * @param sha256 lower-case hex digest of the bytes
 * @param sizeBytes number of bytes
 * @param contentType media type, for example {@code image/png}
 */
public record MediaRef(String sha256, long sizeBytes, String contentType) implements Serializable {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /** Whether it names bytes at all: one that came from outside may say anything, or nothing. */
  public boolean isNamed() {
    return sha256 != null && SHA256.matcher(sha256).matches();
  }
}
