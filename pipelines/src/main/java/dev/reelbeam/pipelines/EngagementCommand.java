package dev.reelbeam.pipelines;

import dev.reelbeam.clients.engagement.PostgresPollBook;
import dev.reelbeam.clients.ledger.PostgresEngagement;
import dev.reelbeam.clients.ledger.PostgresTableExport;
import dev.reelbeam.clients.ledger.PostgresVideoCatalog;
import dev.reelbeam.connectors.DeadLetterIO;
import dev.reelbeam.connectors.EngagementIO;
import dev.reelbeam.model.engagement.PublishedPost;
import dev.reelbeam.model.engagement.SnapshotMessage;
import dev.reelbeam.model.engagement.VideoFacts;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.EngagementHistory;
import dev.reelbeam.pipelines.wiring.WorldProviders;
import dev.reelbeam.pipelines.wiring.WorldSettings;
import dev.reelbeam.stages.deadletter.DeadLetters;
import dev.reelbeam.stages.engagement.KeepSnapshots;
import dev.reelbeam.stages.engagement.MeasureEngagement;
import dev.reelbeam.stages.engagement.MeasureSettings;
import dev.reelbeam.stages.engagement.SnapshotMessageCoder;
import dev.reelbeam.stages.engagement.TeachArms;
import dev.reelbeam.stages.engagement.WriteEngagement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * What videos earn: what platforms counted, replays of the history, lists of videos that others
 * published.
 */
@Command(
    name = "engagement",
    header = "Asks what platforms counted, counts anew, and takes in lists of published videos.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Reelbeam.Version.class,
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    subcommands = {
      EngagementPolling.Poll.class,
      EngagementPolling.Now.class,
      EngagementCommand.Replay.class,
      EngagementCommand.Import.class,
      EngagementLearn.class,
      EngagementCommand.Export.class
    })
