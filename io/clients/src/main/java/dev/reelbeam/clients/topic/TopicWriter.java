package dev.reelbeam.clients.topic;

import dev.reelbeam.clients.config.KafkaSettings;
import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.clients.shared.OneForAll;
import dev.reelbeam.model.port.StoreException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes messages, each keyed by its project, so that those of one project stay in order.
 *
 * <p>A message is there when {@link #flush} returns; after a failure it may be there twice. One
 * producer per JVM however many workers open it. Thread-safe.
 */
public final class TopicWriter implements AutoCloseable {
  private static final int DELIVERY_TIMEOUT_MS = 60_000;
  private static final int BLOCK_MS = 15_000;
  private static final int MOST_BYTES = 6_000_000;
  private static final OneForAll<KafkaSettings, KafkaProducer<byte[], byte[]>, RuntimeException>
      ALL =
          new OneForAll<>(
              TopicWriter::producer, producer -> producer.close(Duration.ofSeconds(10)));

  private final KafkaSettings settings;
  private final OneForAll<KafkaSettings, KafkaProducer<byte[], byte[]>, RuntimeException>.Share
      share;
  private final AtomicReference<@Nullable Exception> failed = new AtomicReference<>();

  private TopicWriter(KafkaSettings settings) {
    this.settings = settings;
    this.share = ALL.share(settings);
  }

  /** Opens it without a call: whether a broker is there shows with the first message. */
  public static TopicWriter open(KafkaSettings settings) {
    return new TopicWriter(settings);
  }

  /** Sends a message; it leaves in the background. */
  public void send(Topic topic, String project, byte[] message) {
    try {
      share
          .it()
          .send(
              new ProducerRecord<>(
                  settings.topic(topic), project.getBytes(StandardCharsets.UTF_8), message),
              (sent, failure) -> {
                if (failure != null) {
                  failed.compareAndSet(null, failure);
                }
              });
    } catch (KafkaException e) {
      throw KafkaFailures.of("write to " + settings.topic(topic), settings, e);
    }
  }

  /**
   * Waits until every message is there.
   *
   * @throws StoreException {@code KAFKA_UNAVAILABLE}, {@code KAFKA_REFUSED}, {@code TLS_REFUSED},
   *     {@code TOPIC_MISSING}
   */
  public void flush() {
    try {
      share.it().flush();
    } catch (KafkaException e) {
      throw KafkaFailures.of("write", settings, e);
    }
    Exception failure = failed.getAndSet(null);
    if (failure != null) {
      throw KafkaFailures.of("write", settings, failure);
    }
  }

  @Override
  public void close() {
    share.close();
  }

  private static KafkaProducer<byte[], byte[]> producer(KafkaSettings settings) {
    Map<String, Object> properties = settings.clientProperties();
    properties.put("acks", "all");
    properties.put("enable.idempotence", "true");
    properties.put("compression.type", "gzip");
    properties.put("max.request.size", MOST_BYTES);
    properties.put("delivery.timeout.ms", DELIVERY_TIMEOUT_MS);
    properties.put("max.block.ms", BLOCK_MS);
    properties.put("client.id", "reelbeam-" + ProcessHandle.current().pid());
    try {
      return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    } catch (KafkaException e) {
      throw KafkaFailures.of("write", settings, e);
    }
  }
}
