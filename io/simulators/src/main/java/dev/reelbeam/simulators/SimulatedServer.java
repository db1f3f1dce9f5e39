package dev.reelbeam.simulators;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** What simulators of visuals have in common: a server, its faults, its latency, its count. */
abstract class SimulatedServer implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();

  private final MockWebServer server = new MockWebServer();
  private final Deque<Fault> faults = new ArrayDeque<>();
  private final List<JsonNode> requests = new ArrayList<>();
  private final AtomicInteger calls = new AtomicInteger();
  private volatile long latencyMs;

  final void begin() throws IOException {
    start(
        server,
        request -> {
          MockResponse response = answer(request, calls.incrementAndGet());
          return latencyMs == 0
              ? response
              : response.newBuilder().headersDelay(latencyMs, TimeUnit.MILLISECONDS).build();
        });
  }

  /** Starts a server on a free port of this machine. */
  static void start(MockWebServer server, Function<RecordedRequest, MockResponse> answers)
      throws IOException {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return answers.apply(request);
          }
        });
    server.setServerSocketFactory(new NewAddresses());
    server.start();
  }

  /** Address of a server without a path. */
  static String address(MockWebServer server) {
    return server.url("/").toString().replaceFirst("/$", "");
  }

  /** The answer to a request, before its latency. */
  abstract MockResponse answer(RecordedRequest request, int number);

  /** Address of the server without a path. */
  final String address() {
    return address(server);
  }

  /** The next answers go wrong like this, one after the other. */
  public final void next(Fault... faultsInOrder) {
    synchronized (faults) {
      faults.addAll(List.of(faultsInOrder));
    }
  }

  /** No more of the faults that were to come. */
  public final void clear() {
    synchronized (faults) {
      faults.clear();
    }
  }

  final @Nullable Fault poll() {
    synchronized (faults) {
      return faults.poll();
    }
  }

  /** How long an answer takes. */
  public final void latency(long millis) {
    latencyMs = millis;
  }

  /** Calls of any kind so far. */
  public final int calls() {
    return calls.get();
  }

  /** Bodies of the requests so far, in order. */
  public final List<JsonNode> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  /** The JSON of a request, kept for {@link #requests}; a missing node if it is none. */
  final JsonNode body(RecordedRequest request) {
    ByteString sent = request.getBody();
    try {
      JsonNode json = JSON.readTree(sent == null ? "" : sent.utf8());
      synchronized (requests) {
        requests.add(json);
      }
      return json;
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }

  static MockResponse json(int status, JsonNode body) {
    return new MockResponse.Builder()
        .code(status)
        .setHeader("Content-Type", "application/json")
        .body(body.toString())
        .build();
  }

  @Override
  public void close() {
    server.close();
  }
}
