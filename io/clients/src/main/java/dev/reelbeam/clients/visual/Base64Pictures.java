package dev.reelbeam.clients.visual;

import dev.reelbeam.clients.http.ServerCalls;
import dev.reelbeam.model.failure.StageException;
import java.util.Base64;

/** Pictures that come as base64 inside JSON. */
final class Base64Pictures {
  private Base64Pictures() {}

  /**
   * The bytes of a picture.
   *
   * @throws StageException {@code PROVIDER_REPLY_INVALID} if there are none
   */
  static byte[] decode(String text, ServerCalls calls) throws StageException {
    // Some servers send a data URL.
    String base64 = text.startsWith("data:") ? text.substring(text.indexOf(',') + 1) : text;
    try {
      byte[] bytes = Base64.getDecoder().decode(base64);
      if (bytes.length > 0) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      throw calls.invalid("its picture is not base64");
    }
    throw calls.invalid("it sent no picture");
  }
}
