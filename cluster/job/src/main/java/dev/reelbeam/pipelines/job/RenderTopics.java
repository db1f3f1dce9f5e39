package dev.reelbeam.pipelines.job;

import dev.reelbeam.clients.config.KafkaSettings;
import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.connectors.JsonTopicIO;
import dev.reelbeam.connectors.KafkaConnect;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.flow.SegmentRequest;
import dev.reelbeam.stages.flow.SegmentResult;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.apache.beam.sdk.transforms.errorhandling.ErrorHandler;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Rendering as a job of its own: requests go to a topic, results come back by another.
 *
 * <p>Losing the last worker of the render pool then stops rendering alone; scripts and speech go
 * on. A message may come twice: requests meet by segment key, and the join takes one result of each
 * segment. What is no message becomes a letter.
 */
final class RenderTopics {
  private RenderTopics() {}

  /** Stands in the place of rendering in the job that makes videos. */
  static PTransform<PCollection<SegmentRequest>, PCollection<SegmentResult>> elsewhere(
      KafkaSettings kafka, String group, ErrorHandler<BadRecord, ?> deadLetters) {
    return new Elsewhere(kafka, group, deadLetters);
  }

  /**
   * What the render job reads. Unbounded. Without a checkpoint from the beginning: a request that
   * was read and not yet rendered would else be waited for without end; segments that were rendered
   * are found.
   */
  static PTransform<PBegin, PCollection<SegmentRequest>> requests(
      KafkaSettings kafka, String group, ErrorHandler<BadRecord, ?> deadLetters) {
    return JsonTopicIO.readTopic(
            kafka,
            Topic.RENDER_REQUESTS,
            group,
            SegmentRequest.class,
            RecordCoder.of(SegmentRequest.class),
            RenderTopics::fault)
        .fromTheBeginning()
        .withDeadLetters(deadLetters);
  }

  /** What a request lacks that nobody can render without. */
  static @Nullable String fault(SegmentRequest request) {
    boolean whole =
        request.key() != null
            && request.key().recordId() != null
            && request.renderId() != null
            && request.segmentKey() != null
            && request.description() != null
            && request.settings() != null;
    return whole ? null : "it lacks key, render_id, segment_key, description or settings";
  }

  /** What a result lacks that nobody can join without. */
  static @Nullable String fault(SegmentResult result) {
    return result.renderId() == null ? "it lacks render_id" : null;
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
    private final String group;
    private final transient ErrorHandler<BadRecord, ?> deadLetters;

    Elsewhere(KafkaSettings kafka, String group, ErrorHandler<BadRecord, ?> deadLetters) {
      this.kafka = kafka;
      this.group = group;
      this.deadLetters = deadLetters;
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
              JsonTopicIO.readTopic(
                      kafka,
                      Topic.RENDER_RESULTS,
                      group,
                      SegmentResult.class,
                      RecordCoder.of(SegmentResult.class),
                      RenderTopics::fault)
                  .withDeadLetters(deadLetters));
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
}
