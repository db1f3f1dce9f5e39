package dev.reelbeam.clients.http;

import dev.reelbeam.model.failure.FailureCode;
import okhttp3.Headers;

/** Reads a provider's way of saying no. */
@FunctionalInterface
public interface ErrorReader {
  /**
   * What an error reply means.
   *
   * @param code how it is numbered for the record
   * @param retry whether the same call may succeed soon
   * @param message the provider's own words, short
   * @param outcomeUnknown whether what was asked for may have been done nonetheless; matters for
   *     calls that are {@link Repeatable#ONLY_AFTER_AN_ANSWER}
   */
  record Meaning(FailureCode code, boolean retry, String message, boolean outcomeUnknown) {
    /** A reply that says that nothing was done. */
    public Meaning(FailureCode code, boolean retry, String message) {
      this(code, retry, message, /* outcomeUnknown= */ false);
    }
  }

  /**
   * Whether such a reply leaves open what was done: somebody between us and the provider lost
   * patience (408, 504, 524), or had trouble with it. A provider that says in its own words that it
   * failed has done nothing, and nobody behind a 503, or a server that was not reached, was asked.
   *
   * @param own whether the body is an error as the provider writes them
   */
  static boolean leavesOpen(int status, boolean own) {
    return lostPatience(status)
        || (status >= 500 && status != 503 && !reachedNobody(status) && !own);
  }

  /**
   * Whether a content network says that it found no server to hand the request to (Cloudflare's
   * 521, 522, 523, 525, 526 and 530).
   */
  static boolean reachedNobody(int status) {
    return (status >= 521 && status <= 523) || status == 525 || status == 526 || status == 530;
  }

  /** Whether somebody on the way waited for an answer, and no longer. */
  static boolean lostPatience(int status) {
    return status == 408 || status == 504 || status == 524;
  }

  /** The meaning of a reply that is not 2xx. */
  Meaning read(int status, Headers headers, String body);
}
