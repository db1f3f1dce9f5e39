package dev.reelbeam.media.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final AtomicLong nanos = new AtomicLong();
  private final Turns<String> turns = new Turns<>();

  @Test
  void aTurnIsTakenOverFromASegmentThatIsPastAllItsTimeAndFromNoOther() throws Exception {
    SegmentClock hanging = clock(100);
    Turns.Turn<String> first = turns.take("decoder", hanging);
    assertThat(turns.take("another", clock(100))).isNotNull();
    SegmentClock late = clock(50);
    nanos.set(60_000_000);
    // The first has time left, and who wants the turn has none: nothing was taken over.
    assertThatThrownBy(() -> turns.take("decoder", late))
        .isInstanceOfSatisfying(
            StageException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.SEGMENT_TIMEOUT));

    nanos.set(111_000_000);
    Turns.Turn<String> second = turns.take("decoder", clock(100));
    turns.end(first);

    nanos.set(200_000_000);
    assertThatThrownBy(() -> turns.take("decoder", late))
        .as("it is still the second's")
        .isInstanceOf(StageException.class);
    turns.end(second);
    assertThat(turns.take("decoder", clock(100)).clock()).isNotSameAs(hanging);
  }

  @Test
  void aLoaderThatWasGivenUpAndComesBackIsCountedOnce() throws Exception {
    BoundedCache<String, byte[]> cache = new BoundedCache<>(250, bytes -> bytes.length);
    byte[] late =
        cache.get(
            "a",
            clock(10),
            key -> {
              nanos.addAndGet(60_000_000);
              return cache.get(key, clock(10), other -> new byte[100]);
            });
    byte[] beside = cache.get("b", clock(10), key -> new byte[100]);

    assertThat(cache.get("a", clock(10), key -> new byte[1])).isSameAs(late);
    assertThat(cache.get("b", clock(10), key -> new byte[1])).isSameAs(beside);
  }

  /** Ten milliseconds of grace. */
  private SegmentClock clock(long deadlineMs) {
    return new SegmentClock(deadlineMs, 10, 1, nanos::get);
  }
}
