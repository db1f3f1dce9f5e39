package dev.reelbeam.simulators;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;

/**
 * A server that speaks the Stable Diffusion WebUI's {@code txt2img} and its list of models: one
 * request holds its connection until the picture is there, and errors are those of FastAPI.
 */
public final class StableDiffusionSimulator extends SimulatedServer {
  private StableDiffusionSimulator() {}

  /** Starts on a free port of this machine. */
  public static StableDiffusionSimulator start() throws IOException {
    StableDiffusionSimulator simulator = new StableDiffusionSimulator();
    simulator.begin();
    return simulator;
  }

  /** Base address. */
  public String baseUrl() {
    return address();
  }

  @Override
  MockResponse answer(RecordedRequest request, int number) {
    Fault fault = poll();
    if (fault != null) {
      MockResponse refused = refusal(fault);
      if (refused != null) {
        return refused;
      }
    }
    return switch (request.getUrl().encodedPath()) {
      case "/sdapi/v1/sd-models" -> models();
      case "/sdapi/v1/txt2img" -> picture(body(request), fault);
      default -> json(404, JSON.createObjectNode().put("detail", "Not Found"));
    };
  }

  private static MockResponse models() {
    var models = JSON.createArrayNode();
    models.addObject().put("title", "simulated.safetensors").put("model_name", "simulated");
    return json(200, models);
  }

  private static MockResponse picture(JsonNode request, @Nullable Fault fault) {
    int width = request.path("width").asInt(512);
    int height = request.path("height").asInt(512);
    if (!request.path("prompt").isTextual() || width % 8 != 0 || height % 8 != 0) {
      ObjectNode body = JSON.createObjectNode();
      ObjectNode detail = body.putArray("detail").addObject();
      detail.putArray("loc").add("body").add("prompt");
      detail.put("msg", "field required").put("type", "value_error.missing");
      return json(422, body);
    }
    if (fault == Fault.TRUNCATED_JSON) {
      return new MockResponse.Builder()
          .setHeader("Content-Type", "application/json")
          .body("{\"images\":[\"AAAA")
          .build();
    }
    ObjectNode answer = JSON.createObjectNode();
    answer
        .putArray("images")
        .add(
            SimulatedPictures.base64(
                request.path("prompt").asText() + request.path("seed").asLong(),
                width,
                height,
                "png",
                fault));
    answer.putObject("parameters").put("steps", request.path("steps").asInt(20));
    // A string that holds JSON, as the real one sends it.
    answer.put("info", "{\"seed\": " + request.path("seed").asLong() + "}");
    return json(200, answer);
  }

  private static @Nullable MockResponse refusal(Fault fault) {
    return switch (fault) {
      case SERVER_ERROR ->
          json(500, JSON.createObjectNode().put("error", "OutOfMemoryError").put("detail", ""));
      case OVERLOADED -> json(503, JSON.createObjectNode().put("detail", "Service Unavailable"));
      case RATE_LIMIT -> json(429, JSON.createObjectNode().put("detail", "Too Many Requests"));
      case RATE_LIMIT_WITH_RETRY_AFTER ->
          json(429, JSON.createObjectNode().put("detail", "Too Many Requests"))
              .newBuilder()
              .setHeader("Retry-After", "1")
              .build();
      case WRONG_KEY -> json(401, JSON.createObjectNode().put("detail", "Incorrect credentials"));
      case BODY_CUT ->
          TransportFaults.cut("application/json", "{\"images\":[\"" + "A".repeat(200_000) + "\"]}");
      default -> TransportFaults.of(fault);
    };
  }
}
