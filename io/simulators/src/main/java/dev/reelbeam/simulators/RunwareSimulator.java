package dev.reelbeam.simulators;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;

/**
 * A server that speaks Runware's tasks over HTTP: arrays of task objects, data and errors in one
 * answer, results that can be asked for again by the task's number. How it names its errors is not
 * published in full.
 */
public final class RunwareSimulator extends SimulatedServer {
  private static final double DOLLARS = 0.0026;

  private final String key;
  private final Map<String, ObjectNode> done = new ConcurrentHashMap<>();
  private final AtomicInteger orders = new AtomicInteger();
  private final AtomicInteger slowLooks = new AtomicInteger();
  private volatile boolean silentOfUnknown;

  private RunwareSimulator(String key) {
    this.key = key;
  }

  /** Starts on a free port of this machine. */
  public static RunwareSimulator start(String key) throws IOException {
    RunwareSimulator simulator = new RunwareSimulator(key);
    simulator.begin();
    return simulator;
  }

  /** Base address, with the version. */
  public String baseUrl() {
    return address() + "/v1";
  }

  /** The next looks at finished tasks are told that they are still worked on. */
  public void slow(int looks) {
    slowLooks.set(looks);
  }

  /**
   * Looks at tasks that there are not get an empty list instead of an error: which of both it is,
   * is not published.
   */
  public void silentOfUnknownTasks(boolean silent) {
    silentOfUnknown = silent;
  }

  /** Pictures made so far: a number that is sent twice is two of them, and two bills. */
  public int made() {
    return orders.get();
  }

  @Override
  MockResponse answer(RecordedRequest request, int number) {
    Fault fault = poll();
    if (!("Bearer " + key).equals(request.getHeaders().get("Authorization"))
        || fault == Fault.WRONG_KEY) {
      return error(401, "invalidApiKey", "Invalid API key.");
    }
    if (fault != null
        && fault != Fault.BODY_CUT
        && fault != Fault.CONNECTION_RESET
        && fault != Fault.GATEWAY_TIMEOUT) {
      MockResponse refused = refusal(fault);
      if (refused != null) {
        return refused;
      }
    }
    JsonNode tasks = body(request);
    if (!tasks.isArray()) {
      return error(400, "invalidPayload", "The body is an array of tasks.");
    }
    ObjectNode answer = JSON.createObjectNode();
    for (JsonNode task : tasks) {
      String uuid = task.path("taskUUID").asText("");
      if (uuid.length() != 36) {
        error(answer, uuid, "invalidTaskUUID", "Invalid taskUUID.");
      } else if (task.path("taskType").asText().equals("getResponse")) {
        ObjectNode known = done.get(uuid);
        if (known == null && silentOfUnknown) {
          answer.withArray("data");
        } else if (known == null) {
          error(answer, uuid, "taskNotFound", "There is no such task.");
        } else if (slowLooks.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
          ObjectNode working = answer.withArray("data").addObject();
          working.put("taskType", "imageInference").put("taskUUID", uuid);
          working.put("status", "processing");
        } else {
          answer.withArray("data").add(known);
        }
      } else {
        make(task, uuid, fault, answer);
      }
    }
    if (fault == Fault.CONNECTION_RESET || fault == Fault.GATEWAY_TIMEOUT) {
      // What was made is made, although nobody hears of it.
      return java.util.Objects.requireNonNull(TransportFaults.of(fault));
    }
    return fault == Fault.BODY_CUT
        ? TransportFaults.cut("application/json", "{\"data\":[" + " ".repeat(200_000) + "]}")
        : json(200, answer);
  }

  private void make(JsonNode task, String uuid, @Nullable Fault fault, ObjectNode answer) {
    int width = task.path("width").asInt();
    int height = task.path("height").asInt();
    String prompt = task.path("positivePrompt").asText("");
    boolean fits = width % 64 == 0 && height % 64 == 0 && width <= 2_048 && height <= 2_048;
    if (!fits || prompt.length() < 2 || !task.path("model").asText().contains(":")) {
      error(answer, uuid, "invalidParameter", "Invalid model, prompt or size.");
      return;
    }
    if (fault == Fault.CONTENT_FILTER) {
      error(answer, uuid, "contentModerationFailed", "The prompt was declined.");
      return;
    }
    ObjectNode result = JSON.createObjectNode();
    result.put("taskType", "imageInference").put("taskUUID", uuid);
    result.put("imageUUID", "i-" + uuid).put("seed", task.path("seed").asLong());
    result.put(
        "imageBase64Data",
        SimulatedPictures.base64(prompt + task.path("seed"), width, height, "jpg", fault));
    result.put("NSFWContent", fault == Fault.REFUSAL);
    if (task.path("includeCost").asBoolean()) {
      result.put("cost", DOLLARS);
    }
    done.put(uuid, result);
    orders.incrementAndGet();
    answer.withArray("data").add(result);
  }

  private static @Nullable MockResponse refusal(Fault fault) {
    return switch (fault) {
      case RATE_LIMIT -> error(429, "rateLimitExceeded", "Too many requests.");
      case RATE_LIMIT_WITH_RETRY_AFTER ->
          error(429, "rateLimitExceeded", "Too many requests.")
              .newBuilder()
              .setHeader("Retry-After", "1")
              .build();
      case EMPTY_WALLET -> error(402, "insufficientCredits", "Your balance is too low.");
      case SERVER_ERROR -> error(500, "internalError", "Internal error.");
      case OVERLOADED -> error(503, "unavailable", "Service unavailable.");
      case NO_SUCH_MODEL -> error(400, "invalidModel", "There is no such model.");
      case TRUNCATED_JSON ->
          new MockResponse.Builder()
              .setHeader("Content-Type", "application/json")
              .body("{\"data\":[{\"taskUUID\":")
              .build();
      default -> TransportFaults.of(fault);
    };
  }

  private static MockResponse error(int status, String code, String message) {
    ObjectNode body = JSON.createObjectNode();
    error(body, "", code, message);
    return json(status, body);
  }

  private static void error(ObjectNode answer, String uuid, String code, String message) {
    ObjectNode error = answer.withArray("errors").addObject();
    error.put("code", code).put("message", message).put("taskUUID", uuid);
    error.put("taskType", "imageInference");
  }
}
