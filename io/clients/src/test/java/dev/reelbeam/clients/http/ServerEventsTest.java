package dev.reelbeam.clients.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ServerEventsTest {
  /** Says something, then a message that is longer than anybody listens, then something again. */
  private static final class Talker extends WebSocketListener {
    private final int bytes;
    private final CountDownLatch ended = new CountDownLatch(1);

    Talker(int bytes) {
      this.bytes = bytes;
    }

    @Override
    public void onOpen(WebSocket socket, Response response) {
      boolean all =
          socket.send("{\"number\":1}")
              && socket.send(ByteString.of(new byte[bytes]))
              && socket.send("{\"number\":2}");
      assertThat(all).isTrue();
    }

    @Override
    public void onFailure(WebSocket socket, Throwable t, @Nullable Response response) {
      ended.countDown();
    }
  }

  private static @Nullable JsonNode second(int bytes, long mostBytes) throws Exception {
    try (MockWebServer server = new MockWebServer()) {
      Talker talker = new Talker(bytes);
      server.enqueue(new MockResponse.Builder().webSocketUpgrade(talker).build());
      server.start();
      ServerCalls calls =
          new ServerCalls(
              "talker",
              server.url("/").toString(),
              Secret.none(),
              "",
              "",
              new ProviderHttp(
                  "talker",
                  server.url("/").toString(),
                  Secret.none(),
                  CallPolicy.DEFAULT,
                  new OpenAiErrors()));
      try (ServerEvents events = new ServerEvents(calls, server.url("/ws"), mostBytes)) {
        JsonNode first = events.next(Duration.ofSeconds(20));
        assertThat(first).isNotNull();
        assertThat(first.path("number").asInt()).isEqualTo(1);
        if (bytes > mostBytes) {
          assertThat(talker.ended.await(20, TimeUnit.SECONDS)).isTrue();
          return events.next(Duration.ZERO);
        }
        return events.next(Duration.ofSeconds(20));
      }
    }
  }

  @Test
  void whoTalksWithoutEndIsNotListenedToAnyLonger() throws Exception {
    assertThat(second(100_000, 1_000_000)).isNotNull();
    assertThat(second(3_000_000, 1_000_000)).isNull();
  }
}
