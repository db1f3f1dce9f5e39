package dev.reelbeam.connectors;

import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Redistribute;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.apache.beam.sdk.transforms.errorhandling.ErrorHandler;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.jspecify.annotations.Nullable;

/** Content records from files. */
public final class ContentRecordIO {
  private static final int ID_CHARACTERS = 24;

  private ContentRecordIO() {}

  /**
   * Reads {@code .html}, {@code .md}, {@code .json} and {@code .jsonl} files, and folders of them.
   * Bounded; in no order; each record once.
   *
   * <p>What cannot be read becomes a dead letter by its position; the rest is read.
   */
  public static Read read(List<Path> inputs) {
    return new Read(
        inputs.stream().map(input -> input.toAbsolutePath().normalize().toString()).toList(), null);
  }

  /**
   * Reads one file or folder in this thread, without a graph.
   *
   * @param refused hears of what cannot be read: its position and why
   */
  public static void readNow(
      Path input, Consumer<RawRecord> records, BiConsumer<String, StageException> refused) {
    RecordFiles.read(input.toAbsolutePath().normalize(), records, refused);
  }

  /** Reads records; see {@link ContentRecordIO#read}. */
  public static final class Read extends PTransform<PBegin, PCollection<RawRecord>> {
    private static final long serialVersionUID = 1L;

    private final List<String> inputs;
    private final transient @Nullable ErrorHandler<BadRecord, ?> deadLetters;

    private Read(List<String> inputs, @Nullable ErrorHandler<BadRecord, ?> deadLetters) {
      this.inputs = inputs;
      this.deadLetters = deadLetters;
    }

    /** Where letters about unreadable files go; it is required. */
    public Read withDeadLetters(ErrorHandler<BadRecord, ?> handler) {
      return new Read(inputs, handler);
    }

    @Override
    public PCollection<RawRecord> expand(PBegin begin) {
      ErrorHandler<BadRecord, ?> handler =
          Objects.requireNonNull(
              deadLetters, "withDeadLetters(handler): files that cannot be read would be lost");
      TupleTag<RawRecord> records = new TupleTag<>("records") {};
      TupleTag<BadRecord> dead = new TupleTag<>("dead") {};
      PCollectionTuple outputs =
          begin
              .apply("Inputs", Create.of(inputs).withCoder(StringUtf8Coder.of()))
              .apply(
                  "Read files",
                  ParDo.of(new ReadFn(records, dead))
                      .withOutputTags(records, TupleTagList.of(dead)));
      handler.addErrorCollection(outputs.get(dead));
      // Records of one large file would else stay in one bundle.
      return outputs.get(records).apply("Spread records", Redistribute.arbitrarily());
    }
  }

  private static final class ReadFn extends DoFn<String, RawRecord> {
    private static final long serialVersionUID = 1L;

    private final TupleTag<RawRecord> records;
    private final TupleTag<BadRecord> dead;

    ReadFn(TupleTag<RawRecord> records, TupleTag<BadRecord> dead) {
      this.records = records;
      this.dead = dead;
    }

    @ProcessElement
    public void process(@Element String input, MultiOutputReceiver receiver) {
      readNow(
          Path.of(input),
          receiver.get(records)::output,
          (position, failure) ->
              receiver.get(dead).output(DeadLetterIO.badRecord(letter(position, failure))));
    }
  }

  /** The letter about a position that gave no record. */
  static DeadLetter letter(String position, StageException failure) {
    String id = RecordJson.sha256(List.of(position, Stage.READ.label(), failure.code().name()));
    String message = failure.getMessage();
    return new DeadLetter(
        id.substring(0, ID_CHARACTERS),
        position,
        0,
        null,
        Stage.READ.label(),
        failure.code().name(),
        failure.code().number(),
        message == null ? "" : message.replaceAll("\\s+", " ").strip(),
        failure.code().remedy(),
        failure.code().replayable(),
        RecordJson.canonical(java.util.Map.of("position", position)),
        null);
  }
}
