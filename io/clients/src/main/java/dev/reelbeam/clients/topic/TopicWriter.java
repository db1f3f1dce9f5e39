package dev.reelbeam.clients.topic;

import dev.reelbeam.clients.config.KafkaSettings;
import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.model.port.StoreException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
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
  private static final Map<KafkaSettings, Shared> OPEN = new HashMap<>();

  private final KafkaSettings settings;
  private final Shared shared;
  private final AtomicReference<@Nullable Exception> failed = new AtomicReference<>();
  private boolean closed;

  private TopicWriter(KafkaSettings settings, Shared shared) {
    this.settings = settings;
    this.shared = shared;
  }

  /** Opens it without a call: whether a broker is there shows with the first message. */
  public static TopicWriter open(KafkaSettings settings) {
    synchronized (OPEN) {
      Shared shared = OPEN.get(settings);
      if (shared == null) {
        shared = new Shared(producer(settings));
        OPEN.put(settings, shared);
      }
      shared.users++;
      return new TopicWriter(settings, shared);
    }
  }

  /** Sends a message; it leaves in the background. */
  public void send(Topic topic, String project, byte[] message) {
    try {
      shared.producer.send(
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
      shared.producer.flush();
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
    synchronized (OPEN) {
      if (closed) {
        return;
      }
      closed = true;
      shared.users--;
      if (shared.users == 0) {
        OPEN.remove(settings);
        shared.producer.close(Duration.ofSeconds(10));
      }
    }
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

  private static final class Shared {
    private final KafkaProducer<byte[], byte[]> producer;
    private int users;

    Shared(KafkaProducer<byte[], byte[]> producer) {
      this.producer = producer;
    }
  }
}
