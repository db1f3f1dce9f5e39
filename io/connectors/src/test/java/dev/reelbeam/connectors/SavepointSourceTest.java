package dev.reelbeam.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * A savepoint holds the source of each partition as a serialized object, and with it what connects
 * it. The golden files are such objects of earlier releases: they are added to and never changed.
 */
class SavepointSourceTest {
  private static final Path GOLDEN = Path.of("src/test/resources/dev/reelbeam/connectors/golden");

  @Test
  void whatConnectsTheSourcesOfAnEarlierReleaseIsReadAgain()
      throws IOException, ClassNotFoundException {
    try (ObjectInputStream in =
        new ObjectInputStream(Files.newInputStream(GOLDEN.resolve("connect-1.ser")))) {
      TopicRead.Connect connect = (TopicRead.Connect) in.readObject();
      assertThat(connect.settings().topicPrefix()).isEqualTo("reelbeam");
      assertThat(connect.settings().clientProperties())
          .containsEntry("bootstrap.servers", "kafka.example.com:9092")
          .containsEntry("request.timeout.ms", "5000");
    }
  }
}
