package dev.reelbeam.pipelines;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.config.KafkaSettings;
import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.clients.ledger.PostgresDeadLetters;
import dev.reelbeam.clients.ledger.PostgresProjectLedger;
import dev.reelbeam.clients.topic.TopicWriter;
import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.DeadLetterBox;
import dev.reelbeam.model.port.DeadLetterBox.Kept;
import dev.reelbeam.model.port.DeadLetterBox.Query;
import dev.reelbeam.model.port.DeadLetterBox.State;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.model.project.ControlType;
import dev.reelbeam.model.project.DeliveryState;
import dev.reelbeam.model.project.ProjectRow;
import dev.reelbeam.pipelines.watch.TextTable;
import dev.reelbeam.pipelines.watch.TextTable.Column;
import dev.reelbeam.pipelines.wiring.WorldSettings;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Lists, shows and replays what the running job has set aside. */
@Command(
    name = "dead-letters",
    header = "Lists, shows and replays what the running job has set aside.",
    abbreviateSynopsis = true,
    sortOptions = false,
    footerHeading = "%n",
    footer = {
      "Examples:",
      "  reelbeam dead-letters list --number 2003",
      "  reelbeam dead-letters show 3f2a9c",
      "  reelbeam dead-letters replay 3f2a9c",
      "  reelbeam dead-letters replay --all    everything open that can succeed later",
      "",
      "A replay sends the archived original through again, with the edits that stand; what was",
      "made before is found. A revision that came with two contents (1030) is not replayed."
    })
final class DeadLettersCommand extends Subcommand {
  private static final int HELD_AT_ONCE = 1_000;

  /** Of a message and of what was read from it: where relative paths resolve. */
  private static final String BASE_URI = "base_uri";

