package dev.reelbeam.media.composition;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameClockTest {
  @ParameterizedTest
  @ValueSource(ints = {24, 25, 30, 50, 60})
  void aMomentFallsOnTheSameFrameOfItsSentenceWhereverThatBegins(int rate) {
    for (long ms = 0; ms < 2_000; ms++) {
      int alone = FrameClock.nearest(ms * 1000, rate);
      for (long first = 1; first < 2_000; first += 7) {
        long startUs = FrameClock.startUs(first, rate);
        assertThat(FrameClock.nearest(startUs + ms * 1000, rate) - first)
            .as("%d ms after frame %d", ms, first)
            .isEqualTo(alone);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {24, 25, 30, 50, 60})
  void theStartOfAFrameIsNearestToIt(int rate) {
    for (int frame = 0; frame < 100_000; frame += 13) {
      assertThat(FrameClock.nearest(FrameClock.startUs(frame, rate), rate)).isEqualTo(frame);
    }
  }
}
