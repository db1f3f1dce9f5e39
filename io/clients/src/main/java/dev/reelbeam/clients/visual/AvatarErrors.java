package dev.reelbeam.clients.visual;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.clients.http.ErrorReader;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.json.RecordJson;
import java.util.Locale;
import okhttp3.Headers;

/**
 * The errors of D-ID ({@code {kind, description}}), HeyGen ({@code {"error": {code, message}}}) and
 * Synthesia ({@code {"error": "…", "context": "…"}}). 451 is D-ID's word for what it declines.
 *
 * <p>What is ordered here is dear, and these services stand behind gateways: 500, 502 and 504 do
 * not say that nothing was ordered. 429 and 503 do.
 */
final class AvatarErrors implements ErrorReader {
  @Override
  public Meaning read(int status, Headers headers, String body) {
    String message = body;
    String kind = "";
    try {
      JsonNode reply = RecordJson.readTree(body);
      JsonNode error = reply.path("error");
      kind = reply.path("kind").asText(error.path("code").asText(""));
      if (error.isObject()) {
        message = error.path("message").asText(kind);
      } else if (error.isTextual()) {
        message = error.asText() + " " + reply.path("context").asText("");
      } else if (reply.has("description")) {
        message = kind + ": " + reply.path("description").asText();
      }
    } catch (JsonProcessingException e) {
      // A proxy's page: its text is all there is.
    }
    String small = kind.toLowerCase(Locale.ROOT);
    if (status == 451 || small.contains("moderation")) {
      return new Meaning(FailureCode.PROVIDER_REFUSED, false, message);
    }
    if (status == 402 || small.contains("credit") || small.contains("quota")) {
      return new Meaning(FailureCode.PROVIDER_QUOTA, false, message);
    }
    boolean passing = status == 408 || status == 429 || status >= 500;
    FailureCode code =
        switch (status) {
          case 401, 403 -> FailureCode.PROVIDER_UNAUTHORIZED;
          case 400, 404, 413, 415, 422 -> FailureCode.PROVIDER_REQUEST_INVALID;
          case 429 -> FailureCode.PROVIDER_BUSY;
          default -> status >= 500 ? FailureCode.PROVIDER_DOWN : FailureCode.PROVIDER_FAILED;
        };
    return new Meaning(
        code,
        passing,
        message,
        /* outcomeUnknown= */ ErrorReader.leavesOpen(status, /* own= */ false));
  }
}
