package dev.reelbeam.stages.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.fakes.FakeProjectLedger;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.stages.Videos;
import dev.reelbeam.stages.flow.EpochFence;
import dev.reelbeam.stages.flow.ParsedRecord;
import dev.reelbeam.stages.flow.Progress;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class AttemptTest {
  @Test
  void memoryThatOneElementUsesUpIsItsOwnFailure() {
    Attempt<String> attempt =
        attempt(
            input -> {
              throw new OutOfMemoryError("Java heap space");
            });

    assertThat(attempt.failure().code()).isEqualTo(FailureCode.MEMORY_SHORT);
  }

  @Test
  void aStackThatOneElementUsesUpIsItsOwnFailure() {
    Attempt<String> attempt = attempt(AttemptTest::endless);

    assertThat(attempt.failure().code()).isEqualTo(FailureCode.UNEXPECTED);
    assertThat(attempt.failure()).hasRootCauseInstanceOf(StackOverflowError.class);
  }

  @Test
  void anErrorOfLinkageIsNobodysFailure() {
    assertThatThrownBy(
            () ->
                attempt(
                    input -> {
                      throw new NoClassDefFoundError("gone");
                    }))
        .isInstanceOf(NoClassDefFoundError.class);
    assertThat(MDC.get(LogContext.RECORD)).isNull();
  }

  private static String endless(ParsedRecord input) {
    return input == null ? "" : endless(input) + input;
  }

  private static Attempt<String> attempt(Step<ParsedRecord, String> step) {
    try (EpochFence fence = EpochFence.open(new FakeProjectLedger())) {
      return Attempt.of(
          Stage.LAY_OUT, step, Videos.parsed("p", 1, "one", "normal"), Progress.NONE, fence);
    }
  }
}
