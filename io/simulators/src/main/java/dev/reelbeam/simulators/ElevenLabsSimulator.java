package dev.reelbeam.simulators;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A server that speaks ElevenLabs' text to speech with timestamps and its list of voices, as of
 * their published SDK of July 2026, with both shapes of its errors, its limits and its account of
 * characters.
 */
public final class ElevenLabsSimulator implements AutoCloseable {
  /** The voice that every account has. */
  public static final String VOICE = "21m00Tcm4TlvDq8ikWAM";

  private static final int A_MOMENT_MS = 40;
  private static final int LONGEST_WAIT_S = 30;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, Integer> MAX_CHARS =
      Map.of("eleven_v3", 3_000, "eleven_multilingual_v2", 10_000, "eleven_flash_v2_5", 40_000);

  /** Who can be told the language of a text; others refuse it. */
  private static final Set<String> TOLD_LANGUAGE =
      Set.of("eleven_v3", "eleven_flash_v2_5", "eleven_turbo_v2_5");

  /** What those of the version before the newest know. */
  private static final Set<String> LANGUAGES =
      Set.of(
          "ar", "bg", "cs", "da", "de", "el", "en", "es", "fi", "fil", "fr", "hi", "hr", "hu", "id",
          "it", "ja", "ko", "ms", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sv", "ta", "tr", "uk",
          "vi", "zh");

  /** Codes that the newest names otherwise. */
  private static final Set<String> NO_CODES = Set.of("nb", "nn");

  private static final Set<Double> V3_STABILITY = Set.of(0.0, 0.5, 1.0);
  private static final Map<String, String> SAID =
      Map.of(
          "$",
          "dollars ",
          "&",
          " and ",
          "0",
          " zero",
          "1",
          " one",
          "2",
          " two",
          "3",
          " three",
          "5",
          " five",
          "8",
          " eight");

  private static final Set<Fault> ANSWER_LOST =
      EnumSet.of(
          Fault.CONNECTION_RESET,
          Fault.SILENCE,
          Fault.BODY_CUT,
          Fault.HTML_PAGE,
          Fault.TRUNCATED_JSON);

  private final MockWebServer server = new MockWebServer();
  private final String key;
  private final SimulatedVoice voice = new SimulatedVoice();
  private final Map<String, String> voices = new TreeMap<>();

  /** Ids of those that were added after samples. */
  private final Set<String> cloned = new HashSet<>();

  private final Deque<Fault> faults = new ArrayDeque<>();
  private final Deque<Fault> faultsWhenAdding = new ArrayDeque<>();
  private final List<JsonNode> requests = new ArrayList<>();
  private final AtomicInteger calls = new AtomicInteger();
  private final Set<String> unlisted = new HashSet<>();
  private int charactersLeft = 1_000_000;

  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile int mostInFlight = Integer.MAX_VALUE;
  private volatile CountDownLatch refused = new CountDownLatch(0);
  private final AtomicInteger refusedInFlight = new AtomicInteger();
  private final AtomicInteger untimed = new AtomicInteger();

  private ElevenLabsSimulator(String key) {
    this.key = key;
    voices.put(VOICE, "Rachel");
    voices.put("AZnzlk1XvdvUeBnXmlld", "Domi");
    voices.put("EXAVITQu4vr4xnSDxMaL", "Bella");
  }

  /** Starts on a free port of this machine. */
  public static ElevenLabsSimulator start(String key) throws IOException {
    ElevenLabsSimulator simulator = new ElevenLabsSimulator(key);
    SimulatedServer.start(simulator.server, simulator::answer);
    return simulator;
  }

  /** Base address, without a version. */
  public String baseUrl() {
    return SimulatedServer.address(server);
  }

  /** The next answers go wrong like this, one after the other. */
  public void next(Fault... faultsInOrder) {
    synchronized (faults) {
      faults.addAll(List.of(faultsInOrder));
    }
  }

  /**
   * The next voices that are added go wrong like this. When the answer is what goes wrong, the
   * voice is added nonetheless.
   */
  public void nextWhenAdding(Fault... faultsInOrder) {
    synchronized (faults) {
      faultsWhenAdding.addAll(List.of(faultsInOrder));
    }
  }

  /** How many characters the account may still turn into speech. */
  public synchronized void charactersLeft(int characters) {
    charactersLeft = characters;
  }

  /** From now on no model takes this code of a language. */
  public synchronized void unlist(String language) {
    unlisted.add(language);
  }

