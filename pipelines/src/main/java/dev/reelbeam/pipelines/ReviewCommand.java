package dev.reelbeam.pipelines;

import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.clients.ledger.PostgresProjectLedger;
import dev.reelbeam.clients.store.FileObjectStore;
import dev.reelbeam.clients.store.S3ObjectStore;
import dev.reelbeam.clients.topic.TopicWriter;
import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.model.project.ControlType;
import dev.reelbeam.model.project.Decision;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.project.ProjectRow;
import dev.reelbeam.model.project.ScriptEdit;
import dev.reelbeam.model.project.WaitingArtifact;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.pipelines.watch.Amounts;
import dev.reelbeam.pipelines.watch.TextTable;
import dev.reelbeam.pipelines.watch.TextTable.Column;
import dev.reelbeam.pipelines.wiring.LocalProviders;
import dev.reelbeam.pipelines.wiring.WorldSettings;
import dev.reelbeam.stages.review.Audits;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what waits at the gates of the running job, or of runs on this machine, and decides. */
@Command(
    name = "review",
    header = "Shows what waits for a decision, and decides.",
    mixinStandardHelpOptions = true,
    abbreviateSynopsis = true,
    versionProvider = Reelbeam.Version.class,
    sortOptions = false,
    optionListHeading = "%nOptions:%n",
    footerHeading = "%n",
    footer = {
      "Examples:",
      "  reelbeam review                                  what waits, the oldest first",
      "  reelbeam review blog-42                          where to look at it",
      "  reelbeam review blog-42 approve --gate script",
      "  reelbeam review blog-42 reject --reason \"the price is wrong\"",
      "  reelbeam review blog-42 edit --variant 1080x1920-45s --script script.json",
      "  reelbeam review blog-42 cancel                   stops at the next segment",
      "  reelbeam review blog-42 retry                    once more, with the edits that stand",
      "  reelbeam review --store .reelbeam/store          of `make`: list, approve and reject",
      "",
      "A decision is about the bytes that wait now (or those that --artifact names): it never",
      "holds for a version that comes later.",
      "Exit codes: 0 sent, 3 nothing waits that fits, 74 a service is away."
    })
final class ReviewCommand implements Callable<Integer> {
  private static final int MOST_LISTED = 200;
  private static final Duration ADDRESS_LASTS = Duration.ofHours(12);

