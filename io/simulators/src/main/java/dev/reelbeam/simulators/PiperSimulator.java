package dev.reelbeam.simulators;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A Piper server in one of its three dialects. As the real ones do, it speaks with its own voice
 * when it does not know the one that was asked for, calls its audio HTML, lists voices by names
 * that are cut too short, and answers with a page of HTML and 500 when it cannot read a request.
 */
public final class PiperSimulator implements AutoCloseable {
  /** The voice that is installed. */
  public static final String VOICE = "en_US-lessac-medium";

  /** One that somebody trained; the server's list shortens its name. */
  public static final String CUSTOM_VOICE = "de_DE-johansson";

  /** What the server's framework says of everything, audio included. */
  private static final String HTML = "text/html; charset=utf-8";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Releases whose requests differ. */
  public enum Dialect {
    /** From 1.5.0 on: {@code POST /synthesize}; the root is a page. */
    SYNTHESIZE,
    /** 1.3.0 to 1.4.1: {@code POST /} with JSON. */
    ROOT_JSON,
    /** The archived line: {@code POST /} with plain text. */
    ROOT_TEXT
  }

  private final MockWebServer server = new MockWebServer();
  private final Dialect dialect;
  private final SimulatedVoice voice = new SimulatedVoice();
  private final Set<String> voices = new TreeSet<>(Set.of(VOICE, CUSTOM_VOICE));
  private final Deque<Fault> faults = new ArrayDeque<>();
  private final List<String> requests = new ArrayList<>();

  private PiperSimulator(Dialect dialect) {
    this.dialect = dialect;
  }

  /** Starts on a free port of this machine. */
  public static PiperSimulator start(Dialect dialect) throws IOException {
    PiperSimulator simulator = new PiperSimulator(dialect);
    SimulatedServer.start(simulator.server, simulator::answer);
    return simulator;
  }

  /** Base address. */
  public String baseUrl() {
    return SimulatedServer.address(server);
  }

  /** The next syntheses go wrong like this, one after the other. */
  public synchronized void next(Fault... faultsInOrder) {
    faults.addAll(List.of(faultsInOrder));
  }

  /** Bodies of the requests for speech so far, in order. */
  public synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  private synchronized MockResponse answer(RecordedRequest request) {
    String path = request.getUrl().encodedPath();
    boolean post = request.getMethod().equals("POST");
    if (path.equals("/voices") && dialect != Dialect.ROOT_TEXT) {
      ObjectNode list = JSON.createObjectNode();
      // It means to cut off ".onnx.json", and cuts off all of these letters.
      voices.forEach(id -> list.putObject(id.replaceAll("[.onxjs]+$", "")).put("num_speakers", 1));
      return new MockResponse.Builder()
          .setHeader("Content-Type", "application/json")
          .body(list.toString())
          .build();
    }
    if (path.equals("/") && dialect == Dialect.SYNTHESIZE) {
      return post ? page(405, "Method Not Allowed") : page(200, "Piper");
    }
    if (!post || !path.equals(dialect == Dialect.SYNTHESIZE ? "/synthesize" : "/")) {
      return page(404, "Not Found");
    }
    Fault fault = faults.poll();
    MockResponse early = fault == null ? null : refusal(fault);
    return early == null ? speech(request, fault) : early;
  }

  private MockResponse speech(RecordedRequest request, @Nullable Fault fault) {
    ByteString sent = request.getBody();
    String body = sent == null ? "" : sent.utf8();
    requests.add(body);
    String text = body;
    double speed = 1;
    if (dialect != Dialect.ROOT_TEXT) {
      try {
        JsonNode json = JSON.readTree(body);
        text = json.path("text").asText("");
        speed = 1 / json.path("length_scale").asDouble(1);
      } catch (JsonProcessingException e) {
        return page(500, "Internal Server Error");
      }
    }
    if (text.isBlank()) {
      return page(500, "Internal Server Error");
    }
    if (fault == Fault.JSON_FOR_AUDIO) {
      return new MockResponse.Builder()
          .setHeader("Content-Type", "application/json")
          .body("{\"status\":\"queued\"}")
          .build();
    }
    SimulatedVoice.Spoken spoken = voice.speak(text, 22_050, speed);
    byte[] audio =
        fault == null
            ? SimulatedVoice.wav(spoken.samples(), spoken.sampleRate(), /* streamed= */ false)
            : SimulatedVoice.faulty(spoken, /* wav= */ true, fault);
    return new MockResponse.Builder()
        .setHeader("Content-Type", fault == Fault.OTHER_AUDIO ? "audio/mpeg" : HTML)
        .body(new Buffer().write(audio))
        .build();
  }

  /** Faults that need no understanding of the request; null for those of the answer's content. */
  private static @Nullable MockResponse refusal(Fault fault) {
    return switch (fault) {
      case RATE_LIMIT_WITH_RETRY_AFTER, RATE_LIMIT -> page(429, "Too Many Requests");
      case SERVER_ERROR -> page(500, "Internal Server Error");
      case OVERLOADED -> page(503, "Service Unavailable");
      case CONNECTION_RESET, SILENCE, HTML_PAGE, GATEWAY_TIMEOUT, BAD_GATEWAY ->
          TransportFaults.of(fault);
      case BODY_CUT -> TransportFaults.cut("audio/wav", "RIFF" + "x".repeat(200_000));
      // It has no accounts, no keys, no models and no judgement.
      default -> null;
    };
  }

  private static MockResponse page(int status, String text) {
    return new MockResponse.Builder()
        .code(status)
        .setHeader("Content-Type", HTML)
        .body("<!doctype html><html><title>" + text + "</title><h1>" + text + "</h1></html>")
        .build();
  }

  @Override
  public void close() {
    server.close();
  }
}
