package dev.reelbeam.connectors;

import dev.reelbeam.clients.config.KafkaSettings;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;

/**
 * Clients of Kafka for Beam's connectors, connected on the worker: secrets are read there and are
 * part neither of the graph nor of what a runner shows of it.
 */
public final class KafkaConnect {
  private KafkaConnect() {}

  /** For {@code withConsumerFactoryFn}. */
  public static SerializableFunction<Map<String, Object>, Consumer<byte[], byte[]>> consumers(
      KafkaSettings settings) {
    return new TopicRead.Connect(settings);
  }

  /** For {@code withProducerFactoryFn}. */
  public static <K, V> SerializableFunction<Map<String, Object>, Producer<K, V>> producers(
      KafkaSettings settings) {
    return new Producers<>(settings);
  }

  private static final class Producers<K, V>
      implements SerializableFunction<Map<String, Object>, Producer<K, V>> {
    private static final long serialVersionUID = 1L;

    private final KafkaSettings settings;

    Producers(KafkaSettings settings) {
      this.settings = settings;
    }

    @Override
    public Producer<K, V> apply(Map<String, Object> properties) {
      Map<String, Object> all = new HashMap<>(properties);
      all.putAll(settings.clientProperties());
      return new KafkaProducer<>(all);
    }
  }
}
