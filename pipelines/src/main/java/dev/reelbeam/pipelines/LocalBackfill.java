package dev.reelbeam.pipelines;

import dev.reelbeam.connectors.DeadLetterIO;
import dev.reelbeam.connectors.DeliveryIO;
import dev.reelbeam.media.codec.VideoEncoder;
import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.port.SpeechSynthesizer;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.pipelines.watch.ProcessUsage;
import dev.reelbeam.pipelines.watch.ProgressDisplay;
import dev.reelbeam.pipelines.watch.RunProgress;
import dev.reelbeam.pipelines.watch.RunReport;
import dev.reelbeam.pipelines.watch.RunSummary;
import dev.reelbeam.pipelines.watch.Terminal;
import dev.reelbeam.pipelines.wiring.Installation;
import dev.reelbeam.pipelines.wiring.LocalProviders;
import dev.reelbeam.stages.ProduceVideos;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.flow.RecordOverrides;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A backfill on this machine: the graph of {@code make} over chosen records. */
final class LocalBackfill {
  private final Path out;
  private final List<String> presets;
  private final @Nullable String mediaBaseUrl;
  private final PrintWriter console;
  private final PrintWriter err;

  LocalBackfill(
      Path out,
      List<String> presets,
      @Nullable String mediaBaseUrl,
      PrintWriter console,
      PrintWriter err) {
    this.out = out.toAbsolutePath().normalize();
    this.presets = presets;
    this.mediaBaseUrl = mediaBaseUrl;
    this.console = console;
    this.err = err;
  }

  /** Makes the videos; what was made before is found. Returns the exit code. */
  int run(List<RawRecord> records) throws StageException {
    long startedNs = System.nanoTime();
    Path parent = out.getParent();
    Path store = (parent == null ? out : parent).resolve(".reelbeam").resolve("store");
    Path deadLetters = out.resolve(DeadLetterIO.FOLDER);
    String runId = UUID.randomUUID().toString();
    RunProgress progress = RunProgress.begin(runId);
    Providers providers =
        LocalProviders.of(
            store,
            Installation.voices().orElse(null),
            LocalProviders.USUAL_PATIENCE,
            RunProgress.of(runId));
    RecordOverrides overrides =
        new RecordOverrides(
            null,
            presets,
            null,
            VideoSettings.DEFAULT,
            /* speedGiven= */ false,
            Brand.DEFAULT,
            /* assumeEnabled= */ true,
            VideoEncoder.available("libx264") ? "libx264" : "libopenh264",
            "standard");
    RunReport report;
    try (SpeechSynthesizer keptOpen = providers.speech().open();
        ProgressDisplay display =
            ProgressDisplay.start(progress, Terminal.ofStandardError(), err)) {
      LocalProviders.tellTo(display::say);
      MakeGraph.run(
          new MakeGraph.Settings(
              runId,
              List.of(),
              out,
              deadLetters,
              Runtime.getRuntime().availableProcessors(),
              providers,
              new ProduceVideos.Options(
                  overrides, /* force= */ false, ProduceVideos.StopAfter.NOTHING, mediaBaseUrl)),
          records);
      try (ProjectLedger projects = providers.projects().open()) {
        report = progress.report(projects::epoch);
      }
    } finally {
      RunProgress.end(runId);
      LocalProviders.tellTo(message -> {});
    }
    MakeCommand.removeResolved(deadLetters, report);
    console.print(
        RunSummary.of(
            report,
            delivery -> DeliveryIO.folderOf(out, delivery),
            delivery -> com.fasterxml.jackson.databind.node.MissingNode.getInstance(),
            Duration.ofNanos(System.nanoTime() - startedNs),
            ProcessUsage.now()));
    console.flush();
    return MakeCommand.exitCode(report).number();
  }
}
