package dev.reelbeam.clients.config;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.port.StoreException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a secret is to be found: it is read where and when it is used, so the settings that travel
 * with a job, and everything that prints them, never hold the secret itself.
 *
 * @param source how {@code name} is read
 * @param name a path, the name of a variable, or the value
 */
public record SecretRef(Source source, String name) implements Serializable {
  /** Where it comes from. */
  public enum Source {
    /** The first line of a file. */
    FILE,
    /** A variable of the environment. */
    ENVIRONMENT,
    /** The settings themselves: for a cluster on the user's own machine. */
    VALUE
  }

  /** The first line of a file. */
  public static SecretRef file(String path) {
    return new SecretRef(Source.FILE, path);
  }

  /** A variable of the environment. */
  public static SecretRef environment(String variable) {
    return new SecretRef(Source.ENVIRONMENT, variable);
  }

  /** Given in plain text: for a cluster on the user's own machine, and for tests. */
  public static SecretRef value(String value) {
    return new SecretRef(Source.VALUE, value);
  }

  /**
   * Reads it.
   *
   * @throws StoreException {@code SECRET_MISSING}
   */
  public String resolve() {
    return switch (source) {
      case VALUE -> name;
      case ENVIRONMENT -> {
        String value = System.getenv(name);
        if (value == null || value.isEmpty()) {
          throw missing("the variable " + name + " is not set", null);
        }
        yield value;
      }
      case FILE -> {
        try {
          yield Files.readString(Path.of(name), StandardCharsets.UTF_8)
              .lines()
              .findFirst()
              .orElse("");
        } catch (IOException e) {
          throw missing("the secret file " + name + " cannot be read", e);
        }
      }
    };
  }

  private static StoreException missing(
      String message, @org.jspecify.annotations.Nullable Throwable cause) {
    return new StoreException(
        FailureCode.SECRET_MISSING, message, cause == null ? new IOException(message) : cause);
  }

  /** Never the secret. */
  @Override
  public String toString() {
    return source == Source.VALUE ? "SecretRef(***)" : "SecretRef(" + source + " " + name + ")";
  }
}
