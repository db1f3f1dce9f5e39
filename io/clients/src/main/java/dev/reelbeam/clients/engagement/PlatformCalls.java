package dev.reelbeam.clients.engagement;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.http.CallPolicy;
import dev.reelbeam.clients.http.ErrorReader;
import dev.reelbeam.clients.http.ProviderHttp;
import dev.reelbeam.clients.http.Repeatable;
import dev.reelbeam.clients.http.Reply;
import dev.reelbeam.clients.http.Secret;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.AccessTokens;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Calls one platform with its accounts' tokens; a token that is refused is renewed once. Reading is
 * repeated where it may help, as {@link ProviderHttp} does.
 */
final class PlatformCalls {
  private final String platform;
  private final String endpoint;
  private final AccessTokens tokens;
  private final CallPolicy policy;
  private final ErrorReader errors;

  PlatformCalls(
      String platform,
      String endpoint,
      AccessTokens tokens,
      CallPolicy policy,
      ErrorReader errors) {
    this.platform = platform;
    this.endpoint = endpoint;
    this.tokens = tokens;
    this.policy = policy;
    this.errors = errors;
  }

  String platform() {
    return platform;
  }

  /** Base address, without a slash at its end. */
  String endpoint() {
    return endpoint;
  }

  /**
   * Calls as an account.
   *
   * @param request made of the token
   */
  JsonNode call(String account, Function<String, Request> request) throws StageException {
    String token = tokens.token(platform, account);
    try {
      return once(account, token, request);
    } catch (StageException e) {
      if (e.code() != FailureCode.TOKEN_EXPIRED) {
        throw e;
      }
      String renewed = tokens.renewed(platform, account, token);
      if (renewed.equals(token)) {
        throw e;
      }
      return once(account, renewed, request);
    }
  }

  private JsonNode once(String account, String token, Function<String, Request> request)
      throws StageException {
    // Named by the account: all its tokens share one bound of calls, and messages never show them.
    String name = platform + "/" + account;
    Secret secret = Secret.ofAccount(name, token);
    Reply reply =
        new ProviderHttp(platform, endpoint, secret, policy, errors)
            .call(request.apply(secret.reveal()), Repeatable.YES);
    try {
      JsonNode tree = RecordJson.readTree(reply.text());
      if (tree.isObject()) {
        return tree;
      }
    } catch (JsonProcessingException e) {
      throw invalid("an answer that is no JSON", e);
    }
    throw invalid("JSON that is no object", null);
  }

  /** What an answer means that says no with a status of success. */
  StageException refused(ErrorReader.Meaning meaning) {
    return new StageException(
        meaning.code(), platform + " answered: " + meaning.message().replaceAll("\\s+", " "));
  }

  StageException invalid(String what, @Nullable Throwable cause) {
    return new StageException(
        FailureCode.PROVIDER_REPLY_INVALID, platform + " sent " + what, cause);
  }

  /** A list that an answer has to have. */
  JsonNode list(JsonNode reply, String name) throws StageException {
    JsonNode list = reply.path(name);
    if (!list.isArray()) {
      throw invalid("no list of " + name, null);
    }
    return list;
  }

  /**
   * A count, as a number or as digits; null when it is not there.
   *
   * @throws StageException {@code PROVIDER_REPLY_INVALID} when it is something else
   */
  @Nullable Long count(JsonNode node, String name) throws StageException {
    JsonNode value = node.path(name);
    return value.isMissingNode() || value.isNull() ? null : Long.valueOf(whole(value, name));
  }

  /** A value that has to be a whole number, or digits. */
  long whole(JsonNode value, String name) throws StageException {
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      return value.longValue();
    }
    try {
      if (value.isTextual()) {
        return Long.parseLong(value.asText().strip());
      }
      if (value.isNumber()) {
        return value.decimalValue().longValueExact();
      }
    } catch (NumberFormatException | ArithmeticException e) {
      throw invalid(name + " that is no whole number", e);
    }
    throw invalid(name + " that is no whole number", null);
  }

  /** Answers as they came, for whoever doubts a figure. */
  static final class Raw {
    private final ObjectNode root = RecordJson.newObject();
    private final ArrayNode replies;

    Raw(String platform, long nowMs) {
      replies = root.put("platform", platform).put("fetched_at_ms", nowMs).putArray("replies");
    }

    JsonNode add(String call, JsonNode reply) {
      replies.addObject().put("call", call).set("body", reply);
      return reply;
    }

    /** Calls that were answered. */
    int calls() {
      return replies.size();
    }

    byte[] bytes() {
      return root.toString().getBytes(StandardCharsets.UTF_8);
    }
  }
}
