package dev.reelbeam.connectors;

import dev.reelbeam.clients.config.KafkaSettings;
import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.ledger.PostgresEngagementHistory;
import dev.reelbeam.clients.topic.TopicWriter;
import dev.reelbeam.model.engagement.OperationsAlert;
import dev.reelbeam.model.engagement.OperationsEvent;
import dev.reelbeam.model.engagement.SnapshotMessage;
import dev.reelbeam.model.engagement.Trend;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.project.ProgressEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.jspecify.annotations.Nullable;

/** Snapshots of engagement, as they came: who reads them decides what is wrong with them. */
public final class EngagementIO {
  private EngagementIO() {}

  /** Messages of {@code reelbeam.engagement}, JSON or binary. Unbounded. */
  public static PTransform<PBegin, PCollection<SnapshotMessage>> readTopic(
      KafkaSettings settings, String group) {
    return new ReadTopic(settings, group);
  }

  /**
   * Lines of JSON of the files of a pattern, for example {@code history/*.jsonl}; each is known by
   * its file and number, and blank ones are none. Bounded.
   */
  public static PTransform<PBegin, PCollection<SnapshotMessage>> readLines(String pattern) {
    return new ReadLines(pattern);
  }

  /** All snapshots that the database keeps, late ones included. Bounded. */
  public static PTransform<PBegin, PCollection<SnapshotMessage>> readTable(
      PostgresSettings settings) {
    return new ReadTable(settings);
  }

  /** Tells of trends in {@code reelbeam.trends}; after a failure one may be told twice. */
  public static PTransform<PCollection<Trend>, PDone> writeTrends(KafkaSettings settings) {
    return new WriteTopic<>(settings, Topic.TRENDS, Trend::key);
  }

  /** Tells of alerts in {@code reelbeam.alerts}; after a failure one may be told twice. */
  public static PTransform<PCollection<OperationsAlert>, PDone> writeAlerts(
      KafkaSettings settings) {
    return new WriteTopic<>(settings, Topic.ALERTS, OperationsAlert::name);
  }

  /**
   * What progress tells about the running of the house: how many renders wait in line. Unbounded.
   */
  public static PTransform<PBegin, PCollection<OperationsEvent>> readOperations(
      KafkaSettings settings, String group) {
    return new ReadEvents(settings, Topic.PROGRESS, group, new OperationsFn());
  }

  /** How elements ended in the stages, summed up by worker. Unbounded. */
  public static PTransform<PBegin, PCollection<OperationsEvent>> readOutcomes(
      KafkaSettings settings, String group) {
    return new ReadEvents(settings, Topic.OPERATIONS, group, new OutcomeFn());
  }

  /** Messages of a topic as events about the running of the house. */
  private static final class ReadEvents extends PTransform<PBegin, PCollection<OperationsEvent>> {
    private static final long serialVersionUID = 1L;

    private final KafkaSettings settings;
    private final Topic topic;
    private final String group;
    private final DoFn<KafkaRecord<byte[], byte[]>, OperationsEvent> events;

    ReadEvents(
        KafkaSettings settings,
        Topic topic,
        String group,
        DoFn<KafkaRecord<byte[], byte[]>, OperationsEvent> events) {
      this.settings = settings;
      this.topic = topic;
      this.group = group;
      this.events = events;
    }

    @Override
    public PCollection<OperationsEvent> expand(PBegin begin) {
      return begin
          .apply("Read Kafka", new TopicRead(settings, topic, group, 0))
          .apply("Events", ParDo.of(events));
    }
  }

