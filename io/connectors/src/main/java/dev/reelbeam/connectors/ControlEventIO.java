package dev.reelbeam.connectors;

import dev.reelbeam.clients.config.KafkaSettings;
import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.project.ControlEvent;
import java.util.Objects;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.io.kafka.KafkaTimestampType;
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

/** Control events from their topic. */
public final class ControlEventIO {
  private ControlEventIO() {}

  /**
   * Reads {@code reelbeam.control}. Unbounded; in order by project; an event may come again after a
   * failure, and is known by its id. One whose sender's clock is ahead counts as decided when it
   * came to the topic, or where the topic keeps its senders' times, when it was read.
   *
   * <p>What is no event becomes a dead letter by its topic, partition and offset.
   */
  public static ReadTopic readTopic(KafkaSettings kafka, String group) {
    return new ReadTopic(kafka, group, 0, null);
  }

  /** Reads events; see {@link ControlEventIO#readTopic}. */
  public static final class ReadTopic extends PTransform<PBegin, PCollection<ControlEvent>> {
    private static final long serialVersionUID = 1L;

    private final KafkaSettings kafka;
    private final String group;
    private final long mostRecords;
    private final transient @Nullable ErrorHandler<BadRecord, ?> deadLetters;

    private ReadTopic(
        KafkaSettings kafka,
        String group,
        long mostRecords,
        @Nullable ErrorHandler<BadRecord, ?> deadLetters) {
      this.kafka = kafka;
      this.group = group;
      this.mostRecords = mostRecords;
      this.deadLetters = deadLetters;
    }

    /** Where letters about messages that are no events go; it is required. */
    public ReadTopic withDeadLetters(ErrorHandler<BadRecord, ?> handler) {
      return new ReadTopic(kafka, group, mostRecords, handler);
    }

    /** Ends after so many messages: for tests. */
    ReadTopic withMostRecords(long count) {
      return new ReadTopic(kafka, group, count, deadLetters);
    }

    @Override
    public PCollection<ControlEvent> expand(PBegin begin) {
      ErrorHandler<BadRecord, ?> handler =
          Objects.requireNonNull(
              deadLetters, "withDeadLetters(handler): messages that are no events would be lost");
      TupleTag<ControlEvent> events = new TupleTag<>("events") {};
      TupleTag<BadRecord> dead = new TupleTag<>("dead") {};
      PCollectionTuple outputs =
          begin
              .apply("Read control", new TopicRead(kafka, Topic.CONTROL, group, mostRecords))
              .apply(
                  "Open control",
                  ParDo.of(new OpenFn(events, dead)).withOutputTags(events, TupleTagList.of(dead)));
      handler.addErrorCollection(outputs.get(dead));
      return outputs.get(events);
    }
  }

  private static final class OpenFn extends DoFn<KafkaRecord<byte[], byte[]>, ControlEvent> {
    private static final long serialVersionUID = 1L;

    private final TupleTag<ControlEvent> events;
    private final TupleTag<BadRecord> dead;

    OpenFn(TupleTag<ControlEvent> events, TupleTag<BadRecord> dead) {
      this.events = events;
      this.dead = dead;
    }

    @ProcessElement
    public void process(
        @Element KafkaRecord<byte[], byte[]> message, MultiOutputReceiver receiver) {
      String position =
          Message.position(message.getTopic(), message.getPartition(), message.getOffset());
      byte[] bytes = message.getKV().getValue();
      try {
        receiver.get(events).output(heard(message, position));
      } catch (StageException e) {
        receiver
            .get(dead)
            .output(
                DeadLetterIO.badRecord(
                    ContentRecordIO.letter(position, e, Message.excerpt(bytes))));
      }
    }
  }

  /** The event of a message, decided no later than it came. */
  static ControlEvent heard(KafkaRecord<byte[], byte[]> message, String position)
      throws StageException {
    // The broker's own time is the same whenever the message is read; a sender's is no better than
    // what the event says itself.
    long heardMs =
        message.getTimestampType() == KafkaTimestampType.LOG_APPEND_TIME
            ? message.getTimestamp()
            : System.currentTimeMillis();
    return opened(message.getKV().getValue(), position).heardAt(heardMs);
  }

  /** The event of a message as its sender wrote it. */
  static ControlEvent opened(byte @Nullable [] bytes, String position) throws StageException {
    String json = Message.object(bytes, position).toString();
    try {
      return ControlEvent.parse(json);
    } catch (IllegalArgumentException e) {
      throw new StageException(FailureCode.EVENT_INVALID, position + ": " + e.getMessage(), e);
    }
  }
}
