package dev.reelbeam.pipelines.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OneForAllTest {
  private final List<String> told = new ArrayList<>();
  private final OneForAll<AutoCloseable> all =
      new OneForAll<>(
          folder -> {
            told.add("open " + folder);
            return () -> told.add("close " + folder);
          });

  @Test
  void itIsOpenedOnceForAFolderAndEndsWithItsLastUser() throws Exception {
    OneForAll<AutoCloseable>.Share first = all.share(Path.of("a"));
    OneForAll<AutoCloseable>.Share second = all.share(Path.of("a"));
    OneForAll<AutoCloseable>.Share other = all.share(Path.of("b"));
    assertThat(second.it()).isSameAs(first.it()).isNotSameAs(other.it());

    first.close();
    first.close();
    assertThat(told).containsExactly("open a", "open b");
    second.close();
    all.share(Path.of("a"));
    assertThat(told).containsExactly("open a", "open b", "close a", "open a");
  }
}
