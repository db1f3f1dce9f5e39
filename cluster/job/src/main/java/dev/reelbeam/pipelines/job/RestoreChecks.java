package dev.reelbeam.pipelines.job;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.PooledFlinkRunner;
import org.apache.beam.sdk.Pipeline;
import org.jspecify.annotations.Nullable;

/** What a job would lose of the savepoint that it is to go on from. */
final class RestoreChecks {
  private static final int MOST_TOLD = 5;

  private RestoreChecks() {}

  /**
   * Checks the savepoint of the options, if they name one; a line tells what is given up where that
   * is allowed.
   *
   * @throws StageException {@code 5041 STATE_LEFT_BEHIND} where it is not, {@code 5043
   *     STATE_UNREADABLE} where the savepoint cannot be read
   */
  static void check(PrintStream out, Pipeline pipeline) throws StageException {
    String told = told(read(() -> PooledFlinkRunner.stateLeftBehind(pipeline)));
    if (told == null) {
      return;
    }
    if (!pipeline.getOptions().as(FlinkPipelineOptions.class).getAllowNonRestoredState()) {
      throw new StageException(FailureCode.STATE_LEFT_BEHIND, told);
    }
    out.println("reelbeam: state is given up: " + told);
  }

  /**
   * The same for a job that finds all it needs without any state: where a part of the savepoint
   * would be left behind, or something that keeps state would begin empty beside what goes on, the
   * whole of it is given up, and a line says so. The options name none afterwards.
   *
   * @throws StageException {@code 5043 STATE_UNREADABLE} where the savepoint cannot be read
   */
  static void checkOrBeginAnew(PrintStream out, Pipeline pipeline) throws StageException {
    String told = told(read(() -> PooledFlinkRunner.stateLeftBehind(pipeline)));
    if (told == null) {
      told =
          list(
              "the savepoint has no state of ",
              read(() -> PooledFlinkRunner.stateBegunEmpty(pipeline)));
    }
    if (told != null) {
      pipeline.getOptions().as(FlinkPipelineOptions.class).setSavepointPath(null);
      out.println("reelbeam: state is given up, all of it is made anew: " + told);
    }
  }

  private static List<String> read(Supplier<List<String>> question) throws StageException {
    try {
      return question.get();
    } catch (UncheckedIOException e) {
      throw new StageException(
          FailureCode.STATE_UNREADABLE,
          e.getMessage() + ": " + Objects.requireNonNull(e.getCause()).getMessage(),
          e);
    }
  }

  private static @Nullable String told(List<String> left) {
    return list("this release has no operator for the state of ", left);
  }

  private static @Nullable String list(String what, List<String> names) {
    return names.isEmpty()
        ? null
        : what
            + String.join("; ", names.subList(0, Math.min(MOST_TOLD, names.size())))
            + (names.size() > MOST_TOLD ? "; and " + (names.size() - MOST_TOLD) + " more" : "");
  }
}
