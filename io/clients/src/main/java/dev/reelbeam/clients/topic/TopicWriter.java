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
  private static final OneForAll<Kind, KafkaProducer<byte[], byte[]>, RuntimeException> ALL =
      new OneForAll<>(TopicWriter::producer, producer -> producer.close(Duration.ofSeconds(10)));

  private final KafkaSettings settings;
  private final OneForAll<Kind, KafkaProducer<byte[], byte[]>, RuntimeException>.Share share;
  private final AtomicReference<@Nullable Exception> failed = new AtomicReference<>();

  private record Kind(KafkaSettings settings, int deliveryMs) {}

  private TopicWriter(Kind kind) {
    this.settings = kind.settings();
    this.share = ALL.share(kind);
  }

  /** Opens it without a call: whether a broker is there shows with the first message. */
  public static TopicWriter open(KafkaSettings settings) {
    return open(settings, Duration.ofMillis(DELIVERY_TIMEOUT_MS));
  }

  /**
   * Opens one that gives a message up after this time, for whoever holds something meanwhile; it
   * shares its producer with those that have the same patience.
   */
  public static TopicWriter open(KafkaSettings settings, Duration patience) {
    return new TopicWriter(new Kind(settings, Math.toIntExact(patience.toMillis())));
  }

  /** Sends a message; it leaves in the background. */
  public void send(Topic topic, String project, byte[] message) {
    send(topic, project, message, Map.of());
  }

  /**
   * Sends a message with what listeners may know without reading it; it leaves in the background.
   *
   * @param headers texts, by their names
   */
  public void send(Topic topic, String project, byte[] message, Map<String, String> headers) {
    try {
      ProducerRecord<byte[], byte[]> written =
          new ProducerRecord<>(
              settings.topic(topic), project.getBytes(StandardCharsets.UTF_8), message);
      headers.forEach(
          (name, text) -> written.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
      share
          .it()
          .send(
              written,
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

  private static KafkaProducer<byte[], byte[]> producer(Kind kind) {
    KafkaSettings settings = kind.settings();
    Map<String, Object> properties = settings.clientProperties();
    properties.put("acks", "all");
    properties.put("enable.idempotence", "true");
    properties.put("compression.type", "gzip");
    properties.put("max.request.size", MOST_BYTES);
    properties.put("delivery.timeout.ms", kind.deliveryMs());
    // A message has time for a second try.
    properties.put("request.timeout.ms", kind.deliveryMs() / 2);
    properties.put("max.block.ms", Math.min(BLOCK_MS, kind.deliveryMs()));
    properties.put("client.id", "reelbeam-" + ProcessHandle.current().pid());
    try {
      return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    } catch (KafkaException e) {
      throw KafkaFailures.of("write", settings, e);
    }
  }
}
