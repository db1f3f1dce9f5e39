package dev.reelbeam.clients.topic;

import dev.reelbeam.clients.config.KafkaSettings;
import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.port.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.record.TimestampType;

/** Looks after the topics of the house. */
public final class Topics {
  private static final Duration CHECK_PATIENCE = Duration.ofSeconds(10);
  private static final short REPLICATION = -1; // The broker's default.

  /** The largest message that a topic takes: what is larger is refused by the broker itself. */
  private static final String MOST_BYTES = "4194304";

  /** Only a job that renders apart needs them; see {@link #check}. */
  private static final Set<Topic> OPTIONAL = Set.of(Topic.RENDER_REQUESTS, Topic.RENDER_RESULTS);

  private Topics() {}

  /**
   * How a topic is made.
   *
   * @param kept how long messages are kept
   * @param brokerTime whether messages carry the time when they came, and not their senders'
   */
  public record Shape(int partitions, Duration kept, boolean brokerTime) {}

  /**
   * Makes the topics that are missing; those that are there stay as they are.
   *
   * @param wanted by their full names
   * @param patience how long a broker that is just starting is waited for
   * @return the names of those that were made
   * @throws StoreException {@code KAFKA_UNAVAILABLE}, {@code KAFKA_REFUSED}, {@code TLS_REFUSED}
   */
  public static List<String> make(
      KafkaSettings settings, Map<String, Shape> wanted, Duration patience) {
    try (Admin admin = admin(settings, patience)) {
      Set<String> there = admin.listTopics().names().get();
      List<String> made = new ArrayList<>();
      for (Map.Entry<String, Shape> topic : new TreeMap<>(wanted).entrySet()) {
        if (!there.contains(topic.getKey()) && make(admin, topic.getKey(), topic.getValue())) {
          made.add(topic.getKey());
        }
      }
      return made;
    } catch (ExecutionException | KafkaException e) {
      throw KafkaFailures.of("make topics", settings, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw KafkaFailures.of("make topics", settings, e);
    }
  }

  /** False if somebody else was quicker. */
  private static boolean make(Admin admin, String name, Shape shape)
      throws ExecutionException, InterruptedException {
    NewTopic topic =
        new NewTopic(name, shape.partitions(), REPLICATION)
            .configs(
                Map.of(
                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                    MOST_BYTES,
                    TopicConfig.RETENTION_MS_CONFIG,
                    String.valueOf(shape.kept().toMillis()),
                    TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                    (shape.brokerTime() ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME)
                        .toString()));
    try {
      admin.createTopics(List.of(topic)).all().get();
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicExistsException) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Whether Kafka is there, lets us in, and has all topics that every job needs.
   *
   * @throws StoreException {@code KAFKA_UNAVAILABLE}, {@code KAFKA_REFUSED}, {@code TLS_REFUSED},
   *     {@code TOPIC_MISSING}
   */
  public static void check(KafkaSettings settings) {
    List<String> missing = new ArrayList<>();
    try (Admin admin = admin(settings, CHECK_PATIENCE)) {
      Set<String> there = admin.listTopics().names().get();
      for (Topic topic : Topic.values()) {
        if (!OPTIONAL.contains(topic) && !there.contains(settings.topic(topic))) {
          missing.add(settings.topic(topic));
        }
      }
    } catch (ExecutionException | KafkaException e) {
      throw KafkaFailures.of("look at the topics", settings, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw KafkaFailures.of("look at the topics", settings, e);
    }
    if (!missing.isEmpty()) {
      String message =
          "at "
              + settings.bootstrapServers()
              + " there is no topic "
              + String.join(", ", missing)
              + ", or the user may not see it";
      throw new StoreException(
          FailureCode.TOPIC_MISSING, message, new IllegalStateException(message));
    }
  }

  private static Admin admin(KafkaSettings settings, Duration patience) {
    Map<String, Object> properties = settings.clientProperties();
    properties.put("default.api.timeout.ms", (int) patience.toMillis());
    properties.put("request.timeout.ms", (int) patience.toMillis() / 2);
    return Admin.create(properties);
  }
}
