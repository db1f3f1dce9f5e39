package dev.reelbeam.clients.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeenObjectsTest {
  private final SeenObjects seen = new SeenObjects();

  @Test
  void whatIsSmallIsKeptAndNobodyChangesIt() {
    seen.saw("a", new byte[] {1, 2});
    byte[] first = seen.content("a");
    first[0] = 9;

    assertThat(seen.isThere("a")).isTrue();
    assertThat(seen.content("a")).containsExactly(1, 2);
    assertThat(seen.content("b")).isNull();
  }

  @Test
  void whatIsLargeIsOnlyKnownToBeThere() {
    seen.saw("large", new byte[1 << 20]);

    assertThat(seen.isThere("large")).isTrue();
    assertThat(seen.content("large")).isNull();
  }

  @Test
  void theOldestGoFirstAndWhatWasReadLastStays() {
    seen.saw("first", new byte[100_000]);
    for (int i = 0; i < 160; i++) {
      seen.saw("more-" + i, new byte[100_000]);
      assertThat(seen.content("first")).hasSize(100_000);
    }
    for (int i = 160; i < 400; i++) {
      seen.saw("more-" + i, new byte[100_000]);
    }

    assertThat(seen.content("first")).isNull();
    assertThat(seen.content("more-399")).hasSize(100_000);
    assertThat(seen.isThere("first")).isTrue();
  }

  @Test
  void whatIsMissedIsForgotten() {
    seen.saw("a", new byte[] {1});
    seen.missed("a");

    assertThat(seen.isThere("a")).isFalse();
    assertThat(seen.content("a")).isNull();
  }
}
