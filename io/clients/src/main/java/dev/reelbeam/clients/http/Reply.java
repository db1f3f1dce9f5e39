package dev.reelbeam.clients.http;

import java.nio.charset.StandardCharsets;
import okhttp3.Headers;

/**
 * What a provider answered with success.
 *
 * @param status 2xx, or 3xx for who asked to be told of redirects
 * @param requestId the provider's name for the call, for its support; empty if it gave none
 * @param attempts calls that it took
 */
public record Reply(int status, Headers headers, byte[] body, String requestId, int attempts) {
  /** The body as UTF-8. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** Media type without its parameters, in lower case; empty if there is none. */
  public String contentType() {
    String type = headers.get("Content-Type");
    return type == null
        ? ""
        : type.replaceFirst(";.*", "").strip().toLowerCase(java.util.Locale.ROOT);
  }
}
