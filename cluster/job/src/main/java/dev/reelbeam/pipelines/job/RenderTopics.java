package dev.reelbeam.pipelines.job;

import dev.reelbeam.clients.config.KafkaSettings;
import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.connectors.KafkaConnect;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.flow.SegmentRequest;
import dev.reelbeam.stages.flow.SegmentResult;
import java.util.Map;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Rendering as a job of its own: requests go to a topic, results come back by another.
 *
 * <p>Losing the last worker of the render pool then stops rendering alone; scripts and speech go
 * on. A message may come twice: requests meet by segment key, and the join takes one result of each
 * segment.
 */
final class RenderTopics {
  private RenderTopics() {}

  /** Stands in the place of rendering in the job that makes videos. */
  static PTransform<PCollection<SegmentRequest>, PCollection<SegmentResult>> elsewhere(
      KafkaSettings kafka) {
    return new Elsewhere(kafka);
  }

  /** What the render job reads. Unbounded. */
  static PTransform<PBegin, PCollection<SegmentRequest>> requests(KafkaSettings kafka) {
    return new Read<>(kafka, Topic.RENDER_REQUESTS, SegmentRequest.class, new ToRequest());
  }

  /** Where the render job writes. */
  static PTransform<PCollection<SegmentResult>, PDone> writeResults(KafkaSettings kafka) {
    return new WriteResults(kafka);
  }

  /** Writes keyed messages; a repeated bundle writes them again, so readers go by key. */
  private static PTransform<PCollection<KV<String, String>>, PDone> write(
      KafkaSettings kafka, Topic topic) {
    return KafkaIO.<String, String>write()
        .withBootstrapServers(kafka.bootstrapServers())
        .withTopic(kafka.topic(topic))
        .withKeySerializer(StringSerializer.class)
        .withValueSerializer(StringSerializer.class)
        .withProducerFactoryFn(KafkaConnect.producers(kafka));
  }

  private static final class Elsewhere
      extends PTransform<PCollection<SegmentRequest>, PCollection<SegmentResult>> {
    private static final long serialVersionUID = 1L;

    private final KafkaSettings kafka;

    Elsewhere(KafkaSettings kafka) {
      this.kafka = kafka;
    }

    @Override
    public PCollection<SegmentResult> expand(PCollection<SegmentRequest> requests) {
      requests
          .apply("Requests as messages", MapElements.via(new FromRequest()))
          .apply("Write requests", write(kafka, Topic.RENDER_REQUESTS));
      return requests
          .getPipeline()
          .apply(
              "Read render results",
              new Read<>(kafka, Topic.RENDER_RESULTS, SegmentResult.class, new ToResult()));
    }
  }

  private static final class WriteResults extends PTransform<PCollection<SegmentResult>, PDone> {
    private static final long serialVersionUID = 1L;

    private final KafkaSettings kafka;

    WriteResults(KafkaSettings kafka) {
      this.kafka = kafka;
    }

    @Override
    public PDone expand(PCollection<SegmentResult> results) {
      return results
          .apply("Results as messages", MapElements.via(new FromResult()))
          .setCoder(KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of()))
          .apply("Write results", write(kafka, Topic.RENDER_RESULTS));
    }
  }

  private static final class Read<T extends Record> extends PTransform<PBegin, PCollection<T>> {
    private static final long serialVersionUID = 1L;

    private final KafkaSettings kafka;
    private final Topic topic;
    private final Class<T> type;
    private final SimpleFunction<String, T> decode;

    Read(KafkaSettings kafka, Topic topic, Class<T> type, SimpleFunction<String, T> decode) {
      this.kafka = kafka;
      this.topic = topic;
      this.type = type;
      this.decode = decode;
    }

    @Override
    public PCollection<T> expand(PBegin begin) {
      return begin
          .apply(
              "Read Kafka",
              KafkaIO.<String, String>read()
                  .withBootstrapServers(kafka.bootstrapServers())
                  .withTopic(kafka.topic(topic))
                  .withKeyDeserializer(StringDeserializer.class)
                  .withValueDeserializer(StringDeserializer.class)
                  .withConsumerConfigUpdates(
                      Map.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"))
                  .withConsumerFactoryFn(KafkaConnect.consumers(kafka))
                  .withoutMetadata())
          .apply("Values", Values.create())
          .apply("Decode", MapElements.via(decode))
          .setCoder(RecordCoder.of(type));
    }
  }

  private static final class FromRequest
      extends SimpleFunction<SegmentRequest, KV<String, String>> {
    private static final long serialVersionUID = 1L;

    @Override
    public KV<String, String> apply(SegmentRequest request) {
      return KV.of(request.segmentKey(), RecordJson.canonical(request));
    }
  }

  private static final class FromResult extends SimpleFunction<SegmentResult, KV<String, String>> {
    private static final long serialVersionUID = 1L;

    @Override
    public KV<String, String> apply(SegmentResult result) {
      return KV.of(result.renderId(), RecordJson.canonical(result));
    }
  }

  private static final class ToRequest extends SimpleFunction<String, SegmentRequest> {
    private static final long serialVersionUID = 1L;

    @Override
    public SegmentRequest apply(String json) {
      return RecordJson.read(json, SegmentRequest.class);
    }
  }

  private static final class ToResult extends SimpleFunction<String, SegmentResult> {
    private static final long serialVersionUID = 1L;

    @Override
    public SegmentResult apply(String json) {
      return RecordJson.read(json, SegmentResult.class);
    }
  }
}
