package dev.reelbeam.pipelines.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process that outlives the command that started it, known by a file with its number.
 *
 * <p>The file also holds when the process began: after a restart of the machine the same number
 * belongs to somebody else, and nobody else's process is ever stopped.
 */
final class ServiceProcess {
  private static final long BEGIN_TOLERANCE_MS = 2_000;
  private static final Duration KILL_PATIENCE = Duration.ofSeconds(10);

  private final Path pidFile;
  private final Path log;

  /**
   * @param pidFile holds the number while the process runs
   * @param log gets standard output and error
   */
  ServiceProcess(Path pidFile, Path log) {
    this.pidFile = pidFile;
    this.log = log;
  }

  Path log() {
    return log;
  }

  /** The running process, if it is the one that was started. */
  Optional<ProcessHandle> running() {
    try {
      String[] fields = Files.readString(pidFile, StandardCharsets.UTF_8).strip().split(" ", -1);
      long beganMs = Long.parseLong(fields[1]);
      return ProcessHandle.of(Long.parseLong(fields[0]))
          .filter(ProcessHandle::isAlive)
          .filter(process -> isSame(process, beganMs));
    } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  private static boolean isSame(ProcessHandle process, long beganMs) {
    return process
        .info()
        .startInstant()
        .map(began -> Math.abs(began.toEpochMilli() - beganMs) <= BEGIN_TOLERANCE_MS)
        .orElse(false);
  }

  /** Starts the command; its lines are appended to the log. */
  void start(List<String> command, Map<String, String> environment, Path workingFolder)
      throws IOException {
    Path logFolder = log.getParent();
    if (logFolder != null) {
      Files.createDirectories(logFolder);
    }
    Files.createDirectories(workingFolder);
    List<String> whole = new ArrayList<>();
    // A session of its own: Ctrl-C in the terminal of `up` does not reach it.
    Path setsid = Path.of("/usr/bin/setsid");
    if (Files.isExecutable(setsid)) {
      whole.add(setsid.toString());
    }
    whole.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(whole);
    builder.directory(workingFolder.toFile());
    builder.environment().putAll(environment);
    builder.redirectInput(new File("/dev/null"));
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Process process = builder.start();
    long beganMs = process.info().startInstant().orElseGet(Instant::now).toEpochMilli();
    Files.writeString(pidFile, process.pid() + " " + beganMs + "\n", StandardCharsets.UTF_8);
  }

  /** Ends the process: asks it, waits, then kills it. True if it was running. */
  boolean stop(Duration patience) {
    Optional<ProcessHandle> process = running();
    if (process.isPresent()) {
      List<ProcessHandle> children = process.get().descendants().toList();
      process.get().destroy();
      if (!ends(process.get(), patience)) {
        process.get().destroyForcibly();
        ends(process.get(), KILL_PATIENCE);
      }
      // A speech process ends with its worker; one that hangs is ended here.
      children.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
    }
    try {
      Files.deleteIfExists(pidFile);
    } catch (IOException e) {
      // The number in it belongs to nobody any more.
    }
    return process.isPresent();
  }

  private static boolean ends(ProcessHandle process, Duration patience) {
    try {
      process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException | ExecutionException e) {
      return !process.isAlive();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The last lines of the log, for a message. */
  List<String> lastLines(int most) {
    try {
      byte[] bytes = Files.readAllBytes(log);
      int from = Math.max(0, bytes.length - 16_384);
      List<String> lines =
          new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.isBlank())
              .toList();
      return lines.subList(Math.max(0, lines.size() - most), lines.size());
    } catch (IOException e) {
      return List.of();
    }
  }
}
