package dev.reelbeam.clients.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.clients.http.Secret;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One mapping of a settings file, read so that every mistake names its place.
 *
 * @param where its path in the file, for example {@code speech[0]}
 */
public record SettingsEntry(JsonNode node, String where) {
  /** Whoever calls these pays for it. */
  private static final Set<String> PUBLIC =
      Set.of(
          "api.openai.com",
          "api.elevenlabs.io",
          "api.runware.ai",
          "api.mistral.ai",
          "api.groq.com",
          "openrouter.ai");

  private static final int SILENCE_SECONDS = 120;
  private static final int OWN_SILENCE_SECONDS = 600;

  /**
   * A mapping with these keys and no others.
   *
   * @throws StageException {@code CONFIG_INVALID} naming the key that is none of them
   */
  public static SettingsEntry of(JsonNode node, String where, Set<String> known)
      throws StageException {
    if (!node.isObject()) {
      throw invalid(where + ": keys with values are expected");
    }
    for (var names = node.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        throw invalid(where + ": unknown key '" + name + "'; known are " + new TreeSet<>(known));
      }
    }
    return new SettingsEntry(node, where);
  }

  /** A text that has to be there. */
  public String text(String name) throws StageException {
    String value = text(name, "");
    if (value.isEmpty()) {
      throw invalid(where + "." + name + " is missing");
    }
    return value;
  }

  /** A text, or the usual one. */
  public String text(String name, String usual) {
    String value = node.path(name).asText("").strip();
    return value.isEmpty() ? usual : value;
  }

  /** One of a few words, or the usual one. */
  public String oneOf(String name, String usual, Set<String> allowed) throws StageException {
    String value = text(name, usual);
    if (!allowed.contains(value)) {
      throw invalid(where + "." + name + ": one of " + new TreeSet<>(allowed));
    }
    return value;
  }

  /** A whole number within limits, or the usual one. */
  public int number(String name, int usual, int least, int most) throws StageException {
    if (!node.has(name)) {
      return usual;
    }
    int value = node.path(name).canConvertToInt() ? node.path(name).asInt() : least - 1;
    if (value < least || value > most) {
      throw invalid(where + "." + name + ": " + least + " to " + most);
    }
    return value;
  }

  /**
   * {@code timeout_seconds}: the longest silence of a server. One of one's own may work for minutes
   * before it says a word.
   */
  public int timeoutSeconds(boolean own) throws StageException {
    return number("timeout_seconds", own ? OWN_SILENCE_SECONDS : SILENCE_SECONDS, 5, 3_600);
  }

  /** A share from 0 to 1 in permille, or the usual one. */
  public int permille(String name, int usual) throws StageException {
    if (!node.has(name)) {
      return usual;
    }
    double value = node.path(name).isNumber() ? node.path(name).asDouble() : -1;
    if (!(value >= 0 && value <= 1)) {
      throw invalid(where + "." + name + ": 0 to 1");
    }
    return (int) Math.round(value * 1000);
  }

  /**
   * Sees to it that the secret of a reference is there; a fault names the place of the reference,
   * never the secret.
   *
   * @param environment usually {@code System.getenv()}
   */
  public void secret(String name, String reference, Map<String, String> environment)
      throws StageException {
    try {
      Secret unused = Secret.resolve(reference, environment);
    } catch (StageException e) {
      throw new StageException(e.code(), where + "." + name + ": " + e.getMessage(), e);
    }
  }

  /**
   * The same for a server that may ask for no key; a public one always does, and without one its
   * bill would be taken for none.
   */
  public void secret(String name, String reference, String baseUrl, Map<String, String> environment)
      throws StageException {
    secret(name, reference, environment);
    String host = baseUrl.replaceFirst("^[a-zA-Z]+://", "").replaceFirst("[:/].*", "");
    if (reference.isEmpty() && PUBLIC.contains(host.toLowerCase(Locale.ROOT))) {
      throw invalid(where + "." + name + ": " + host + " asks for a key; name it as env:NAME");
    }
  }

  private static StageException invalid(String message) {
    return new StageException(FailureCode.CONFIG_INVALID, message);
  }
}
