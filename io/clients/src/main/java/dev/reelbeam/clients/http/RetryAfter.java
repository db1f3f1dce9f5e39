package dev.reelbeam.clients.http;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import okhttp3.Headers;

/**
 * How long a provider asks to be left alone: {@code retry-after-ms}, else {@code Retry-After} in
 * seconds, whole or not, or as a date (RFC 9110, section 10.2.3).
 */
final class RetryAfter {
  /** A third of a year: who asks for more has made a mistake, and wants to be left alone. */
  private static final Duration LONGEST = Duration.ofSeconds(10_000_000);

  private RetryAfter() {}

  /** Zero if it says nothing that can be understood. */
  static Duration of(Headers headers) {
    return of(headers, Instant.now());
  }

  static Duration of(Headers headers, Instant now) {
    String millis = headers.get("retry-after-ms");
    if (millis != null) {
      return seconds(millis, 0.001);
    }
    String value = headers.get("Retry-After");
    if (value == null) {
      return Duration.ZERO;
    }
    try {
      Instant until =
          ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return until.isAfter(now.plus(LONGEST))
          ? LONGEST
          : until.isAfter(now) ? Duration.between(now, until) : Duration.ZERO;
    } catch (DateTimeParseException e) {
      return seconds(value, 1);
    }
  }

  private static Duration seconds(String text, double unit) {
    try {
      double value = Double.parseDouble(text.strip()) * unit;
      return value > 0
          ? Duration.ofMillis((long) (Math.min(value, LONGEST.toSeconds()) * 1000))
          : Duration.ZERO;
    } catch (NumberFormatException e) {
      return Duration.ZERO;
    }
  }
}
