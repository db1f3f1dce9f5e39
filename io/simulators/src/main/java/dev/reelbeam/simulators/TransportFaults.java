package dev.reelbeam.simulators;

import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.jspecify.annotations.Nullable;

/** What goes wrong on the way, whatever is spoken over it. */
final class TransportFaults {
  private static final int ENDLESS = 16_000_000;

  private TransportFaults() {}

  /** The answer of a fault of the connection; null when the fault is one of the protocol. */
  static @Nullable MockResponse of(Fault fault) {
    return switch (fault) {
      case CONNECTION_RESET ->
          new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build();
      case SILENCE -> new MockResponse.Builder().headersDelay(1, TimeUnit.HOURS).build();
      case ENDLESS_BODY ->
          body("application/json", "{\"filler\":\"" + "x".repeat(ENDLESS) + "\"}").build();
      case HTML_PAGE ->
          body("text/html", "<html><body>Please sign in to the network.</body></html>").build();
      case GATEWAY_TIMEOUT ->
          body("text/html", "<html><body><h1>504 Gateway Time-out</h1></body></html>")
              .code(504)
              .build();
      case BAD_GATEWAY ->
          body("text/html", "<html><body><h1>502 Bad Gateway</h1></body></html>").code(502).build();
      default -> null;
    };
  }

  /** An answer that announces all of a body and breaks off in it. */
  static MockResponse cut(String contentType, String text) {
    return body(contentType, text).onResponseBody(new SocketEffect.CloseSocket()).build();
  }

  private static MockResponse.Builder body(String contentType, String text) {
    return new MockResponse.Builder().setHeader("Content-Type", contentType).body(text);
  }
}