  /**
   * What the account's plan allows at once: more are refused. Each takes a moment, so that a client
   * shows how many it sends.
   */
  public void parallel(int most) {
    mostInFlight = most;
  }

  /** The same, and nobody is answered before somebody was refused, or for half a minute. */
  public void parallelUntilRefused(int most) {
    parallel(most);
    refused = new CountDownLatch(1);
  }

  /** How many were refused because too many were in flight. */
  public int refusedInFlight() {
    return refusedInFlight.get();
  }

  /** The next answers with audio have no times: {@code "alignment": null}. */
  public void nextWithoutTimes(int answers) {
    untimed.set(answers);
  }

  /** Bodies of the requests for speech so far, in order. */
  public List<JsonNode> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  /** Names of the voices of the account, one for each voice. */
  public synchronized List<String> voiceNames() {
    return List.copyOf(voices.values());
  }

  /** Calls of any kind so far. */
  public int calls() {
    return calls.get();
  }

  private MockResponse answer(RecordedRequest request) {
    int number = calls.incrementAndGet();
    if (!key.equals(request.getHeaders().get("xi-api-key"))) {
      return error(401, "invalid_api_key", "Invalid API key", number);
    }
    List<String> path = request.getUrl().pathSegments();
    boolean adds = path.equals(List.of("v1", "voices", "add"));
    Fault fault;
    synchronized (faults) {
      fault = adds && !faultsWhenAdding.isEmpty() ? faultsWhenAdding.poll() : faults.poll();
    }
    MockResponse early = fault == null ? null : refusal(fault, number);
    if (early != null) {
      if (adds && ANSWER_LOST.contains(fault)) {
        // What was asked for is done; nobody learns of it.
        MockResponse unused = added(request, number);
      }
      return early;
    }
    if (path.equals(List.of("v1", "user", "subscription"))) {
      return ok(
          JSON.createObjectNode()
              .put("tier", "starter")
              .put("character_count", 4_000)
              .put("character_limit", 30_000),
          number);
    }
    if (path.equals(List.of("v2", "voices"))) {
      return voices(request, number);
    }
    if (adds) {
      return added(request, number);
    }
    boolean speech =
        path.size() == 4
            && path.subList(0, 2).equals(List.of("v1", "text-to-speech"))
            && path.get(3).equals("with-timestamps");
    return speech
        ? withinThePlan(path.get(2), request, fault, number)
        : error(404, "not_found", "Not Found", number);
  }

  private MockResponse withinThePlan(
      String voiceId, RecordedRequest request, @Nullable Fault fault, int number) {
    try {
      if (inFlight.incrementAndGet() > mostInFlight) {
        refusedInFlight.incrementAndGet();
        refused.countDown();
        return error(429, "too_many_concurrent_requests", "Too many concurrent requests.", number);
      }
      if (mostInFlight < Integer.MAX_VALUE) {
        Thread.sleep(A_MOMENT_MS);
      }
      if (!refused.await(LONGEST_WAIT_S, TimeUnit.SECONDS)) {
        return error(503, "unavailable", "Nobody else came.", number);
      }
      return speech(voiceId, request, fault, number);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return error(503, "unavailable", "Shutting down.", number);
    } finally {
      inFlight.decrementAndGet();
    }
  }

  private synchronized MockResponse added(RecordedRequest request, int number) {
    Map<String, ByteString> parts = FormParts.of(request);
    ByteString name = parts.get("name");
    if (name == null || !parts.containsKey("files")) {
      return error(400, "invalid_request", "name and files are required", number);
    }
    String id = "cloned" + voices.size();
    voices.put(id, name.utf8());
    cloned.add(id);
    return ok(
        JSON.createObjectNode().put("voice_id", id).put("requires_verification", false), number);
  }

  /** Pages of one, so that a client shows that it turns them. */
  private synchronized MockResponse voices(RecordedRequest request, int number) {
    String token = request.getUrl().queryParameter("next_page_token");
    int page = token == null ? 0 : Integer.parseInt(token);
    String search = request.getUrl().queryParameter("search");
    String wanted = search == null ? "" : search.toLowerCase(Locale.ROOT);
    List<String> ids =
        voices.keySet().stream()
            .filter(id -> String.valueOf(voices.get(id)).toLowerCase(Locale.ROOT).contains(wanted))
            .toList();
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode listed = answer.putArray("voices");
    if (page < ids.size()) {
      ObjectNode one = listed.addObject();
      one.put("voice_id", ids.get(page)).put("name", voices.get(ids.get(page)));
      one.put("category", cloned.contains(ids.get(page)) ? "cloned" : "premade");
      one.putObject("labels").put("language", "en");
    }
    answer.put("has_more", page + 1 < ids.size()).put("total_count", ids.size());
    if (page + 1 < ids.size()) {
      answer.put("next_page_token", String.valueOf(page + 1));
    } else {
      answer.putNull("next_page_token");
    }
    return ok(answer, number);
  }

