package dev.reelbeam.pipelines;

import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.clients.engagement.EngagementPoller;
import dev.reelbeam.clients.engagement.EngagementSettings;
import dev.reelbeam.clients.engagement.PostgresPollBook;
import dev.reelbeam.clients.provider.ProviderSettings;
import dev.reelbeam.clients.topic.TopicWriter;
import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.EngagementJson;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.pipelines.wiring.WorldProviders;
import dev.reelbeam.pipelines.wiring.WorldSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks platforms what they counted about published videos. */
final class EngagementPolling {
  private static final long PAUSE_MS = 60_000;

  private EngagementPolling() {}

  /** Puts a video before all others. */
  @Command(name = "now", header = "Asks about a video with the next poll.")
  static final class Now extends Subcommand {
    @Mixin private WorldOptions world = new WorldOptions();

    @Parameters(paramLabel = "VIDEO", description = "Its id.")
    private String video = "";

    Now() {}

    @Override
    public Integer call() throws StageException {
      try (PostgresPollBook book = PostgresPollBook.open(world.settings().postgres())) {
        boolean known = book.demand(video);
        spec.commandLine()
            .getOut()
            .println(known ? video + " is due now" : "no video " + video + " is followed");
        return (known ? ExitCode.COMPLETED : ExitCode.NOTHING_COMPLETED).number();
      }
    }
  }

  /** Reads what is due, again and again. */
  @Command(
      name = "poll",
      header = "Reads the counters that are due, within each platform's quota.",
      description = {"", "Snapshots go to the topic that the measuring job reads.", ""})
  static final class Poll extends Subcommand {
    @Mixin private WorldOptions world = new WorldOptions();

    @Option(
        names = "--settings",
        required = true,
        paramLabel = "FILE",
        description = "YAML with the part `engagement`: accounts, their tokens, how often.")
    private Path settingsFile = Path.of("");

    @Option(names = "--once", description = "Ends when nothing is due any more.")
    private boolean once;

    Poll() {}

    @Override
    public Integer call() throws StageException {
      WorldSettings settings = world.settings();
      try (PostgresPollBook book = PostgresPollBook.open(settings.postgres())) {
        return poll(settings, book);
      }
    }

    private int poll(WorldSettings settings, PostgresPollBook book) throws StageException {
      EngagementSettings engagement =
          ProviderSettings.read(settingsFile, System.getenv()).engagement();
      if (engagement == null) {
        throw new StageException(
            FailureCode.CONFIG_INVALID, settingsFile + " has no part `engagement`");
      }
      PrintWriter out = spec.commandLine().getOut();
      try (ObjectStore store = WorldProviders.store(settings).open();
          TopicWriter topic = TopicWriter.open(settings.kafka())) {
        EngagementPoller poller =
            new EngagementPoller(
                engagement.readers(System.getenv()),
                book,
                store,
                snapshots -> handOn(snapshots, topic),
                engagement.polls(),
                Clock.systemUTC());
        while (true) {
          EngagementPoller.Round round = round(poller);
          if (round.read() + round.removed() + round.failed() + round.left() > 0 || once) {
            out.printf(
                "%d read, %d removed, %d failed, %d wait for their quota%n",
                round.read(), round.removed(), round.failed(), round.left());
            out.flush();
          }
          if (once) {
            return (round.failed() == 0 ? ExitCode.COMPLETED : ExitCode.SOME_DEAD).number();
          }
          Thread.sleep(PAUSE_MS);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return ExitCode.INTERRUPTED.number();
      }
    }

    /** A service that is away ends a single round, and a poller that goes on asks again. */
    private EngagementPoller.Round round(EngagementPoller poller) {
      try {
        return poller.pollDue();
      } catch (StoreException e) {
        if (once) {
          throw e;
        }
        spec.commandLine().getErr().println(e.code().label() + ": " + e.getMessage());
        spec.commandLine().getErr().flush();
        return new EngagementPoller.Round(0, 0, 0, 0);
      }
    }

    private static void handOn(List<EngagementSnapshot> snapshots, TopicWriter topic) {
      for (EngagementSnapshot snapshot : snapshots) {
        topic.send(Topic.ENGAGEMENT, snapshot.videoKey(), EngagementJson.write(snapshot));
      }
      topic.flush();
    }
  }
}
