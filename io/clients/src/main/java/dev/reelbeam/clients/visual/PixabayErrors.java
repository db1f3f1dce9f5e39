package dev.reelbeam.clients.visual;

import dev.reelbeam.clients.http.ErrorReader;
import dev.reelbeam.model.failure.FailureCode;
import java.util.Locale;
import okhttp3.Headers;

/**
 * The errors of Pixabay: a line of plain text. A wrong key comes as 400, like a wrong parameter.
 */
final class PixabayErrors implements ErrorReader {
  @Override
  public Meaning read(int status, Headers headers, String body) {
    boolean passing = status == 408 || status == 429 || status >= 500;
    boolean key = body.toLowerCase(Locale.ROOT).contains("api key");
    FailureCode code =
        switch (status) {
          case 401, 403 -> FailureCode.PROVIDER_UNAUTHORIZED;
          case 400 ->
              key ? FailureCode.PROVIDER_UNAUTHORIZED : FailureCode.PROVIDER_REQUEST_INVALID;
          case 404, 422 -> FailureCode.PROVIDER_REQUEST_INVALID;
          case 429 -> FailureCode.PROVIDER_BUSY;
          default -> status >= 500 ? FailureCode.PROVIDER_DOWN : FailureCode.PROVIDER_FAILED;
        };
    return new Meaning(code, passing, body);
  }
}
