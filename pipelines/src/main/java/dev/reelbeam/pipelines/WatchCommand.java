package dev.reelbeam.pipelines;

import dev.reelbeam.clients.ledger.PostgresProgress;
import dev.reelbeam.clients.ledger.PostgresProjectLedger;
import dev.reelbeam.clients.store.S3ObjectStore;
import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.project.DeliveryOutcome;
import dev.reelbeam.model.project.DeliveryState;
import dev.reelbeam.model.project.ProgressEvent;
import dev.reelbeam.model.project.ProgressEvent.ProgressError;
import dev.reelbeam.model.project.ProjectRow;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.model.project.WaitingArtifact;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.pipelines.watch.Amounts;
import dev.reelbeam.pipelines.wiring.WorldSettings;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows how a project gets on. */
@Command(
    name = "watch",
    header = "Shows how a project gets on, until it ends or waits for somebody.",
    abbreviateSynopsis = true,
    footerHeading = "%n",
    footer = {
      "Exit codes: 0 completed, or it waits for a decision; 1 some deliveries did not become",
      "videos; 3 none did, or nobody knows the project; 74 a service is away."
    })
final class WatchCommand extends Subcommand {
  private static final long PAUSE_MS = 500;

  private static final Duration ADDRESS_LASTS = Duration.ofHours(12);
  private static final Pattern REVISION = Pattern.compile("(.+)@([1-9][0-9]{0,8})");

  /** A record that was just sent is not read yet. */
  private static final long UNKNOWN_MS = 30_000;

  @Parameters(
      paramLabel = "PROJECT[@REVISION]",
      description =
          "Its id: that of the content record. With a revision, as `submit` tells it, an earlier one"
              + " is no answer.")
  private String project = "";

  @Option(names = "--once", description = "Tells where it stands and ends.")
  private boolean once;

  @Mixin private WorldOptions world = new WorldOptions();

  WatchCommand() {}

  @Override
  public Integer call() throws StageException {
    WorldSettings settings = world.settings();
    try (ProjectLedger ledger = PostgresProjectLedger.open(settings.postgres());
        PostgresProgress progress = PostgresProgress.open(settings.postgres());
        S3ObjectStore bucket = S3ObjectStore.open(settings.s3())) {
      return watch(
          ledger,
          progress,
          video ->
              bucket
                  .unsigned(video)
                  .or(() -> bucket.signed(video, ADDRESS_LASTS))
                  .map(Object::toString)
                  .orElse(video.sha256()));
    }
  }

  private int watch(
      ProjectLedger ledger, PostgresProgress progress, Function<MediaRef, String> place) {
    PrintWriter out = spec.commandLine().getOut();
    long beganNs = System.nanoTime();
    String told = "";
    int revision = 0;
    Matcher named = REVISION.matcher(project);
    // An id may end like that, too.
    if (named.matches() && ledger.find(project).isEmpty()) {
      project = named.group(1);
      revision = Integer.parseInt(named.group(2));
    }
    while (true) {
      int least = revision;
      Optional<ProjectRow> row =
          ledger.find(project).filter(known -> known.entry().key().revision() >= least);
      if (row.isPresent()) {
        ProjectStatus status = row.get().status();
        String line = line(row.get(), progress.find(project).orElse(null));
        if (!line.equals(told)) {
          out.println(line);
          out.flush();
          told = line;
        }
        if (once || ended(ledger, status)) {
          return end(ledger, row.get(), place, out);
        }
      } else if (once || System.nanoTime() - beganNs > UNKNOWN_MS * 1_000_000) {
        spec.commandLine()
            .getErr()
            .println(
                "nobody knows the project '"
                    + project
                    + "'"
                    + (revision == 0 ? "" : " in revision " + revision));
        return ExitCode.NOTHING_COMPLETED.number();
      }
      try {
        Thread.sleep(PAUSE_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return ExitCode.INTERRUPTED.number();
      }
    }
  }

  /** Between an approval and the next stage's first word the project is still in review. */
  private boolean ended(ProjectLedger ledger, ProjectStatus status) {
    if (status == ProjectStatus.REVIEW) {
      return !ledger.waiting(project).isEmpty();
    }
    return status != ProjectStatus.DRAFT && !status.active();
  }

  /** For example {@code tea@1 rendering 62 % render tiktok 70 %, youtube_short 54 %, 12 s left}. */
  private static String line(ProjectRow row, @Nullable ProgressEvent event) {
    StringBuilder line = new StringBuilder();
    line.append(row.entry().key()).append("  ");
    if (event == null || event.epoch() < row.epoch()) {
      return line.append(row.status().label()).toString();
    }
    // While workers are busy, their last word says more than the row: it tells script from render.
    line.append(row.status().active() ? event.status() : row.status().label());
    line.append("  ").append(event.progress()).append(" %  ").append(event.currentStage());
    if (!event.deliveries().isEmpty()) {
      line.append("  ")
          .append(
              event.deliveries().entrySet().stream()
                  .map(delivery -> delivery.getKey() + " " + delivery.getValue() + " %")
                  .sorted()
                  .collect(Collectors.joining(", ")));
    }
    if (event.queuePosition() != null && event.queuePosition() > 0) {
      line.append("  ").append(event.queuePosition()).append(" go first");
    }
    if (event.estimatedTimeRemainingS() != null) {
      line.append("  ").append(event.estimatedTimeRemainingS()).append(" s left");
    }
    ProgressError error = event.error();
    if (error != null) {
      line.append("  ").append(error.code()).append(": ").append(error.message());
    }
    return line.toString();
  }

  static int end(
      ProjectLedger ledger, ProjectRow row, Function<MediaRef, String> place, PrintWriter out) {
    List<DeliveryOutcome> outcomes =
        ledger.outcomes(row.project()).stream()
            .filter(outcome -> outcome.key().equals(row.entry().key()))
            .toList();
    for (DeliveryOutcome outcome : outcomes) {
      String detail = outcome.detail();
      out.println(
          "  "
              + outcome.preset()
              + "  "
              + outcome.state().label().replace('_', ' ')
              + (outcome.delivery() == null
                  ? ""
                  : "  " + Amounts.time(outcome.delivery().durationMs()) + size(outcome))
              + (detail == null ? "" : "  " + detail));
      MediaRef video = video(outcome);
      if (video != null) {
        out.println("    " + place.apply(video));
      }
    }
    for (WaitingArtifact waiting : ledger.waiting(row.project())) {
      out.println(
          "  waits at the gate "
              + waiting.gate().label()
              + ": "
              + waiting.variant()
              + " "
              + waiting.artifact());
    }
    out.flush();
    long completed =
        outcomes.stream().filter(outcome -> outcome.state() == DeliveryState.COMPLETED).count();
    boolean all = completed > 0 && completed == outcomes.size();
    if (row.status() == ProjectStatus.REVIEW || all) {
      return ExitCode.COMPLETED.number();
    }
    return (completed == 0 ? ExitCode.NOTHING_COMPLETED : ExitCode.SOME_DEAD).number();
  }

  private static @Nullable MediaRef video(DeliveryOutcome outcome) {
    Delivery delivery = outcome.delivery();
    return delivery == null ? null : delivery.files().get("video.mp4");
  }

  private static String size(DeliveryOutcome outcome) {
    MediaRef video = video(outcome);
    return video == null ? "" : "  " + Amounts.bytes(video.sizeBytes());
  }
}
