package dev.reelbeam.clients.speech;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.clients.http.ErrorReader;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.json.RecordJson;
import okhttp3.Headers;

/**
 * The errors of ElevenLabs: {@code {"detail": {status, message}}}, or a list of {@code {loc, msg}}
 * for a request that does not fit.
 *
 * <p>An empty wallet comes as 401, which is no matter of the key. 500, 502 and 504 do not say that
 * nothing was added to an account.
 */
final class ElevenLabsErrors implements ErrorReader {
  @Override
  public Meaning read(int status, Headers headers, String body) {
    String message = body;
    String code = "";
    try {
      JsonNode detail = RecordJson.readTree(body).path("detail");
      if (detail.isObject()) {
        message = detail.path("message").asText();
        code = detail.path("status").asText("");
      } else if (detail.isArray()) {
        JsonNode first = detail.path(0);
        message = first.path("loc").toString() + " " + first.path("msg").asText();
      } else if (detail.isTextual()) {
        message = detail.asText();
      }
    } catch (JsonProcessingException e) {
      // A proxy's page: its text is all there is.
    }
    FailureCode failure =
        switch (code) {
          case "quota_exceeded" -> FailureCode.PROVIDER_QUOTA;
          case "voice_not_found" -> FailureCode.VOICE_MISSING;
          case "max_character_limit_exceeded" -> FailureCode.PROVIDER_REQUEST_INVALID;
          default -> byStatus(status);
        };
    boolean passing = status == 408 || status == 409 || status == 429 || status >= 500;
    return new Meaning(
        failure,
        passing && failure != FailureCode.PROVIDER_QUOTA,
        message,
        // Characters are billed as they are spoken: its own 500 leaves it open, too.
        /* outcomeUnknown= */ ErrorReader.leavesOpen(status, /* own= */ false));
  }

  private static FailureCode byStatus(int status) {
    return switch (status) {
      case 401, 403 -> FailureCode.PROVIDER_UNAUTHORIZED;
      case 400, 404, 422 -> FailureCode.PROVIDER_REQUEST_INVALID;
      case 429 -> FailureCode.PROVIDER_BUSY;
      case 408, 504, 524 -> FailureCode.PROVIDER_TIMEOUT;
      default -> status >= 500 ? FailureCode.PROVIDER_DOWN : FailureCode.PROVIDER_FAILED;
    };
  }
}
