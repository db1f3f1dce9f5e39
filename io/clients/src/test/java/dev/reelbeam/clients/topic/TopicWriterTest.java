package dev.reelbeam.clients.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reelbeam.clients.config.KafkaSettings;
import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.port.StoreException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TopicWriterTest {
  /** Whoever holds a turn or a connection meanwhile says how long; the usual wait is longer. */
  @Test
  @Timeout(60)
  void whoHasLittlePatienceIsToldSoonThatNobodyIsThere() {
    KafkaSettings nobody = new KafkaSettings("127.0.0.1:1", "reelbeam");
    try (TopicWriter writer = TopicWriter.open(nobody, Duration.ofSeconds(1))) {
      long beganNs = System.nanoTime();
      StoreException failure =
          catchThrowableOfType(
              StoreException.class,
              () -> {
                writer.send(Topic.PROGRESS, "p", new byte[] {1});
                writer.flush();
              });
      assertThat(failure.code()).isEqualTo(FailureCode.KAFKA_UNAVAILABLE);
      assertThat(Duration.ofNanos(System.nanoTime() - beganNs)).isLessThan(Duration.ofSeconds(12));
    }
  }
}
