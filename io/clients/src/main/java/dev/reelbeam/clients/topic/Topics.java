package dev.reelbeam.clients.topic;

import dev.reelbeam.clients.config.KafkaSettings;
import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.port.StoreException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicExistsException;

/** Looks after the topics of the house. */
public final class Topics {
  private static final int TIMEOUT_MS = 10_000;

  /** The largest message that a topic takes: what is larger is refused by the broker itself. */
  private static final String MOST_BYTES = "6000000";

  private Topics() {}

  /**
   * Makes the topics that are missing; those that are there stay as they are.
   *
   * @return the names of those that were made
   * @throws StoreException {@code KAFKA_UNAVAILABLE}, {@code KAFKA_REFUSED}
   */
  public static List<String> make(KafkaSettings settings, int partitions, short replicas) {
    try (Admin admin = admin(settings)) {
      List<String> made = new ArrayList<>();
      for (String name : missing(admin, settings)) {
        NewTopic topic =
            new NewTopic(name, partitions, replicas)
                .configs(Map.of("max.message.bytes", MOST_BYTES, "compression.type", "producer"));
        try {
          admin.createTopics(List.of(topic)).all().get();
          made.add(name);
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof TopicExistsException)) {
            throw e;
          }
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

  /**
   * Whether Kafka is there, lets us in, and has all topics.
   *
   * @throws StoreException {@code KAFKA_UNAVAILABLE}, {@code KAFKA_REFUSED}, {@code TOPIC_MISSING}
   */
  public static void check(KafkaSettings settings) {
    List<String> missing;
    try (Admin admin = admin(settings)) {
      missing = missing(admin, settings);
    } catch (ExecutionException | KafkaException e) {
      throw KafkaFailures.of("look at the topics", settings, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw KafkaFailures.of("look at the topics", settings, e);
    }
    if (!missing.isEmpty()) {
      String message = "there is no topic " + String.join(", ", missing);
      throw new StoreException(
          FailureCode.TOPIC_MISSING, message, new IllegalStateException(message));
    }
  }

  private static List<String> missing(Admin admin, KafkaSettings settings)
      throws ExecutionException, InterruptedException {
    Set<String> there = admin.listTopics().names().get();
    return Arrays.stream(Topic.values())
        .map(settings::topic)
        .filter(name -> !there.contains(name))
        .toList();
  }

  private static Admin admin(KafkaSettings settings) {
    Map<String, Object> properties = settings.clientProperties();
    properties.put("default.api.timeout.ms", TIMEOUT_MS);
    properties.put("request.timeout.ms", TIMEOUT_MS / 2);
    return Admin.create(properties);
  }
}
