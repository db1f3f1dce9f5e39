package dev.reelbeam.pipelines.job;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.PrintStream;
import java.util.List;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.PooledFlinkRunner;
import org.apache.beam.sdk.Pipeline;

/** What a job would lose of the savepoint that it is to go on from. */
final class RestoreChecks {
  private static final int MOST_TOLD = 5;

  private RestoreChecks() {}

  /**
   * Checks the savepoint of the options, if they name one; a line tells what is given up where that
   * is allowed.
   *
   * @throws StageException {@code 5041 STATE_LEFT_BEHIND} where it is not
   */
  static void check(PrintStream out, Pipeline pipeline) throws StageException {
    List<String> left = PooledFlinkRunner.stateLeftBehind(pipeline);
    if (left.isEmpty()) {
      return;
    }
    String told =
        "this release has no operator for the state of "
            + String.join("; ", left.subList(0, Math.min(MOST_TOLD, left.size())))
            + (left.size() > MOST_TOLD ? "; and " + (left.size() - MOST_TOLD) + " more" : "");
    if (!pipeline.getOptions().as(FlinkPipelineOptions.class).getAllowNonRestoredState()) {
      throw new StageException(FailureCode.STATE_LEFT_BEHIND, told);
    }
    out.println("reelbeam: state is given up: " + told);
  }
}
