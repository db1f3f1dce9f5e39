package dev.reelbeam.pipelines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.reelbeam.clients.provider.ProviderSettings;
import dev.reelbeam.connectors.DeadLetterIO;
import dev.reelbeam.connectors.DeliveryIO;
import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.port.SpeechSynthesizer;
import dev.reelbeam.pipelines.report.RecordReport;
import dev.reelbeam.pipelines.watch.ProcessUsage;
import dev.reelbeam.pipelines.watch.ProgressDisplay;
import dev.reelbeam.pipelines.watch.RunProgress;
import dev.reelbeam.pipelines.watch.RunReport;
import dev.reelbeam.pipelines.watch.RunSummary;
import dev.reelbeam.pipelines.watch.Terminal;
import dev.reelbeam.pipelines.wiring.Installation;
import dev.reelbeam.pipelines.wiring.LocalProviders;
import dev.reelbeam.pipelines.wiring.StartProbes;
import dev.reelbeam.stages.ProduceVideos;
import dev.reelbeam.stages.ProduceVideos.StopAfter;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.flow.RecordOverrides;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run on this machine, whichever command asked for it: the graph, its progress on the terminal,
 * pages to look at, and a summary.
 */
final class LocalRun {
  private final Settings settings;
  private final PrintWriter console;
  private final PrintWriter err;
  private long creditsSpent;

  /**
   * How a run works.
   *
   * @param out where the videos go, absolute
   * @param store where results are kept to be found again, absolute
   * @param asked providers that are asked before the embedded ones
   * @param patienceMinutes how long a provider that is away is waited for
   * @param storePatience how long a store that is away is asked again
   * @param workers how many threads work at once
   * @param force renders segments again that could be found
   * @param retry asks preferred providers again where another one stood in
   * @param mediaBaseUrl see {@link ProduceVideos.Options}
   * @param verbose tells what happens on standard error
   */
  record Settings(
      Path out,
      Path store,
      ProviderSettings asked,
      int patienceMinutes,
      Duration storePatience,
      int workers,
      boolean force,
      boolean retry,
      StopAfter stopAfter,
      @Nullable String mediaBaseUrl,
      boolean verbose) {
    /** What a command works with that has nothing else to say about it. */
    static Settings usual(Path out, @Nullable String mediaBaseUrl) {
      Path folder = out.toAbsolutePath().normalize();
      return new Settings(
          folder,
          storeBeside(folder),
          ProviderSettings.EMBEDDED,
          ProviderSettings.EMBEDDED.patienceMinutes(),
          LocalProviders.USUAL_PATIENCE,
          Runtime.getRuntime().availableProcessors(),
          /* force= */ false,
          /* retry= */ false,
          StopAfter.NOTHING,
          mediaBaseUrl,
          /* verbose= */ false);
    }
  }

  /** What the user says about every record. */
  @FunctionalInterface
  interface Overrides {
    /**
     * Reads it, once.
     *
     * @param store takes files that workers read
     */
    RecordOverrides of(ObjectStore store) throws StageException;
  }

  /** Where records come from. */
  private interface Source {
    CostEstimate costs(RecordOverrides overrides);

    void run(MakeGraph.Settings graph);

    List<Path> inputs();
  }

  LocalRun(Settings settings, PrintWriter console, PrintWriter err) {
    this.settings = settings;
    this.console = console;
    this.err = err;
  }

  /**
   * Beside the output, so that results and videos lie on one disk, every run into the same place
   * finds them, and one folder holds all there is to delete.
   */
  static Path storeBeside(Path out) {
    Path parent = out.getParent();
    return (parent == null ? out : parent).resolve(".reelbeam").resolve("store");
  }

  /** Makes videos of files and folders; returns the exit code. */
  int ofInputs(List<Path> inputs, Overrides overrides) throws StageException {
    return run(
        new Source() {
          @Override
          public CostEstimate costs(RecordOverrides read) {
            return DryRun.costs(inputs, read, settings.asked());
          }

          @Override
          public void run(MakeGraph.Settings graph) {
            MakeGraph.run(graph);
          }

          @Override
          public List<Path> inputs() {
            return inputs;
          }
        },
        overrides);
  }