  private synchronized MockResponse speech(
      String voiceId, RecordedRequest request, @Nullable Fault fault, int number) {
    JsonNode body;
    try {
      ByteString sent = request.getBody();
      body = JSON.readTree(sent == null ? "" : sent.utf8());
    } catch (JsonProcessingException e) {
      return unprocessable("body", "JSON decode error", number);
    }
    synchronized (requests) {
      requests.add(body);
    }
    String text = body.path("text").asText();
    String format = String.valueOf(request.getUrl().queryParameter("output_format"));
    JsonNode settings = body.path("voice_settings");
    if (text.isEmpty()) {
      return unprocessable("text", "Field required", number);
    }
    for (String share : List.of("stability", "similarity_boost", "style")) {
      if (settings.path(share).asDouble(0) < 0 || settings.path(share).asDouble(0) > 1) {
        return unprocessable(share, "Input should be less than or equal to 1", number);
      }
    }
    String model = body.path("model_id").asText();
    String language = body.path("language_code").asText("");
    boolean known = model.equals("eleven_v3") || LANGUAGES.contains(language);
    if (body.has("language_code")
        && (!TOLD_LANGUAGE.contains(model)
            || !known
            || NO_CODES.contains(language)
            || unlisted.contains(language))) {
      return error(
          400, "unsupported_language", model + " takes no language_code " + language, number);
    }
    if (model.equals("eleven_v3")) {
      if (body.has("previous_text") || body.has("next_text")) {
        return error(
            400, "unsupported_model", "previous_text is not yet supported with eleven_v3.", number);
      }
      if (!V3_STABILITY.contains(settings.path("stability").asDouble(0.5))) {
        return error(400, "invalid_ttd_stability", "Stability is one of 0, 0.5, 1.", number);
      }
    }
    if (!voices.containsKey(voiceId)) {
      return error(400, "voice_not_found", "A voice with this id was not found.", number);
    }
    if (text.length() > MAX_CHARS.getOrDefault(body.path("model_id").asText(), 10_000)) {
      return error(400, "max_character_limit_exceeded", "The text is longer than allowed.", number);
    }
    if (text.length() > charactersLeft) {
      return error(401, "quota_exceeded", "This request exceeds your quota.", number);
    }
    if (!format.matches("pcm_(8000|16000|22050|24000|32000|44100|48000)")) {
      return error(400, "unsupported_format", "This simulator sends pcm.", number);
    }
    charactersLeft -= text.length();
    int rate = Integer.parseInt(format.substring("pcm_".length()));
    SimulatedVoice.Spoken spoken = voice.speak(text, rate, settings.path("speed").asDouble(1));
    ObjectNode answer = JSON.createObjectNode();
    if (fault == Fault.JSON_FOR_AUDIO) {
      return ok(answer.put("status", "queued"), number);
    }
    byte[] audio =
        fault == Fault.AUDIO_CUT
            // What is left is too little for its text, which is all that shows in samples.
            ? SimulatedVoice.faulty(spoken, false, Fault.AUDIO_TOO_SHORT)
            : SimulatedVoice.faulty(spoken, false, fault);
    String base64 = Base64.getEncoder().encodeToString(audio);
    answer.put("audio_base64", fault == Fault.OTHER_AUDIO ? "\u0000no base64" : base64);
    if (untimed.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      answer.putNull("alignment").putNull("normalized_alignment");
    } else {
      ObjectNode sent = alignment(text, spoken, fault == Fault.NONSENSE);
      answer.set("alignment", sent);
      answer.set("normalized_alignment", normalized(sent));
    }
    return ok(answer, number);
  }

