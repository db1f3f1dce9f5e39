package dev.reelbeam.pipelines;

import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.moderation.ModerationReport;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.project.AuditEntry;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.model.project.ControlType;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.project.OverlayChange;
import dev.reelbeam.model.project.ProjectRow;
import dev.reelbeam.model.project.WaitingArtifact;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.pipelines.watch.TextTable;
import dev.reelbeam.pipelines.watch.TextTable.Column;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Shows what waits at the gates of the running job, or of runs on this machine, and decides. */
@Command(
    name = "review",
    header = "Shows what waits for a decision, and decides.",
    abbreviateSynopsis = true,
    sortOptions = false,
    footerHeading = "%n",
    footer = {
      "Examples:",
      "  reelbeam review                                  what waits, the oldest first",
      "  reelbeam review blog-42                          where to look at it",
      "  reelbeam review blog-42 approve --gate script",
      "  reelbeam review blog-42 reject --reason \"the price is wrong\"",
      "  reelbeam review blog-42 edit --script script.json",
      "  reelbeam review blog-42 edit --voice en-gb --speed 1.05",
      "  reelbeam review blog-42 edit --swap images/pump.jpg=new.jpg",
      "  reelbeam review blog-42 edit --overlay \"12.5,3,Only today\"",
      "  reelbeam review blog-42 cancel                   stops at the next segment",
      "  reelbeam review blog-42 retry                    once more, edits stand",
      "  reelbeam review blog-42 approve --store .reelbeam/store   for what `make` left",
      "",
      "An edit makes anew what depends on it, and nothing else. On a running job it flows at once;",
      "with --store the next `make` of the record takes it in.",
      "A decision is about the bytes that wait now (or those that --artifact names): it never",
      "holds for a version that comes later.",
      "Exit codes: 0 done or sent, 3 nothing fits or it came too late, 74 a service is away."
    })
final class ReviewCommand extends Subcommand {
  private static final int MOST_LISTED = 200;

