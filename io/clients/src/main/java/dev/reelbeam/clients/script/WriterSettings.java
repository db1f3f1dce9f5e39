package dev.reelbeam.clients.script;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.reelbeam.clients.http.CallPolicy;
import dev.reelbeam.clients.http.Secret;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import okhttp3.HttpUrl;

/**
 * One language model of the {@code script} list of a settings file:
 *
 * <pre>{@code
 * script:
 *   - name: openai
 *     base_url: https://api.openai.com/v1
 *     model: gpt-5-mini
 *     key: env:OPENAI_API_KEY
 *   - name: ollama
 *     base_url: http://localhost:11434/v1
 *     model: llama3.3
 *     token_limit_field: max_tokens
 * }</pre>
 *
 * <p>They are asked in this order; the embedded writer comes after the last. It travels to workers,
 * so it names its key and never holds it.
 *
 * @param key {@code env:NAME}, {@code file:PATH}, or empty for a server that asks for none
 * @param requestsPerMinute over all workers of one process
 * @param parallel calls in flight at once, likewise
 */
public record WriterSettings(
    String name,
    String baseUrl,
    String model,
    String key,
    String tokenLimitField,
    int requestsPerMinute,
    int parallel)
    implements Serializable {
  private static final long MAX_BYTES = 200_000;
  private static final int MAX_RATE = 100_000;
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Set<String> KEYS =
      Set.of(
          "name",
          "base_url",
          "model",
          "key",
          "token_limit_field",
          "requests_per_minute",
          "parallel");
  private static final Set<String> LIMIT_FIELDS = Set.of("max_completion_tokens", "max_tokens");

  /**
   * Reads a settings file and sees to it that every key it names is there.
   *
   * @param environment usually {@code System.getenv()}
   * @throws StageException {@code CONFIG_INVALID} naming the entry, {@code INPUT_UNREADABLE}
   */
  public static List<WriterSettings> read(Path file, Map<String, String> environment)
      throws StageException {
    JsonNode root;
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw invalid(file + " is larger than 200 kB");
      }
      root = YAML.readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw invalid(file.getFileName() + " is not YAML: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new StageException(
          FailureCode.INPUT_UNREADABLE, "settings file '" + file + "' cannot be read", e);
    }
    for (var names = root.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!name.equals("script")) {
        throw invalid("unknown key '" + name + "'; known is script");
      }
    }
    if (!root.path("script").isArray() || root.path("script").isEmpty()) {
      throw invalid("script: a list of language models is expected");
    }
    List<WriterSettings> writers = new ArrayList<>();
    for (JsonNode entry : root.path("script")) {
      WriterSettings writer = entry(entry, "script[" + writers.size() + "]");
      Secret.resolve(writer.key(), environment);
      writers.add(writer);
    }
    return List.copyOf(writers);
  }

  private static WriterSettings entry(JsonNode entry, String where) throws StageException {
    for (var names = entry.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!KEYS.contains(name)) {
        throw invalid(where + ": unknown key '" + name + "'; known are " + new TreeSet<>(KEYS));
      }
    }
    String baseUrl = text(entry, "base_url", where);
    if (HttpUrl.parse(baseUrl) == null) {
      throw invalid(where + ".base_url: '" + baseUrl + "' is not an http address");
    }
    String limitField = entry.path("token_limit_field").asText("max_completion_tokens");
    if (!LIMIT_FIELDS.contains(limitField)) {
      throw invalid(where + ".token_limit_field: one of " + new TreeSet<>(LIMIT_FIELDS));
    }
    return new WriterSettings(
        text(entry, "name", where),
        baseUrl,
        text(entry, "model", where),
        entry.path("key").asText(""),
        limitField,
        number(entry, "requests_per_minute", CallPolicy.DEFAULT.requestsPerMinute(), where),
        number(entry, "parallel", CallPolicy.DEFAULT.parallel(), where));
  }

  private static String text(JsonNode entry, String name, String where) throws StageException {
    String value = entry.path(name).asText("").strip();
    if (value.isEmpty()) {
      throw invalid(where + "." + name + " is missing");
    }
    return value;
  }

  private static int number(JsonNode entry, String name, int usual, String where)
      throws StageException {
    if (!entry.has(name)) {
      return usual;
    }
    int value = entry.path(name).asInt(-1);
    if (value < 1 || value > MAX_RATE) {
      throw invalid(where + "." + name + ": 1 to " + MAX_RATE);
    }
    return value;
  }

  private static StageException invalid(String message) {
    return new StageException(FailureCode.CONFIG_INVALID, message);
  }

  /**
   * Opens the model on a worker.
   *
   * @throws StageException {@code CONFIG_INVALID} if the key is not there
   */
  public ModelScriptWriter open(Map<String, String> environment) throws StageException {
    return new ModelScriptWriter(
        new ChatModel(
            new ChatSettings(
                name,
                baseUrl,
                Secret.resolve(key, environment),
                model,
                tokenLimitField,
                CallPolicy.DEFAULT.withRates(requestsPerMinute, parallel))));
  }
}
