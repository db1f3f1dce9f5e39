package dev.reelbeam.pipelines.wiring;

import dev.reelbeam.clients.config.SecretRef;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lines of a properties file, with the environment above them.
 *
 * @param environment a variable's value, null when it is not set
 * @param source how the file is called in messages
 */
record SettingsLines(
    Map<String, String> lines, UnaryOperator<@Nullable String> environment, String source) {
  private static final List<String> WAYS_OF_SECRETS = List.of(".file", ".env", "");

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
      throw invalid(key + " is missing in " + source);
    }
    return value;
  }

  /** One of these, as they are written here; null when nothing is said. */
  @Nullable String choice(String key, List<String> choices) throws StageException {
    String value = optional(key);
    if (value == null) {
      return null;
    }
    for (String choice : choices) {
      if (choice.equalsIgnoreCase(value)) {
        return choice;
      }
    }
    throw invalid(
        "%s in %s is '%s', which is none of %s"
            .formatted(key, source, value, String.join(", ", choices)));
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
    throw invalid(key + " in " + source + " is no whole number from " + min + " to " + max);
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
      throw invalid(key + ".file, " + key + ".env or " + key + " is missing in " + source);
    }
    return secret;
  }

  /** Values of the lines below a prefix, by what stands behind it. */
  Map<String, String> below(String prefix) {
    return lines.entrySet().stream()
        .filter(line -> line.getKey().startsWith(prefix))
        .collect(
            Collectors.toMap(
                line -> line.getKey().substring(prefix.length()),
                line -> line.getValue().strip(),
                (one, other) -> one,
                TreeMap::new));
  }

  /** Those keys whose secret is given in one of the three ways, without the way. */
  static Set<String> secretKeys(Set<String> keys) {
    Set<String> secrets = new TreeSet<>();
    for (String key : keys) {
      for (String way : WAYS_OF_SECRETS) {
        if (key.endsWith(way) && isSecret(key.substring(0, key.length() - way.length()))) {
          secrets.add(key.substring(0, key.length() - way.length()));
        }
      }
    }
    return secrets;
  }

  /** By the names that Kafka's clients have for them; one too many does no harm. */
  private static boolean isSecret(String key) {
    return key.endsWith("password") || key.endsWith("jaas.config") || key.endsWith("keystore.key");
  }

  StageException invalid(String message) {
    return new StageException(FailureCode.SETTING_INVALID, message);
  }
}