  /** Every character has its time, spaces too. */
  private static ObjectNode alignment(
      String text, SimulatedVoice.Spoken spoken, boolean backwards) {
    ObjectNode alignment = JSON.createObjectNode();
    ArrayNode characters = alignment.putArray("characters");
    ArrayNode starts = alignment.putArray("character_start_times_seconds");
    ArrayNode ends = alignment.putArray("character_end_times_seconds");
    int word = 0;
    double clock = 0;
    for (int i = 0; i < text.length(); i++) {
      while (word < spoken.words().size() && spoken.words().get(word).charEnd() <= i) {
        word++;
      }
      double start = clock;
      double end = clock;
      if (word < spoken.words().size() && spoken.words().get(word).charStart() <= i) {
        SimulatedVoice.Word at = spoken.words().get(word);
        double each = (at.endUs() - at.startUs()) / 1e6 / (at.charEnd() - at.charStart());
        start = at.startUs() / 1e6 + each * (i - at.charStart());
        end = start + each;
      }
      characters.add(text.substring(i, i + 1));
      starts.add(backwards ? 1_000 - start : start);
      ends.add(backwards ? 900 - end : end);
      clock = end;
    }
    return alignment;
  }

  /** Of what is said: numbers and signs in words, in the time that they take. */
  private static ObjectNode normalized(ObjectNode sent) {
    ObjectNode said = JSON.createObjectNode();
    ArrayNode characters = said.putArray("characters");
    ArrayNode starts = said.putArray("character_start_times_seconds");
    ArrayNode ends = said.putArray("character_end_times_seconds");
    for (int i = 0; i < sent.path("characters").size(); i++) {
      String character = sent.path("characters").path(i).asText();
      String words = SAID.getOrDefault(character, character);
      double start = sent.path("character_start_times_seconds").path(i).asDouble();
      double end = sent.path("character_end_times_seconds").path(i).asDouble();
      for (int at = 0; at < words.length(); at++) {
        characters.add(words.substring(at, at + 1));
        starts.add(start + (end - start) * at / words.length());
        ends.add(start + (end - start) * (at + 1) / words.length());
      }
    }
    return said;
  }

  /** Faults that need no understanding of the request; null for those of the answer's content. */
  private static @Nullable MockResponse refusal(Fault fault, int number) {
    return switch (fault) {
      case RATE_LIMIT_WITH_RETRY_AFTER ->
          error(429, "too_many_concurrent_requests", "Too many concurrent requests.", number)
              .newBuilder()
              .setHeader("Retry-After", "1")
              .build();
      case RATE_LIMIT -> error(429, "system_busy", "The system is busy, try again.", number);
      case EMPTY_WALLET -> error(401, "quota_exceeded", "This request exceeds your quota.", number);
      case SERVER_ERROR -> error(500, "internal_error", "Internal error.", number);
      case OVERLOADED -> error(503, "unavailable", "Service unavailable.", number);
      case WRONG_KEY -> error(401, "invalid_api_key", "Invalid API key", number);
      case FORBIDDEN -> error(403, "forbidden", "You are not authorized.", number);
      case FORBIDDEN_KEY -> error(403, "forbidden", "The API key is not valid.", number);
      case NO_SUCH_MODEL -> unprocessable("model_id", "Unknown model", number);
      case BODY_CUT ->
          TransportFaults.cut(
              "application/json", "{\"audio_base64\":\"" + "A".repeat(200_000) + "\"}");
      case TRUNCATED_JSON ->
          new MockResponse.Builder()
              .setHeader("Content-Type", "application/json")
              .body("{\"audio_base64\":\"AAAA")
              .build();
      // How it declines a text is not published.
      default -> TransportFaults.of(fault);
    };
  }

  private static MockResponse ok(ObjectNode body, int number) {
    return new MockResponse.Builder()
        .setHeader("Content-Type", "application/json")
        .setHeader("request-id", "el_" + number)
        .body(body.toString())
        .build();
  }

  private static MockResponse error(int status, String code, String message, int number) {
    ObjectNode body = JSON.createObjectNode();
    body.putObject("detail").put("status", code).put("message", message);
    return new MockResponse.Builder()
        .code(status)
        .setHeader("Content-Type", "application/json")
        .setHeader("request-id", "el_" + number)
        .body(body.toString())
        .build();
  }

  /** The other shape: a request that does not fit its schema. */
  private static MockResponse unprocessable(String field, String message, int number) {
    ObjectNode body = JSON.createObjectNode();
    ObjectNode first = body.putArray("detail").addObject();
    first.putArray("loc").add("body").add(field);
    first.put("msg", message).put("type", "value_error");
    return new MockResponse.Builder()
        .code(422)
        .setHeader("Content-Type", "application/json")
        .setHeader("request-id", "el_" + number)
        .body(body.toString())
        .build();
  }

  @Override
  public void close() {
    server.close();
  }
}
