package dev.reelbeam.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.connectors.DeadLetterIO;
import dev.reelbeam.fakes.FakeEngagementTables;
import dev.reelbeam.fakes.FakeVideoCatalog;
import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.SnapshotCodec;
import dev.reelbeam.model.engagement.SnapshotMessage;
import dev.reelbeam.model.engagement.VideoFacts;
import dev.reelbeam.model.engagement.WindowRow;
import dev.reelbeam.stages.deadletter.DeadLetters;
import dev.reelbeam.stages.engagement.MeasureEngagement;
import dev.reelbeam.stages.engagement.MeasureSettings;
import dev.reelbeam.stages.engagement.SnapshotMessageCoder;
import dev.reelbeam.stages.engagement.WriteEngagement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same transform on Flink's streaming runtime, in this JVM, and as a replay. */
class MeasureOnFlinkTest {
  private static final long BEGIN_S = 1_773_983_820L;
  private static final long HOUR_S = 3600;

  private static FakeEngagementTables tables = new FakeEngagementTables();
  private static final FakeVideoCatalog CATALOG = new FakeVideoCatalog();

  @TempDir Path folder;

  @Test
  void aStreamingRunOnFlinkAndAReplayGiveTheSameRows() {
    List<SnapshotMessage> messages = new ArrayList<>();
    Random random = new Random(3);
    for (int video = 0; video < 10; video++) {
      CATALOG.add(
          new VideoFacts(
              "v" + video,
              "tiktok",
              "tiktok",
              "acme",
              "Europe/Berlin",
              video % 2 == 0 ? "question" : "number",
              null,
              "short",
              "pumps",
              "p" + video,
              BEGIN_S * 1000,
              10,
              1));
      long views = 0;
      for (int i = 1; i <= 12; i++) {
        views += random.nextInt(1000);
        EngagementSnapshot snapshot =
            new EngagementSnapshot(
                "v" + video,
                "tiktok",
                null,
                (BEGIN_S + i * 12 * HOUR_S + random.nextInt(3600)) * 1000,
                views,
                views / 20,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                false);
        messages.add(new SnapshotMessage("test", SnapshotCodec.encode(snapshot)));
      }
    }
    Collections.shuffle(messages, random);

    FlinkPipelineOptions options = PipelineOptionsFactory.as(FlinkPipelineOptions.class);
    options.setRunner(FlinkRunner.class);
    options.setFlinkMaster("[local]");
    options.setStreaming(true);
    options.setParallelism(2);
    options.setFasterCopy(true);
    Map<String, WindowRow> streamed = run(options, MeasureSettings.streaming(), messages);
    PipelineOptions direct = PipelineOptionsFactory.create();
    direct.setRunner(DirectRunner.class);
    Map<String, WindowRow> replayed = run(direct, MeasureSettings.replay(), messages);

    assertThat(streamed).isEqualTo(replayed);
    // Ten videos of six days: each of their hours, the last one included.
    assertThat(streamed.keySet().stream().filter(name -> name.startsWith("video tiktok/v3 hour")))
        .hasSizeBetween(145, 146);
    assertThat(streamed).containsKey("hook_style question day " + BEGIN_S / 86_400 * 86_400);
  }

  private Map<String, WindowRow> run(
      PipelineOptions options, MeasureSettings settings, List<SnapshotMessage> messages) {
    tables = new FakeEngagementTables();
    Pipeline pipeline = Pipeline.create(options);
    try (var handler = pipeline.registerBadRecordErrorHandler(DeadLetterIO.write(folder))) {
      pipeline
          .apply("Read snapshots", Create.of(messages).withCoder(new SnapshotMessageCoder()))
          .apply(
              "Measure engagement",
              MeasureEngagement.with(settings, () -> CATALOG, new DeadLetters.Lane(handler)))
          .apply("Write engagement", WriteEngagement.to(() -> tables));
    }
    pipeline.run().waitUntilFinish();
    assertThat(DeadLetterIO.read(folder)).isEmpty();
    return tables.rows();
  }
}
