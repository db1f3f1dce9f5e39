package dev.reelbeam.stages.deadletter;

import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.apache.beam.sdk.transforms.errorhandling.ErrorHandler;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters on the wire of the graph: {@link DeadLetter} to Beam's {@link BadRecord} and back.
 *
 * <p>Beam's own factory is not used: its mapper cannot print {@code java.time} and logs an error
 * for each letter.
 */
public final class DeadLetters {
  private static final int MAX_DETAIL_CHARACTERS = 8_000;

  private DeadLetters() {}

  /** A letter for one delivery (or the whole record when {@code preset} is null). */
  public static DeadLetter of(
      Stage stage, Tracked input, @Nullable String preset, StageException failure) {
    String payload = RecordJson.canonical(input);
    String id =
        RecordJson.sha256(
            List.of(
                input.recordKey().recordId(),
                input.recordKey().revision(),
                preset == null ? "" : preset,
                stage.label(),
                failure.code().name()));
    return new DeadLetter(
        id.substring(0, 24),
        input.recordKey().recordId(),
        input.recordKey().revision(),
        preset,
        stage.label(),
        failure.code().name(),
        failure.code().number(),
        oneLine(failure.getMessage()),
        failure.code().remedy(),
        failure.code().replayable(),
        payload,
        failure.code().number() >= 9000 ? stackTrace(failure) : null);
  }

  /**
   * A letter for input that stands for no delivery.
   *
   * @param name names the input in lists: what it is about, or its source position
   * @param payload the input, for exact replay
   */
  public static DeadLetter ofInput(
      Stage stage, String name, String payload, StageException failure) {
    String id = RecordJson.sha256(List.of(name, payload, stage.label(), failure.code().name()));
    return new DeadLetter(
        id.substring(0, 24),
        name,
        0,
        null,
        stage.label(),
        failure.code().name(),
        failure.code().number(),
        oneLine(failure.getMessage()),
        failure.code().remedy(),
        failure.code().replayable(),
        payload,
        null);
  }

  /** The letter as Beam's error handlers carry it. */
  public static BadRecord toBadRecord(DeadLetter letter) {
    BadRecord.Record record =
        BadRecord.Record.builder()
            .setHumanReadableJsonRecord(RecordJson.canonical(letter))
            .setEncodedRecord(letter.payloadJson().getBytes(StandardCharsets.UTF_8))
            .setCoder("canonical-json")
            .build();
    BadRecord.Failure failure =
        BadRecord.Failure.builder()
            .setDescription(letter.stage())
            .setException(letter.number() + " " + letter.code() + ": " + letter.message())
            .build();
    return BadRecord.builder().setRecord(record).setFailure(failure).build();
  }

  /** The letter that {@link #toBadRecord} wrapped. */
  public static DeadLetter fromBadRecord(BadRecord record) {
    String json = record.getRecord().getHumanReadableJsonRecord();
    return RecordJson.read(json == null ? "{}" : json, DeadLetter.class);
  }

  private static String oneLine(@Nullable String message) {
    String text = message == null ? "" : message.replaceAll("\\s+", " ").strip();
    return text.length() > 500 ? text.substring(0, 497) + "..." : text;
  }

  private static String stackTrace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    String trace = text.toString();
    return trace.length() > MAX_DETAIL_CHARACTERS
        ? trace.substring(0, MAX_DETAIL_CHARACTERS)
        : trace;
  }

  /** Where the stages of one graph leave their dead letters. */
  public static final class Lane {
    private final ErrorHandler<BadRecord, ?> handler;
    private final Map<Stage, Integer> used = new java.util.EnumMap<>(Stage.class);
    private final List<PCollection<BadRecord>> collections = new ArrayList<>();

    /** A lane that ends in Beam's error handler; the pipeline refuses to run if it is left open. */
    public Lane(ErrorHandler<BadRecord, ?> handler) {
      this.handler = handler;
    }

    /** Adds one stage's letters. */
    public void add(Stage stage, PCollection<BadRecord> letters) {
      used.merge(stage, 1, Integer::sum);
      collections.add(letters);
      handler.addErrorCollection(letters);
    }
  }
}