  enum Action {
    SHOW,
    APPROVE,
    REJECT,
    EDIT,
    CANCEL,
    RETRY
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PROJECT",
      description = "Its id: that of the content record.")
  private @Nullable String project;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "ACTION",
      description = "show, approve, reject, edit, cancel or retry (default: show).")
  private Action action = Action.SHOW;

  @Option(
      names = "--gate",
      paramLabel = "NAME",
      description = "Only what waits at this gate: script, voice, visuals or final.")
  private @Nullable Gate gate;

  @Option(
      names = "--variant",
      paramLabel = "ID",
      description = "Only this variant; of edit: whose script it is.")
  private @Nullable String variant;

  @Option(
      names = "--artifact",
      paramLabel = "HASH",
      description = "Only if it is still this one: its hash, or the first characters of it.")
  private String artifact = "";

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why; a rejection has to say it. Goes to the audit log.")
  private @Nullable String reason;

  @Option(
      names = "--script",
      paramLabel = "FILE",
      description = "Of edit: the whole new script, in the form of script.json.")
  private @Nullable Path script;

  @Option(
      names = "--who",
      paramLabel = "USER",
      description = "Who decides (default: the user of this machine).")
  private String who = System.getProperty("user.name", "reelbeam");

  @Option(
      names = "--store",
      paramLabel = "DIR",
      description =
          "What `make` keeps in this folder, instead of the running job; its next run goes on.")
  private @Nullable Path localStore;

  @Mixin private WorldOptions world = new WorldOptions();

  ReviewCommand() {}

  @Override
  public Integer call() throws StageException {
    if (action != Action.SHOW && project == null) {
      throw new ParameterException(spec.commandLine(), "which PROJECT?");
    }
    if (action == Action.REJECT && (reason == null || reason.isBlank())) {
      throw new ParameterException(spec.commandLine(), "a rejection says why: --reason TEXT");
    }
    if (action == Action.EDIT && (script == null || variant == null)) {
      throw new ParameterException(
          spec.commandLine(), "an edit names its --variant and its --script");
    }
    if (localStore != null) {
      return local(localStore);
    }
    WorldSettings settings = world.settings();
    try (ProjectLedger ledger = PostgresProjectLedger.open(settings.postgres())) {
      if (project == null) {
        return inbox(ledger);
      }
      ProjectRow row = ledger.find(project).orElse(null);
      if (row == null) {
        spec.commandLine().getErr().println("nobody knows the project '" + project + "'");
        return ExitCode.NOTHING_COMPLETED.number();
      }
      List<WaitingArtifact> waiting = ledger.waiting(project).stream().filter(this::fits).toList();
      return switch (action) {
        case SHOW -> show(row, waiting, settings);
        case APPROVE -> decide(ControlType.APPROVED, waiting, settings);
        case REJECT -> decide(ControlType.REJECTED, waiting, settings);
        case EDIT -> edit(row, settings);
        case CANCEL -> send(whole(ControlType.CANCEL), settings, "cancel is sent");
        case RETRY -> send(whole(ControlType.RETRY), settings, "retry is sent");
      };
    }
  }

  /** Without a job there is nobody to send an event to: the decision itself is written. */
  private int local(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new ParameterException(spec.commandLine(), "no store in '" + folder + "'");
    }
    if (action != Action.SHOW && action != Action.APPROVE && action != Action.REJECT) {
      throw new ParameterException(
          spec.commandLine(),
          "of what `make` keeps, only approve and reject are decided here; change the record for"
              + " an edit, and run `make` again");
    }
    try (ProjectLedger ledger = LocalProviders.projects(folder).open();
        ObjectStore store = new FileObjectStore(folder)) {
      if (project == null) {
        return inbox(ledger);
      }
      List<WaitingArtifact> waiting = ledger.waiting(project).stream().filter(this::fits).toList();
      if (waiting.isEmpty()) {
        return nothingFits();
      }
      PrintWriter out = spec.commandLine().getOut();
      for (WaitingArtifact one : waiting) {
        if (action == Action.SHOW) {
          out.println(one.gate().label() + "  " + one.variant() + "  " + one.artifact());
          for (Map.Entry<String, MediaRef> ref : new TreeMap<>(one.refs()).entrySet()) {
            out.println("  " + named(folder, one, ref.getKey(), store.localFile(ref.getValue())));
          }
        } else {
          out.println(decide(ledger, one));
        }
      }
      out.flush();
      return ExitCode.COMPLETED.number();
    }
  }

  /** A file that players and browsers know by its name; stored ones are named by their hash. */
  private static Path named(Path folder, WaitingArtifact one, String name, Path stored) {
    Path place =
        folder
            .resolve("review")
            .resolve(one.gate().label() + "-" + one.artifact().substring(0, 12));
    Path file = place.resolve(name);
    try {
      Files.createDirectories(place);
      if (!Files.exists(file)) {
        Files.copy(stored, file);
      }
      return file;
    } catch (IOException e) {
      return stored;
    }
  }

  private String decide(ProjectLedger ledger, WaitingArtifact one) {
    ControlEvent event =
        ControlEvent.about(
            id(),
            action == Action.APPROVE ? ControlType.APPROVED : ControlType.REJECTED,
            one.key().recordId(),
            one.gate(),
            one.artifact(),
            one.epoch(),
            who,
            System.currentTimeMillis(),
            reason);
    Decision kept =
        ledger.decide(
            new Decision(
                event.project(),
                one.gate(),
                one.artifact(),
                action == Action.APPROVE,
                event.eventId(),
                event.who(),
                event.atMs(),
                event.reason()));
    String word = kept.eventId().equals(event.eventId()) ? event.type() : "overruled";
    ledger.audit(Audits.of(event, one.gate().label(), word, one.epoch(), null));
    return word
        + ": "
        + one.key()
        + " "
        + one.gate().label()
        + " "
        + one.variant()
        + " "
        + one.artifact().substring(0, 12);
  }

  private int nothingFits() {
    spec.commandLine()
        .getErr()
        .println(
            "nothing of '" + project + "' waits that fits; see `reelbeam review " + project + "`");
    return ExitCode.NOTHING_COMPLETED.number();
  }

  private boolean fits(WaitingArtifact waiting) {
    return (gate == null || waiting.gate() == gate)
        && (variant == null || waiting.variant().equals(variant))
        && waiting.artifact().startsWith(artifact);
  }

  private int inbox(ProjectLedger ledger) {
    PrintWriter out = spec.commandLine().getOut();
    TextTable table =
        new TextTable(
            Column.left("PROJECT"),
            Column.left("GATE"),
            Column.left("VARIANT"),
            Column.left("PRESETS"),
            Column.left("WAITS SINCE"),
            Column.left("DEADLINE"),
            Column.left("ARTIFACT"));
    for (WaitingArtifact waiting : ledger.inbox(MOST_LISTED)) {
      if (!fits(waiting)) {
        continue;
      }
      Long deadline = waiting.deadlineMs();
      table.row(
          TextTable.shortened(waiting.key().toString(), 40),
          waiting.gate().label(),
          waiting.variant(),
          String.join(",", waiting.presets()),
          second(waiting.sinceMs()),
          deadline == null ? "none" : second(deadline),
          waiting.artifact().substring(0, 12));
    }
    if (table.isEmpty()) {
      out.println("nothing waits");
    } else {
      out.print(table);
    }
    out.flush();
    return ExitCode.COMPLETED.number();
  }

  private static String second(long ms) {
    return Instant.ofEpochSecond(ms / 1000).toString();
  }

  private int show(ProjectRow row, List<WaitingArtifact> waiting, WorldSettings settings) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(row.entry().key() + "  " + row.status().label() + "  epoch " + row.epoch());
    if (waiting.isEmpty()) {
      out.println("nothing of it waits");
    }
    try (S3ObjectStore store = S3ObjectStore.open(settings.s3())) {
      for (WaitingArtifact artifactThere : waiting) {
        out.println(
            artifactThere.gate().label()
                + "  "
                + artifactThere.variant()
                + "  "
                + artifactThere.artifact()
                + (artifactThere.parked() ? "  parked" : ""));
        for (Map.Entry<String, MediaRef> ref : new TreeMap<>(artifactThere.refs()).entrySet()) {
          out.println(
              "  "
                  + ref.getKey()
                  + "  "
                  + Amounts.bytes(ref.getValue().sizeBytes())
                  + "  "
                  + store.signed(ref.getValue(), ADDRESS_LASTS).map(Object::toString).orElse(""));
        }
      }
    }
    out.flush();
    return ExitCode.COMPLETED.number();
  }

  private int decide(ControlType type, List<WaitingArtifact> waiting, WorldSettings settings)
      throws StageException {
    if (waiting.isEmpty()) {
      return nothingFits();
    }
    for (WaitingArtifact one : waiting) {
      ControlEvent event =
          ControlEvent.about(
              id(),
              type,
              one.key().recordId(),
              one.gate(),
              one.artifact(),
              one.epoch(),
              who,
              System.currentTimeMillis(),
              reason);
      int unused =
          send(
              event,
              settings,
              type.label()
                  + ": "
                  + one.key()
                  + " "
                  + one.gate().label()
                  + " "
                  + one.variant()
                  + " "
                  + one.artifact().substring(0, 12));
    }
    return ExitCode.COMPLETED.number();
  }

  private int edit(ProjectRow row, WorldSettings settings) throws StageException {
    Script edited;
    Path file = Objects.requireNonNull(script);
    try {
      edited = RecordJson.read(Files.readString(file), Script.class);
    } catch (IOException | IllegalArgumentException e) {
      throw new StageException(
          FailureCode.RECORD_INVALID, "cannot read a script from " + file + ": " + e.getMessage());
    }
    ScriptEdit payload = new ScriptEdit(Objects.requireNonNull(variant), edited);
    MediaRef ref;
    try (S3ObjectStore store = S3ObjectStore.open(settings.s3())) {
      ref = store.put(RecordJson.canonicalBytes(payload), "application/json");
    }
    ControlEvent event =
        ControlEvent.edit(
            id(),
            ControlType.SCRIPT_EDITED,
            row.entry().project(),
            row.epoch(),
            who,
            System.currentTimeMillis(),
            ref);
    return send(event, settings, "the new script is sent");
  }

  private ControlEvent whole(ControlType type) {
    return ControlEvent.of(
        id(), type, Objects.requireNonNull(project), who, System.currentTimeMillis());
  }

  private static String id() {
    return "cli:" + UUID.randomUUID();
  }

  private int send(ControlEvent event, WorldSettings settings, String said) {
    try (TopicWriter writer = TopicWriter.open(settings.kafka())) {
      writer.send(Topic.CONTROL, event.project(), RecordJson.canonicalBytes(event));
      writer.flush();
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(said);
    out.flush();
    return ExitCode.COMPLETED.number();
  }
}