  enum Action {
    SHOW,
    APPROVE,
    REJECT,
    EDIT,
    CANCEL,
    RETRY,
    HISTORY
  }

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
      description = "show, approve, reject, edit, cancel, retry or history (default: show).")
  private Action action = Action.SHOW;

  @Option(
      names = "--gate",
      paramLabel = "NAME",
      description = "Only what waits at this gate: script, voice, visuals or final.")
  private @Nullable Gate gate;

  @Option(
      names = "--variant",
      paramLabel = "ID",
      description = "Only this variant; of --script: whose it is, where there are several.")
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
      description = "Of edit: the whole new script, a changed copy of script.json.")
  private @Nullable Path script;

  @Option(names = "--voice", paramLabel = "ID", description = "Of edit: who speaks.")
  private @Nullable String voice;

  @Option(
      names = "--speed",
      paramLabel = "N",
      description = "Of edit: speed of speech, 0.5 to 2; also along with --voice.")
  private @Nullable BigDecimal speed;

  @Option(
      names = "--swap",
      paramLabel = "NAME=FILE",
      description =
          "Of edit: another picture or clip in the place of one, by its name in the record or in"
              + " storyboard.json.")
  private @Nullable String swap;

  @Option(
      names = "--overlay",
      paramLabel = "AT,SECONDS,TEXT",
      description =
          "Of edit: a text over the picture, instead of the one that begins at AT; without TEXT"
              + " that one goes. May be given several times.")
  private List<String> overlays = List.of();

  @Option(
      names = "--no-overlays",
      description = "Of edit: takes all texts over the picture away, before any --overlay.")
  private boolean noOverlays;

  @Option(names = "--own-overlays", description = "Of edit: the texts of the record again.")
  private boolean ownOverlays;

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
      throw usage("which PROJECT?");
    }
    if (action == Action.REJECT && (reason == null || reason.isBlank())) {
      throw usage("a rejection says why: --reason TEXT");
    }
    if (action == Action.EDIT && kindsOfEdits() != 1) {
      throw usage(
          "an edit is one of --script, --voice and --speed, --swap, or --overlay and its like");
    }
    if (localStore != null && !Files.isDirectory(localStore)) {
      throw usage("no store in '" + localStore + "'");
    }
    try (ReviewDesk desk =
        localStore == null ? ReviewDesk.ofJob(world.settings()) : ReviewDesk.ofFolder(localStore)) {
      return project == null ? inbox(desk.ledger()) : act(desk, project);
    }
  }

  private int act(ReviewDesk desk, String id) throws StageException {
    List<WaitingArtifact> waiting = desk.ledger().waiting(id).stream().filter(this::fits).toList();
    ProjectRow row = desk.ledger().find(id).orElse(null);
    if (row == null) {
      spec.commandLine()
          .getErr()
          .println(
              "nobody knows the project '"
                  + id
                  + "'"
                  + (waiting.isEmpty() ? "" : ": run the same `make` once more"));
      return ExitCode.NOTHING_COMPLETED.number();
    }
    return switch (action) {
      case SHOW -> show(desk, row, waiting);
      case APPROVE -> decide(desk, ControlType.APPROVED, waiting);
      case REJECT -> decide(desk, ControlType.REJECTED, waiting);
      case EDIT -> edit(desk, row, waiting);
      case CANCEL -> send(desk, whole(ControlType.CANCEL), "cancel");
      case RETRY -> send(desk, whole(ControlType.RETRY), "retry");
      case HISTORY -> history(desk.ledger(), row);
    };
  }

  private int kindsOfEdits() {
    boolean voices = voice != null || speed != null;
    boolean texts = !overlays.isEmpty() || noOverlays || ownOverlays;
    return (script == null ? 0 : 1) + (voices ? 1 : 0) + (swap == null ? 0 : 1) + (texts ? 1 : 0);
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

  private int show(ReviewDesk desk, ProjectRow row, List<WaitingArtifact> waiting) {
    PrintWriter out = spec.commandLine().getOut();
    ReviewEdits edits = new ReviewEdits(desk, row);
    out.println(row.entry().key() + "  " + row.status().label() + "  epoch " + row.epoch());
    edits.told().forEach(line -> out.println("edited: " + line));
    if (!edits.variants().isEmpty()) {
      out.println("variants: " + String.join(", ", edits.variants()));
    }
    if (waiting.isEmpty()) {
      out.println("nothing of it waits");
    }
    for (WaitingArtifact one : waiting) {
      out.println(
          one.gate().label()
              + "  "
              + one.variant()
              + "  "
              + one.artifact()
              + (one.parked() ? "  parked" : ""));
      for (Map.Entry<String, MediaRef> ref : new TreeMap<>(one.refs()).entrySet()) {
        out.println("  " + desk.place(one, ref.getKey(), ref.getValue()));
      }
      MediaRef moderation = one.refs().get("moderation.json");
      if (moderation != null) {
        RecordJson.read(desk.store().read(moderation), ModerationReport.class)
            .findings()
            .forEach(finding -> out.println("  to look at: " + finding.describe()));
      }
    }
    out.flush();
    return ExitCode.COMPLETED.number();
  }

  /** Who decided what, when, about which version, and what came of it. */
  private int history(ProjectLedger ledger, ProjectRow row) {
    PrintWriter out = spec.commandLine().getOut();
    TextTable table =
        new TextTable(
            Column.left("WHEN"),
            Column.left("WHO"),
            Column.left("WHAT"),
            Column.left("GATE"),
            Column.left("CAME OF IT"),
            Column.left("EPOCH"),
            Column.left("WHY"));
    for (AuditEntry line : ledger.audited(row.project())) {
      String lineGate = line.gate();
      String why = line.reason();
      table.row(
          second(line.atMs()),
          TextTable.shortened(line.who(), 20),
          line.eventType(),
          lineGate == null ? "" : lineGate,
          line.decision(),
          String.valueOf(line.epoch()),
          why == null ? "" : TextTable.shortened(why, 60));
    }
    if (table.isEmpty()) {
      out.println("nobody has decided anything about it");
    } else {
      out.print(table);
    }
    out.flush();
    return ExitCode.COMPLETED.number();
  }

  private int decide(ReviewDesk desk, ControlType type, List<WaitingArtifact> waiting) {
    if (waiting.isEmpty()) {
      return nothingFits();
    }
    int worst = ExitCode.COMPLETED.number();
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
      String said =
          type.label()
              + ": "
              + one.key()
              + " "
              + one.gate().label()
              + " "
              + one.variant()
              + " "
              + one.artifact().substring(0, 12);
      worst = Math.max(worst, send(desk, event, said));
    }
    return worst;
  }

  private int edit(ReviewDesk desk, ProjectRow row, List<WaitingArtifact> waiting)
      throws StageException {
    if (!artifact.isEmpty() && waiting.isEmpty()) {
      return nothingFits();
    }
    ReviewEdits edits = new ReviewEdits(desk, row);
    ControlType type;
    Object payload;
    if (script != null) {
      type = ControlType.SCRIPT_EDITED;
      payload = edits.script(script, variant);
    } else if (swap != null) {
      type = ControlType.ASSET_SWAPPED;
      payload = edits.asset(swap);
    } else if (voice != null || speed != null) {
      type = ControlType.VOICE_CHANGED;
      payload = ReviewEdits.voice(voice, speed);
    } else {
      type = ControlType.OVERLAY_CHANGED;
      payload = ownOverlays ? new OverlayChange(null) : edits.overlays(overlays, noOverlays);
    }
    MediaRef ref = desk.store().put(RecordJson.canonicalBytes(payload), "application/json");
    return send(
        desk,
        new ControlEvent(
            id(),
            type.label(),
            row.project(),
            gate == null ? null : gate.label(),
            // Named only if the person did: an edit need not be about what waits.
            artifact.isEmpty() ? null : waiting.get(0).artifact(),
            row.epoch(),
            who,
            System.currentTimeMillis(),
            reason,
            ref),
        type.label() + ": " + row.project());
  }

  private ControlEvent whole(ControlType type) {
    return ControlEvent.of(
        id(), type, Objects.requireNonNull(project), who, System.currentTimeMillis());
  }

  private static String id() {
    return "cli:" + UUID.randomUUID();
  }

  private int send(ReviewDesk desk, ControlEvent event, String said) {
    ReviewDesk.Sent sent = desk.send(event);
    if (!sent.done()) {
      spec.commandLine().getErr().println(said + ": nothing was done, " + sent.why());
      return ExitCode.NOTHING_COMPLETED.number();
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(sent.why() == null ? said : said + ": " + sent.why());
    out.flush();
    return ExitCode.COMPLETED.number();
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
