package dev.reelbeam.simulators;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.imageio.ImageIO;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A server that speaks OpenAI's chat completions, models, moderations, speech, transcriptions and
 * images, as of their published specification of August 2026, and the dialects of servers that
 * claim to be compatible.
 *
 * <p>Answers to a JSON schema are made by an {@link Author}; usage counts, cached tokens, rate
 * headers and request ids come with every answer.
 */
public final class OpenAiSimulator implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CHARS_PER_TOKEN = 4;
  private static final int CACHED_BLOCK_TOKENS = 128;
  private static final int LEAST_CACHED_TOKENS = 1024;
  private static final int WAV_HEADER_BYTES = 44;
  private static final int RATE_AT = 24;

  /** The only rate that a build of whisper.cpp without a decoder takes. */
  private static final int WHISPER_RATE = 16_000;

  /** Seconds. */
  private static final double PAST_THE_END = 0.04;

  private static final int MAX_SPEECH_CHARS = 4_096;
  private static final int MAX_PROMPT_CHARS = 32_000;
  private static final int PIXELS_PER_TOKEN = 1_000;
  private static final Set<String> IMAGE_SIZES = Set.of("1024x1024", "1536x1024", "1024x1536");
  private static final Set<String> VOICES =
      Set.of(
          "alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse", "marin", "cedar");

  /** Writes the content of an answer. */
  @FunctionalInterface
  public interface Author {
    /**
     * The answer as the model would write it.
     *
     * @param name name of the schema asked for, empty if none
     * @param schema the schema, null if none
     * @param prompt all messages, one after the other
     */
    String write(String name, @Nullable JsonNode schema, String prompt);
  }

  /** Whose habits are shown. */
  public enum Dialect {
    OPENAI,
    /**
     * Ignores {@code max_completion_tokens}, the schema's name and {@code strict}; what it thought
     * stands in {@code message.reasoning}.
     */
    OLLAMA,
    /** A key only if it was started with one; {@code message.reasoning_content}. */
    VLLM,
    /**
     * The same of {@code llama-server}, which besides reads a schema only where it is nested: one
     * at the top level of {@code response_format} binds nobody.
     */
    LLAMA_CPP,
    /** No key, word tokens inside segments: {@code whisper-server} under OpenAI's path. */
    WHISPER_CPP
  }

  private final MockWebServer server = new MockWebServer();
  private final String key;
  private final Dialect dialect;
  private final SimulatedVoice voices = new SimulatedVoice();
  private final Deque<Fault> faults = new ArrayDeque<>();
  private final List<JsonNode> requests = new ArrayList<>();
  private final List<String> judged = new ArrayList<>();
  private final Set<String> seenPrefixes = new HashSet<>();
  private final AtomicInteger calls = new AtomicInteger();
  private volatile Author author = new SourceAuthor();
  private volatile Consumer<ObjectNode> judge = result -> {};
  private final Map<String, Long> latencies = new ConcurrentHashMap<>();
  private final AtomicLong servedMs = new AtomicLong();
  private volatile long latencyMs;
  private volatile int contextTokens = Integer.MAX_VALUE / CHARS_PER_TOKEN;
  private volatile @Nullable Fault away;
  private volatile boolean countsEvaluated;

  private OpenAiSimulator(String key, Dialect dialect) {
    this.key = key;
    this.dialect = dialect;
  }

  /** Starts on a free port of this machine. */
  public static OpenAiSimulator start(String key, Dialect dialect) throws IOException {
    OpenAiSimulator simulator = new OpenAiSimulator(key, dialect);
    simulator.server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            long millis =
                simulator.away != null
                    ? 0
                    : simulator.latencies.getOrDefault(
                        request.getUrl().encodedPath(), simulator.latencyMs);
            simulator.servedMs.addAndGet(millis);
            MockResponse response = simulator.answer(request);
            return millis == 0
                ? response
                : response.newBuilder().headersDelay(millis, TimeUnit.MILLISECONDS).build();
          }
        });
    simulator.server.setServerSocketFactory(new NewAddresses());
    simulator.server.start();
    return simulator;
  }

  /** Base address, with the version. */
  public String baseUrl() {
    return server.url("/v1").toString();
  }

  /** The next answers go wrong like this, one after the other. */
  public void next(Fault... faultsInOrder) {
    synchronized (faults) {
      faults.addAll(List.of(faultsInOrder));
    }
  }

  /**
   * From now on every call is answered by this, at once, whoever makes it; null: no longer.
   *
   * @param how {@code OVERLOADED}, {@code BAD_GATEWAY} or another fault that needs no request
   */
  public void away(@Nullable Fault how) {
    away = how;
  }

  /** Who writes the answers from now on. */
  public void answerBy(Author newAuthor) {
    author = newAuthor;
  }

  /**
   * What is done to each result of a moderation before it is sent, as servers do that speak like
   * OpenAI and leave things away.
   */
  public void judgeBy(Consumer<ObjectNode> how) {
    judge = how;
  }

  /**
   * How much of a prompt the model reads, as a server of one's own does that was started with so
   * short a context: the front of a longer one is cut off, and nothing is said.
   */
  public void context(int tokens) {
    contextTokens = tokens;
  }

  /**
   * From now on {@code prompt_tokens} tells only what was evaluated and not found in the cache, as
   * servers of one's own do.
   */
  public void countEvaluatedOnly() {
    countsEvaluated = true;
  }

  /** How long an answer takes. */
  public void latency(long millis) {
    latencyMs = millis;
  }

  /** How long an answer of this path takes, for example {@code /v1/audio/speech}. */
  public void latency(String path, long millis) {
    latencies.put(path, millis);
  }

  /** What the answers so far took together: the time of a caller who waits for each of them. */
  public long servedMs() {
    return servedMs.get();
  }

  /** Texts and pictures that were shown for moderation so far, as JSON, in order. */
  public List<String> judged() {
    synchronized (judged) {
      return List.copyOf(judged);
    }
  }

  /** Bodies of the requests for completions, speech and images so far, in order. */
  public List<JsonNode> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  /** Calls so far, lists of models and the base address apart: they cost nothing. */
  public int calls() {
    return calls.get();
  }

  private MockResponse answer(RecordedRequest request) {
    String path = request.getUrl().encodedPath();
    boolean free = path.equals("/v1/models") || path.equals("/v1");
    int number = free ? calls.get() : calls.incrementAndGet();
    Fault outage = away;
    MockResponse nobody = outage == null ? null : refusal(outage, number);
    if (nobody != null) {
      return nobody;
    }
    if (asksForKey() && !("Bearer " + key).equals(request.getHeaders().get("Authorization"))) {
      return error(
          401, "Incorrect API key provided.", "invalid_request_error", "invalid_api_key", number);
    }
    Fault fault;
    synchronized (faults) {
      fault = free ? null : faults.poll();
    }
    MockResponse early = fault == null ? null : refusal(fault, number);
    if (early != null) {
      return early;
    }
    ByteString body = request.getBody();
    return switch (path) {
      case "/v1/models" -> ok(models(), number).build();
      case "/v1/moderations" -> respond(body, number, json -> moderations(json, fault));
      case "/v1/images/generations" -> respond(body, number, json -> image(json, fault, number));
      case "/v1/audio/speech" -> respond(body, number, json -> speech(json, fault, number));
      case "/v1/audio/transcriptions" -> transcription(request, fault, number);
      case "/v1/chat/completions" -> respond(body, number, json -> completion(json, fault, number));
      default -> error(404, "Unknown path " + path, "invalid_request_error", null, number);
    };
  }

  private boolean asksForKey() {
    return switch (dialect) {
      case OPENAI -> true;
      case VLLM, LLAMA_CPP -> !key.isEmpty();
      case OLLAMA, WHISPER_CPP -> false;
    };
  }

  private MockResponse respond(
      @Nullable ByteString body, int number, Function<JsonNode, Object> handler) {
    try {
      JsonNode json = JSON.readTree(body == null ? "" : body.utf8());
      Object answer = handler.apply(json);
      return answer instanceof MockResponse response
          ? response
          : ok((JsonNode) answer, number).build();
    } catch (JsonProcessingException e) {
      return error(400, "Could not parse the JSON body.", "invalid_request_error", null, number);
    }
  }

  /** Faults that need no understanding of the request; null for those of the answer's content. */
  private static @Nullable MockResponse refusal(Fault fault, int number) {
    return switch (fault) {
      case RATE_LIMIT_WITH_RETRY_AFTER ->
          error(429, "Rate limit reached.", "requests", "rate_limit_exceeded", number)
              .newBuilder()
              .setHeader("Retry-After", "1")
              .build();
      case FORBIDDEN ->
          error(403, "You are not authorized to list models.", "forbidden", null, number);
      case FORBIDDEN_KEY -> error(403, "The API key is not valid.", "forbidden", null, number);
      case RATE_LIMIT ->
          error(429, "Rate limit reached.", "requests", "rate_limit_exceeded", number);
      case EMPTY_WALLET ->
          error(
              429,
              "You exceeded your current quota, please check your plan and billing details.",
              "insufficient_quota",
              "insufficient_quota",
              number);
      case SERVER_ERROR -> error(500, "The server had an error.", "server_error", null, number);
      case OVERLOADED ->
          error(
              503,
              "The server is overloaded.",
              "service_unavailable_error",
              "server_is_overloaded",
              number);
      case WRONG_KEY ->
          error(
              401,
              "Incorrect API key provided.",
              "invalid_request_error",
              "invalid_api_key",
              number);
      case NO_SUCH_MODEL ->
          error(
              404, "The model does not exist.", "invalid_request_error", "model_not_found", number);
      case BODY_CUT ->
          TransportFaults.cut(
              "application/json",
              "{\"id\":\"chatcmpl-1\",\"choices\":[" + " ".repeat(200_000) + "]}");
      default -> TransportFaults.of(fault);
    };
  }

  private Object speech(JsonNode request, @Nullable Fault fault, int number) {
    synchronized (requests) {
      requests.add(request);
    }
    String input = request.path("input").asText();
    String voice = request.path("voice").isTextual() ? request.path("voice").asText() : "";
    String format = request.path("response_format").asText("mp3");
    double speed = request.path("speed").asDouble(1);
    if (input.isEmpty() || input.length() > MAX_SPEECH_CHARS || speed < 0.25 || speed > 4) {
      return error(
          400,
          "Invalid input or speed: at most " + MAX_SPEECH_CHARS + " characters, 0.25 to 4.",
          "invalid_request_error",
          null,
          number);
    }
    if (dialect == Dialect.OPENAI
        && !VOICES.contains(voice)
        && !request.path("voice").path("id").asText().startsWith("voice_")) {
      return error(
          400,
          "Invalid value for 'voice': '" + voice + "'.",
          "invalid_request_error",
          "invalid_value",
          number);
    }
    if (!format.equals("wav") && !format.equals("pcm")) {
      return error(
          400, "This simulator speaks wav and pcm.", "invalid_request_error", null, number);
    }
    SimulatedVoice.Spoken spoken = voices.speak(input, 24_000, speed);
    if (fault == Fault.JSON_FOR_AUDIO) {
      return ok(JSON.createObjectNode().put("status", "queued"), number).build();
    }
    byte[] audio = SimulatedVoice.faulty(spoken, format.equals("wav"), fault);
    String type = format.equals("wav") ? "audio/wav" : "audio/pcm";
    MockResponse.Builder builder =
        new MockResponse.Builder()
            .setHeader("Content-Type", fault == Fault.OTHER_AUDIO ? "audio/mpeg" : type)
            .setHeader("x-request-id", "req_" + number)
            .chunkedBody(new Buffer().write(audio), 8_192);
    return builder.build();
  }

  /** Always base64, as the models since gpt-image-1 send it. */
  private Object image(JsonNode request, @Nullable Fault fault, int number) {
    synchronized (requests) {
      requests.add(request);
    }
    String model = request.path("model").asText("");
    String prompt = request.path("prompt").asText("");
    String size = request.path("size").asText("auto");
    if (fault == Fault.REFUSAL || fault == Fault.CONTENT_FILTER) {
      return error(
          400,
          "Your request was rejected by the safety system.",
          fault == Fault.REFUSAL ? "image_generation_user_error" : "invalid_request_error",
          fault == Fault.REFUSAL ? "moderation_blocked" : "content_policy_violation",
          number);
    }
    if (!model.startsWith("gpt-image-") || prompt.isEmpty() || prompt.length() > MAX_PROMPT_CHARS) {
      return error(400, "Invalid model or prompt.", "invalid_request_error", null, number);
    }
    if (request.has("response_format")) {
      return error(
          400,
          "Unknown parameter: 'response_format'.",
          "invalid_request_error",
          "unknown_parameter",
          number);
    }
    boolean anySize = model.startsWith("gpt-image-2") && size.matches("\\d+x\\d+");
    if (!anySize && !IMAGE_SIZES.contains(size)) {
      return error(
          400, "Invalid size '" + size + "'.", "invalid_request_error", "invalid_value", number);
    }
    int width = Integer.parseInt(size.replaceFirst("x.*", ""));
    int height = Integer.parseInt(size.replaceFirst(".*x", ""));
    if (width % 16 != 0 || height % 16 != 0) {
      return error(400, "Sides are multiples of 16.", "invalid_request_error", null, number);
    }
    ObjectNode answer = JSON.createObjectNode();
    answer.put("created", 1_790_000_000L + number);
    answer.put("size", size);
    answer.put("quality", request.path("quality").asText("auto"));
    String format = request.path("output_format").asText("png");
    answer.put("output_format", format);
    answer
        .putArray("data")
        .addObject()
        .put("b64_json", SimulatedPictures.base64(prompt, width, height, format, fault));
    ObjectNode usage = answer.putObject("usage");
    int input = prompt.length() / CHARS_PER_TOKEN;
    int output = width * height / PIXELS_PER_TOKEN;
    usage.put("input_tokens", input).put("output_tokens", output);
    usage.put("total_tokens", input + output);
    return answer;
  }

  /** Hears where it hums; what is said there, it knows from having said it. */
  private MockResponse transcription(RecordedRequest request, @Nullable Fault fault, int number) {
    Map<String, ByteString> parts = FormParts.of(request);
    ByteString file = parts.get("file");
    if (file == null) {
      return error(400, "'file' is required.", "invalid_request_error", null, number);
    }
    boolean words =
        "word".equals(text(parts, "timestamp_granularities[]"))
            && "verbose_json".equals(text(parts, "response_format"));
    if (dialect == Dialect.OPENAI && !"whisper-1".equals(text(parts, "model"))) {
      return error(
          400,
          "response_format 'verbose_json' is not compatible with this model.",
          "invalid_request_error",
          "unsupported_value",
          number);
    }
    byte[] wav = file.toByteArray();
    int rate =
        wav.length < WAV_HEADER_BYTES
            ? 0
            : ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN).getInt(RATE_AT);
    if (rate == 0 || (dialect == Dialect.WHISPER_CPP && rate != WHISPER_RATE)) {
      ObjectNode refused = JSON.createObjectNode().put("error", "failed to read audio data");
      return new MockResponse.Builder()
          .code(400)
          .setHeader("Content-Type", "application/json")
          .body(refused.toString())
          .build();
    }
    // Now and then a recognizer takes speech for silence.
    List<SimulatedVoice.Word> heard = fault == Fault.EMPTY_AUDIO ? List.of() : voices.hear(wav);
    ObjectNode answer = JSON.createObjectNode();
    answer.put("task", "transcribe");
    answer.put("language", "english");
    double duration = (wav.length - WAV_HEADER_BYTES) / 2.0 / rate;
    answer.put("duration", duration);
    ArrayNode list =
        dialect == Dialect.WHISPER_CPP
            ? answer.putArray("segments").addObject().putArray("words")
            : JSON.createArrayNode();
    boolean timed = fault != Fault.JSON_FOR_AUDIO;
    if (timed && words && dialect != Dialect.WHISPER_CPP) {
      answer.set("words", list);
    } else if (!timed) {
      answer.remove("segments");
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < heard.size(); i++) {
      SimulatedVoice.Word word = heard.get(i);
      double start = word.startUs() / 1e6;
      double end = word.endUs() / 1e6;
      if (dialect == Dialect.WHISPER_CPP && i == heard.size() - 1) {
        // Its last token often lasts a little longer than the audio does.
        end = duration + PAST_THE_END;
      }
      if (fault == Fault.NONSENSE) {
        start = 9_000 - start;
        end = start - 1;
      }
      // Without the marks, as Whisper gives its words.
      String plain = word.text().replaceAll("[^\\p{L}\\p{N}'$%&]", "");
      text.append(' ').append(plain);
      if (dialect == Dialect.WHISPER_CPP) {
        // Tokens: the first begins with a space, the second goes on with the word.
        int half = (plain.length() + 1) / 2;
        double middle = (start + end) / 2;
        time(list.addObject().put("word", " " + plain.substring(0, half)), start, middle);
        time(list.addObject().put("word", plain.substring(half)), middle, end);
      } else {
        time(list.addObject().put("word", plain), start, end);
      }
    }
    answer.put("text", text.toString().strip());
    if (dialect == Dialect.WHISPER_CPP && answer.has("segments")) {
      ((ObjectNode) answer.path("segments").path(0))
          .put("no_speech_prob", heard.isEmpty() ? 0.93 : 0.01);
    }
    return ok(answer, number).build();
  }

  private static void time(ObjectNode word, double start, double end) {
    word.put("start", start).put("end", end);
  }

  private static String text(Map<String, ByteString> parts, String name) {
    ByteString part = parts.get(name);
    return part == null ? "" : part.utf8();
  }

  private Object completion(JsonNode request, @Nullable Fault fault, int number) {
    synchronized (requests) {
      requests.add(request);
    }
    JsonNode format = request.path("response_format");
    JsonNode jsonSchema = format.path("json_schema");
    JsonNode schema = jsonSchema.get("schema");
    if (dialect == Dialect.OPENAI && schema != null && jsonSchema.path("strict").asBoolean()) {
      String wrong = StrictSchema.problem(schema);
      if (wrong != null) {
        return error(
            400,
            "Invalid schema for response_format '"
                + jsonSchema.path("name").asText()
                + "': "
                + wrong,
            "invalid_request_error",
            null,
            number);
      }
    }
    StringBuilder prompt = new StringBuilder();
    for (JsonNode message : request.path("messages")) {
      prompt.append(message.path("content").asText()).append('\n');
    }
    prompt.delete(0, Math.max(0, prompt.length() - contextTokens * CHARS_PER_TOKEN));
    String content = author.write(jsonSchema.path("name").asText(""), schema, prompt.toString());
    if (fault == Fault.NONSENSE && schema != null) {
      content = Nonsense.of(schema).toString();
    }
    int most = Integer.MAX_VALUE / CHARS_PER_TOKEN;
    int limit =
        switch (dialect) {
          case OLLAMA -> request.path("max_tokens").asInt(most);
          case VLLM, LLAMA_CPP ->
              Math.min(
                  request.path("max_tokens").asInt(most),
                  request.path("max_completion_tokens").asInt(most));
          case OPENAI, WHISPER_CPP -> request.path("max_completion_tokens").asInt(most);
        };
    boolean cut =
        fault == Fault.TRUNCATED_JSON
            || (fault != Fault.NONSENSE && content.length() > (long) limit * CHARS_PER_TOKEN);
    if (cut) {
      content = content.substring(0, content.length() / 2);
    }
    ObjectNode answer = JSON.createObjectNode();
    answer.put("id", "chatcmpl-" + number);
    answer.put("object", "chat.completion");
    answer.put("created", 1_790_000_000L + number);
    answer.put("model", request.path("model").asText());
    ObjectNode choice = answer.putArray("choices").addObject();
    choice.put("index", 0);
    ObjectNode message = choice.putObject("message");
    message.put("role", "assistant");
    if (dialect == Dialect.OLLAMA) {
      message.put("reasoning", "The {source} comes first.");
    } else if (dialect == Dialect.VLLM || dialect == Dialect.LLAMA_CPP) {
      message.put("reasoning_content", "The {source} comes first.");
    }
    if (fault == Fault.REFUSAL) {
      message.putNull("content");
      message.put("refusal", "I can't help with that.");
      choice.put("finish_reason", "stop");
    } else {
      message.put("content", fault == Fault.CONTENT_FILTER ? "" : content);
      message.putNull("refusal");
      choice.put(
          "finish_reason",
          fault == Fault.CONTENT_FILTER ? "content_filter" : cut ? "length" : "stop");
    }
    usage(answer.putObject("usage"), request.path("messages"), prompt, content);
    return answer;
  }

  /** Prompt caching: a fixed first message of 1,024 tokens or more that was seen before. */
  private void usage(ObjectNode usage, JsonNode messages, CharSequence prompt, String content) {
    int promptTokens = prompt.length() / CHARS_PER_TOKEN;
    String first = messages.path(0).path("content").asText();
    int prefixTokens = first.length() / CHARS_PER_TOKEN;
    int cached = 0;
    synchronized (seenPrefixes) {
      boolean seen = !seenPrefixes.add(first);
      if (seen && countsEvaluated) {
        cached = prefixTokens;
      } else if (seen && prefixTokens >= LEAST_CACHED_TOKENS) {
        cached = prefixTokens / CACHED_BLOCK_TOKENS * CACHED_BLOCK_TOKENS;
      }
    }
    int completionTokens = content.length() / CHARS_PER_TOKEN;
    if (countsEvaluated) {
      usage.put("prompt_tokens", promptTokens - cached);
      usage.put("completion_tokens", completionTokens);
      return;
    }
    usage.put("prompt_tokens", promptTokens);
    usage.put("completion_tokens", completionTokens);
    usage.put("total_tokens", promptTokens + completionTokens);
    usage.putObject("prompt_tokens_details").put("cached_tokens", cached);
    usage.putObject("completion_tokens_details").put("reasoning_tokens", 0);
  }

  private ObjectNode models() {
    ObjectNode answer = JSON.createObjectNode();
    answer.put("object", "list");
    ArrayNode data = answer.putArray("data");
    if (dialect == Dialect.OLLAMA) {
      // With its tag, whatever it was fetched as.
      data.addObject()
          .put("id", "llama3.3:latest")
          .put("object", "model")
          .put("owned_by", "library");
      return answer;
    }
    for (String id : List.of("gpt-image-1", "gpt-4o-mini-tts", "whisper-1")) {
      data.addObject().put("id", id).put("object", "model").put("owned_by", "simulator");
    }
    data.addObject()
        .put("id", "writer-large")
        .put("object", "model")
        .put("owned_by", "simulator")
        .putNull("shutdown_date");
    data.addObject()
        .put("id", "writer-old")
        .put("object", "model")
        .put("owned_by", "simulator")
        .put("shutdown_date", "2027-01-14");
    for (String id : List.of("tts-old", "image-old", "moderation-old")) {
      data.addObject()
          .put("id", id)
          .put("object", "model")
          .put("owned_by", "simulator")
          .put("shutdown_date", "2027-01-15");
    }
    return answer;
  }

  /** Texts are flagged for what they name, pictures for being red all over. */
  private Object moderations(JsonNode request, @Nullable Fault fault) {
    JsonNode input = request.path("input");
    List<String> texts = new ArrayList<>();
    if (input.isTextual()) {
      texts.add(input.asText());
    } else {
      input.forEach(part -> texts.add(seen(part)));
    }
    synchronized (judged) {
      input.forEach(part -> judged.add(part.toString()));
    }
    ObjectNode answer = JSON.createObjectNode();
    answer.put("id", "modr-" + calls.get());
    answer.put("model", request.path("model").asText("omni-moderation-latest"));
    ArrayNode results = answer.putArray("results");
    if (fault == Fault.NONSENSE) {
      return answer;
    }
    for (String text : texts) {
      ObjectNode result = results.addObject();
      ObjectNode categories = JSON.createObjectNode();
      ObjectNode scores = JSON.createObjectNode();
      boolean flagged = false;
      for (String category : MODERATION_CATEGORIES) {
        // The simulator's own convention: a text is flagged for what it names, and scores in
        // between for what it hints at.
        String lower = text.toLowerCase(Locale.ROOT);
        boolean hit = lower.contains("simulate-" + category);
        categories.put(category, hit);
        scores.put(category, hit ? 0.97 : lower.contains("perhaps-" + category) ? 0.6 : 0.001);
        flagged |= hit;
      }
      result.put("flagged", flagged);
      result.set("categories", categories);
      result.set("category_scores", scores);
      judge.accept(result);
    }
    return answer;
  }

  private static String seen(JsonNode part) {
    String address = part.path("image_url").path("url").asText("");
    if (!address.startsWith("data:image/")) {
      return part.isTextual() ? part.asText() : part.path("text").asText("");
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(address.substring(address.indexOf(',') + 1));
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes));
      int middle = image.getRGB(image.getWidth() / 2, image.getHeight() / 2);
      int green = middle >> 8 & 0xFF;
      boolean warm = (middle >> 16 & 0xFF) > 180 && (middle & 0xFF) < 80;
      // Red is violent, orange perhaps.
      return !warm || green > 180
          ? ""
          : (green < 80 ? "simulate-" : "perhaps-") + "violence/graphic";
    } catch (IOException e) {
      return "";
    }
  }

  private static final List<String> MODERATION_CATEGORIES =
      List.of(
          "hate",
          "hate/threatening",
          "harassment",
          "harassment/threatening",
          "illicit",
          "illicit/violent",
          "self-harm",
          "self-harm/intent",
          "self-harm/instructions",
          "sexual",
          "sexual/minors",
          "violence",
          "violence/graphic");

  private MockResponse.Builder ok(JsonNode body, int number) {
    MockResponse.Builder builder =
        new MockResponse.Builder()
            .setHeader("Content-Type", "application/json")
            .setHeader("x-request-id", "req_" + number)
            .setHeader("x-ratelimit-limit-requests", "500")
            .setHeader("x-ratelimit-remaining-requests", "499")
            .setHeader("x-ratelimit-reset-requests", "120ms")
            .body(body.toString());
    return builder;
  }

  private static MockResponse error(
      int status, String message, String type, @Nullable String code, int number) {
    ObjectNode body = JSON.createObjectNode();
    ObjectNode error = body.putObject("error");
    error.put("message", message);
    error.put("type", type);
    error.putNull("param");
    error.put("code", code);
    return new MockResponse.Builder()
        .code(status)
        .setHeader("Content-Type", "application/json")
        .setHeader("x-request-id", "req_" + number)
        .body(body.toString())
        .build();
  }

  @Override
  public void close() {
    server.close();
  }
}
