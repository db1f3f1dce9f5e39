package dev.reelbeam.clients.config;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How Kafka is reached, and what the topics are called.
 *
 * @param bootstrapServers {@code host:port}, several with commas between them
 * @param topicPrefix before the name of every topic, {@code reelbeam} as a rule
 * @param client further properties of Kafka's clients, without secrets: security.protocol, …
 * @param secrets further properties whose values are secret
 * @param login null where the broker asks for none, or {@code secrets} hold a {@code
 *     sasl.jaas.config}
 */
public record KafkaSettings(
    String bootstrapServers,
    String topicPrefix,
    Map<String, String> client,
    Map<String, SecretRef> secrets,
    @Nullable Login login)
    implements Serializable {
  /** Said to Kafka's clients: how the broker is signed in to. */
  public static final String MECHANISM = "sasl.mechanism";

  /** Said to Kafka's clients: {@code SASL_SSL}, … */
  public static final String PROTOCOL = "security.protocol";

  private static final String JAAS = "sasl.jaas.config";

  /** A savepoint of an earlier release holds settings without {@code secrets}. */
  @SuppressWarnings("ConstantValue")
  public KafkaSettings {
    // Serializable whatever maps were given.
    client = new HashMap<>(client);
    secrets = secrets == null ? new HashMap<>() : new HashMap<>(secrets);
  }

  /** A broker that trusts everybody: for one machine. */
  public KafkaSettings(String bootstrapServers, String topicPrefix) {
    this(bootstrapServers, topicPrefix, Map.of(), Map.of(), null);
  }

  /** Who signs in, by a user's name and a password. */
  public record Login(String user, SecretRef password) implements Serializable {
    /** What Kafka's clients read: the module that knows the mechanism, and both. */
    String jaas(String mechanism) {
      String module =
          mechanism.toUpperCase(Locale.ROOT).startsWith("SCRAM-")
              ? "org.apache.kafka.common.security.scram.ScramLoginModule"
              : "org.apache.kafka.common.security.plain.PlainLoginModule";
      return "%s required username=%s password=%s;"
          .formatted(module, quoted(user), quoted(password.resolve()));
    }

    private static String quoted(String text) {
      return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
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
    /** How elements ended in the stages. */
    OPERATIONS("operations"),
    DEAD_LETTERS("dead-letters"),
    /** To the render job, where rendering is a job of its own. */
    RENDER_REQUESTS("render-requests"),
    /** Back from the render job. */
    RENDER_RESULTS("render-results");

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

  /** Properties of a client, the secrets included: for the client alone, never for a log. */
  public Map<String, Object> clientProperties() {
    Map<String, Object> properties = new HashMap<>(client);
    properties.put("bootstrap.servers", bootstrapServers);
    secrets.forEach((name, secret) -> properties.put(name, secret.resolve()));
    if (login != null) {
      properties.put(JAAS, login.jaas(client.getOrDefault(MECHANISM, "")));
    }
    return properties;
  }
}
