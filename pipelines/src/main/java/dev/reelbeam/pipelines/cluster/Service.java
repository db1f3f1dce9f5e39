package dev.reelbeam.pipelines.cluster;

import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One service of a cluster: how it is started and how one knows that it is ready.
 *
 * @param name short and stable; names its log and its pid file
 * @param label as a user reads it
 * @param ports what it listens at; they must be free before it starts
 * @param prepare makes data folders and configuration; may be repeated
 * @param command the process; asked for after {@code prepare}
 * @param environment added to the environment of this process
 * @param workingFolder where it runs
 * @param ready whether it answers
 * @param stopPatience how long it may take to end
 */
record Service(
    String name,
    String label,
    List<Port> ports,
    Preparation prepare,
    CommandLine command,
    Map<String, String> environment,
    Path workingFolder,
    Probe ready,
    Duration stopPatience) {
  /** A port that it listens at, and the setting that says so. */
  record Port(int number, ClusterPort setting) {}

  /** Makes what the service finds when it starts. */
  interface Preparation {
    void run() throws IOException, StageException;
  }

  /** The program and its arguments. */
  interface CommandLine {
    List<String> of() throws IOException, StageException;
  }

  /** Asks once, without waiting longer than a second or two. */
  interface Probe {
    boolean answers();
  }
}