  private static final class OperationsFn
      extends DoFn<KafkaRecord<byte[], byte[]>, OperationsEvent> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element KafkaRecord<byte[], byte[]> record, OutputReceiver<OperationsEvent> receiver) {
      byte @Nullable [] value = record.getKV().getValue();
      if (value == null) {
        return;
      }
      ProgressEvent event;
      try {
        event = RecordJson.read(value, ProgressEvent.class);
      } catch (IllegalArgumentException e) {
        return; // Progress is for people: one report less spoils no figure.
      }
      if (event.queuePosition() != null) {
        receiver.output(
            new OperationsEvent(
                OperationsEvent.Kind.QUEUE, "render", event.atMs(), event.queuePosition()));
      }
    }
  }

  private static final class OutcomeFn extends DoFn<KafkaRecord<byte[], byte[]>, OperationsEvent> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element KafkaRecord<byte[], byte[]> record, OutputReceiver<OperationsEvent> receiver) {
      byte @Nullable [] value = record.getKV().getValue();
      if (value == null) {
        return;
      }
      OperationsEvent event;
      try {
        event = RecordJson.read(value, OperationsEvent.class);
      } catch (IllegalArgumentException e) {
        return; // One report less alarms nobody.
      }
      if (event.count() > 0 && event.value() >= 0 && event.value() <= event.count()) {
        receiver.output(event);
      }
    }
  }

  private static final class WriteTopic<T> extends PTransform<PCollection<T>, PDone> {
    private static final long serialVersionUID = 1L;

    private final KafkaSettings settings;
    private final Topic topic;
    private final SerializableFunction<T, String> key;

    WriteTopic(KafkaSettings settings, Topic topic, SerializableFunction<T, String> key) {
      this.settings = settings;
      this.topic = topic;
      this.key = key;
    }

    @Override
    public PDone expand(PCollection<T> elements) {
      elements.apply("Write messages", ParDo.of(new WriteFn<>(settings, topic, key)));
      return PDone.in(elements.getPipeline());
    }
  }

  private static final class WriteFn<T> extends DoFn<T, Void> {
    private static final long serialVersionUID = 1L;

    private final KafkaSettings settings;
    private final Topic topic;
    private final SerializableFunction<T, String> key;
    private transient @Nullable TopicWriter writer;

    WriteFn(KafkaSettings settings, Topic topic, SerializableFunction<T, String> key) {
      this.settings = settings;
      this.topic = topic;
      this.key = key;
    }

    @Setup
    public void setup() {
      writer = TopicWriter.open(settings);
    }

    @ProcessElement
    public void process(@Element T element) {
      Objects.requireNonNull(writer)
          .send(topic, key.apply(element), RecordJson.canonicalBytes(element));
    }

    @FinishBundle
    public void finish() {
      Objects.requireNonNull(writer).flush();
    }

    @Teardown
    public void teardown() {
      if (writer != null) {
        writer.close();
      }
    }
  }

  private static final class ReadTopic extends PTransform<PBegin, PCollection<SnapshotMessage>> {
    private static final long serialVersionUID = 1L;

    private final KafkaSettings settings;
    private final String group;

    ReadTopic(KafkaSettings settings, String group) {
      this.settings = settings;
      this.group = group;
    }

    @Override
    public PCollection<SnapshotMessage> expand(PBegin begin) {
      return begin
          .apply(
              "Read blocks",
              Read.from(
                  new BlockSource<>(
                      new TopicRead(settings, Topic.ENGAGEMENT, group, 0)
                          .ofSmallMessages()
                          .source(),
                      ReadTopic::size)))
          .apply("Messages", ParDo.of(new MessageFn()));
    }

    private static int size(KafkaRecord<byte[], byte[]> record) {
      byte @Nullable [] key = record.getKV().getKey();
      byte @Nullable [] value = record.getKV().getValue();
      return (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
    }
  }

  private static final class MessageFn
      extends DoFn<List<KafkaRecord<byte[], byte[]>>, SnapshotMessage> {
    private static final long serialVersionUID = 1L;

    /** Names of partitions, made once: a reader has few. */
    private transient Map<Integer, String> sources = new HashMap<>();

    @Setup
    public void setup() {
      sources = new HashMap<>();
    }

    @ProcessElement
    public void process(
        @Element List<KafkaRecord<byte[], byte[]>> block,
        OutputReceiver<SnapshotMessage> receiver) {
      for (KafkaRecord<byte[], byte[]> record : block) {
        byte @Nullable [] value = record.getKV().getValue();
        receiver.output(
            new SnapshotMessage(
                sources.computeIfAbsent(
                    record.getPartition(), partition -> record.getTopic() + "-" + partition),
                record.getOffset(),
                value == null ? new byte[0] : value));
      }
    }
  }

  private static final class ReadLines extends PTransform<PBegin, PCollection<SnapshotMessage>> {
    private static final long serialVersionUID = 1L;

    private final String pattern;

    ReadLines(String pattern) {
      this.pattern = pattern;
    }

    @Override
    public PCollection<SnapshotMessage> expand(PBegin begin) {
      return begin
          .apply("Find files", FileIO.match().filepattern(pattern))
          .apply("Open files", FileIO.readMatches())
          .apply("Read lines", ParDo.of(new LineFn()));
    }
  }

  private static final class LineFn extends DoFn<FileIO.ReadableFile, SnapshotMessage> {
    private static final long serialVersionUID = 1L;

    /** A snapshot takes hundreds; what is longer is none, and is told as such by its beginning. */
    private static final int MOST_BYTES = 100_000;

    @ProcessElement
    public void process(@Element FileIO.ReadableFile file, OutputReceiver<SnapshotMessage> receiver)
        throws IOException {
      String source = file.getMetadata().resourceId().toString();
      try (InputStream in = Channels.newInputStream(file.open())) {
        Lines.read(
            in,
            MOST_BYTES,
            (number, bytes, whole) -> receiver.output(new SnapshotMessage(source, number, bytes)));
      }
    }
  }

  private static final class ReadTable extends PTransform<PBegin, PCollection<SnapshotMessage>> {
    private static final long serialVersionUID = 1L;

    private final PostgresSettings settings;

    ReadTable(PostgresSettings settings) {
      this.settings = settings;
    }

    @Override
    public PCollection<SnapshotMessage> expand(PBegin begin) {
      return begin
          .apply("Table", Create.of("video_engagement"))
          .apply("Read table", ParDo.of(new TableFn(settings)));
    }
  }

  private static final class TableFn extends DoFn<String, SnapshotMessage> {
    private static final long serialVersionUID = 1L;

    private final PostgresSettings settings;

    TableFn(PostgresSettings settings) {
      this.settings = settings;
    }

    @ProcessElement
    public void process(@Element String table, OutputReceiver<SnapshotMessage> receiver) {
      try (PostgresEngagementHistory history = PostgresEngagementHistory.open(settings)) {
        history.read(bytes -> receiver.output(new SnapshotMessage(table, bytes)));
      }
    }
  }
}
