package dev.reelbeam.connectors;

import dev.reelbeam.clients.config.KafkaSettings;
import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import java.io.Serializable;
import java.util.Objects;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.apache.beam.sdk.transforms.errorhandling.ErrorHandler;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.jspecify.annotations.Nullable;

/**
 * Records of one type from a topic of JSON objects. Unbounded; a message may come again after a
 * failure. What is none becomes a dead letter by its topic, partition and offset, and nobody behind
 * it waits.
 */
public final class JsonTopicIO {
  private JsonTopicIO() {}

  /** Says what is wrong with a record that JSON gave: it may have left out any field. */
  @FunctionalInterface
  public interface Fault<T> extends Serializable {
    /** In words, null when it is whole. */
    @Nullable String of(T read);
  }

  /**
   * Reads a topic.
   *
   * @param group consumer group whose offsets tell where a job without a checkpoint goes on
   */
  public static <T> ReadTopic<T> readTopic(
      KafkaSettings kafka,
      Topic topic,
      String group,
      Class<T> type,
      Coder<T> coder,
      Fault<T> fault) {
    return new ReadTopic<>(kafka, topic, group, type, coder, fault, false, null);
  }

  /** Reads a topic; see {@link JsonTopicIO#readTopic}. */
  public static final class ReadTopic<T> extends PTransform<PBegin, PCollection<T>> {
    private static final long serialVersionUID = 1L;

    private final KafkaSettings kafka;
    private final Topic topic;
    private final String group;
    private final Class<T> type;
    private final Coder<T> coder;
    private final Fault<T> fault;
    private final boolean fromTheBeginning;
    private final transient @Nullable ErrorHandler<BadRecord, ?> deadLetters;

    private ReadTopic(
        KafkaSettings kafka,
        Topic topic,
        String group,
        Class<T> type,
        Coder<T> coder,
        Fault<T> fault,
        boolean fromTheBeginning,
        @Nullable ErrorHandler<BadRecord, ?> deadLetters) {
      this.kafka = kafka;
      this.topic = topic;
      this.group = group;
      this.type = type;
      this.coder = coder;
      this.fault = fault;
      this.fromTheBeginning = fromTheBeginning;
      this.deadLetters = deadLetters;
    }

    /** Where letters about messages that are none go; it is required. */
    public ReadTopic<T> withDeadLetters(ErrorHandler<BadRecord, ?> handler) {
      return new ReadTopic<>(kafka, topic, group, type, coder, fault, fromTheBeginning, handler);
    }

    /**
     * A job without a checkpoint reads all that the topic holds, whatever the group had read: for
     * messages whose work may have been under way when the state was lost, and is found when it was
     * done.
     */
    public ReadTopic<T> fromTheBeginning() {
      return new ReadTopic<>(kafka, topic, group, type, coder, fault, true, deadLetters);
    }

    @Override
    public PCollection<T> expand(PBegin begin) {
      ErrorHandler<BadRecord, ?> handler =
          Objects.requireNonNull(
              deadLetters, "withDeadLetters(handler): messages that are none would be lost");
      TopicRead read = new TopicRead(kafka, topic, group, 0);
      TupleTag<T> opened = new TupleTag<>("opened") {};
      TupleTag<BadRecord> dead = new TupleTag<>("dead") {};
      PCollectionTuple outputs =
          begin
              .apply("Read Kafka", fromTheBeginning ? read.fromTheBeginning() : read)
              .apply(
                  "Open",
                  ParDo.of(new OpenFn<>(type, fault, opened, dead))
                      .withOutputTags(opened, TupleTagList.of(dead)));
      handler.addErrorCollection(outputs.get(dead));
      return outputs.get(opened).setCoder(coder);
    }
  }

  private static final class OpenFn<T> extends DoFn<KafkaRecord<byte[], byte[]>, T> {
    private static final long serialVersionUID = 1L;

    private final Class<T> type;
    private final Fault<T> fault;
    private final TupleTag<T> opened;
    private final TupleTag<BadRecord> dead;

    OpenFn(Class<T> type, Fault<T> fault, TupleTag<T> opened, TupleTag<BadRecord> dead) {
      this.type = type;
      this.fault = fault;
      this.opened = opened;
      this.dead = dead;
    }

    @ProcessElement
    public void process(
        @Element KafkaRecord<byte[], byte[]> message, MultiOutputReceiver receiver) {
      String position =
          Message.position(message.getTopic(), message.getPartition(), message.getOffset());
      byte[] bytes = message.getKV().getValue();
      try {
        receiver.get(opened).output(opened(type, fault, bytes, position));
      } catch (StageException e) {
        receiver
            .get(dead)
            .output(
                DeadLetterIO.badRecord(
                    ContentRecordIO.letter(position, e, Message.excerpt(bytes))));
      }
    }
  }

  /** What a message holds. */
  static <T> T opened(Class<T> type, Fault<T> fault, byte @Nullable [] bytes, String position)
      throws StageException {
    String json = Message.object(bytes, position).toString();
    T read;
    try {
      read = RecordJson.read(json, type);
    } catch (IllegalArgumentException e) {
      throw new StageException(FailureCode.RECORD_INVALID, position + ": " + e.getMessage(), e);
    }
    String wrong = fault.of(read);
    if (wrong != null) {
      throw new StageException(FailureCode.RECORD_INVALID, position + ": " + wrong);
    }
    return read;
  }
}
