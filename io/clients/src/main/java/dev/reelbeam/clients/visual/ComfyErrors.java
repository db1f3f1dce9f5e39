package dev.reelbeam.clients.visual;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.clients.http.ErrorReader;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.json.RecordJson;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Headers;

/**
 * The errors of ComfyUI: {@code {"error": {type, message, details}, "node_errors": {"3": {errors,
 * class_type}}}} about a workflow, plain text about the rest.
 */
final class ComfyErrors implements ErrorReader {
  private static final int MOST = 4;

  @Override
  public Meaning read(int status, Headers headers, String body) {
    boolean passing = status == 408 || status == 429 || status >= 500;
    FailureCode code =
        switch (status) {
          case 401, 403 -> FailureCode.PROVIDER_UNAUTHORIZED;
          case 400 -> FailureCode.WORKFLOW_INVALID;
          case 404 -> FailureCode.PROVIDER_REPLY_INVALID;
          case 429 -> FailureCode.PROVIDER_BUSY;
          default -> status >= 500 ? FailureCode.PROVIDER_DOWN : FailureCode.PROVIDER_FAILED;
        };
    return new Meaning(code, passing, message(body));
  }

  private static String message(String body) {
    JsonNode reply;
    try {
      reply = RecordJson.readTree(body);
    } catch (JsonProcessingException e) {
      return body;
    }
    List<String> parts = new ArrayList<>();
    JsonNode error = reply.path("error");
    parts.add(error.isTextual() ? error.asText() : error.path("message").asText("no reason"));
    for (JsonNode node : reply.path("node_errors")) {
      for (JsonNode each : node.path("errors")) {
        if (parts.size() < MOST) {
          parts.add(
              node.path("class_type").asText()
                  + ": "
                  + each.path("message").asText()
                  + " "
                  + each.path("details").asText());
        }
      }
    }
    return String.join("; ", parts);
  }
}
