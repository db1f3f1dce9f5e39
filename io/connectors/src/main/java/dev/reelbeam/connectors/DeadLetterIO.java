package dev.reelbeam.connectors;

import dev.reelbeam.clients.config.KafkaSettings;
import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.clients.topic.TopicWriter;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.DeadLetterBox;
import dev.reelbeam.model.port.PortFactory;
import dev.reelbeam.model.port.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.jspecify.annotations.Nullable;

/** Dead letters: as one JSON file each, or as messages and rows. One shape everywhere. */
public final class DeadLetterIO {
  /** Usual name of the folder, beside the records' folders. */
  public static final String FOLDER = "dead-letters";

  private static final String SUFFIX = ".json";
  private static final long MAX_LETTER_BYTES = 64_000_000;
  private static final int ID_CHARACTERS = 24;
  private static final int MAX_MESSAGE_BYTES = 900_000;

  private DeadLetterIO() {}

  /**
   * Writes each letter to {@code <folder>/<id>.json}: the sink of Beam's error handler.
   *
   * <p>The id names what failed and where, so a repeated bundle or run writes the same file.
   */
  public static Write write(Path folder) {
    return new Write(folder.toAbsolutePath().normalize().toString());
  }

  /**
   * Keeps each letter in a box and tells of it in {@code reelbeam.dead-letters}: the sink of Beam's
   * error handler for a streaming job. The same letter again is the same row.
   */
  public static WriteTopic writeTopic(KafkaSettings kafka, PortFactory<DeadLetterBox> box) {
    return new WriteTopic(kafka, box);
  }

