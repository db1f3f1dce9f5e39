package dev.reelbeam.simulators;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A speech model behind a server of one's own: Coqui's {@code tts-server}, {@code xtts-api-server},
 * {@code Chatterbox-TTS-Server}, or Bark behind the contract that our clients describe.
 *
 * <p>With the habits of each: Coqui takes forms and reads one text at a time, xtts-api-server makes
 * 500 of a language or a speaker that it does not know, Chatterbox is 503 while it loads its model,
 * 404 without the file of a voice and 24 kHz, Bark refuses what would last longer than it can.
 */
public final class ServedVoiceSimulator extends SimulatedServer {
  /** A voice that every one of them has. */
  public static final String VOICE = "Emily.wav";

  private static final List<String> VOICES = List.of(VOICE, "Olivia.wav");
  private static final List<String> LANGUAGES = List.of("en", "de", "fr", "es", "it");
  private static final int BARK_CHARS = 200;
  private static final Set<String> BARK_FIELDS = Set.of("text", "voice", "seed");

  /** Servers that differ. */
  public enum Server {
    COQUI,
    XTTS,
    CHATTERBOX,
    BARK
  }

  private final Server server;
  private final SimulatedVoice voice = new SimulatedVoice();
  private final AtomicInteger loading = new AtomicInteger();

  private ServedVoiceSimulator(Server server) {
    this.server = server;
  }

  /** Starts on a free port of this machine. */
  public static ServedVoiceSimulator start(Server server) throws IOException {
    ServedVoiceSimulator simulator = new ServedVoiceSimulator(server);
    simulator.begin();
    return simulator;
  }

  /** Base address. */
  public String baseUrl() {
    return address();
  }

  /** The next so many syntheses find the model not loaded yet; of Chatterbox. */
  public void loadingFor(int calls) {
    loading.set(calls);
  }

  @Override
  MockResponse answer(RecordedRequest request, int number) {
    String path = request.getUrl().encodedPath();
    boolean post = request.getMethod().equals("POST");
    return switch (server) {
      case COQUI -> post && path.equals("/api/tts") ? coqui(request) : missing();
      case XTTS ->
          switch (path) {
            case "/speakers_list" -> json(200, names());
            case "/languages" -> json(200, languages());
            case "/tts_to_audio/" -> post ? xtts(body(request)) : missing();
            default -> missing();
          };
      case CHATTERBOX ->
          switch (path) {
            case "/v1/audio/voices" -> {
              ObjectNode list = JSON.createObjectNode().put("status", "ok");
              list.set("voices", names());
              yield json(200, list);
            }
            case "/tts" -> post ? chatterbox(body(request)) : missing();
            default -> missing();
          };
      case BARK ->
          switch (path) {
            case "/voices" -> {
              ObjectNode list = JSON.createObjectNode();
              list.set("voices", names());
              yield json(200, list);
            }
            case "/generate" -> post ? bark(body(request)) : missing();
            default -> missing();
          };
    };
  }

  private static ArrayNode names() {
    ArrayNode names = JSON.createArrayNode();
    VOICES.forEach(names::add);
    return names;
  }

  private static ObjectNode languages() {
    ObjectNode list = JSON.createObjectNode();
    ObjectNode languages = list.putObject("languages");
    LANGUAGES.forEach(language -> languages.put("Language " + language, language));
    return list;
  }

  private MockResponse coqui(RecordedRequest request) {
    ByteString sent = request.getBody();
    Map<String, String> form = new HashMap<>();
    for (String pair : (sent == null ? "" : sent.utf8()).split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        form.put(
            pair.substring(0, equals),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return audio(form.getOrDefault("text", ""), 22_050, 1);
  }

  private MockResponse xtts(JsonNode body) {
    if (!VOICES.contains(body.path("speaker_wav").asText())
        || !LANGUAGES.contains(body.path("language").asText())) {
      return detail(500, "Error: speaker or language is not supported");
    }
    return audio(body.path("text").asText(""), 24_000, 1);
  }

  private MockResponse chatterbox(JsonNode body) {
    if (loading.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      return detail(503, "TTS engine model is not currently loaded or available.");
    }
    boolean clone = body.path("voice_mode").asText().equals("clone");
    String voiceId =
        body.path(clone ? "reference_audio_filename" : "predefined_voice_id").asText("");
    if (!clone && !VOICES.contains(voiceId)) {
      return detail(404, "Voice file '" + voiceId + "' not found.");
    }
    if (!body.path("output_format").asText("wav").equals("wav")) {
      return detail(400, "This simulator speaks wav.");
    }
    return audio(body.path("text").asText(""), 24_000, body.path("speed_factor").asDouble(1));
  }

  /** Takes what our contract says and nothing else: a field of another name is a mistake. */
  private MockResponse bark(JsonNode body) {
    for (Map.Entry<String, JsonNode> field : body.properties()) {
      if (!BARK_FIELDS.contains(field.getKey())) {
        return detail(400, field.getKey() + ": unknown");
      }
    }
    if (!VOICES.contains(body.path("voice").asText())) {
      return detail(404, "voice: not found");
    }
    if (!body.path("seed").isIntegralNumber()) {
      return detail(400, "seed: a whole number");
    }
    String text = body.path("text").asText("");
    if (text.length() > BARK_CHARS) {
      return detail(400, "text: at most " + BARK_CHARS + " characters");
    }
    return audio(text, 24_000, 1);
  }

  private MockResponse audio(String text, int sampleRate, double speed) {
    if (text.isBlank()) {
      return detail(400, "text is empty");
    }
    Fault fault = poll();
    MockResponse early = fault == null ? null : refusal(fault);
    if (early != null) {
      return early;
    }
    if (fault == Fault.JSON_FOR_AUDIO) {
      return json(200, JSON.createObjectNode().put("status", "queued"));
    }
    SimulatedVoice.Spoken spoken = voice.speak(text, sampleRate, speed);
    byte[] audio =
        fault == null
            ? SimulatedVoice.wav(spoken.samples(), spoken.sampleRate(), /* streamed= */ false)
            : SimulatedVoice.faulty(spoken, /* wav= */ true, fault);
    return new MockResponse.Builder()
        .setHeader("Content-Type", fault == Fault.OTHER_AUDIO ? "audio/mpeg" : "audio/wav")
        .body(new Buffer().write(audio))
        .build();
  }

  /** Faults that need no understanding of the request; null for those of the answer's content. */
  private static @Nullable MockResponse refusal(Fault fault) {
    return switch (fault) {
      case RATE_LIMIT_WITH_RETRY_AFTER, RATE_LIMIT -> detail(429, "Too many requests");
      case SERVER_ERROR -> detail(500, "Internal server error");
      case OVERLOADED -> detail(503, "Service unavailable");
      case CONNECTION_RESET, SILENCE, HTML_PAGE -> TransportFaults.of(fault);
      case BODY_CUT -> TransportFaults.cut("audio/wav", "RIFF" + "x".repeat(200_000));
      default -> null;
    };
  }

  private static MockResponse detail(int status, String message) {
    return json(status, JSON.createObjectNode().put("detail", message));
  }

  private static MockResponse missing() {
    return detail(404, "Not Found");
  }
}