  enum Action {
    LIST,
    SHOW,
    REPLAY
  }

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "ACTION",
      description = "list, show or replay (default: list).")
  private Action action = Action.LIST;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "ID",
      description = "Letters, by their id or its first six characters or more.")
  private List<String> ids = List.of();

  @Option(names = "--all", description = "Of replay: every open letter that can succeed later.")
  private boolean all;

  @Option(
      names = "--record",
      paramLabel = "ID",
      description = "Only letters of this content record.")
  private @Nullable String record;

  @Option(names = "--stage", paramLabel = "NAME", description = "Only letters of this stage.")
  private @Nullable String stage;

  @Option(names = "--number", paramLabel = "N", description = "Only letters of this code.")
  private @Nullable Integer number;

  @Option(names = "--settled", description = "Of list: also those that were dealt with.")
  private boolean settled;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Of list: at most so many, the newest (default: ${DEFAULT-VALUE}).")
  private int limit = 50;

  @Mixin private WorldOptions world = new WorldOptions();

  DeadLettersCommand() {}

  @Override
  public Integer call() throws StageException {
    if (action == Action.SHOW && ids.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "show takes the id of a letter");
    }
    if (action == Action.REPLAY && ids.isEmpty() == !all) {
      throw new ParameterException(spec.commandLine(), "replay takes ids, or --all");
    }
    WorldSettings settings = world.settings();
    try (DeadLetterBox box = PostgresDeadLetters.open(settings.postgres())) {
      return switch (action) {
        case LIST -> list(box);
        case SHOW -> show(box);
        case REPLAY -> replay(box, settings);
      };
    }
  }

  private int list(DeadLetterBox box) {
    PrintWriter out = spec.commandLine().getOut();
    List<Kept> letters =
        box.list(new Query(settled ? null : State.OPEN, record, stage, number, limit));
    TextTable table =
        new TextTable(
            Column.left("ID"),
            Column.left("RECORD"),
            Column.left("PRESET"),
            Column.left("STAGE"),
            Column.left("CODE"),
            Column.right("TIMES"),
            Column.left("STATE"),
            Column.left("MESSAGE"));
    for (Kept kept : letters) {
      DeadLetter letter = kept.letter();
      String preset = letter.preset();
      table.row(
          letter.id(),
          TextTable.shortened(letter.recordId(), 40),
          preset == null ? "(all)" : preset,
          letter.stage(),
          letter.number() + " " + letter.code(),
          String.valueOf(kept.attempts()),
          kept.state().name().toLowerCase(Locale.ROOT),
          TextTable.shortened(letter.message(), 70));
    }
    if (table.isEmpty()) {
      out.println("no dead letters");
    } else {
      out.print(table);
    }
    out.flush();
    return ExitCode.COMPLETED.number();
  }

  private int show(DeadLetterBox box) throws StageException {
    PrintWriter out = spec.commandLine().getOut();
    for (String id : ids) {
      Kept kept = found(box, id);
      DeadLetter letter = kept.letter();
      String preset = letter.preset();
      out.println(letter.number() + " " + letter.code() + ": " + letter.message());
      out.println("remedy:   " + letter.remedy());
      out.println(
          "record:   "
              + letter.recordId()
              + (letter.revision() == 0 ? "" : "@" + letter.revision())
              + (preset == null ? "" : "/" + preset));
      out.println("stage:    " + letter.stage());
      out.println("state:    " + kept.state().name().toLowerCase(Locale.ROOT));
      out.println(
          "seen:     " + kept.attempts() + "x, last " + Instant.ofEpochMilli(kept.lastAtMs()));
      out.println("replay:   " + (letter.replayable() ? "can succeed later" : "fails again"));
      out.println("payload:  " + TextTable.shortened(letter.payloadJson(), 2_000));
      if (letter.detail() != null) {
        out.println(letter.detail());
      }
    }
    out.flush();
    return ExitCode.COMPLETED.number();
  }

  private int replay(DeadLetterBox box, WorldSettings settings) throws StageException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    // An id that is mistyped is told before anything is sent.
    Set<Kept> named = new LinkedHashSet<>();
    for (String id : ids) {
      named.add(found(box, id));
    }
    try (ProjectLedger ledger = PostgresProjectLedger.open(settings.postgres());
        TopicWriter writer = TopicWriter.open(settings.kafka())) {
      Replay replay = new Replay(box, ledger, settings.kafka(), writer, err);
      if (all) {
        box.forEach(
            new Query(State.OPEN, record, stage, number, HELD_AT_ONCE),
            kept -> {
              if (kept.letter().replayable()) {
                replay.of(kept);
              }
            });
      }
      named.forEach(replay::of);
      out.println(replay);
      out.flush();
      err.flush();
      return replay.exitCode().number();
    }
  }

  /** One replay of many letters, and what became of them. */
  private static final class Replay {
    private final DeadLetterBox box;
    private final ProjectLedger ledger;
    private final KafkaSettings kafka;
    private final TopicWriter writer;
    private final PrintWriter err;

    /**
     * A record has a letter for each of its deliveries: it is sent through once. A video has one
     * for each of its snapshots: each is another.
     */
    private final Set<String> sent = new HashSet<>();

    private int replayed;
    private int over;
    private int refused;

    Replay(
        DeadLetterBox box,
        ProjectLedger ledger,
        KafkaSettings kafka,
        TopicWriter writer,
        PrintWriter err) {
      this.box = box;
      this.ledger = ledger;
      this.kafka = kafka;
      this.writer = writer;
      this.err = err;
    }

    void of(Kept kept) {
      DeadLetter letter = kept.letter();
      if (isOver(ledger, letter)) {
        box.settle(letter.id(), State.RESOLVED);
        over++;
        return;
      }
      try {
        refuseConflict(letter);
        String once = Replayed.isSnapshot(letter) ? letter.id() : letter.recordId();
        if (!sent.contains(once)) {
          send(ledger, kafka, writer, kept);
          writer.flush();
          sent.add(once);
        }
        box.settle(letter.id(), State.REPLAYED);
        replayed++;
      } catch (StageException e) {
        refused++;
        err.println("not replayed: " + letter.id() + ": " + Failures.of(e).line());
      }
    }

    ExitCode exitCode() {
      if (refused == 0) {
        return ExitCode.COMPLETED;
      }
      return replayed + over == 0 ? ExitCode.NOTHING_COMPLETED : ExitCode.SOME_DEAD;
    }

    @Override
    public String toString() {
      return replayed
          + " replayed"
          + (over == 0 ? "" : ", " + over + " no longer dead")
          + (refused == 0 ? "" : ", " + refused + " not");
    }
  }

  /**
   * Whether its delivery came to another end since, or is on its way there. A video that an earlier
   * epoch made is no end of an edit that died, nor of a copy that could not be laid down.
   */
  static boolean isOver(ProjectLedger ledger, DeadLetter letter) {
    ProjectRow row = letter.revision() == 0 ? null : ledger.find(letter.recordId()).orElse(null);
    if (row == null) {
      return false;
    }
    if (row.entry().key().revision() > letter.revision()) {
      return true;
    }
    return letter.preset() != null
        && ledger.outcomes(letter.recordId()).stream()
            .anyMatch(
                outcome ->
                    outcome.key().revision() == letter.revision()
                        && outcome.preset().equals(letter.preset())
                        && outcome.endOfEpoch() != DeliveryState.DEAD
                        && (outcome.state() != DeliveryState.COMPLETED
                            || outcome.delivery() == null
                            || !isAbout(outcome.delivery(), letter)));
  }

  /** Whether a letter is of the last stage, and came when this delivery was there already. */
  private static boolean isAbout(Delivery delivery, DeadLetter letter) {
    if (!letter.stage().equals(Stage.DELIVER.label())) {
      return false;
    }
    try {
      JsonNode payload = RecordJson.readTree(letter.payloadJson());
      return payload.has("files") && payload.path("epoch").asLong(0) >= delivery.epoch();
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private static void send(ProjectLedger ledger, KafkaSettings kafka, TopicWriter writer, Kept kept)
      throws StageException {
    DeadLetter letter = kept.letter();
    if (Replayed.isSnapshot(letter)) {
      Replayed snapshot = Replayed.snapshot(letter);
      writer.send(Topic.ENGAGEMENT, snapshot.key(), snapshot.value());
      return;
    }
    if (letter.revision() > 0 && ledger.find(letter.recordId()).isPresent()) {
      // The ledger holds the archived record and the edits that stand. By letter and attempt: a
      // command that is given twice raises the epoch once.
      ControlEvent retry =
          ControlEvent.of(
              "replay:" + letter.id() + ":" + kept.attempts(),
              ControlType.RETRY,
              letter.recordId(),
              System.getProperty("user.name", "reelbeam"),
              System.currentTimeMillis());
      writer.send(Topic.CONTROL, letter.recordId(), RecordJson.canonicalBytes(retry));
      return;
    }
    String json = original(letter);
    Topic topic = cameBy(letter, kafka);
    writer.send(topic, keyOf(letter, topic, json), json.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A retry would take what is known of the revision and not what the letter is about.
   *
   * @throws StageException {@code 1030 REVISION_CONFLICT} saying what to do instead
   */
  static void refuseConflict(DeadLetter letter) throws StageException {
    if (letter.number() == FailureCode.REVISION_CONFLICT.number()) {
      throw new StageException(
          FailureCode.REVISION_CONFLICT,
          "a replay would make revision "
              + letter.revision()
              + " of "
              + letter.recordId()
              + " again as it is known, not as the letter has it: `submit --new-revision` sends"
              + " that as the next one");
    }
  }

  /** The topic of the position that a letter from the edge is about; records are content. */
  static Topic cameBy(DeadLetter letter, KafkaSettings kafka) {
    for (Topic topic : List.of(Topic.CONTROL, Topic.CONTENT_LOW)) {
      if (letter.recordId().matches(Pattern.quote(kafka.topic(topic)) + "-\\d+@\\d+")) {
        return topic;
      }
    }
    return Topic.CONTENT;
  }

  /** What keeps messages of one project in order. */
  private static String keyOf(DeadLetter letter, Topic topic, String json) throws StageException {
    try {
      String field = topic == Topic.CONTROL ? "project" : "record_id";
      return RecordJson.readTree(json).path(field).asText(letter.recordId());
    } catch (JsonProcessingException e) {
      throw new StageException(FailureCode.RECORD_INVALID, letter.recordId() + " is not JSON", e);
    }
  }

  /**
   * The record as it came, out of the letter's payload. Where its pictures lie was read out of it:
   * without that, relative paths would resolve against the bucket's own folder.
   *
   * @throws StageException {@code RECORD_INVALID} if it never was one
   */
  static String original(DeadLetter letter) throws StageException {
    try {
      JsonNode payload = RecordJson.readTree(letter.payloadJson());
      JsonNode json = payload.path("json");
      if (json.isTextual() && RecordJson.readTree(json.asText()) instanceof ObjectNode record) {
        String base = payload.path(BASE_URI).asText("");
        return base.startsWith("s3:") && !record.has(BASE_URI)
            ? record.put(BASE_URI, base).toString()
            : json.asText();
      }
    } catch (JsonProcessingException e) {
      // Told below.
    }
    throw new StageException(
        FailureCode.RECORD_INVALID,
        "the original of " + letter.recordId() + " is no record; send a corrected one");
  }

  private static Kept found(DeadLetterBox box, String id) throws StageException {
    return box.find(id)
        .orElseThrow(
            () ->
                new StageException(
                    FailureCode.RECORD_INVALID, "there is no one letter '" + id + "'"));
  }
}