  /**
   * Every letter of a folder, by id; none if there is no folder. Files that are none are left out.
   */
  public static List<DeadLetter> read(Path folder) {
    List<DeadLetter> letters = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return letters;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(DeadLetterIO::isLetter).sorted().toList()) {
        try {
          DeadLetter letter =
              RecordJson.read(Files.readString(file, StandardCharsets.UTF_8), DeadLetter.class);
          if (isWhole(letter)) {
            letters.add(letter);
          }
        } catch (IllegalArgumentException e) {
          // Somebody else's file.
        }
      }
      return letters;
    } catch (IOException | UncheckedIOException e) {
      throw new StoreException(
          FailureCode.STORAGE_UNAVAILABLE, "cannot read dead letters in " + folder, e);
    }
  }

  /**
   * Removes the letters that came to nothing more, for example because the delivery is there now.
   *
   * @return the letters that were removed
   */
  public static List<DeadLetter> removeResolved(Path folder, Predicate<DeadLetter> resolved) {
    List<DeadLetter> removed = new ArrayList<>();
    for (DeadLetter letter : read(folder)) {
      if (resolved.test(letter)) {
        try {
          if (Files.deleteIfExists(fileOf(folder, letter))) {
            removed.add(letter);
          }
        } catch (IOException e) {
          throw WholeFiles.failure("cannot remove the dead letter " + letter.id(), e);
        }
      }
    }
    return removed;
  }

  /** The file that {@link #write} gives a letter. */
  public static Path fileOf(Path folder, DeadLetter letter) {
    return folder.resolve(FolderNames.of(letter.id()) + SUFFIX);
  }

  /** Writes dead letters; see {@link DeadLetterIO#write}. */
  public static final class Write extends PTransform<PCollection<BadRecord>, PDone> {
    private static final long serialVersionUID = 1L;

    private final String folder;

    private Write(String folder) {
      this.folder = folder;
    }

    @Override
    public PDone expand(PCollection<BadRecord> letters) {
      letters.apply("Write letters", ParDo.of(new WriteFn(folder)));
      return PDone.in(letters.getPipeline());
    }
  }

  private static final class WriteFn extends DoFn<BadRecord, Void> {
    private static final long serialVersionUID = 1L;

    private final String folder;

    WriteFn(String folder) {
      this.folder = folder;
    }

    @ProcessElement
    public void process(@Element BadRecord record) {
      DeadLetter letter = letterOf(record);
      WholeFiles.write(
          fileOf(Path.of(folder), letter),
          draft -> Files.writeString(draft, RecordJson.pretty(letter), StandardCharsets.UTF_8));
    }
  }

  /** Keeps dead letters and tells of them; see {@link DeadLetterIO#writeTopic}. */
  public static final class WriteTopic extends PTransform<PCollection<BadRecord>, PDone> {
    private static final long serialVersionUID = 1L;

    private final KafkaSettings kafka;
    private final PortFactory<DeadLetterBox> box;

    private WriteTopic(KafkaSettings kafka, PortFactory<DeadLetterBox> box) {
      this.kafka = kafka;
      this.box = box;
    }

    @Override
    public PDone expand(PCollection<BadRecord> letters) {
      letters.apply("Keep letters", ParDo.of(new KeepFn(kafka, box)));
      return PDone.in(letters.getPipeline());
    }
  }

  private static final class KeepFn extends DoFn<BadRecord, Void> {
    private static final long serialVersionUID = 1L;

    private final KafkaSettings kafka;
    private final PortFactory<DeadLetterBox> factory;
    private transient @Nullable DeadLetterBox box;
    private transient @Nullable TopicWriter writer;

    KeepFn(KafkaSettings kafka, PortFactory<DeadLetterBox> factory) {
      this.kafka = kafka;
      this.factory = factory;
    }

    @Setup
    public void setup() {
      box = factory.open();
      writer = TopicWriter.open(kafka);
    }

    @ProcessElement
    public void process(@Element BadRecord record) {
      DeadLetter letter = letterOf(record);
      Objects.requireNonNull(box).put(letter);
      Objects.requireNonNull(writer).send(Topic.DEAD_LETTERS, letter.recordId(), message(letter));
    }

    @FinishBundle
    public void finish() {
      Objects.requireNonNull(writer).flush();
    }

    @Teardown
    public void teardown() {
      if (box != null) {
        box.close();
      }
      if (writer != null) {
        writer.close();
      }
    }
  }

  /** The letter as a message that every broker takes; a large input is in the box alone. */
  static byte[] message(DeadLetter letter) {
    byte[] whole = RecordJson.canonicalBytes(letter);
    if (whole.length <= MAX_MESSAGE_BYTES) {
      return whole;
    }
    return RecordJson.canonicalBytes(
        new DeadLetter(
            letter.id(),
            letter.recordId(),
            letter.revision(),
            letter.preset(),
            letter.stage(),
            letter.code(),
            letter.number(),
            letter.message(),
            letter.remedy(),
            letter.replayable(),
            "",
            "the input, %d characters, is kept: `reelbeam dead-letters show %s`"
                .formatted(letter.payloadJson().length(), letter.id())));
  }

  /**
   * The letter that a stage wrapped; a bad record of one of Beam's own connectors gets a letter.
   */
  public static DeadLetter letterOf(BadRecord record) {
    String json = record.getRecord().getHumanReadableJsonRecord();
    if (json != null) {
      try {
        DeadLetter letter = RecordJson.read(json, DeadLetter.class);
        if (isWhole(letter)) {
          return letter;
        }
      } catch (IllegalArgumentException e) {
        // Not one of ours: wrapped below.
      }
    }
    byte[] payload = Objects.requireNonNullElse(record.getRecord().getEncodedRecord(), new byte[0]);
    String description =
        Objects.requireNonNullElse(record.getFailure().getDescription(), "a connector failed");
    String id =
        RecordJson.sha256(
            List.of(description, RecordJson.sha256(payload), json == null ? "" : json));
    return new DeadLetter(
        id.substring(0, ID_CHARACTERS),
        "connector",
        0,
        null,
        Stage.READ.label(),
        FailureCode.UNEXPECTED.name(),
        FailureCode.UNEXPECTED.number(),
        description,
        FailureCode.UNEXPECTED.remedy(),
        FailureCode.UNEXPECTED.replayable(),
        json == null ? new String(payload, StandardCharsets.UTF_8) : json,
        record.getFailure().getExceptionStacktrace());
  }

  /** A letter for a failure at the edge, before any stage saw the record. */
  static BadRecord badRecord(DeadLetter letter) {
    return BadRecord.builder()
        .setRecord(
            BadRecord.Record.builder()
                .setHumanReadableJsonRecord(RecordJson.canonical(letter))
                .setEncodedRecord(letter.payloadJson().getBytes(StandardCharsets.UTF_8))
                .setCoder("canonical-json")
                .build())
        .setFailure(
            BadRecord.Failure.builder()
                .setDescription(letter.stage())
                .setException(letter.number() + " " + letter.code() + ": " + letter.message())
                .build())
        .build();
  }

  private static boolean isLetter(Path file) {
    try {
      return file.getFileName().toString().endsWith(SUFFIX)
          && Files.isRegularFile(file)
          && Files.size(file) <= MAX_LETTER_BYTES;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** JSON that lacks a component of a letter is none: a missing component is null here. */
  @SuppressWarnings("ConstantValue")
  private static boolean isWhole(DeadLetter letter) {
    return letter.id() != null && letter.recordId() != null && letter.stage() != null;
  }
}
