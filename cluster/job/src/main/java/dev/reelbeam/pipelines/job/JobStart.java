package dev.reelbeam.pipelines.job;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.pipelines.cluster.RestorePoint;
import dev.reelbeam.pipelines.cluster.RestoreTries;
import dev.reelbeam.pipelines.wiring.WorldSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.beam.runners.flink.PoolSizes;
import org.apache.beam.runners.flink.PooledFlinkRunner;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/**
 * Starts a job once: beside one that is alive there is no second, which would read everything twice
 * and wait for the slots of the first for ever. So whoever submits may do it again, by a timer for
 * example.
 */
final class JobStart {
  /** State is divided into this many groups, for ever: a savepoint cannot change it. */
  private static final int MAX_PARALLELISM = 256;

  private final PrintStream out;
  private final JobOptions options;

  JobStart(PrintStream out, JobOptions options) {
    this.out = out;
    this.options = options;
  }

  /** Options with what all jobs have by themselves. */
  static <OptionsT extends JobOptions> OptionsT options(
      Class<OptionsT> type, long checkpointMs, String... args) {
    OptionsT options = PipelineOptionsFactory.fromArgs(args).withValidation().as(type);
    options.setRunner(PooledFlinkRunner.class);
    options.setStreaming(true);
    // Submitted, not waited for.
    options.setAttachedMode(false);
    options.setMaxParallelism(MAX_PARALLELISM);
    if (options.getCheckpointingInterval() < 0) {
      options.setCheckpointingInterval(checkpointMs);
    }
    options.setFailOnCheckpointingErrors(false);
    // Elements are records: nobody changes one behind another's back.
    options.setFasterCopy(true);
    return options;
  }

  /** The options of a main, checked as far as they can be without asking anybody. */
  @FunctionalInterface
  interface Asked<OptionsT extends JobOptions> {
    OptionsT options() throws StageException;
  }

  /** Checks what the job would go on from and, if it is not only checked, submits it. */
  @FunctionalInterface
  interface Job<OptionsT extends JobOptions> {
    void submit(PrintStream out, OptionsT options) throws IOException, StageException;
  }

  /** What a main does: submits its job unless it is alive, or only checks it, and ends. */
  static <OptionsT extends JobOptions> void main(Asked<OptionsT> asked, Job<OptionsT> job) {
    PrintStream out = ConsoleOfMain.out();
    try {
      OptionsT options = asked.options();
      JobStart start = new JobStart(out, options);
      if (start.runsAlready()) {
        return;
      }
      start.submit(() -> job.submit(out, options));
      if (!options.isCheckOnly()) {
        start.submitted();
      }
    } catch (StageException | IOException | RuntimeException e) {
      ConsoleOfMain.tell(out, e);
      ConsoleOfMain.fail();
    }
  }

  /**
   * Asks the services that the job lives on, and Flink for its pools; those that are missing are
   * told of, the job waits for them.
   *
   * @throws StageException {@code 5034 SCHEDULER_UNSUITABLE}
   */
  static void checkWorld(PrintStream out, JobOptions options) throws IOException, StageException {
    WorldChecks.check(WorldSettings.read(Path.of(options.getConnections())));
    FlinkChecks.check(options.getFlinkMaster(), PoolSizes.parse(options.getPools()))
        .forEach(line -> out.println("reelbeam: " + line));
  }

  /** Whether the job is alive; then a line says so, and there is nothing to do. */
  boolean runsAlready() throws IOException {
    if (options.isCheckOnly()) {
      return false;
    }
    Optional<String> alive = FlinkChecks.alive(options.getFlinkMaster(), options.getJobName());
    if (alive.isEmpty()) {
      return false;
    }
    note(alive.get());
    if (options.getRestoreFolder() != null) {
      try {
        RestorePoint.removeOld(
            Path.of(options.getRestoreFolder()), options.getJobName(), Set.of(alive.get()));
      } catch (IOException e) {
        // The job is well, and whoever asks again removes them.
        out.println("reelbeam: old savepoints and checkpoints are not removed: " + e);
      }
    }
    out.println("reelbeam: job " + options.getJobName() + " runs already, as " + alive.get());
    return true;
  }

  /** Looks at what the options name as savepoint, and submits the job. */
  @FunctionalInterface
  interface Submit {
    void run() throws IOException, StageException;
  }

  /**
   * Submits the job: from the newest savepoint or checkpoint of the folder, where one is named and
   * no savepoint is, or from the next older one where Flink cannot begin it from that. Where there
   * are any, it never begins without one.
   *
   * @throws StageException {@code CLUSTER_SETTINGS_INVALID} if the folder is none of this machine;
   *     {@code STATE_UNREADABLE} if no point can be read
   */
  void submit(Submit submit) throws IOException, StageException {
    String folder = options.getRestoreFolder();
    if (folder == null || options.getSavepointPath() != null) {
      submit.run();
      return;
    }
    if (folder.contains(":/")) {
      throw new StageException(
          FailureCode.CLUSTER_SETTINGS_INVALID,
          "--restoreFolder=" + folder + " is an address; it takes a path, of a volume for example");
    }
    Set<String> failed = new HashSet<>(failedRuns());
    List<String> unused =
        RestoreTries.newestFirst(
            RestorePoint.all(Path.of(folder), options.getJobName()),
            point -> {
              from(point, folder);
              try {
                submit.run();
              } catch (RuntimeException e) {
                // Flink's client has no failure of its own for a job that could not begin.
                if (failed.containsAll(failedRuns())) {
                  throw e;
                }
                throw new StageException(FailureCode.SUBMIT_FAILED, String.valueOf(e), e);
              }
              return List.of();
            },
            () -> failedOverItsPoint(failed),
            line -> out.println("reelbeam:" + line));
  }

  private void from(Optional<RestorePoint> point, String folder) {
    if (point.isPresent()) {
      options.setSavepointPath(point.get().folder().toString());
      out.println("reelbeam: job " + options.getJobName() + " goes on from " + point.get().label());
    } else {
      out.println(
          "reelbeam: job "
              + options.getJobName()
              + " begins without state: "
              + folder
              + " holds no savepoint or checkpoint of it");
    }
  }

  /** Of the runs that failed since; they are known from now on. */
  private boolean failedOverItsPoint(Set<String> known) throws IOException {
    boolean ofThePoint = false;
    for (String run : failedRuns()) {
      ofThePoint |=
          known.add(run)
              && RestoreTries.isOfThePoint(FlinkChecks.failures(options.getFlinkMaster(), run));
    }
    return ofThePoint;
  }

  private Set<String> failedRuns() throws IOException {
    return FlinkChecks.failed(options.getFlinkMaster(), options.getJobName());
  }

  /** Remembers whose checkpoints those of the job are that was just submitted. */
  void submitted() throws IOException {
    if (options.getRestoreFolder() != null) {
      Optional<String> id = FlinkChecks.alive(options.getFlinkMaster(), options.getJobName());
      if (id.isPresent()) {
        note(id.get());
      }
    }
  }

  private void note(String id) throws IOException {
    String folder = options.getRestoreFolder();
    if (folder != null) {
      RestorePoint.remember(Path.of(folder), options.getJobName(), id);
    }
  }
}
