package dev.reelbeam.clients.engagement;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.reelbeam.clients.http.ErrorReader.Meaning;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.json.RecordJson;
import java.util.Set;
import okhttp3.Headers;

/** Each platform's way of saying no. */
final class PlatformErrors {
  private static final Set<String> GOOGLE_DAY = Set.of("quotaExceeded", "dailyLimitExceeded");
  private static final Set<String> GOOGLE_RATE =
      Set.of("rateLimitExceeded", "userRateLimitExceeded");

  private PlatformErrors() {}

  static Meaning google(int status, Headers headers, String body) {
    JsonNode error = tree(body).path("error");
    String reason = error.path("errors").path(0).path("reason").asText("");
    String message = message(error.path("message"), body);
    if (GOOGLE_DAY.contains(reason)) {
      return new Meaning(FailureCode.PROVIDER_QUOTA, false, message);
    }
    if (GOOGLE_RATE.contains(reason)) {
      return new Meaning(FailureCode.PROVIDER_BUSY, true, message);
    }
    if (reason.equals("badRequest") && message.contains("identifier")) {
      return new Meaning(FailureCode.METRIC_UNSUPPORTED, false, message);
    }
    return byStatus(status, message);
  }

  /** Graph API: the number in the body says more than the status, which is often 400. */
  static Meaning graph(int status, Headers headers, String body) {
    JsonNode error = tree(body).path("error");
    String message = message(error.path("message"), body);
    int code = error.path("code").asInt(0);
    int subcode = error.path("error_subcode").asInt(0);
    boolean passing = error.path("is_transient").asBoolean(false);
    return switch (code) {
      case 190 -> new Meaning(FailureCode.TOKEN_EXPIRED, false, message);
      case 4, 17, 32, 613 -> new Meaning(FailureCode.PROVIDER_QUOTA, false, message);
      case 1, 2 -> new Meaning(FailureCode.PROVIDER_DOWN, true, message);
      case 10 -> new Meaning(FailureCode.PROVIDER_UNAUTHORIZED, false, message);
      case 100 ->
          new Meaning(
              subcode == 33
                  ? FailureCode.POST_MISSING
                  : message.contains("metric")
                      ? FailureCode.METRIC_UNSUPPORTED
                      : FailureCode.PROVIDER_REQUEST_INVALID,
              false,
              message);
      default ->
          code >= 200 && code < 300
              ? new Meaning(FailureCode.PROVIDER_UNAUTHORIZED, false, message)
              : passing
                  ? new Meaning(FailureCode.PROVIDER_DOWN, true, message)
                  : byStatus(status, message);
    };
  }

  /** TikTok: the code in the body decides, whatever the status. */
  static Meaning tikTok(int status, Headers headers, String body) {
    JsonNode error = tree(body).path("error");
    String message = message(error.path("message"), body);
    return switch (error.path("code").asText("")) {
      case "access_token_invalid" -> new Meaning(FailureCode.TOKEN_EXPIRED, false, message);
      case "scope_not_authorized", "scope_permission_missed" ->
          new Meaning(FailureCode.PROVIDER_UNAUTHORIZED, false, message);
      case "rate_limit_exceeded" -> new Meaning(FailureCode.PROVIDER_BUSY, true, message);
      case "internal_error" -> new Meaning(FailureCode.PROVIDER_DOWN, true, message);
      case "invalid_param", "invalid_params" ->
          new Meaning(
              message.startsWith("Field ")
                  ? FailureCode.METRIC_UNSUPPORTED
                  : FailureCode.PROVIDER_REQUEST_INVALID,
              false,
              message);
      default -> byStatus(status, message);
    };
  }

  /** X: {@code application/problem+json}, or an older list of errors. */
  static Meaning x(int status, Headers headers, String body) {
    JsonNode problem = tree(body);
    String type = problem.path("type").asText("");
    String message = message(problem.path("detail"), body);
    if (type.endsWith("/usage-capped")) {
      return new Meaning(FailureCode.PROVIDER_QUOTA, false, message);
    }
    return byStatus(status, message);
  }

  /** LinkedIn: limits are those of a day. */
  static Meaning linkedIn(int status, Headers headers, String body) {
    JsonNode error = tree(body);
    String message = message(error.path("message"), body);
    if (status == 429) {
      return new Meaning(FailureCode.PROVIDER_QUOTA, false, message);
    }
    if (status == 426) {
      return new Meaning(
          FailureCode.PROVIDER_REQUEST_INVALID, false, message + " (set a newer version)");
    }
    return byStatus(status, message);
  }

  private static Meaning byStatus(int status, String message) {
    boolean passing = status == 408 || status == 409 || status == 429 || status >= 500;
    FailureCode code =
        switch (status) {
          case 401 -> FailureCode.TOKEN_EXPIRED;
          case 403 -> FailureCode.PROVIDER_UNAUTHORIZED;
          case 404 -> FailureCode.POST_MISSING;
          case 400, 422 -> FailureCode.PROVIDER_REQUEST_INVALID;
          case 429 -> FailureCode.PROVIDER_BUSY;
          default -> status >= 500 ? FailureCode.PROVIDER_DOWN : FailureCode.PROVIDER_FAILED;
        };
    return new Meaning(code, passing, message);
  }

  private static JsonNode tree(String body) {
    try {
      return RecordJson.readTree(body);
    } catch (JsonProcessingException e) {
      // A proxy's page: its text is all there is.
      return MissingNode.getInstance();
    }
  }

  private static String message(JsonNode node, String body) {
    return node.isTextual() ? node.asText() : body;
  }
}
