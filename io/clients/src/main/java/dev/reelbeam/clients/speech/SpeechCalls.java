package dev.reelbeam.clients.speech;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.clients.http.ProviderHttp;
import dev.reelbeam.clients.http.Repeatable;
import dev.reelbeam.clients.http.Reply;
import dev.reelbeam.clients.http.ServerCalls;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.util.Set;
import okhttp3.HttpUrl;
import okhttp3.Request;

/** The way to one server of speech, and what its replies have to be. */
record SpeechCalls(ServerCalls server) {
  /** Types under which servers send samples without a header. */
  private static final Set<String> RAW_TYPES =
      Set.of("audio/pcm", "audio/l16", "audio/raw", "audio/x-raw", "application/octet-stream");

  String name() {
    return server.name();
  }

  Repeatable work() {
    return server.work();
  }

  ProviderHttp http() {
    return server.http();
  }

  /** A call to a path under the base address. */
  Request.Builder request(String path) throws StageException {
    return request(url(path).build());
  }

  /** A call to an address under the base address, with the key. */
  Request.Builder request(HttpUrl url) {
    return server.request(url);
  }

  /** An address under the base address. */
  HttpUrl.Builder url(String path) throws StageException {
    return server.url(path);
  }

  /**
   * The WAV file that a reply has to be.
   *
   * @throws StageException {@code PROVIDER_REPLY_INVALID} saying what it is instead
   */
  PcmAudio wav(Reply reply) throws StageException {
    if (!PcmAudio.isWav(reply.body())) {
      throw invalid(ServerCalls.instead(reply) + " where a WAV file was asked for");
    }
    try {
      return PcmAudio.parseWav(reply.body());
    } catch (IOException e) {
      throw new StageException(
          FailureCode.PROVIDER_REPLY_INVALID,
          server.name() + " sent audio that cannot be used: " + e.getMessage(),
          e);
    }
  }

  /** The samples without a header that a reply has to be; a WAV file is taken, too. */
  PcmAudio raw(Reply reply, int sampleRate) throws StageException {
    if (PcmAudio.isWav(reply.body())) {
      return wav(reply);
    }
    if (!RAW_TYPES.contains(reply.contentType())) {
      throw invalid(ServerCalls.instead(reply) + " where samples were asked for");
    }
    return PcmAudio.ofRaw(reply.body(), sampleRate);
  }

  /** The JSON object that a reply has to be. */
  JsonNode json(Reply reply) throws StageException {
    return server.json(reply);
  }

  StageException invalid(String what) {
    return server.invalid(what);
  }
}
