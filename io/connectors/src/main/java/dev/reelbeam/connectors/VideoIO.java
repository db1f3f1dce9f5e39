package dev.reelbeam.connectors;

import dev.reelbeam.clients.config.KafkaSettings;
import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.clients.topic.TopicWriter;
import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.json.RecordJson;
import java.util.Objects;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.jspecify.annotations.Nullable;

/** Finished deliveries for whoever listens. */
public final class VideoIO {
  private VideoIO() {}

  /**
   * Tells of each delivery in {@code reelbeam.videos}, keyed by its project. At least once: the
   * record, the revision, the preset and the hash of the video name the delivery. Its rows are
   * there already: the stage that delivers settles it in the ledger.
   */
  public static Write write(KafkaSettings kafka) {
    return new Write(kafka);
  }

  /** Tells of deliveries; see {@link VideoIO#write}. */
  public static final class Write extends PTransform<PCollection<Delivery>, PDone> {
    private static final long serialVersionUID = 1L;

    private final KafkaSettings kafka;

    private Write(KafkaSettings kafka) {
      this.kafka = kafka;
    }

    @Override
    public PDone expand(PCollection<Delivery> deliveries) {
      deliveries.apply("Tell of videos", ParDo.of(new TellFn(kafka)));
      return PDone.in(deliveries.getPipeline());
    }
  }

  private static final class TellFn extends DoFn<Delivery, Void> {
    private static final long serialVersionUID = 1L;

    private final KafkaSettings kafka;
    private transient @Nullable TopicWriter writer;

    TellFn(KafkaSettings kafka) {
      this.kafka = kafka;
    }

    @Setup
    public void setup() {
      writer = TopicWriter.open(kafka);
    }

    @ProcessElement
    public void process(@Element Delivery delivery) {
      Objects.requireNonNull(writer)
          .send(Topic.VIDEOS, delivery.key().recordId(), RecordJson.canonicalBytes(delivery));
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
}
