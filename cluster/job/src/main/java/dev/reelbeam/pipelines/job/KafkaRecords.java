package dev.reelbeam.pipelines.job;

import dev.reelbeam.model.content.RawRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Content records from Kafka and messages to it. */
final class KafkaRecords {
  /** Header that says where a record's relative paths resolve. */
  static final String BASE_URI = "base-uri";

  private KafkaRecords() {}

  /** Reads content records; a position is {@code topic-partition@offset}. Unbounded. */
  static PTransform<PBegin, PCollection<RawRecord>> read(String bootstrap, String topics) {
    return new Read(bootstrap, topics);
  }

  /** Writes keyed messages; a repeated bundle writes them again, so readers go by key. */
  static PTransform<PCollection<KV<String, String>>, PDone> write(String bootstrap, String topic) {
    return KafkaIO.<String, String>write()
        .withBootstrapServers(bootstrap)
        .withTopic(topic)
        .withKeySerializer(StringSerializer.class)
        .withValueSerializer(StringSerializer.class);
  }

  private static final class Read extends PTransform<PBegin, PCollection<RawRecord>> {
    private static final long serialVersionUID = 1L;

    private final String bootstrap;
    private final String topics;

    Read(String bootstrap, String topics) {
      this.bootstrap = bootstrap;
      this.topics = topics;
    }

    @Override
    public PCollection<RawRecord> expand(PBegin begin) {
      return begin
          .apply(
              "Read Kafka",
              KafkaIO.<String, String>read()
                  .withBootstrapServers(bootstrap)
                  .withTopics(List.of(topics.split(",", -1)))
                  .withKeyDeserializer(StringDeserializer.class)
                  .withValueDeserializer(StringDeserializer.class)
                  .withConsumerConfigUpdates(
                      Map.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest")))
          .apply("Name positions", ParDo.of(new PositionFn()));
    }
  }

  private static final class PositionFn extends DoFn<KafkaRecord<String, String>, RawRecord> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element KafkaRecord<String, String> record, OutputReceiver<RawRecord> receiver) {
      Header base = record.getHeaders() == null ? null : record.getHeaders().lastHeader(BASE_URI);
      receiver.output(
          new RawRecord(
              record.getTopic() + "-" + record.getPartition() + "@" + record.getOffset(),
              base == null ? "" : new String(base.value(), StandardCharsets.UTF_8),
              Objects.requireNonNullElse(record.getKV().getValue(), "")));
    }
  }
}
