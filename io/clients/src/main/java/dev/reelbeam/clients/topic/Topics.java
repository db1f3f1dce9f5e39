package dev.reelbeam.clients.topic;

import dev.reelbeam.clients.config.KafkaSettings;
import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.port.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
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
   * Makes the topics that are missing; see {@link #raise} for those that are there.
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

  /**
   * Raises what topics that are there lack: those of an earlier release keep messages for a shorter
   * time, or carry the times of their senders. Nothing is ever lowered, and whatever else somebody
   * has set stays.
   *
   * @param wanted by their full names; those that are missing are left out
   * @return a line about each topic that lacked something: what was changed, or, where the broker
   *     does not let us, what to change
   * @throws StoreException {@code KAFKA_UNAVAILABLE}, {@code KAFKA_REFUSED}, {@code TLS_REFUSED}
   */
  public static List<String> raise(
      KafkaSettings settings, Map<String, Shape> wanted, Duration patience) {
    List<String> lines = new ArrayList<>();
    try (Admin admin = admin(settings, patience)) {
      Set<String> there = admin.listTopics().names().get();
      for (Map.Entry<String, Shape> topic : new TreeMap<>(wanted).entrySet()) {
        if (there.contains(topic.getKey())) {
          raise(admin, topic.getKey(), topic.getValue()).ifPresent(lines::add);
        }
      }
      return lines;
    } catch (ExecutionException | KafkaException e) {
      throw KafkaFailures.of("look at the settings of topics", settings, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw KafkaFailures.of("look at the settings of topics", settings, e);
    }
  }

  private static Optional<String> raise(Admin admin, String name, Shape shape)
      throws ExecutionException, InterruptedException {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
    Map<String, String> lacking;
    try {
      Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
      lacking = config == null ? Map.of() : lacking(config, shape);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AuthorizationException) {
        return Optional.of("its settings may not be seen: " + name); // It works without that.
      }
      throw e;
    }
    if (lacking.isEmpty()) {
      return Optional.empty();
    }
    String told =
        lacking.entrySet().stream()
            .map(setting -> setting.getKey() + "=" + setting.getValue())
            .collect(Collectors.joining(","));
    try {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  resource,
                  lacking.entrySet().stream()
                      .map(setting -> new ConfigEntry(setting.getKey(), setting.getValue()))
                      .map(entry -> new AlterConfigOp(entry, AlterConfigOp.OpType.SET))
                      .toList()))
          .all()
          .get();
      return Optional.of("raised " + name + ": " + told);
    } catch (ExecutionException e) {
      // A broker of others may keep its settings to itself; the jobs run without them.
      if (e.getCause() instanceof ApiException refusal
          && !(refusal instanceof RetriableException)) {
        return Optional.of(
            ("not raised, %s: kafka-configs --alter --entity-type topics --entity-name %s"
                    + " --add-config %s")
                .formatted(refusal.getMessage(), name, told));
      }
      throw e;
    }
  }

  /** The settings of a topic that are below what it should have, and their new values. */
  static Map<String, String> lacking(Config config, Shape shape) {
    Map<String, String> lacking = new TreeMap<>();
    ConfigEntry kept = config.get(TopicConfig.RETENTION_MS_CONFIG);
    // -1: for ever.
    if (kept != null
        && kept.value() != null
        && Long.parseLong(kept.value()) >= 0
        && Long.parseLong(kept.value()) < shape.kept().toMillis()) {
      lacking.put(TopicConfig.RETENTION_MS_CONFIG, String.valueOf(shape.kept().toMillis()));
    }
    ConfigEntry times = config.get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG);
    String brokers = TimestampType.LOG_APPEND_TIME.toString();
    if (shape.brokerTime() && times != null && !brokers.equals(times.value())) {
      lacking.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, brokers);
    }
    return lacking;
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
