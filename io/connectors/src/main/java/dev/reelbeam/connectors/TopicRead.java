package dev.reelbeam.connectors;

import dev.reelbeam.clients.config.KafkaSettings;
import dev.reelbeam.clients.config.KafkaSettings.Topic;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.io.kafka.KafkaCheckpointMark;
import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.io.kafka.KafkaSources;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Raw messages of a topic with their position. Unbounded; goes on at the checkpoint, or where the
 * consumer group stopped, or at the beginning.
 */
final class TopicRead extends PTransform<PBegin, PCollection<KafkaRecord<byte[], byte[]>>> {
  private static final long serialVersionUID = 1L;

  private final KafkaSettings settings;
  private final Topic topic;
  private final String group;
  private final long mostRecords;
  private final int pollRecords;
  private final boolean committing;

  /** Kafka's own default. */
  private static final int POLL_RECORDS = 500;

  /** About a megabyte of small messages: each poll is handed from one thread to another. */
  private static final int POLL_SMALL_RECORDS = 10_000;

  /**
   * @param group consumer group whose offsets tell where a job without a checkpoint goes on
   * @param mostRecords ends after so many, for tests; 0: never
   */
  TopicRead(KafkaSettings settings, Topic topic, String group, long mostRecords) {
    this(settings, topic, group, mostRecords, POLL_RECORDS, /* committing= */ true);
  }

  private TopicRead(
      KafkaSettings settings,
      Topic topic,
      String group,
      long mostRecords,
      int pollRecords,
      boolean committing) {
    this.settings = settings;
    this.topic = topic;
    this.group = group;
    this.mostRecords = mostRecords;
    this.pollRecords = pollRecords;
    this.committing = committing;
  }

  /** The same for messages of a hundred bytes or so, of which there are many. */
  TopicRead ofSmallMessages() {
    return new TopicRead(settings, topic, group, mostRecords, POLL_SMALL_RECORDS, committing);
  }

  /** The same, from the beginning wherever there is no checkpoint: its offsets are not kept. */
  TopicRead fromTheBeginning() {
    return new TopicRead(settings, topic, group, mostRecords, pollRecords, false);
  }

  @Override
  public PCollection<KafkaRecord<byte[], byte[]>> expand(PBegin begin) {
    KafkaIO.Read<byte[], byte[]> read =
        read()
            .withKeyDeserializer(ByteArrayDeserializer.class)
            .withValueDeserializer(ByteArrayDeserializer.class);
    return begin.apply(mostRecords == 0 ? read : read.withMaxNumRecords(mostRecords));
  }

  /** The same messages as a source. */
  UnboundedSource<KafkaRecord<byte[], byte[]>, KafkaCheckpointMark> source() {
    NullableCoder<byte[]> bytes = NullableCoder.of(ByteArrayCoder.of());
    return KafkaSources.of(
        read()
            .withKeyDeserializerAndCoder(ByteArrayDeserializer.class, bytes)
            .withValueDeserializerAndCoder(ByteArrayDeserializer.class, bytes));
  }

  private KafkaIO.Read<byte[], byte[]> read() {
    Map<String, Object> consumer = new HashMap<>();
    consumer.put("group.id", group);
    consumer.put("auto.offset.reset", "earliest");
    consumer.put("enable.auto.commit", false);
    consumer.put("max.poll.records", pollRecords);
    // Whatever is larger comes all the same, alone in its fetch.
    consumer.put("max.partition.fetch.bytes", 8_000_000);
    KafkaIO.Read<byte[], byte[]> read =
        KafkaIO.<byte[], byte[]>read()
            .withBootstrapServers(settings.bootstrapServers())
            .withTopic(settings.topic(topic))
            .withConsumerConfigUpdates(consumer)
            .withConsumerFactoryFn(KafkaConnect.consumers(settings));
    return committing ? read.commitOffsetsInFinalize() : read;
  }

  /**
   * Connects on the worker: the secret is read there and is not part of the graph. Savepoints hold
   * it, as part of the source of each partition, by this name: it stays, and so do the names of its
   * settings.
   */
  static final class Connect
      implements SerializableFunction<Map<String, Object>, Consumer<byte[], byte[]>> {
    private static final long serialVersionUID = 1L;

    private final KafkaSettings settings;

    Connect(KafkaSettings settings) {
      this.settings = settings;
    }

    KafkaSettings settings() {
      return settings;
    }

    @Override
    public Consumer<byte[], byte[]> apply(Map<String, Object> properties) {
      Map<String, Object> all = new HashMap<>(properties);
      all.putAll(settings.clientProperties());
      return new KafkaConsumer<>(all);
    }
  }
}
