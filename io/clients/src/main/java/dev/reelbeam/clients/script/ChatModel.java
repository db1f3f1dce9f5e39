package dev.reelbeam.clients.script;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.http.OpenAiErrors;
import dev.reelbeam.clients.http.Probed;
import dev.reelbeam.clients.http.ProviderHttp;
import dev.reelbeam.clients.http.Repeatable;
import dev.reelbeam.clients.http.Reply;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * A model behind {@code POST /chat/completions}: OpenAI, and the servers that speak like it
 * (Ollama, vLLM, llama.cpp).
 *
 * <p>Plain OkHttp rather than a provider's own library: those retry by status alone and would ask
 * an empty wallet again, and one stack keeps limits, redaction and circuit breakers in one place.
 */
public final class ChatModel implements LanguageModel {
  private static final MediaType JSON = MediaType.get("application/json");

  /** No language has so many in a token, in the mean of a prompt. */
  private static final int MOST_CHARS_PER_TOKEN = 6;

  /** What servers keep free of a context that is full. */
  private static final int CONTEXT_SLACK = 4;

  private final ChatSettings settings;
  private final ProviderHttp http;

  /** The longest prompt that was counted so far: the server's context is no shorter. */
  private final AtomicLong longestRead = new AtomicLong();

  public ChatModel(ChatSettings settings) {
    this(
        settings,
        new ProviderHttp(
            settings.name(),
            settings.baseUrl(),
            settings.key(),
            settings.policy(),
            new OpenAiErrors()));
  }

  ChatModel(ChatSettings settings, ProviderHttp http) {
    this.settings = settings;
    this.http = http;
  }

  @Override
  public String identity() {
    return settings.name()
        + ":"
        + settings.model()
        + (settings.reasoningEffort().isEmpty() ? "" : "/effort-" + settings.reasoningEffort());
  }

  /** Who asks for no key sends no bill. */
  @Override
  public List<Charge> charges(Usage usage) {
    if (!settings.key().present()) {
      return List.of();
    }
    return List.of(
        charge(Charge.Unit.INPUT_TOKEN, usage.promptTokens() - usage.cachedTokens()),
        charge(Charge.Unit.CACHED_TOKEN, usage.cachedTokens()),
        charge(Charge.Unit.OUTPUT_TOKEN, usage.completionTokens()));
  }

  private Charge charge(Charge.Unit unit, long tokens) {
    return new Charge(settings.name(), settings.model(), unit, Math.max(0, tokens));
  }

  @Override
  public Answer ask(Prompt prompt, String schemaName, JsonNode schema) throws StageException {
    ObjectNode body = RecordJson.newObject();
    body.put("model", settings.model());
    ArrayNode messages = body.putArray("messages");
    messages.addObject().put("role", "system").put("content", prompt.fixed());
    messages.addObject().put("role", "user").put("content", prompt.variable());
    body.put(settings.tokenLimitField(), prompt.maxTokens());
    ObjectNode format = body.putObject("response_format");
    format.put("type", "json_schema");
    // Nested: llama.cpp does not read a schema at the top level.
    ObjectNode jsonSchema = format.putObject("json_schema");
    jsonSchema.put("name", schemaName);
    jsonSchema.put("strict", true);
    jsonSchema.set("schema", schema);
    if (!settings.reasoningEffort().isEmpty()) {
      body.put("reasoning_effort", settings.reasoningEffort());
    }
    // One that was cut off creates nothing that could be found again, and may be billed.
    Reply reply =
        http.call(
            request("chat/completions").post(RequestBody.create(body.toString(), JSON)).build(),
            settings.key().present() ? Repeatable.ONLY_AFTER_AN_ANSWER : Repeatable.YES);
    JsonNode json = json(reply);
    JsonNode counted = json.path("usage");
    long cached = counted.path("prompt_tokens_details").path("cached_tokens").asLong();
    long read = counted.path("prompt_tokens").asLong();
    Usage usage =
        new Usage(
            1,
            // Of a prompt there is no more than all in the cache: such a server counts the rest.
            cached > read ? read + cached : read,
            cached,
            counted.path("completion_tokens").asLong());
    try {
      checkWhole(prompt, usage.promptTokens());
      return new Answer(content(json.path("choices").path(0), prompt), usage);
    } catch (StageException e) {
      // It is billed, whatever it is worth.
      throw e.withCharges(charges(usage));
    }
  }

