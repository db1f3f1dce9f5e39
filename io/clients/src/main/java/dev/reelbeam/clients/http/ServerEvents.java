package dev.reelbeam.clients.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.model.json.RecordJson;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server tells over a WebSocket, as JSON. Nothing may depend on its coming: a socket that
 * does not open, or ends, is quiet, and whoever listens asks by other means now and then. What is
 * no JSON is left out, pictures for instance. One that says more than {@value #MOST_BYTES} bytes is
 * not listened to any longer: OkHttp keeps a whole message, however long it is.
 */
public final class ServerEvents implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ServerEvents.class);

  /** More than this is not kept for a listener that is slow; what is lost is asked for. */
  private static final int MOST_WAITING = 2_000;

  private static final long MOST_BYTES = 64_000_000;
  private static final int LONGEST_TEXT = 1_000_000;
  private static final Duration PING = Duration.ofSeconds(20);

  private final BlockingQueue<JsonNode> events = new LinkedBlockingQueue<>(MOST_WAITING);
  private final WebSocket socket;

  /**
   * Begins to listen.
   *
   * @param url of the socket, with {@code http} or {@code https}
   */
  public ServerEvents(ServerCalls calls, HttpUrl url) {
    this(calls, url, MOST_BYTES);
  }

  ServerEvents(ServerCalls calls, HttpUrl url, long mostBytes) {
    OkHttpClient client =
        ProviderHttp.BASE
            .newBuilder()
            .pingInterval(PING)
            .followRedirects(false)
            .socketFactory(new BoundedSockets(mostBytes))
            // A connection of others has not been counted.
            .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
            .build();
    socket =
        client.newWebSocket(
            calls.request(url).build(),
            new WebSocketListener() {
              @Override
              public void onMessage(WebSocket from, String text) {
                take(text);
              }

              @Override
              public void onFailure(WebSocket from, Throwable t, @Nullable Response response) {
                log.debug("{}: its socket ended: {}", calls.name(), t.getClass().getSimpleName());
              }
            });
  }

  private void take(String text) {
    if (text.length() > LONGEST_TEXT) {
      return;
    }
    try {
      boolean unused = events.offer(RecordJson.readTree(text));
    } catch (JsonProcessingException e) {
      // Not for us.
    }
  }

  /** The next event; null if none comes in time. */
  public @Nullable JsonNode next(Duration wait) throws InterruptedException {
    return events.poll(Math.max(0, wait.toMillis()), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    socket.cancel();
  }
}
