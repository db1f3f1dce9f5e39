package dev.reelbeam.pipelines.job;

import dev.reelbeam.clients.database.Migrations;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.pipelines.wiring.WorldSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** Makes what the job expects of its services: topics, tables, a bucket. May be repeated. */
public final class PrepareCluster {
  private static final String TOPICS = "/dev/reelbeam/pipelines/cluster/conf/topics.properties";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final short REPLICATION = -1; // The broker's default.

  private PrepareCluster() {}

  /**
   * Makes what is missing and ends.
   *
   * @param args {@code --connections=FILE}
   */
  public static void main(String[] args) {
    PrintStream out = ConsoleOfMain.out();
    try {
      Path file = null;
      for (String arg : args) {
        if (arg.startsWith("--connections=")) {
          file = Path.of(arg.substring("--connections=".length()));
        }
      }
      if (file == null) {
        throw new IOException("--connections=FILE is missing");
      }
      WorldSettings world = WorldSettings.read(file);
      List<String> made = makeTopics(world.kafka().bootstrapServers());
      if (!made.isEmpty()) {
        out.println("reelbeam: made topics " + String.join(", ", made));
      }
      int applied = Migrations.run(world.postgres());
      if (applied > 0) {
        out.println("reelbeam: tables: " + applied + " migrations applied");
      }
    } catch (StageException e) {
      out.println("reelbeam: " + e.describe() + ". " + e.code().remedy());
      ConsoleOfMain.fail();
    } catch (IOException | RuntimeException e) {
      out.println("reelbeam: " + e.getMessage());
      ConsoleOfMain.fail();
    }
  }

  /** Makes the topics that are missing; the ones that are there keep their settings. */
  public static List<String> makeTopics(String bootstrap) throws IOException {
    Properties wanted = new Properties();
    try (InputStream bytes = PrepareCluster.class.getResourceAsStream(TOPICS)) {
      if (bytes == null) {
        throw new IOException("the list of topics is missing in this build");
      }
      wanted.load(bytes);
    }
    List<NewTopic> missing = new ArrayList<>();
    List<String> made = new ArrayList<>();
    try (Admin admin =
        Admin.create(
            Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis()))) {
      Set<String> there = admin.listTopics().names().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      for (String topic : new java.util.TreeSet<>(wanted.stringPropertyNames())) {
        if (!there.contains(topic)) {
          missing.add(topic(topic, wanted.getProperty(topic)));
        }
      }
      admin.createTopics(missing).all().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      missing.forEach(topic -> made.add(topic.name()));
      return made;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicExistsException) {
        return made; // Somebody else was quicker.
      }
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException("Kafka at " + bootstrap + ": " + cause.getMessage(), e);
    } catch (TimeoutException e) {
      throw new IOException("Kafka at " + bootstrap + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static NewTopic topic(String name, String text) throws IOException {
    String[] fields = text.split(",", -1);
    try {
      long days = Long.parseLong(fields[1].strip());
      return new NewTopic(name, Integer.parseInt(fields[0].strip()), REPLICATION)
          .configs(
              Map.of(
                  TopicConfig.RETENTION_MS_CONFIG,
                  String.valueOf(Duration.ofDays(days).toMillis())));
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new IOException("topic " + name + ": '" + text + "' is not partitions, days", e);
    }
  }
}
