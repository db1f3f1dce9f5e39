package dev.reelbeam.clients.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OneForAllTest {
  private final List<String> told = new ArrayList<>();
  private final OneForAll<String, Object, RuntimeException> all =
      new OneForAll<>(
          key -> {
            told.add("open " + key);
            return new Object();
          },
          one -> told.add("close"));

  @Test
  void itIsOpenedOnceForAKeyAndEndsWithItsLastUser() {
    OneForAll<String, Object, RuntimeException>.Share first = all.share("a");
    OneForAll<String, Object, RuntimeException>.Share second = all.share("a");
    OneForAll<String, Object, RuntimeException>.Share other = all.share("b");
    assertThat(second.it()).isSameAs(first.it()).isNotSameAs(other.it());

    first.close();
    first.close();
    assertThat(told).containsExactly("open a", "open b");
    second.close();
    all.share("a");
    assertThat(told).containsExactly("open a", "open b", "close", "open a");
  }
}