  /** Makes videos of records that were read already; returns the exit code. */
  int ofRecords(List<RawRecord> records, Overrides overrides) throws StageException {
    return run(
        new Source() {
          @Override
          public CostEstimate costs(RecordOverrides read) {
            return DryRun.costsOfRecords(records, read, settings.asked());
          }

          @Override
          public void run(MakeGraph.Settings graph) {
            MakeGraph.run(graph, records);
          }

          @Override
          public List<Path> inputs() {
            return List.of();
          }
        },
        overrides);
  }

  /**
   * Credits of the videos that the last run rendered anything of, by their own accounts: what
   * deliveries share is counted once. What was found costs nothing.
   */
  long creditsSpent() {
    return creditsSpent;
  }

  private long spentFor(RunReport report) {
    long credits = 0;
    Set<String> shared = new HashSet<>();
    for (Delivery delivery : report.completed()) {
      if (delivery.segmentsRendered() == 0) {
        continue;
      }
      JsonNode account =
          jsonOf(DeliveryIO.folderOf(settings.out(), delivery), "metadata.json").path("cost");
      boolean first = shared.add(delivery.key() + "|" + delivery.variantId());
      for (JsonNode entry : account.path("entries")) {
        if (first || !entry.path("shared").asBoolean()) {
          credits += entry.path("credits").asLong();
        }
      }
    }
    return credits;
  }

  private int run(Source source, Overrides overrides) throws StageException {
    Logs logs =
        settings.verbose()
            ? Logs.toStandardError(true)
            : Logs.toFolder(settings.store().resolve("logs"));
    String runId = UUID.randomUUID().toString();
    RunProgress progress = RunProgress.begin(runId);
    try {
      return run(source, overrides, runId, progress, logs);
    } finally {
      RunProgress.end(runId);
      LocalProviders.tellTo(message -> {});
      Path log = logs.finish();
      if (log != null) {
        err.println("log: " + log);
        err.flush();
      }
    }
  }

  private int run(Source source, Overrides overrides, String runId, RunProgress progress, Logs logs)
      throws StageException {
    long startedNs = System.nanoTime();
    Path out = settings.out();
    Path deadLetters = out.resolve(DeadLetterIO.FOLDER);
    // With details on standard error a live block would be torn apart.
    Terminal terminal = settings.verbose() ? Terminal.NONE : Terminal.ofStandardError();
    LocalProviders.tellTo(
        message -> {
          err.println("reelbeam: " + message);
          err.flush();
        });
    StartProbes.check(
        settings.asked(),
        System.getenv(),
        Clock.systemUTC(),
        message -> {
          err.println("reelbeam: " + message);
          err.flush();
        });
    Providers providers =
        LocalProviders.of(
            settings.store(),
            Installation.voices().orElse(null),
            settings.storePatience(),
            RunProgress.of(runId),
            settings.asked());
    makeFolder(out);
    int unused = Leftovers.remove(TemporaryFolder.shared(), settings.store(), Instant.now());
    RecordOverrides read;
    try (ObjectStore opened = providers.store().open()) {
      read = overrides.of(opened);
    }
    MakeGraph.Settings graph =
        new MakeGraph.Settings(
            runId,
            source.inputs(),
            out,
            deadLetters,
            settings.workers(),
            providers,
            new ProduceVideos.Options(
                read,
                settings.force(),
                settings.stopAfter(),
                settings.mediaBaseUrl(),
                settings.retry()),
            settings.patienceMinutes());
    CostEstimate costs = source.costs(read);
    RunReport report;
    List<Path> pages;
    ProcessUsage usage;
    try (SpeechSynthesizer keptOpen = providers.speech().open();
        ProgressDisplay display = ProgressDisplay.start(progress, terminal, err);
        Interruption interruption =
            Interruption.watch(
                () -> {
                  display.close();
                  logs.finish();
                },
                err)) {
      LocalProviders.tellTo(display::say);
      progress.tellWaits(line -> display.say(line + "; Ctrl-C keeps what is done"));
      source.run(graph);
      try (ProjectLedger projects = providers.projects().open()) {
        report = progress.report(projects::epoch);
      }
      removeResolved(deadLetters, report);
      pages = writePages(report, costs, display);
      // While the speech process is there: its time counts.
      usage = ProcessUsage.now();
    }
    console.print(
        RunSummary.of(
            report,
            delivery -> shown(DeliveryIO.folderOf(out, delivery)),
            delivery -> jsonOf(DeliveryIO.folderOf(out, delivery), "checks.json"),
            Duration.ofNanos(System.nanoTime() - startedNs),
            usage));
    console.print(costs.against(report.spent()));
    creditsSpent = spentFor(report);
    tellWhatIsLeft(report, deadLetters, pages);
    console.flush();
    return exitCode(report).number();
  }

