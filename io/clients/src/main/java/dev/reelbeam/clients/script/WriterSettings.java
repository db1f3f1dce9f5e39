package dev.reelbeam.clients.script;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.clients.config.LostAnswer;
import dev.reelbeam.clients.config.SettingsEntry;
import dev.reelbeam.clients.config.SettingsFaults;
import dev.reelbeam.clients.http.CallLimits;
import dev.reelbeam.clients.http.CallPolicy;
import dev.reelbeam.clients.http.Probed;
import dev.reelbeam.clients.http.Secret;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.KeyPoints;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import okhttp3.HttpUrl;

/**
 * One language model of the {@code script} list of a settings file:
 *
 * <pre>{@code
 * script:
 *   - name: openai
 *     base_url: https://api.openai.com/v1
 *     model: gpt-6-luna
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
 * @param reasoningEffort how long a model thinks before it writes; empty to leave it to the model
 * @param timeoutSeconds longest silence of the server; it says nothing until it is done
 * @param requestsPerMinute over all who use its key for texts
 * @param parallel calls in flight at once, likewise
 * @param lostAnswer what is done when nobody knows whether it wrote
 */
public record WriterSettings(
    String name,
    String baseUrl,
    String model,
    String key,
    String tokenLimitField,
    String reasoningEffort,
    int timeoutSeconds,
    int requestsPerMinute,
    int parallel,
    LostAnswer lostAnswer)
    implements Serializable {
  /** Texts of language models, whatever they are for. */
  public static final String KIND = "texts";

  private static final int MAX_RATE = 100_000;
  private static final Set<String> KEYS =
      Set.of(
          "name",
          "base_url",
          "model",
          "key",
          "token_limit_field",
          "reasoning_effort",
          "timeout_seconds",
          "requests_per_minute",
          "parallel",
          "lost_answer");
  private static final Set<String> EFFORTS =
      Set.of("none", "minimal", "low", "medium", "high", "xhigh", "max");
  private static final Set<String> LIMIT_FIELDS = Set.of("max_completion_tokens", "max_tokens");

  /**
   * Reads the list and sees to it that every key it names is there.
   *
   * @param list the value of {@code script}
   * @param environment usually {@code System.getenv()}
   * @param faults what is done about an entry with a mistake
   * @throws StageException {@code CONFIG_INVALID} naming the entry
   */
  public static List<WriterSettings> list(
      JsonNode list, Map<String, String> environment, SettingsFaults faults) throws StageException {
    return List.copyOf(
        faults.list(
            list,
            "script",
            KEYS,
            entry -> {
              WriterSettings writer = entry(entry);
              entry.secret("key", writer.key(), writer.baseUrl(), environment);
              return writer;
            },
            // One server may have several models.
            writer -> writer.name() + ":" + writer.model()));
  }

  /**
   * Reads one model that another part of the settings names.
   *
   * @param where its place in the file
   * @throws StageException {@code CONFIG_INVALID} naming the place
   */
  public static WriterSettings of(JsonNode node, String where, Map<String, String> environment)
      throws StageException {
    SettingsEntry entry = SettingsEntry.of(node, where, KEYS);
    WriterSettings writer = entry(entry);
    entry.secret("key", writer.key(), environment);
    return writer;
  }

  private static WriterSettings entry(SettingsEntry entry) throws StageException {
    String baseUrl = entry.text("base_url");
    if (HttpUrl.parse(baseUrl) == null) {
      throw invalid(entry.where() + ".base_url: '" + baseUrl + "' is not an http address");
    }
    return new WriterSettings(
        entry.text("name"),
        baseUrl,
        entry.text("model"),
        entry.text("key", ""),
        entry.oneOf("token_limit_field", "max_completion_tokens", LIMIT_FIELDS),
        entry.node().has("reasoning_effort") ? entry.oneOf("reasoning_effort", "", EFFORTS) : "",
        timeout(entry),
        entry.number("requests_per_minute", CallPolicy.DEFAULT.requestsPerMinute(), 1, MAX_RATE),
        entry.number("parallel", CallPolicy.DEFAULT.parallel(), 1, MAX_RATE),
        LostAnswer.of(entry));
  }

  /** The same with other limits. */
  public WriterSettings withRates(int perMinute, int inFlight) {
    return new WriterSettings(
        name,
        baseUrl,
        model,
        key,
        tokenLimitField,
        reasoningEffort,
        timeoutSeconds,
        perMinute,
        inFlight,
        lostAnswer);
  }

  private static int timeout(SettingsEntry entry) throws StageException {
    return entry.timeoutSeconds(entry.text("key", "").isEmpty());
  }

  private static StageException invalid(String message) {
    return new StageException(FailureCode.CONFIG_INVALID, message);
  }

  /**
   * Opens the model on a worker.
   *
   * @param keyPoints tells it what matters most in a source
   * @param limits who counts its calls for other processes, too
   * @throws StageException {@code CONFIG_INVALID} if the key is not there
   */
  public ModelScriptWriter open(
      Map<String, String> environment, KeyPoints keyPoints, CallLimits limits)
      throws StageException {
    return new ModelScriptWriter(chatModel(environment, limits), keyPoints);
  }

  /**
   * Opens the model for questions of another kind than scripts.
   *
   * @throws StageException {@code CONFIG_INVALID} if the key is not there
   */
  public LanguageModel model(Map<String, String> environment, CallLimits limits)
      throws StageException {
    return chatModel(environment, limits);
  }

  private ChatModel chatModel(Map<String, String> environment, CallLimits limits)
      throws StageException {
    return new ChatModel(
        new ChatSettings(
            name,
            baseUrl,
            Secret.resolve(key, environment),
            model,
            tokenLimitField,
            reasoningEffort,
            CallPolicy.DEFAULT
                .withRates(requestsPerMinute, parallel)
                .withSilence(timeoutSeconds)
                .sharing(limits)
                .ofKind(KIND)
                .withPurchases(lostAnswer.purchases())));
  }

  /**
   * Asks for the list of models, which costs nothing.
   *
   * @return what is known of the model
   * @throws StageException {@code PROVIDER_*}
   */
  public Probed probe(Map<String, String> environment) throws StageException {
    return chatModel(environment, CallLimits.OF_THIS_PROCESS).probe();
  }
}
