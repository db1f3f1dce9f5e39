package dev.reelbeam.pipelines.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.clients.topic.TopicWriter;
import dev.reelbeam.pipelines.job.GenerateVideos;
import dev.reelbeam.pipelines.job.GenerateVideosOptions;
import dev.reelbeam.stages.pool.WorkerPool;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.PipelineResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rendering as a job of its own, behind its topics: both jobs in this JVM, on Flink's runtime. */
class SplitRenderIT {
  private static final int PORT_OFFSET = 1_300;

  @TempDir private Path folder;

  @Test
  @Timeout(600)
  void whatIsNoMessageIsALetterAndBothJobsGoOn() throws Exception {
    Path home = RunningServices.ROOT.resolve("cluster/job/target/split-it").toAbsolutePath();
    try (RunningServices services = RunningServices.start(home, PORT_OFFSET, Map.of())) {
      for (Topic topic : List.of(Topic.RENDER_REQUESTS, Topic.RENDER_RESULTS)) {
        send(services, topic, "no json");
        send(services, topic, "{}");
      }
      PipelineResult rendering = run(services, home, /* renderOnly= */ true);
      PipelineResult making = run(services, home, /* renderOnly= */ false);
      try {
        RunningServices.await(
            () -> letters(services).size() == 4, () -> "letters: " + letters(services));
        // The second of each lies behind the first: neither job began anew for ever.
        assertThat(letters(services)).containsOnly("1001 read");
      } finally {
        making.cancel();
        rendering.cancel();
      }
    }
  }

  private PipelineResult run(RunningServices services, Path home, boolean renderOnly)
      throws Exception {
    // This JVM is a worker of every pool.
    System.setProperty(WorkerPool.PROPERTY, "gpu");
    Path conf = Files.createDirectories(folder.resolve("conf"));
    Files.writeString(
        conf.resolve("config.yaml"),
        "taskmanager.memory.network.min: 256mb\ntaskmanager.memory.network.max: 256mb\n");
    GenerateVideosOptions options =
        GenerateVideos.options(
            "--flinkMaster=[local]",
            "--connections=" + services.connections(),
            "--home=" + home,
            "--flinkConfDir=" + conf,
            "--splitRender=true",
            "--renderOnly=" + renderOnly,
            "--pools=general:1,gpu:1",
            "--checkpointingInterval=3000");
    options.setRunner(FlinkRunner.class);
    options.setParallelism(1);
    return GenerateVideos.graphOf(options).run();
  }

  private static void send(RunningServices services, Topic topic, String message) throws Exception {
    try (TopicWriter writer = TopicWriter.open(services.world().kafka())) {
      writer.send(topic, "x", message.getBytes(StandardCharsets.UTF_8));
      writer.flush();
    }
  }

  private static List<String> letters(RunningServices services) throws Exception {
    return services.texts("select number || ' ' || stage from dead_letter");
  }
}
