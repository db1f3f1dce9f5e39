package dev.reelbeam.pipelines.job;

import dev.reelbeam.clients.config.KafkaSettings;
import dev.reelbeam.clients.database.Migrations;
import dev.reelbeam.clients.topic.Topics;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.pipelines.wiring.WorldSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Makes what the jobs expect of their services, topics and tables, and sees whether the bucket is
 * there. May be repeated.
 */
public final class PrepareCluster {
  private static final String BROKER_TIME = "broker-time";

  private static final String TOPICS = "/dev/reelbeam/pipelines/cluster/conf/topics.properties";

  /** A broker that is just starting is waited for. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What the names in the list of topics begin with, whatever the settings call them. */
  private static final String LISTED_PREFIX = "reelbeam.";

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
      List<String> made = makeTopics(world.kafka(), PATIENCE);
      if (!made.isEmpty()) {
        out.println("reelbeam: made topics " + String.join(", ", made));
      }
      raiseTopics(world.kafka(), PATIENCE).forEach(line -> out.println("reelbeam: topic " + line));
      int applied = Migrations.run(world.postgres());
      if (applied > 0) {
        out.println("reelbeam: tables: " + applied + " migrations applied");
      }
      WorldChecks.checkBucket(world);
    } catch (StageException | IOException | RuntimeException e) {
      ConsoleOfMain.tell(out, e);
      ConsoleOfMain.fail();
    }
  }

  /** Makes the topics that are missing, and tells which. */
  public static List<String> makeTopics(KafkaSettings kafka, Duration patience) throws IOException {
    return Topics.make(kafka, wanted(kafka), patience);
  }

  /** Raises what topics of an earlier release lack, and tells a line about each; lowers nothing. */
  public static List<String> raiseTopics(KafkaSettings kafka, Duration patience)
      throws IOException {
    return Topics.raise(kafka, wanted(kafka), patience);
  }

  private static Map<String, Topics.Shape> wanted(KafkaSettings kafka) throws IOException {
    Properties listed = new Properties();
    try (InputStream bytes = PrepareCluster.class.getResourceAsStream(TOPICS)) {
      if (bytes == null) {
        throw new IOException("the list of topics is missing in this build");
      }
      listed.load(bytes);
    }
    Map<String, Topics.Shape> wanted = new HashMap<>();
    for (String name : listed.stringPropertyNames()) {
      wanted.put(
          kafka.topicPrefix() + "." + name.substring(LISTED_PREFIX.length()),
          shape(name, listed.getProperty(name)));
    }
    return wanted;
  }

  private static Topics.Shape shape(String name, String text) throws IOException {
    String[] fields = text.split(",", -1);
    try {
      return new Topics.Shape(
          Integer.parseInt(fields[0].strip()),
          Duration.ofDays(Long.parseLong(fields[1].strip())),
          fields.length > 2 && fields[2].strip().equals(BROKER_TIME));
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new IOException(
          "topic " + name + ": '" + text + "' is not partitions, days, and maybe " + BROKER_TIME,
          e);
    }
  }
}