  /**
   * A server whose context is too short for a prompt cuts it, at the front as a rule, and answers
   * from what is left as if it were all. Then it has read as much as its context holds: a round
   * number, and no less than ever before. Servers that count what they had not in their cache read
   * little, too.
   */
  private void checkWhole(Prompt prompt, long tokensRead) throws StageException {
    int sent = prompt.fixed().length() + prompt.variable().length();
    long mostRead = longestRead.accumulateAndGet(tokensRead, Math::max);
    if (tokensRead > 0
        && tokensRead * MOST_CHARS_PER_TOKEN < sent
        && tokensRead + CONTEXT_SLACK >= mostRead
        && fillsAContext(tokensRead)) {
      throw new StageException(
          FailureCode.PROVIDER_REQUEST_INVALID,
          identity()
              + ": the server cut the prompt: it read "
              + tokensRead
              + " tokens of "
              + sent
              + " characters; start it with a longer context (OLLAMA_CONTEXT_LENGTH, --ctx-size,"
              + " --max-model-len)");
    }
  }

  /** Contexts are started with powers of two, or with round numbers. */
  private static boolean fillsAContext(long tokens) {
    return below(tokens, 256) || below(tokens, 500);
  }

  private static boolean below(long tokens, long unit) {
    return (tokens + CONTEXT_SLACK) % unit <= CONTEXT_SLACK;
  }

  private JsonNode content(JsonNode choice, Prompt prompt) throws StageException {
    JsonNode message = choice.path("message");
    String reason = choice.path("finish_reason").asText("");
    if (message.path("refusal").isTextual() || reason.equals("content_filter")) {
      throw new StageException(
          FailureCode.PROVIDER_REFUSED,
          identity() + " declined: " + message.path("refusal").asText("content filter"));
    }
    if (reason.equals("length")) {
      throw new CutOffException(
          identity() + ": the answer was cut off at " + prompt.maxTokens() + " tokens");
    }
    return content(message.path("content").asText(""));
  }

  /** Some servers fence JSON as if it were shown to a person. */
  private JsonNode content(String text) throws StageException {
    String stripped = text.strip();
    if (stripped.startsWith("```")) {
      stripped = stripped.replaceFirst("^```[a-z]*\\s*", "").replaceFirst("\\s*```$", "");
    }
    try {
      JsonNode content = RecordJson.readTree(stripped);
      if (content == null || !content.isObject()) {
        throw invalid("the answer is no JSON object");
      }
      return content;
    } catch (JsonProcessingException e) {
      throw invalid("the answer is no JSON: " + e.getOriginalMessage());
    }
  }

  private JsonNode json(Reply reply) throws StageException {
    try {
      JsonNode json = RecordJson.readTree(reply.text());
      if (json != null && json.isObject()) {
        return json;
      }
    } catch (JsonProcessingException e) {
      // Told below.
    }
    throw invalid(
        "the reply is " + (reply.contentType().isEmpty() ? "no JSON" : reply.contentType()));
  }

  private StageException invalid(String what) {
    return new StageException(FailureCode.PROVIDER_REPLY_INVALID, identity() + ": " + what);
  }

  /**
   * Asks for the list of models.
   *
   * @return what it says of the configured one
   * @throws StageException {@code PROVIDER_REQUEST_INVALID} if there is no such model
   */
  public Probed probe() throws StageException {
    JsonNode models = json(http.call(request("models").get().build(), Repeatable.YES));
    return Probed.listed(models, settings.model())
        .orElseThrow(
            () ->
                new StageException(
                    FailureCode.PROVIDER_REQUEST_INVALID,
                    settings.name() + " offers no model '" + settings.model() + "'"));
  }

  private Request.Builder request(String path) throws StageException {
    HttpUrl base = HttpUrl.parse(settings.baseUrl());
    if (base == null) {
      throw new StageException(
          FailureCode.CONFIG_INVALID, "'" + settings.baseUrl() + "' is not an http address");
    }
    Request.Builder request =
        new Request.Builder().url(base.newBuilder().addPathSegments(path).build());
    if (settings.key().present()) {
      request.header("Authorization", "Bearer " + settings.key().reveal());
    }
    return request;
  }
}
