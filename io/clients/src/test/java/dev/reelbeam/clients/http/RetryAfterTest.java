package dev.reelbeam.clients.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;

class RetryAfterTest {
  private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");

  @Test
  void allFormsAreRead() {
    assertThat(of("Retry-After", "7")).isEqualTo(Duration.ofSeconds(7));
    assertThat(of("Retry-After", "1e99")).isEqualTo(Duration.ofSeconds(10_000_000));
    assertThat(of("Retry-After", "0.5")).isEqualTo(Duration.ofMillis(500));
    assertThat(of("Retry-After", "Sat, 28 Nov 2026 10:01:30 GMT"))
        .isEqualTo(Duration.ofSeconds(90));
    assertThat(of("Retry-After", "Sun, 29 Nov 2099 10:00:00 GMT"))
        .isEqualTo(Duration.ofSeconds(10_000_000));
    assertThat(RetryAfter.of(Headers.of("retry-after-ms", "250", "Retry-After", "9"), NOW))
        .isEqualTo(Duration.ofMillis(250));
  }

  @Test
  void whatMakesNoSenseIsNoPause() {
    assertThat(of("Retry-After", "soon")).isZero();
    assertThat(of("Retry-After", "-3")).isZero();
    assertThat(of("Retry-After", "NaN")).isZero();
    assertThat(of("Retry-After", "Sat, 28 Nov 2020 10:01:30 GMT")).isZero();
    assertThat(RetryAfter.of(Headers.of(), NOW)).isZero();
  }

  private static Duration of(String name, String value) {
    return RetryAfter.of(Headers.of(name, value), NOW);
  }
}
