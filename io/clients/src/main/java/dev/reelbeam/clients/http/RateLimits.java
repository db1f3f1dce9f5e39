package dev.reelbeam.clients.http;

import java.time.Duration;
import java.time.Instant;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What replies say about the calls that are left: {@code X-RateLimit-Remaining} and {@code
 * X-RateLimit-Reset}, the latter in seconds from now or since 1970.
 */
final class RateLimits {
  /** No window is this long, so a larger number is a date. */
  private static final long LONGEST_WINDOW_SECONDS = 400L * 86_400;

  private RateLimits() {}

  /** Whether the reply says that it was the last one allowed. */
  static boolean usedUp(Headers headers) {
    return number(headers.get("X-RateLimit-Remaining")) == 0 && !untilReset(headers).isZero();
  }

  /** How long until the limit starts anew; zero if nobody says. */
  static Duration untilReset(Headers headers) {
    return untilReset(headers, Instant.now());
  }

  static Duration untilReset(Headers headers, Instant now) {
    long reset = number(headers.get("X-RateLimit-Reset"));
    if (reset <= 0) {
      return Duration.ZERO;
    }
    long seconds = reset > LONGEST_WINDOW_SECONDS ? reset - now.getEpochSecond() : reset;
    return seconds > 0 && seconds <= LONGEST_WINDOW_SECONDS
        ? Duration.ofSeconds(seconds)
        : Duration.ZERO;
  }

  private static long number(@Nullable String text) {
    try {
      return text == null ? -1 : Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