  private void tellWhatIsLeft(RunReport report, Path deadLetters, List<Path> pages) {
    if (!report.dead().isEmpty()) {
      console.println("dead letters: " + shown(deadLetters));
    }
    for (Path page : pages) {
      console.println("report: " + shown(page));
    }
    if (!report.waiting().isEmpty()) {
      console.println(
          "to decide: reelbeam review --store "
              + shown(settings.store())
              + "; then the same command goes on where this one stopped");
    }
    if (!report.overtaken().isEmpty()) {
      console.println(
          "edited or cancelled meanwhile: the same command goes on with what stands now");
    }
  }

  /** How a run ended, by its counts. */
  static ExitCode exitCode(RunReport report) {
    if (!report.lost().isEmpty()) {
      return ExitCode.DEFECT;
    }
    if (report.completed().isEmpty()
        && report.waiting().isEmpty()
        && report.overtaken().isEmpty()) {
      return ExitCode.NOTHING_COMPLETED;
    }
    return report.dead().isEmpty() ? ExitCode.COMPLETED : ExitCode.SOME_DEAD;
  }

  private static void makeFolder(Path folder) throws StageException {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new StageException(
          FailureCode.STORAGE_UNAVAILABLE, "cannot make '" + folder + "': " + e.getMessage(), e);
    }
    if (!Files.isWritable(folder)) {
      throw new StageException(
          FailureCode.STORAGE_UNAVAILABLE, "'" + folder + "' may not be written");
    }
  }

  /** A page to look at for every record that was planned; the videos do not depend on it. */
  private List<Path> writePages(RunReport report, CostEstimate costs, ProgressDisplay display) {
    Set<String> records = new TreeSet<>();
    report.completed().forEach(delivery -> records.add(delivery.key().recordId()));
    report.planned().forEach(key -> records.add(key.recordId()));
    List<Path> pages = new ArrayList<>();
    for (String record : records) {
      List<DeadLetter> letters =
          report.deadLetters().stream().filter(letter -> letter.recordId().equals(record)).toList();
      try {
        pages.add(
            RecordReport.write(
                DeliveryIO.folderOf(settings.out(), record), letters, costs.of(record)));
      } catch (StageException e) {
        display.say("no report of " + record + ": " + Failures.of(e).line());
      }
    }
    return pages;
  }

  /** Letters of earlier runs are history when this run came to another end with the same. */
  private static void removeResolved(Path folder, RunReport report) {
    Set<String> raised = new HashSet<>();
    Set<String> ended = new HashSet<>(report.parsedPositions());
    for (DeadLetter letter : report.deadLetters()) {
      raised.add(letter.id());
      ended.add(letter.recordId());
    }
    Set<String> endedDeliveries = new HashSet<>();
    for (RunProgress.DeliveryKey key : report.accepted()) {
      ended.add(key.recordId());
      endedDeliveries.add(key.recordId() + "\n" + key.preset());
    }
    List<DeadLetter> unused =
        DeadLetterIO.removeResolved(
            folder,
            letter -> {
              String preset = letter.preset();
              return !raised.contains(letter.id())
                  && (preset == null
                      ? ended.contains(letter.recordId())
                      : endedDeliveries.contains(letter.recordId() + "\n" + preset));
            });
  }

  private static JsonNode jsonOf(Path folder, String file) {
    try {
      return RecordJson.readTree(Files.readString(folder.resolve(file), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  /** A path as the user would type it. */
  private static Path shown(Path path) {
    Path here = Path.of("").toAbsolutePath();
    return path.startsWith(here) && !path.equals(here) ? here.relativize(path) : path;
  }
}
