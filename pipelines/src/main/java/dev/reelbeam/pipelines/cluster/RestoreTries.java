package dev.reelbeam.pipelines.cluster;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Starts a job from the newest point that Flink can read. */
public final class RestoreTries {
  private RestoreTries() {}

  /** Submits a job. */
  @FunctionalInterface
  public interface Start {
    List<String> from(Optional<RestorePoint> point) throws IOException, StageException;
  }

  /**
   * Whether Flink took the job since it was asked last, and could not begin it for the point that
   * it was to go on from.
   */
  @FunctionalInterface
  public interface Failed {
    boolean overItsPoint() throws IOException;
  }

  /**
   * Whether a failure, as Flink tells it with its stack trace, came while a point's metadata was
   * read; what tasks cannot read of its state has them begin again, and the job goes on. One of
   * anything else, as of a disk that is full, is no reason to go on from an older one: when it has
   * passed, the newest point is as good as it was.
   */
  public static boolean isOfThePoint(String failure) {
    return failure.contains("CheckpointCoordinator.restoreSavepoint(");
  }

  /**
   * Goes on from the first of the points, or from the next older one where Flink cannot begin the
   * job from it: a disk that lost its power may have half of one. Never without a point where there
   * are any.
   *
   * @param points the newest first; empty: the job begins without state
   * @return what the client told
   * @throws StageException of the last try, or at once where something else is wrong
   */
  public static List<String> newestFirst(
      List<RestorePoint> points, Start start, Failed failed, Consumer<String> say)
      throws IOException, StageException {
    for (int next = 0; ; next++) {
      Optional<RestorePoint> point =
          points.isEmpty() ? Optional.empty() : Optional.of(points.get(next));
      try {
        return start.from(point);
      } catch (StageException e) {
        boolean unreadable =
            e.code() == FailureCode.STATE_UNREADABLE
                || (e.code() == FailureCode.SUBMIT_FAILED && isOverItsPoint(failed, e));
        if (!unreadable || next + 1 >= points.size()) {
          throw e;
        }
        say.accept(
            "  nothing goes on from "
                + point.get().label()
                + ", an older point is tried: "
                + e.getMessage());
      }
    }
  }

  /** Not as far as anybody knows, where Flink does not tell: a new JobManager forgets old runs. */
  private static boolean isOverItsPoint(Failed failed, StageException failure) {
    try {
      return failed.overItsPoint();
    } catch (IOException e) {
      failure.addSuppressed(e);
      return false;
    }
  }
}
