package dev.reelbeam.pipelines.job;

import dev.reelbeam.connectors.DeliveryIO;
import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.pipelines.wiring.Installation;
import dev.reelbeam.pipelines.wiring.LocalProviders;
import dev.reelbeam.stages.ProduceVideos;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.deadletter.DeadLetters;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.flow.RecordOverrides;
import dev.reelbeam.stages.pool.WorkerPool;
import dev.reelbeam.stages.render.RenderSegments;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.runners.flink.PoolSizes;
import org.apache.beam.runners.flink.PooledFlinkRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The streaming job: content records from Kafka, {@link ProduceVideos}, deliveries and dead letters
 * out, segments rendered on their pool.
 */
public final class GenerateVideos {
  /** State is divided into this many groups, for ever: a savepoint cannot change it. */
  static final int MAX_PARALLELISM = 256;

  private static final long CHECKPOINT_MS = 10_000;
  private static final long CHECKPOINT_TIMEOUT_MS = 30L * 60 * 1000;

  private GenerateVideos() {}

  /** Submits the job and ends. */
  public static void main(String[] args) {
    PrintStream out = ConsoleOfMain.out();
    try {
      GenerateVideosOptions options = options(args);
      for (String line :
          FlinkChecks.check(options.getFlinkMaster(), PoolSizes.parse(options.getPools()))) {
        out.println("reelbeam: " + line);
      }
      Pipeline pipeline = options.isRenderOnly() ? renderGraph(options) : graph(options);
      pipeline.run();
    } catch (StageException e) {
      out.println(
          "reelbeam: " + e.code().label() + ": " + e.getMessage() + ". " + e.code().remedy());
      ConsoleOfMain.fail();
    } catch (IOException | RuntimeException e) {
      e.printStackTrace(out);
      out.println("reelbeam: " + e.getMessage());
      ConsoleOfMain.fail();
    }
  }

  /** Options with the job's own defaults; see {@code deploy/conf/flink.yaml} for the reasons. */
  static GenerateVideosOptions options(String... args) {
    GenerateVideosOptions options =
        PipelineOptionsFactory.fromArgs(args).withValidation().as(GenerateVideosOptions.class);
    options.setRunner(PooledFlinkRunner.class);
    options.setStreaming(true);
    // Submitted, not waited for.
    options.setAttachedMode(false);
    // The job is on the class path of every process: native libraries load once per JVM only.
    options.setFilesToStage(List.of());
    options.setMaxParallelism(MAX_PARALLELISM);
    if (options.getCheckpointingInterval() < 0) {
      options.setCheckpointingInterval(CHECKPOINT_MS);
    }
    options.setCheckpointTimeoutMillis(CHECKPOINT_TIMEOUT_MS);
    options.setUnalignedCheckpointEnabled(true);
    options.setFailOnCheckpointingErrors(false);
    // Elements are records: nobody changes one behind another's back.
    options.setFasterCopy(true);
    return options;
  }

  /** The graph of the job. */
  static Pipeline graph(GenerateVideosOptions options) throws IOException {
    JobConnections connections = JobConnections.read(Path.of(options.getConnections()));
    String kafka = connections.get("kafka.bootstrap");
    Path home = Path.of(options.getHome());
    Providers providers = providers(home);
    Pipeline pipeline = Pipeline.create(options);
    try (var handler = pipeline.registerBadRecordErrorHandler(new WriteDeadLetters(kafka))) {
      PCollection<RawRecord> records =
          pipeline
              .apply("Read content records", KafkaRecords.read(kafka, options.getContentTopics()))
              .setCoder(RecordCoder.of(RawRecord.class));
      records
          .apply(
              "Produce videos",
              ProduceVideos.with(providers, produceOptions(options))
                  .renderedBy(
                      options.isSplitRender()
                          ? RenderTopics.elsewhere(kafka)
                          : render(providers, options))
                  .withDeadLetters(new DeadLetters.Lane(handler)))
          .apply("Write deliveries", DeliveryIO.write(home.resolve("videos"), providers.store()))
          .apply("Videos as messages", MapElements.via(new DeliveryMessage()))
          .apply("Write videos", KafkaRecords.write(kafka, "reelbeam.videos"));
    }
    return pipeline;
  }

  /** The graph of the job that renders alone: requests from a topic, results to another. */
  static Pipeline renderGraph(GenerateVideosOptions options) throws IOException {
    String kafka = JobConnections.read(Path.of(options.getConnections())).get("kafka.bootstrap");
    Pipeline pipeline = Pipeline.create(options);
    pipeline
        .apply("Read requests", RenderTopics.requests(kafka))
        .apply("Render segments", render(providers(Path.of(options.getHome())), options))
        .apply("Write results", RenderTopics.writeResults(kafka));
    return pipeline;
  }

  private static RenderSegments render(Providers providers, GenerateVideosOptions options) {
    return RenderSegments.with(providers).on(new WorkerPool(options.getRenderPool()));
  }

  private static Providers providers(Path home) {
    return LocalProviders.of(
        home.resolve("store"),
        Installation.voices().orElse(null),
        LocalProviders.USUAL_PATIENCE,
        () -> Progress.NONE);
  }

  private static ProduceVideos.Options produceOptions(GenerateVideosOptions options) {
    RecordOverrides overrides =
        new RecordOverrides(
            null,
            List.of(),
            null,
            VideoSettings.DEFAULT,
            false,
            Brand.DEFAULT,
            /* assumeEnabled= */ false,
            options.getRenderEncoder(),
            "standard");
    return new ProduceVideos.Options(
        overrides,
        false,
        ProduceVideos.StopAfter.NOTHING,
        ProduceVideos.Options.DEFAULT.mediaBaseUrl());
  }

  /** Keyed by record, as every topic is. */
  private static final class DeliveryMessage extends SimpleFunction<Delivery, KV<String, String>> {
    private static final long serialVersionUID = 1L;

    @Override
    public KV<String, String> apply(Delivery delivery) {
      return KV.of(delivery.key().recordId(), RecordJson.canonical(delivery));
    }
  }

  private static final class WriteDeadLetters extends PTransform<PCollection<BadRecord>, PDone> {
    private static final long serialVersionUID = 1L;

    private final String kafka;

    WriteDeadLetters(String kafka) {
      this.kafka = kafka;
    }

    @Override
    public PDone expand(PCollection<BadRecord> letters) {
      return letters
          .apply("Letters as messages", MapElements.via(new LetterMessage()))
          .apply(
              "Write letters",
              KafkaIO.<String, String>write()
                  .withBootstrapServers(kafka)
                  .withTopic("reelbeam.dead-letters")
                  .withKeySerializer(StringSerializer.class)
                  .withValueSerializer(StringSerializer.class));
    }
  }

  private static final class LetterMessage extends SimpleFunction<BadRecord, KV<String, String>> {
    private static final long serialVersionUID = 1L;

    @Override
    public KV<String, String> apply(BadRecord record) {
      var letter = DeadLetters.fromBadRecord(record);
      return KV.of(letter.recordId(), RecordJson.canonical(letter));
    }
  }
}
