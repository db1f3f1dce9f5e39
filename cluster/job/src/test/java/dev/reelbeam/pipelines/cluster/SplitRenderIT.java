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
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rendering as a job of its own, behind its topics: both jobs in this JVM, on Flink's runtime. */
class SplitRenderIT {
  private static final int PORT_OFFSET = 1_300;

  @TempDir private Path folder;

  @Test
  @Timeout(600)
  void aVideoIsRenderedByTheOtherJobAndWhatIsNoMessageIsALetterOfBoth() throws Exception {
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
        assertThat(letters(services)).containsOnly("1001 read");
        send(
            services,
            Topic.CONTENT,
            "{\"record_id\":\"split\",\"kind\":\"article\",\"language\":\"en\",\"title\":\"Rain barrels\","
                + "\"content_html\":\"<p>Rain barrels reward patience more than money. Lesson one took"
                + " four people about twenty minutes.</p><p>Most of them had never tried it before."
                + " The first attempt failed for one of them.</p><p>A notebook helps, because small changes"
                + " are easy to forget. After a week the results were better by ten percent.</p>\",\"project\":{\"type\":\"teaser\","
                + "\"target_platforms\":[\"preview\"],\"video_enabled\":true}}");
        RunningServices.await(
            () -> services.texts("select state from delivery").contains("completed"),
            () -> "the video: " + services.texts("select state || detail from delivery"));
        assertThat(letters(services)).hasSize(4);
        RunningServices.await(
            () -> committed(services, "generate-videos", Topic.RENDER_RESULTS) > 2,
            "offsets of results");
        // A message that is none had neither of them begin anew.
        assertThat(making.getState()).isEqualTo(PipelineResult.State.RUNNING);
        assertThat(rendering.getState()).isEqualTo(PipelineResult.State.RUNNING);
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

  /** How far a group has come in a topic, in messages. */
  private static long committed(RunningServices services, String group, Topic topic)
      throws Exception {
    try (Admin admin = Admin.create(services.world().kafka().clientProperties())) {
      String name = services.world().kafka().topic(topic);
      return admin
          .listConsumerGroupOffsets(group)
          .partitionsToOffsetAndMetadata()
          .get()
          .entrySet()
          .stream()
          .filter(entry -> entry.getKey().topic().equals(name))
          .mapToLong(entry -> entry.getValue().offset())
          .sum();
    }
  }
}
