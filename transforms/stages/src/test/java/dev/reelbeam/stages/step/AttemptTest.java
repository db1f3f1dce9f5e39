package dev.reelbeam.stages.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.fakes.FakeProjectLedger;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.ShortMemory;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.stages.Videos;
import dev.reelbeam.stages.flow.EpochFence;
import dev.reelbeam.stages.flow.ParsedRecord;
import dev.reelbeam.stages.flow.Progress;
import java.util.List;
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
  void memoryThatIsTheWorkersIsNobodysFailure() {
    for (String told : List.of("Metaspace", "unable to create native thread", "Direct buffer")) {
      assertThatThrownBy(
              () ->
                  attempt(
                      input -> {
                        throw new OutOfMemoryError(told);
                      }))
          .isInstanceOf(OutOfMemoryError.class);
    }
  }

  /** Else a worker that leaks would make a letter of every element that comes by. */
  @Test
  void heapThatNoElementGetsAnyMoreIsTheWorkers() {
    Step<ParsedRecord, String> hungry =
        input -> {
          throw new OutOfMemoryError("Java heap space");
        };
    assertThat(attempt(input -> "fine").value()).isEqualTo("fine");
    for (int i = 0; i < ShortMemory.MOST_IN_A_ROW; i++) {
      assertThat(attempt(hungry).worthAnother()).isTrue();
    }
    assertThatThrownBy(() -> attempt(hungry)).isInstanceOf(OutOfMemoryError.class);

    assertThat(attempt(input -> "fine").value()).isEqualTo("fine");
    assertThat(attempt(hungry).failure().code()).isEqualTo(FailureCode.MEMORY_SHORT);
  }

  @Test
  void whatWasTriedOftenEnoughElsewhereIsNotTriedAgainHere() {
    for (boolean tried : List.of(false, true)) {
      StageException failure = new StageException(FailureCode.MEMORY_SHORT, "segment 3 of 9");
      Attempt<String> attempt =
          attempt(
              input -> {
                throw tried ? failure.afterAllTries() : failure;
              });
      assertThat(attempt.worthAnother()).isEqualTo(!tried);
    }
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
