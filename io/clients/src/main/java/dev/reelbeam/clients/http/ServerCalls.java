package dev.reelbeam.clients.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * Requests to one server and what its replies have to be.
 *
 * @param name of the provider, for messages
 * @param keyHeader header that carries the key; empty where it goes another way
 * @param keyPrefix what stands before it there
 * @param http everything else
 * @param orders what somebody is billed for, or works on, so within the limits of the settings: how
 *     an order gets on is asked for far more often
 */
public record ServerCalls(
    String name,
    String baseUrl,
    Secret key,
    String keyHeader,
    String keyPrefix,
    ProviderHttp http,
    ProviderHttp orders) {
  private static final MediaType JSON = MediaType.get("application/json");

  /** A server whose calls are all counted alike. */
  public ServerCalls(
      String name,
      String baseUrl,
      Secret key,
      String keyHeader,
      String keyPrefix,
      ProviderHttp http) {
    this(name, baseUrl, key, keyHeader, keyPrefix, http, http);
  }

  /** An address under the base address. */
  public HttpUrl.Builder url(String path) throws StageException {
    HttpUrl base = HttpUrl.parse(baseUrl);
    if (base == null) {
      throw new StageException(
          FailureCode.CONFIG_INVALID, "'" + baseUrl + "' is not an http address");
    }
    return path.isEmpty() ? base.newBuilder() : base.newBuilder().addPathSegments(path);
  }

  /** A call to an address under the base address, with the key. */
  public Request.Builder request(HttpUrl url) {
    Request.Builder request = new Request.Builder().url(url);
    if (key.present() && !keyHeader.isEmpty()) {
      request.header(keyHeader, keyPrefix + key.reveal());
    }
    return request;
  }

  /** Of work that somebody with a key is billed for, and somebody without one is not. */
  public Repeatable work() {
    return key.present() ? Repeatable.ONLY_AFTER_AN_ANSWER : Repeatable.YES;
  }

  /** Reads an address. */
  public Reply get(HttpUrl url) throws StageException {
    return http.call(request(url).get().build(), Repeatable.YES);
  }

  /** Sends JSON to a path; what may not be sent twice is an order. */
  public Reply post(String path, JsonNode body, Repeatable repeatable) throws StageException {
    ProviderHttp by = repeatable == Repeatable.YES ? http : orders;
    return by.call(
        request(url(path).build()).post(RequestBody.create(body.toString(), JSON)).build(),
        repeatable);
  }

  /** The JSON object that a reply has to be. */
  public JsonNode json(Reply reply) throws StageException {
    try {
      JsonNode json = RecordJson.readTree(reply.text());
      if (json != null && json.isObject()) {
        return json;
      }
    } catch (JsonProcessingException e) {
      // Told below.
    }
    throw invalid(instead(reply) + " where JSON was asked for");
  }

  /** What came, for messages. */
  public static String instead(Reply reply) {
    if (reply.body().length == 0) {
      return "it sent nothing";
    }
    return "it sent "
        + (reply.contentType().isEmpty() ? "something without a type" : reply.contentType());
  }

  /** A failure that says what is wrong with a reply. */
  public StageException invalid(String what) {
    return new StageException(FailureCode.PROVIDER_REPLY_INVALID, name + ": " + what);
  }
}
