package dev.reelbeam.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.pipelines.cluster.RestorePoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobStartTest {
  @TempDir Path folder;

  private final ByteArrayOutputStream told = new ByteArrayOutputStream();
  private HttpServer jobManager;
  private String jobs = "[]";
  private String failures = "{}";

  @BeforeEach
  void start() throws IOException {
    jobManager = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    serve("/jobs/overview", () -> "{\"jobs\":" + jobs + "}");
    serve("/jobs/run2/exceptions", () -> failures);
    serve("/jobs/run3/exceptions", () -> failures);
    jobManager.start();
  }

  private void serve(String path, Supplier<String> json) {
    jobManager.createContext(
        path,
        exchange -> {
          byte[] answer = json.get().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          try (OutputStream body = exchange.getResponseBody()) {
            body.write(answer);
          }
        });
  }

  @AfterEach
  void stop() {
    jobManager.stop(0);
  }

  private GenerateVideosOptions options() {
    return GenerateVideos.options(
        "--jobName=videos",
        "--flinkMaster=127.0.0.1:" + jobManager.getAddress().getPort(),
        "--connections=nowhere",
        "--home=" + folder,
        "--restoreFolder=" + folder);
  }

  private JobStart start(GenerateVideosOptions options) {
    return new JobStart(new PrintStream(told, true, StandardCharsets.UTF_8), options);
  }

  @Test
  void besideAJobThatIsAliveThereIsNoSecond() throws Exception {
    assertThat(start(options()).runsAlready()).isFalse();
    jobs = "[{\"jid\":\"run1\",\"name\":\"videos\",\"state\":\"RUNNING\"}]";
    assertThat(start(options()).runsAlready()).isTrue();
    assertThat(told.toString(StandardCharsets.UTF_8)).contains("videos runs already, as run1");
    jobs = "[{\"jid\":\"run1\",\"name\":\"videos\",\"state\":\"FAILED\"}]";
    assertThat(start(options()).runsAlready()).isFalse();
  }

  @Test
  void whoOnlyAsksIsAnsweredWhileTheJobRuns() throws Exception {
    jobs = "[{\"jid\":\"run1\",\"name\":\"videos\",\"state\":\"RUNNING\"}]";
    GenerateVideosOptions options = options();
    options.setCheckOnly(true);
    assertThat(start(options).runsAlready()).isFalse();
  }

  @Test
  void aJobThatWasLostGoesOnFromTheCheckpointOfItsOwnRun() throws Exception {
    GenerateVideosOptions first = options();
    JobStart start = start(first);
    start.submit(() -> {});
    assertThat(first.getSavepointPath()).isNull();
    jobs =
        "[{\"jid\":\"run1\",\"name\":\"videos\",\"state\":\"RUNNING\"},"
            + "{\"jid\":\"run2\",\"name\":\"other\",\"state\":\"RUNNING\"}]";
    start.submitted();
    Path own = checkpoint("run1");
    checkpoint("run2");

    jobs = "[]"; // The JobManager has begun anew.
    GenerateVideosOptions second = options();
    start(second).submit(() -> {});
    assertThat(second.getSavepointPath()).isEqualTo(own.toString());

    GenerateVideosOptions named = options();
    named.setSavepointPath("elsewhere");
    start(named).submit(() -> {});
    assertThat(named.getSavepointPath()).isEqualTo("elsewhere");
  }

  /** A timer that submits would try the newest one for ever. */
  @Test
  void aPointFromWhichTheJobCannotBeginIsLeftForTheNextOlderOne() throws Exception {
    RestorePoint.remember(folder, "videos", "run1");
    Path oldest = checkpoint("run1", 3);
    Path older = checkpoint("run1", 4);
    Path newest = checkpoint("run1", 5);
    GenerateVideosOptions options = options();
    List<String> tried = new ArrayList<>();
    start(options)
        .submit(
            () -> {
              tried.add(options.getSavepointPath());
              if (tried.size() == 1) {
                throw new StageException(FailureCode.STATE_UNREADABLE, "cut off");
              }
              if (tried.size() == 2) {
                jobs = "[{\"jid\":\"run2\",\"name\":\"videos\",\"state\":\"FAILED\"}]";
                failures =
                    "{\"root-exception\":\"at org.apache.flink.runtime.checkpoint."
                        + "CheckpointCoordinator.restoreSavepoint(CheckpointCoordinator.java:1)\"}";
                throw new IllegalStateException("no such file");
              }
            });
    assertThat(tried).containsExactly(newest.toString(), older.toString(), oldest.toString());

    // What is not of the state is told at once.
    assertThatThrownBy(
            () ->
                start(options())
                    .submit(
                        () -> {
                          throw new IllegalStateException("no route");
                        }))
        .hasMessageContaining("no route");
    // So is what Flink could not begin for another reason: the newest point is as good as before.
    tried.clear();
    assertThatThrownBy(
            () ->
                start(options())
                    .submit(
                        () -> {
                          tried.add("once");
                          jobs = "[{\"jid\":\"run3\",\"name\":\"videos\",\"state\":\"FAILED\"}]";
                          failures = "{\"root-exception\":\"no space left on device\"}";
                          throw new IllegalStateException("could not begin");
                        }))
        .hasMessageContaining("could not begin");
    assertThat(tried).hasSize(1);
  }

  @Test
  void anAddressIsNoFolder() throws Exception {
    GenerateVideosOptions options = options();
    options.as(RestoreOptions.class).setRestoreFolder("s3://bucket/flink");
    assertThatThrownBy(() -> start(options).submit(() -> {}))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("s3://bucket/flink is an address");
  }

  private Path checkpoint(String run) throws IOException {
    return checkpoint(run, 3);
  }

  private Path checkpoint(String run, int number) throws IOException {
    Path point =
        Files.createDirectories(
            folder.resolve("checkpoints").resolve(run).resolve("chk-" + number));
    Path metadata = Files.writeString(point.resolve("_metadata"), "whole");
    Files.setLastModifiedTime(metadata, FileTime.fromMillis(1_000_000L * number));
    return point;
  }
}
