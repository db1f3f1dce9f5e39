package dev.reelbeam.pipelines.job;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.pipelines.cluster.RestorePoint;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.apache.beam.runners.flink.FlinkPipelineOptions;

/**
 * Starts a job once: beside one that is alive there is no second, which would read everything twice
 * and wait for the slots of the first for ever. So whoever submits may do it again, by a timer for
 * example.
 */
final class JobStart {
  private final PrintStream out;
  private final FlinkPipelineOptions options;
  private final RestoreOptions restore;

  JobStart(PrintStream out, FlinkPipelineOptions options) {
    this.out = out;
    this.options = options;
    this.restore = options.as(RestoreOptions.class);
  }

  /** Whether the job is alive; then a line says so, and there is nothing to do. */
  boolean runsAlready() throws IOException {
    if (restore.isCheckOnly()) {
      return false;
    }
    Optional<String> alive = FlinkChecks.alive(options.getFlinkMaster(), options.getJobName());
    if (alive.isEmpty()) {
      return false;
    }
    note(alive.get());
    if (restore.getRestoreFolder() != null) {
      RestorePoint.removeOld(
          Path.of(restore.getRestoreFolder()), options.getJobName(), Set.of(alive.get()));
    }
    out.println("reelbeam: job " + options.getJobName() + " runs already, as " + alive.get());
    return true;
  }

  /**
   * Goes on from the newest savepoint or checkpoint of the folder, where one is named and no
   * savepoint is.
   *
   * @throws StageException {@code CLUSTER_SETTINGS_INVALID} if the folder is none of this machine
   */
  void findRestorePoint() throws IOException, StageException {
    String folder = restore.getRestoreFolder();
    if (folder == null || options.getSavepointPath() != null) {
      return;
    }
    if (folder.contains(":/")) {
      throw new StageException(
          FailureCode.CLUSTER_SETTINGS_INVALID,
          "--restoreFolder=" + folder + " is an address; it takes a path, of a volume for example");
    }
    Optional<RestorePoint> newest = RestorePoint.newest(Path.of(folder), options.getJobName());
    if (newest.isPresent()) {
      options.setSavepointPath(newest.get().folder().toString());
      out.println(
          "reelbeam: job " + options.getJobName() + " goes on from " + newest.get().label());
    } else {
      out.println(
          "reelbeam: job "
              + options.getJobName()
              + " begins without state: "
              + folder
              + " holds no savepoint or checkpoint of it");
    }
  }

  /** Remembers whose checkpoints those of the job are that was just submitted. */
  void submitted() throws IOException {
    if (restore.getRestoreFolder() != null) {
      Optional<String> id = FlinkChecks.alive(options.getFlinkMaster(), options.getJobName());
      if (id.isPresent()) {
        note(id.get());
      }
    }
  }

  private void note(String id) throws IOException {
    String folder = restore.getRestoreFolder();
    if (folder != null) {
      RestorePoint.remember(Path.of(folder), options.getJobName(), id);
    }
  }
}
