package dev.reelbeam.clients.speech;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.clients.http.ProviderHttp;
import dev.reelbeam.clients.http.Reply;
import dev.reelbeam.clients.http.Secret;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import java.io.IOException;
import java.util.Set;
import okhttp3.HttpUrl;
import okhttp3.Request;

/**
 * The way to one server of speech, and what its replies have to be.
 *
 * @param name of the provider, for messages
 * @param keyHeader header that carries the key
 * @param keyPrefix what stands before it there
 */
record SpeechCalls(
    String name,
    String baseUrl,
    Secret key,
    String keyHeader,
    String keyPrefix,
    ProviderHttp http) {
  /** Types under which servers send samples without a header. */
  private static final Set<String> RAW_TYPES =
      Set.of("audio/pcm", "audio/l16", "audio/raw", "audio/x-raw", "application/octet-stream");

  /** A call to a path under the base address. */
  Request.Builder request(String path) throws StageException {
    return request(url(path).build());
  }

  /** A call to an address under the base address, with the key. */
  Request.Builder request(HttpUrl url) {
    Request.Builder request = new Request.Builder().url(url);
    if (key.present()) {
      request.header(keyHeader, keyPrefix + key.reveal());
    }
    return request;
  }

  /** An address under the base address. */
  HttpUrl.Builder url(String path) throws StageException {
    HttpUrl base = HttpUrl.parse(baseUrl);
    if (base == null) {
      throw new StageException(
          FailureCode.CONFIG_INVALID, "'" + baseUrl + "' is not an http address");
    }
    return base.newBuilder().addPathSegments(path);
  }

  /**
   * The WAV file that a reply has to be.
   *
   * @throws StageException {@code PROVIDER_REPLY_INVALID} saying what it is instead
   */
  PcmAudio wav(Reply reply) throws StageException {
    if (!PcmAudio.isWav(reply.body())) {
      throw invalid(instead(reply) + " where a WAV file was asked for");
    }
    try {
      return PcmAudio.parseWav(reply.body());
    } catch (IOException e) {
      throw new StageException(
          FailureCode.PROVIDER_REPLY_INVALID,
          name + " sent audio that cannot be used: " + e.getMessage(),
          e);
    }
  }

  /** The samples without a header that a reply has to be; a WAV file is taken, too. */
  PcmAudio raw(Reply reply, int sampleRate) throws StageException {
    if (PcmAudio.isWav(reply.body())) {
      return wav(reply);
    }
    if (!RAW_TYPES.contains(reply.contentType())) {
      throw invalid(instead(reply) + " where samples were asked for");
    }
    return PcmAudio.ofRaw(reply.body(), sampleRate);
  }

  /** The JSON object that a reply has to be. */
  JsonNode json(Reply reply) throws StageException {
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

  private static String instead(Reply reply) {
    if (reply.body().length == 0) {
      return "it sent nothing";
    }
    return "it sent "
        + (reply.contentType().isEmpty() ? "something without a type" : reply.contentType());
  }

  StageException invalid(String what) {
    return new StageException(FailureCode.PROVIDER_REPLY_INVALID, name + ": " + what);
  }
}
