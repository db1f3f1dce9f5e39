package dev.reelbeam.clients.speech;

import dev.reelbeam.clients.http.ErrorReader;
import dev.reelbeam.model.failure.FailureCode;
import okhttp3.Headers;

/** The errors of a Piper server: pages of HTML, also for a request that it cannot read. */
final class PiperErrors implements ErrorReader {
  @Override
  public Meaning read(int status, Headers headers, String body) {
    String message = body.replaceAll("<[^>]*>", " ");
    if (status >= 500 || status == 408 || status == 429) {
      FailureCode code = status == 429 ? FailureCode.PROVIDER_BUSY : FailureCode.PROVIDER_DOWN;
      return new Meaning(code, true, message);
    }
    // 404 and 405 are how one dialect answers another.
    return new Meaning(FailureCode.PROVIDER_REQUEST_INVALID, false, message);
  }
}
