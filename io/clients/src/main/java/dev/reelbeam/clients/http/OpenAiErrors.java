package dev.reelbeam.clients.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.json.RecordJson;
import java.util.Set;
import okhttp3.Headers;

/**
 * The errors of OpenAI and of servers that speak like it: {@code {"error": {message, type, param,
 * code}}}, or {@code {"detail": ...}} from servers that are built on FastAPI.
 *
 * <p>The status alone does not decide: 429 is a rate limit, which passes, or an empty wallet, which
 * does not. An error that is not in these words comes from a gateway in between, and the work may
 * go on behind it ({@link ErrorReader#leavesOpen}).
 */
public final class OpenAiErrors implements ErrorReader {
  private static final Set<String> WALLET =
      Set.of(
          "insufficient_quota",
          "credit_balance_exhausted",
          "billing_hard_limit_reached",
          "billing_not_active");

  @Override
  public Meaning read(int status, Headers headers, String body) {
    String message = body;
    String type = "";
    String code = "";
    boolean own = false;
    try {
      JsonNode reply = RecordJson.readTree(body);
      JsonNode error = reply.path("error");
      own = error.isTextual() || error.isObject() || reply.has("detail");
      if (error.isTextual()) {
        message = error.asText();
      } else if (error.isObject()) {
        message = error.path("message").asText();
        type = error.path("type").asText("");
        code = error.path("code").asText("");
      } else if (reply.has("detail")) {
        JsonNode detail = reply.path("detail");
        message = detail.isTextual() ? detail.asText() : detail.toString();
      }
    } catch (JsonProcessingException e) {
      // A proxy's page: its text is all there is.
    }
    if (WALLET.contains(type) || WALLET.contains(code) || code.contains("spend_limit")) {
      return new Meaning(FailureCode.PROVIDER_QUOTA, false, message);
    }
    String asked = headers.get("x-should-retry");
    boolean retry =
        asked == null
            ? status == 408 || status == 409 || status == 429 || status >= 500
            : Boolean.parseBoolean(asked);
    FailureCode failure =
        switch (status) {
          case 401, 403 -> FailureCode.PROVIDER_UNAUTHORIZED;
          case 400, 404, 422 ->
              code.contains("content_policy")
                      || code.contains("content_filter")
                      || code.equals("moderation_blocked")
                  ? FailureCode.PROVIDER_REFUSED
                  : FailureCode.PROVIDER_REQUEST_INVALID;
          case 429 -> FailureCode.PROVIDER_BUSY;
          case 408, 504, 524 -> FailureCode.PROVIDER_TIMEOUT;
          default -> status >= 500 ? FailureCode.PROVIDER_DOWN : FailureCode.PROVIDER_FAILED;
        };
    return new Meaning(
        failure,
        retry,
        message,
        /* outcomeUnknown= */ !Boolean.parseBoolean(asked) && ErrorReader.leavesOpen(status, own));
  }
}
