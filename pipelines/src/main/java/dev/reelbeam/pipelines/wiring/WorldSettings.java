package dev.reelbeam.pipelines.wiring;

import dev.reelbeam.clients.config.KafkaSettings;
import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.config.S3Settings;
import dev.reelbeam.clients.config.SecretRef;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.io.Reader;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where Kafka, Postgres, S3 and Flink are: one file for the job, the command line and the studio.
 *
 * <p>A properties file; a variable of the environment wins over a line of it ({@code
 * REELBEAM_POSTGRES_URL} over {@code postgres.url}). A secret is named by its file or its variable
 * ({@code postgres.password.file}, {@code postgres.password.env}); in plain text ({@code
 * postgres.password}) it belongs on the user's own machine only. See {@code pipelines/README.md}
 * for every key.
 *
 * @param flinkUrl Flink's REST address, null where there is none
 * @param source how the file is called in messages
 */
public record WorldSettings(
    KafkaSettings kafka,
    PostgresSettings postgres,
    S3Settings s3,
    @Nullable String flinkUrl,
    String source)
    implements Serializable {
  /** Below the folder that holds {@code .reelbeam}: what {@code up} writes. */
  public static final Path USUAL_FILE = Path.of(".reelbeam", "cluster", "connections.properties");

  /** Names the file when no option does. */
  public static final String VARIABLE = "REELBEAM_CONNECTIONS";

  /**
   * Reads the settings of the file that is named, of {@link #VARIABLE}, or of the nearest {@link
   * #USUAL_FILE} here or above.
   *
   * @throws StageException {@code SETTINGS_MISSING}, {@code SETTING_INVALID}
   */
  public static WorldSettings find(@Nullable Path named) throws StageException {
    if (named != null) {
      return read(named);
    }
    String variable = System.getenv(VARIABLE);
    if (variable != null && !variable.isBlank()) {
      return read(Path.of(variable));
    }
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.isRegularFile(folder.resolve(USUAL_FILE))) {
        return read(folder.resolve(USUAL_FILE));
      }
    }
    throw new StageException(
        FailureCode.SETTINGS_MISSING, "there is no " + USUAL_FILE + " here or above");
  }

  /**
   * Reads a file.
   *
   * @throws StageException {@code SETTINGS_MISSING}, {@code SETTING_INVALID}
   */
  public static WorldSettings read(Path file) throws StageException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new StageException(
          FailureCode.SETTINGS_MISSING, "cannot read " + file + ": " + e.getMessage(), e);
    }
    Map<String, String> lines = new HashMap<>();
    properties.stringPropertyNames().forEach(key -> lines.put(key, properties.getProperty(key)));
    return of(lines, System::getenv, file.toString());
  }

  /**
   * The settings of these lines.
   *
   * @param environment a variable's value, null when it is not set
   * @param source how they are called in messages
   */
  static WorldSettings of(
      Map<String, String> lines, UnaryOperator<@Nullable String> environment, String source)
      throws StageException {
    Lines from = new Lines(lines, environment, source);
    Map<String, String> client = new HashMap<>();
    lines.forEach(
        (key, value) -> {
          String prefix = "kafka.client.";
          if (key.startsWith(prefix) && !key.startsWith("kafka.client.sasl.jaas.config")) {
            client.put(key.substring(prefix.length()), value.strip());
          }
        });
    return new WorldSettings(
        new KafkaSettings(
            from.required("kafka.bootstrap"),
            from.text("kafka.topic.prefix", "reelbeam"),
            client,
            from.secret("kafka.client.sasl.jaas.config")),
        new PostgresSettings(
            from.required("postgres.url"),
            from.text("postgres.user", "reelbeam"),
            from.requiredSecret("postgres.password"),
            from.whole("postgres.pool.size", PostgresSettings.USUAL_POOL_SIZE, 1, 100),
            from.whole(
                "postgres.patience.seconds", PostgresSettings.USUAL_PATIENCE_SECONDS, 0, 3600)),
        new S3Settings(
            from.optional("s3.endpoint"),
            from.text("s3.region", "us-east-1"),
            from.required("s3.bucket"),
            from.text("s3.prefix", ""),
            !from.text("s3.path.style", "true").equals("false"),
            from.secret("s3.access.key"),
            from.secret("s3.secret.key"),
            from.optional("s3.public.base.url"),
            from.optional("s3.cache.folder"),
            1_000_000L
                * from.whole(
                    "s3.cache.megabytes",
                    (int) (S3Settings.USUAL_CACHE_BYTES / 1_000_000),
                    10,
                    10_000_000)),
        from.optional("flink.url"),
        source);
  }

  /** Lines of a file, with the environment above them. */
  private record Lines(
      Map<String, String> lines, UnaryOperator<@Nullable String> environment, String source) {
    @Nullable String optional(String key) {
      String variable = "REELBEAM_" + key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
      String value = environment.apply(variable);
      if (value == null || value.isBlank()) {
        value = lines.get(key);
      }
      return value == null || value.isBlank() ? null : value.strip();
    }

    String text(String key, String fallback) {
      String value = optional(key);
      return value == null ? fallback : value;
    }

    String required(String key) throws StageException {
      String value = optional(key);
      if (value == null) {
        throw new StageException(FailureCode.SETTING_INVALID, key + " is missing in " + source);
      }
      return value;
    }

    int whole(String key, int fallback, int min, int max) throws StageException {
      String value = optional(key);
      if (value == null) {
        return fallback;
      }
      try {
        int number = Integer.parseInt(value);
        if (number >= min && number <= max) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Told below.
      }
      throw new StageException(
          FailureCode.SETTING_INVALID,
          key + " in " + source + " is no whole number from " + min + " to " + max);
    }

    @Nullable SecretRef secret(String key) {
      String file = optional(key + ".file");
      if (file != null) {
        return SecretRef.file(file);
      }
      String variable = optional(key + ".env");
      if (variable != null) {
        return SecretRef.environment(variable);
      }
      String value = optional(key);
      return value == null ? null : SecretRef.value(value);
    }

    SecretRef requiredSecret(String key) throws StageException {
      SecretRef secret = secret(key);
      if (secret == null) {
        throw new StageException(
            FailureCode.SETTING_INVALID,
            key + ".file, " + key + ".env or " + key + " is missing in " + source);
      }
      return secret;
    }
  }
}
