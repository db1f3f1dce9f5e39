package dev.reelbeam.clients.http;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * A key or a password. It never prints itself, is never serialized, and comes from the environment
 * or from a file, never from a setting.
 */
public final class Secret {
  private static final long MAX_BYTES = 16_384;

  private final String source;
  private final String value;

  /** Whose calls count together; for a key the key itself. */
  private final String owner;

  private Secret(String source, String value) {
    this(source, value, value);
  }

  private Secret(String source, String value, String owner) {
    this.source = source;
    this.value = value;
    this.owner = owner;
  }

  /** For a server that asks for none. */
  public static Secret none() {
    return new Secret("none", "");
  }

  /**
   * Resolves a reference.
   *
   * @param reference {@code env:NAME} or {@code file:PATH}; empty for none
   * @param environment usually {@code System.getenv()}
   * @throws StageException {@code CONFIG_INVALID} naming the reference, never the value
   */
  public static Secret resolve(String reference, Map<String, String> environment)
      throws StageException {
    if (reference.isEmpty()) {
      return none();
    }
    if (reference.startsWith("env:")) {
      String value = environment.get(reference.substring("env:".length()));
      return checked(reference, value == null ? "" : value);
    }
    if (reference.startsWith("file:")) {
      Path file = Path.of(reference.substring("file:".length()));
      try {
        if (Files.size(file) > MAX_BYTES) {
          throw invalid(reference, "the file is larger than a key");
        }
        return checked(reference, Files.readString(file));
      } catch (IOException e) {
        throw new StageException(
            FailureCode.CONFIG_INVALID, "secret " + reference + ": cannot be read", e);
      }
    }
    // The reference may be the key itself, pasted in the wrong place: it is not repeated.
    throw new StageException(
        FailureCode.CONFIG_INVALID,
        "a secret is named as env:NAME or file:PATH, never written into the settings");
  }

  /**
   * A token that is renewed from time to time: calls with the old and the new one count together.
   *
   * @param account whose token it is
   * @throws StageException {@code CONFIG_INVALID} if it holds what no token has
   */
  public static Secret ofAccount(String account, String token) throws StageException {
    String reference = "env:" + account;
    return new Secret(reference, checked(reference, token).value, account);
  }

  private static Secret checked(String reference, String value) throws StageException {
    String stripped = value.strip();
    if (stripped.isEmpty()) {
      throw invalid(reference, "it is not set");
    }
    if (stripped.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw invalid(reference, "it holds characters that no key has");
    }
    return new Secret(reference, stripped);
  }

  private static StageException invalid(String reference, String why) {
    return new StageException(FailureCode.CONFIG_INVALID, "secret " + reference + ": " + why);
  }

  /** Where it came from, for messages. */
  public String source() {
    return source;
  }

  /** Whether there is one. */
  public boolean present() {
    return !value.isEmpty();
  }

  /** The value, for the header that carries it and for nothing else. */
  public String reveal() {
    return value;
  }

  /** What tells this key from others where calls are counted; nothing to be shown or kept. */
  String owner() {
    return owner;
  }

  /** Takes the secret out of a text that came from outside. */
  String redact(String text) {
    return value.isEmpty() ? text : text.replace(value, "[secret]");
  }

  @Override
  public String toString() {
    return "secret " + source;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret
        && secret.value.equals(value)
        && secret.source.equals(source);
  }

  @Override
  public int hashCode() {
    return Objects.hash(source, value.length());
  }
}
