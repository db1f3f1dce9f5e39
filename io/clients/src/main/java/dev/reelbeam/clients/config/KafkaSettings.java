package dev.reelbeam.clients.config;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How Kafka is reached, and what the topics are called.
 *
 * @param bootstrapServers {@code host:port}, several with commas between them
 * @param topicPrefix before the name of every topic, {@code reelbeam} as a rule
 * @param client further properties of Kafka's clients, without secrets: security.protocol, …
 * @param jaas {@code sasl.jaas.config}, null where the broker asks for none
 */
public record KafkaSettings(
    String bootstrapServers,
    String topicPrefix,
    Map<String, String> client,
    @Nullable SecretRef jaas)
    implements Serializable {
  public KafkaSettings {
    // Serializable whatever map was given.
    client = new HashMap<>(client);
  }

  /** The topics of the house, each keyed by project. */
  public enum Topic {
    CONTENT("content"),
    /** The lane of a backfill: read behind the live one. */
    CONTENT_LOW("content.low"),
    CONTROL("control"),
    PROGRESS("progress"),
    VIDEOS("videos"),
    PUBLICATIONS("publications"),
    ENGAGEMENT("engagement"),
    /** Videos and topics that speed up. */
    TRENDS("trends"),
    /** Quarters of an hour that went over a limit: cost, errors, queues. */
    ALERTS("alerts"),
    DEAD_LETTERS("dead-letters");

    private final String suffix;

    Topic(String suffix) {
      this.suffix = suffix;
    }

    /** What stands behind the prefix and a dot. */
    public String suffix() {
      return suffix;
    }
  }

  /** The full name of a topic. */
  public String topic(Topic topic) {
    return topicPrefix + "." + topic.suffix();
  }

  /** Properties of a client, the secret included: for the client alone, never for a log. */
  public Map<String, Object> clientProperties() {
    Map<String, Object> properties = new HashMap<>(client);
    properties.put("bootstrap.servers", bootstrapServers);
    if (jaas != null) {
      properties.put("sasl.jaas.config", jaas.resolve());
    }
    return properties;
  }
}
