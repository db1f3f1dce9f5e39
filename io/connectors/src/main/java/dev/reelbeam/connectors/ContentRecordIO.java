package dev.reelbeam.connectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.config.KafkaSettings;
import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.apache.beam.sdk.transforms.errorhandling.ErrorHandler;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.jspecify.annotations.Nullable;

/** Content records from files and topics. */
public final class ContentRecordIO {
  private static final int ID_CHARACTERS = 24;

  /** The largest message that the job reads; a larger one is a dead letter there. */
  public static final int MOST_MESSAGE_BYTES = Message.MOST_BYTES;

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

  /**
   * Reads the live and the low lane from their topics. Unbounded; in order by project; a record may
   * come again after a failure.
   *
   * <p>A message that is no record (malformed, over 5 MB, of a newer schema) becomes a dead letter
   * by its topic, partition and offset. What comes by the low lane has the priority {@code low}.
   *
   * @param group consumer group whose offsets tell where a job without a checkpoint goes on
   * @param assetBase bucket prefix below which relative paths resolve; a record may name a folder
   *     below it as {@code base_uri}
   */
  public static ReadTopic readTopic(KafkaSettings kafka, String group, String assetBase) {
    return new ReadTopic(kafka, group, assetBase, 0, null);
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
      return outputs.get(records).apply("Spread records", Reshuffle.viaRandomKey());
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

  /** Reads records of topics; see {@link ContentRecordIO#readTopic}. */
  public static final class ReadTopic extends PTransform<PBegin, PCollection<RawRecord>> {
    private static final long serialVersionUID = 1L;

    private final KafkaSettings kafka;
    private final String group;
    private final String assetBase;
    private final long mostRecords;
    private final transient @Nullable ErrorHandler<BadRecord, ?> deadLetters;

    private ReadTopic(
        KafkaSettings kafka,
        String group,
        String assetBase,
        long mostRecords,
        @Nullable ErrorHandler<BadRecord, ?> deadLetters) {
      this.kafka = kafka;
      this.group = group;
      this.assetBase = assetBase;
      this.mostRecords = mostRecords;
      this.deadLetters = deadLetters;
    }

    /** Where letters about messages that are no records go; it is required. */
    public ReadTopic withDeadLetters(ErrorHandler<BadRecord, ?> handler) {
      return new ReadTopic(kafka, group, assetBase, mostRecords, handler);
    }

    /** Ends after so many messages of each lane: for tests. */
    ReadTopic withMostRecords(long count) {
      return new ReadTopic(kafka, group, assetBase, count, deadLetters);
    }

    @Override
    public PCollection<RawRecord> expand(PBegin begin) {
      ErrorHandler<BadRecord, ?> handler =
          Objects.requireNonNull(
              deadLetters, "withDeadLetters(handler): messages that are no records would be lost");
      return PCollectionList.of(lane(begin, "live", Topic.CONTENT, /* low= */ false, handler))
          .and(lane(begin, "low", Topic.CONTENT_LOW, /* low= */ true, handler))
          .apply("Both lanes", Flatten.pCollections());
    }

    private PCollection<RawRecord> lane(
        PBegin begin, String name, Topic topic, boolean low, ErrorHandler<BadRecord, ?> handler) {
      TupleTag<RawRecord> records = new TupleTag<>("records") {};
      TupleTag<BadRecord> dead = new TupleTag<>("dead") {};
      PCollectionTuple outputs =
          begin
              .apply("Read " + name, new TopicRead(kafka, topic, group, mostRecords))
              .apply(
                  "Open " + name,
                  ParDo.of(new OpenFn(assetBase, low, records, dead))
                      .withOutputTags(records, TupleTagList.of(dead)));
      handler.addErrorCollection(outputs.get(dead));
      return outputs.get(records);
    }
  }

  private static final class OpenFn extends DoFn<KafkaRecord<byte[], byte[]>, RawRecord> {
    private static final long serialVersionUID = 1L;

    private final String assetBase;
    private final boolean low;
    private final TupleTag<RawRecord> records;
    private final TupleTag<BadRecord> dead;
    private final Counter in = Metrics.counter(Stage.READ.label(), "records-in");
    private final Counter out = Metrics.counter(Stage.READ.label(), "records-out");
    private final Counter deadCount = Metrics.counter(Stage.READ.label(), "dead-letters");

    OpenFn(String assetBase, boolean low, TupleTag<RawRecord> records, TupleTag<BadRecord> dead) {
      this.assetBase = assetBase;
      this.low = low;
      this.records = records;
      this.dead = dead;
    }

    @ProcessElement
    public void process(
        @Element KafkaRecord<byte[], byte[]> message, MultiOutputReceiver receiver) {
      String position =
          Message.position(message.getTopic(), message.getPartition(), message.getOffset());
      byte[] bytes = message.getKV().getValue();
      in.inc();
      try {
        receiver.get(records).output(opened(bytes, position, assetBase, low));
        out.inc();
      } catch (StageException e) {
        deadCount.inc();
        receiver
            .get(dead)
            .output(DeadLetterIO.badRecord(letter(position, e, Message.excerpt(bytes))));
      }
    }
  }

  /** The record of a message. */
  static RawRecord opened(byte @Nullable [] bytes, String position, String assetBase, boolean low)
      throws StageException {
    ObjectNode record = Message.object(bytes, position);
    JsonNode named = record.remove("base_uri");
    String base = named == null || !named.isTextual() ? assetBase : named.asText();
    if (!base.startsWith(assetBase) || base.contains("..")) {
      throw new StageException(
          FailureCode.PATH_ESCAPES_ROOT, position + " has a base_uri outside " + assetBase);
    }
    if (low) {
      JsonNode project = record.get("project");
      ObjectNode known =
          project instanceof ObjectNode object ? object : record.putObject("project");
      known.put("priority", "low");
    }
    return new RawRecord(position, base, record.toString());
  }

  /** The letter about a position that gave no record. */
  static DeadLetter letter(String position, StageException failure) {
    return letter(position, failure, "");
  }

  /** The letter about a position that gave no record, with as much of it as can be kept. */
  static DeadLetter letter(String position, StageException failure, String excerpt) {
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
        RecordJson.canonical(
            excerpt.isEmpty()
                ? Map.of("position", position)
                : Map.of("position", position, "json", excerpt)),
        null);
  }
}