final class EngagementCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  EngagementCommand() {}

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** The whole history through the same transform that the running job applies. */
  @Command(
      name = "replay",
      header = "Counts every window anew from all snapshots; what came too late is applied.",
      description = {
        "",
        "Safe beside the running job: that begins anew with the same history. One that was broken"
            + " off is run again.",
        ""
      })
  static final class Replay extends Subcommand {
    @Mixin private WorldOptions world = new WorldOptions();

    @Option(
        names = "--source",
        paramLabel = "PATTERN",
        description =
            "Files of JSON lines, for example 'history/*.jsonl', that are kept and counted beside"
                + " the database's own.")
    private @Nullable String source;

    Replay() {}

    @Override
    public Integer call() throws StageException {
      WorldSettings settings = world.settings();
      MeasureSettings measure = MeasureSettings.replay().withRates(settings.revenueRates());
      if (source != null) {
        takeIn(settings, source);
      }
      long generation;
      try (EngagementHistory history = WorldProviders.engagementHistory(settings).open()) {
        generation = history.raise(measure.ratesText());
      }
      Pipeline pipeline = pipeline("engagement-replay");
      try (var handler =
          pipeline.registerBadRecordErrorHandler(
              DeadLetterIO.writeTopic(settings.kafka(), WorldProviders.deadLetters(settings)))) {
        PCollectionTuple measured =
            pipeline
                .apply("Read snapshots", EngagementIO.readTable(settings.postgres()))
                .setCoder(new SnapshotMessageCoder())
                .apply(
                    "Measure engagement",
                    MeasureEngagement.with(
                        measure.withGeneration(generation),
                        WorldProviders.videos(settings),
                        new DeadLetters.Lane(handler)));
        measured.apply("Write engagement", WriteEngagement.to(WorldProviders.engagement(settings)));
        measured.apply("Teach arms", TeachArms.by(WorldProviders.teacher(settings)));
      }
      pipeline.run().waitUntilFinish();
      int applied;
      try (PostgresEngagement tables = PostgresEngagement.open(settings.postgres())) {
        applied = tables.settle(generation);
      }
      spec.commandLine()
          .getOut()
          .println("counted anew; snapshots that had come too late and count now: " + applied);
      return ExitCode.COMPLETED.number();
    }

    /**
     * Puts the snapshots of files beside those of the topic: what a replay counts and the running
     * job does not know would be lost with the job's next update. What is wrong with them is told
     * as of any other snapshot.
     */
    private static void takeIn(WorldSettings settings, String source) {
      Pipeline pipeline = pipeline("engagement-history");
      try (var handler =
          pipeline.registerBadRecordErrorHandler(
              DeadLetterIO.writeTopic(settings.kafka(), WorldProviders.deadLetters(settings)))) {
        PCollection<SnapshotMessage> messages =
            pipeline
                .apply("Read snapshots", EngagementIO.readLines(source))
                .setCoder(new SnapshotMessageCoder());
        messages.apply("Keep snapshots", KeepSnapshots.in(WorldProviders.engagement(settings)));
        messages.apply(
            "Measure engagement",
            MeasureEngagement.with(
                MeasureSettings.replay(),
                WorldProviders.videos(settings),
                new DeadLetters.Lane(handler)));
      }
      pipeline.run().waitUntilFinish();
    }

    private static Pipeline pipeline(String name) {
      DirectOptions options = PipelineOptionsFactory.as(DirectOptions.class);
      options.setJobName(name);
      options.setEnforceImmutability(false);
      options.setEnforceEncodability(false);
      return Pipeline.create(options);
    }
  }

  /** Facts about videos that others published. */
  @Command(
      name = "import",
      header = "Takes in a list of published videos, one JSON object a line.",
      description = {
        "",
        "Needed: video_id, platform, preset, site_id, project, published_at. Also time_zone,"
            + " hook_style, voice, duration_class, topic, cost_micros, credits. With"
            + " platform_video_id and account, its counters are read from the platform, too.",
        ""
      })
  static final class Import extends Subcommand {
    private static final int AT_ONCE = 1_000;

    @Mixin private WorldOptions world = new WorldOptions();

    @Parameters(paramLabel = "FILE", description = "The list.")
    private Path file = Path.of("");

    Import() {}

    @Override
    public Integer call() throws StageException {
      int[] count = new int[1];
      List<PublishedPost> posts = new ArrayList<>();
      Map<String, String> titles = new HashMap<>();
      try (PostgresVideoCatalog catalog = PostgresVideoCatalog.open(world.settings().postgres())) {
        List<VideoFacts> some = new ArrayList<>();
        VideoList.videos(
            file,
            video -> {
              count[0]++;
              some.add(video.facts());
              if (video.post() != null) {
                posts.add(video.post());
              }
              if (video.titleStyle() != null) {
                titles.put(video.facts().videoKey(), video.titleStyle().id());
              }
              if (some.size() == AT_ONCE) {
                catalog.put(some, titles);
                some.clear();
                titles.clear();
              }
            });
        catalog.put(some, titles);
      }
      int followed = 0;
      if (!posts.isEmpty()) {
        try (PostgresPollBook book = PostgresPollBook.open(world.settings().postgres())) {
          followed = book.add(posts, System.currentTimeMillis());
        }
      }
      spec.commandLine()
          .getOut()
          .println(count[0] + " videos known, " + followed + " of them new to the poller");
      return ExitCode.COMPLETED.number();
    }
  }

  /** What notebooks read. */
  @Command(
      name = "export",
      header = "Writes the tables that notebooks read, as CSV: `notebooks/run --tables DIR`.")
  static final class Export extends Subcommand {
    @Mixin private WorldOptions world = new WorldOptions();

    @Option(
        names = "--out",
        required = true,
        paramLabel = "DIR",
        description = "Where the files go; those that are there are replaced.")
    private Path out = Path.of("");

    Export() {}

    @Override
    public Integer call() throws StageException {
      try (PostgresTableExport export = PostgresTableExport.open(world.settings().postgres())) {
        export
            .write(out)
            .forEach(
                (table, lines) ->
                    spec.commandLine().getOut().println(table + ".csv: " + lines + " lines"));
      } catch (IOException e) {
        throw new StageException(
            FailureCode.STORAGE_UNAVAILABLE, "cannot write to " + out + ": " + e.getMessage(), e);
      }
      return ExitCode.COMPLETED.number();
    }
  }
}
