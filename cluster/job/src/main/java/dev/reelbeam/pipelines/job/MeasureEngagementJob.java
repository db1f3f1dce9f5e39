package dev.reelbeam.pipelines.job;

import dev.reelbeam.connectors.DeadLetterIO;
import dev.reelbeam.connectors.EngagementIO;
import dev.reelbeam.model.engagement.OperationsEvent;
import dev.reelbeam.model.engagement.SnapshotMessage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.pipelines.wiring.WorldProviders;
import dev.reelbeam.pipelines.wiring.WorldSettings;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.deadletter.DeadLetters;
import dev.reelbeam.stages.engagement.AskBooks;
import dev.reelbeam.stages.engagement.KeepSnapshots;
import dev.reelbeam.stages.engagement.MeasureEngagement;
import dev.reelbeam.stages.engagement.MeasureSettings;
import dev.reelbeam.stages.engagement.OperationsLimits;
import dev.reelbeam.stages.engagement.SnapshotMessageCoder;
import dev.reelbeam.stages.engagement.TeachArms;
import dev.reelbeam.stages.engagement.WatchOperations;
import dev.reelbeam.stages.engagement.WriteEngagement;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.joda.time.Duration;

/**
 * The streaming job that measures: snapshots from {@code reelbeam.engagement}, windows into
 * Postgres.
 */
public final class MeasureEngagementJob {
  /** Offsets of this group tell where a job without a checkpoint goes on. */
  private static final String CONSUMER_GROUP = "measure-engagement";

  /** A replay is seen so soon, the history is read and the books are asked in steps of it. */
  private static final Duration LOOK_EVERY = Duration.standardSeconds(5);

  private static final long CHECKPOINT_MS = 60_000;

  /** Blocks are made of bundles: larger ones name a video less often. */
  private static final long BUNDLE_SIZE = 20_000;

  private MeasureEngagementJob() {}

  /** Submits the job, or only checks what it would go on from, and ends. */
  public static void main(String[] args) {
    JobStart.main(() -> options(args), MeasureEngagementJob::submit);
  }

  private static void submit(PrintStream out, MeasureEngagementOptions options)
      throws IOException, StageException {
    RestoreChecks.checkOrBeginAnew(out, graph(options));
    if (options.isCheckOnly()) {
      return;
    }
    JobStart.checkWorld(out, options);
    PipelineResult unused = graph(options).run();
  }

  /** Options with the job's own defaults. */
  public static MeasureEngagementOptions options(String... args) {
    MeasureEngagementOptions options =
        JobStart.options(MeasureEngagementOptions.class, CHECKPOINT_MS, args);
    options.setMaxBundleSize(BUNDLE_SIZE);
    options.setObjectReuse(true);
    // All of it or none: shards that are restored wait for seeds that only a job without state
    // gives.
    options.setAllowNonRestoredState(false);
    return options;
  }

  /** The graph of the job. */
  public static Pipeline graph(MeasureEngagementOptions options) throws StageException {
    WorldSettings world = WorldSettings.read(Path.of(options.getConnections()));
    MeasureSettings settings =
        MeasureSettings.streaming()
            .withUpdateMs(options.getUpdateSeconds() * 1000L)
            .withRates(world.revenueRates());
    Pipeline pipeline = Pipeline.create(options);
    try (var handler =
        pipeline.registerBadRecordErrorHandler(
            DeadLetterIO.writeTopic(world.kafka(), WorldProviders.deadLetters(world)))) {
      PCollection<SnapshotMessage> messages =
          pipeline
              .apply("Read snapshots", EngagementIO.readTopic(world.kafka(), CONSUMER_GROUP))
              .setCoder(new SnapshotMessageCoder());
      messages.apply("Keep snapshots", KeepSnapshots.in(WorldProviders.engagement(world)));
      PCollection<Long> ticks =
          pipeline.apply("Look for a replay", GenerateSequence.from(0).withRate(1, LOOK_EVERY));
      PCollectionTuple measured =
          messages.apply(
              "Measure engagement",
              MeasureEngagement.with(
                      settings, WorldProviders.videos(world), new DeadLetters.Lane(handler))
                  .seededFrom(WorldProviders.engagementHistory(world), ticks));
      measured.apply("Write engagement", WriteEngagement.to(WorldProviders.engagement(world)));
      measured.apply("Teach arms", TeachArms.by(WorldProviders.teacher(world)));
      measured
          .get(MeasureEngagement.TRENDS)
          .apply("Tell of trends", EngagementIO.writeTrends(world.kafka()));
      PCollection<OperationsEvent> progress =
          pipeline
              .apply("Read operations", EngagementIO.readOperations(world.kafka(), CONSUMER_GROUP))
              .setCoder(RecordCoder.of(OperationsEvent.class));
      PCollection<OperationsEvent> outcomes =
          pipeline
              .apply("Read outcomes", EngagementIO.readOutcomes(world.kafka(), CONSUMER_GROUP))
              .setCoder(RecordCoder.of(OperationsEvent.class));
      PCollection<OperationsEvent> booked =
          ticks.apply("Ask the books", AskBooks.of(WorldProviders.operationsBooks(world)));
      PCollectionList.of(progress)
          .and(outcomes)
          .and(booked)
          .apply("All operations", Flatten.pCollections())
          .apply(
              "Watch operations",
              WatchOperations.with(
                  OperationsLimits.USUAL.withBudgetMicros(options.getBudgetMicros())))
          .apply("Tell of alerts", EngagementIO.writeAlerts(world.kafka()));
    }
    return pipeline;
  }
}
