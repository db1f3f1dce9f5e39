package dev.reelbeam.pipelines;

import dev.reelbeam.connectors.ContentRecordIO;
import dev.reelbeam.connectors.DeadLetterIO;
import dev.reelbeam.connectors.DeliveryIO;
import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.pipelines.watch.RecordCompletion;
import dev.reelbeam.pipelines.watch.RecordDeadLetters;
import dev.reelbeam.stages.FlowSettings;
import dev.reelbeam.stages.ProduceVideos;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.deadletter.DeadLetters;
import dev.reelbeam.stages.flow.Providers;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.PacedDirectRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.apache.beam.sdk.transforms.errorhandling.ErrorHandler;
import org.apache.beam.sdk.values.PCollection;

/**
 * The graph of {@code make}: files in, {@link ProduceVideos}, folders out, on the direct runner.
 */
final class MakeGraph {
  private MakeGraph() {}

  /**
   * What the graph of one run reads and writes.
   *
   * @param inputs files and folders
   * @param out where the videos go
   * @param deadLetters where dead letters go
   * @param workers how many threads work at once
   * @param patienceMinutes how long a provider that is away is waited for
   */
  record Settings(
      String runId,
      List<Path> inputs,
      Path out,
      Path deadLetters,
      int workers,
      Providers providers,
      ProduceVideos.Options options,
      int patienceMinutes) {}

  /**
   * Runs the graph to its end.
   *
   * @throws Pipeline.PipelineExecutionException with the cause that no record is to blame for
   */
  static void run(Settings settings) {
    run(
        settings,
        (pipeline, handler) ->
            pipeline.apply(
                "Read content records",
                ContentRecordIO.read(settings.inputs()).withDeadLetters(handler)));
  }

  /** Runs the graph to its end over records that were read already. */
  static void run(Settings settings, List<RawRecord> records) {
    run(
        settings,
        (pipeline, handler) ->
            pipeline
                .apply(
                    "Read content records",
                    Create.of(records).withCoder(RecordCoder.of(RawRecord.class)))
                .apply("Spread records", Reshuffle.viaRandomKey()));
  }

  private static void run(
      Settings settings,
      BiFunction<Pipeline, ErrorHandler<BadRecord, ?>, PCollection<RawRecord>> source) {
    DirectOptions options = PipelineOptionsFactory.as(DirectOptions.class);
    options.setRunner(PacedDirectRunner.class);
    options.setJobName("make");
    options.setTargetParallelism(settings.workers());
    // These find defects in transforms, at the price of encoding every element twice: tests do it.
    options.setEnforceImmutability(false);
    options.setEnforceEncodability(false);
    options.setBlockOnRun(true);
    Pipeline pipeline = Pipeline.create(options);
    try (var handler =
        pipeline.registerBadRecordErrorHandler(
            RecordDeadLetters.of(settings.runId(), DeadLetterIO.write(settings.deadLetters())))) {
      PCollection<RawRecord> records =
          source.apply(pipeline, handler).setCoder(RecordCoder.of(RawRecord.class));
      records
          .apply(
              "Produce videos",
              ProduceVideos.with(settings.providers(), settings.options())
                  .withFlow(
                      FlowSettings.LOCAL_REVIEWED.withAwayMs(settings.patienceMinutes() * 60_000L))
                  .withDeadLetters(new DeadLetters.Lane(handler)))
          .apply("Write deliveries", DeliveryIO.write(settings.out(), settings.providers().store()))
          .apply("Record completion", RecordCompletion.of(settings.runId()));
    }
    pipeline.run().waitUntilFinish();
  }
}
