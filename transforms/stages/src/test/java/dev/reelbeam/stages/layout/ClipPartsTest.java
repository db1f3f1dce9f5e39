package dev.reelbeam.stages.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ClipPartsTest {
  private static final long SECOND = 1_000_000;

  @Test
  void aLongerShotMovesNoOther() {
    List<Long> needed = List.of(3 * SECOND, 4 * SECOND, 2 * SECOND);
    List<Long> longer = List.of(3 * SECOND + 200_000, 4 * SECOND, 2 * SECOND);

    assertThat(ClipParts.starts(SECOND, 25 * SECOND, needed, true))
        .containsExactly(SECOND, 9 * SECOND, 17 * SECOND)
        .isEqualTo(ClipParts.starts(SECOND, 25 * SECOND, longer, true));
  }

  @Test
  void inAClipThatIsTooShortForThatOnePartFollowsTheOther() {
    List<Long> needed = List.of(5 * SECOND, 2 * SECOND, 2 * SECOND);

    assertThat(ClipParts.starts(0, 10 * SECOND, needed, false))
        .containsExactly(0L, 5 * SECOND, 7 * SECOND);
    assertThat(ClipParts.starts(0, 10 * SECOND, needed, true))
        .containsExactly(0L, 5_500_000L, 8 * SECOND);
    assertThat(ClipParts.starts(0, 6 * SECOND, needed, true))
        .as("it begins again")
        .containsExactly(0L, 0L, 2 * SECOND);
  }

  @Property
  void everyPartLiesWithinTheClipAndNoneShowsWhatAnotherDoesWhereThatCanBe(
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 400, max = 6000) Integer> shotsMs,
      @ForAll @LongRange(min = 6_000, max = 120_000) long lengthMs,
      @ForAll boolean spread) {
    List<Long> needed = new ArrayList<>();
    shotsMs.forEach(ms -> needed.add(ms * 1000L));

    List<Long> starts = ClipParts.starts(SECOND, SECOND + lengthMs * 1000, needed, spread);

    assertThat(starts).hasSameSizeAs(needed);
    long sum = needed.stream().mapToLong(Long::longValue).sum();
    for (int i = 0; i < needed.size(); i++) {
      assertThat(starts.get(i)).isBetween(SECOND, SECOND + lengthMs * 1000 - needed.get(i));
      if (i > 0 && sum <= lengthMs * 1000) {
        assertThat(starts.get(i)).isGreaterThanOrEqualTo(starts.get(i - 1) + needed.get(i - 1));
      }
    }
  }
}
