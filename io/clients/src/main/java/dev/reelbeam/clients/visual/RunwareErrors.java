package dev.reelbeam.clients.visual;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.clients.http.ErrorReader;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.json.RecordJson;
import java.util.Locale;
import okhttp3.Headers;

/**
 * The errors of Runware: {@code {"errors": [{code, message, parameter, taskUUID}]}}, with an error
 * status or beside the data of other tasks.
 */
final class RunwareErrors implements ErrorReader {
  @Override
  public Meaning read(int status, Headers headers, String body) {
    try {
      JsonNode error = RecordJson.readTree(body).path("errors").path(0);
      if (error.isObject()) {
        return meaning(status, error);
      }
    } catch (JsonProcessingException e) {
      // A proxy's page: its text is all there is.
    }
    return new Meaning(
        byStatus(status), passing(status), body, ErrorReader.leavesOpen(status, /* own= */ false));
  }

  /** What the error of one task means. */
  static Meaning meaning(int status, JsonNode error) {
    String code = error.path("code").asText("").toLowerCase(Locale.ROOT);
    String message = error.path("message").asText(code);
    FailureCode failure = byStatus(status);
    if (code.contains("credit") || code.contains("balance")) {
      failure = FailureCode.PROVIDER_QUOTA;
    } else if (code.contains("apikey")) {
      failure = FailureCode.PROVIDER_UNAUTHORIZED;
    } else if (code.contains("nsfw") || code.contains("moderation") || code.contains("content")) {
      failure = FailureCode.PROVIDER_REFUSED;
    }
    boolean lasting =
        failure == FailureCode.PROVIDER_QUOTA
            || failure == FailureCode.PROVIDER_UNAUTHORIZED
            || failure == FailureCode.PROVIDER_REFUSED;
    return new Meaning(
        failure,
        passing(status) && !lasting,
        message,
        ErrorReader.leavesOpen(status, /* own= */ true));
  }

  private static boolean passing(int status) {
    return status == 408 || status == 429 || status >= 500;
  }

  private static FailureCode byStatus(int status) {
    return switch (status) {
      case 401, 403 -> FailureCode.PROVIDER_UNAUTHORIZED;
      case 402 -> FailureCode.PROVIDER_QUOTA;
      case 200, 400, 404, 422 -> FailureCode.PROVIDER_REQUEST_INVALID;
      case 429 -> FailureCode.PROVIDER_BUSY;
      case 408, 504, 524 -> FailureCode.PROVIDER_TIMEOUT;
      default -> status >= 500 ? FailureCode.PROVIDER_DOWN : FailureCode.PROVIDER_FAILED;
    };
  }
}
