package dev.reelbeam.clients.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.junit.jupiter.api.Test;

class TopicsTest {
  private static final Topics.Shape EIGHT_DAYS =
      new Topics.Shape(4, Duration.ofDays(8), /* brokerTime= */ true);

  @Test
  void aTopicOfAnEarlierReleaseLacksItsTimeAndItsClock() {
    assertThat(Topics.lacking(config(Duration.ofDays(2).toMillis(), "CreateTime"), EIGHT_DAYS))
        .isEqualTo(Map.of("retention.ms", "691200000", "message.timestamp.type", "LogAppendTime"));
  }

  @Test
  void whatIsLargerOrOfNoConcernStays() {
    assertThat(Topics.lacking(config(Duration.ofDays(9).toMillis(), "LogAppendTime"), EIGHT_DAYS))
        .isEmpty();
    assertThat(Topics.lacking(config(-1, "LogAppendTime"), EIGHT_DAYS)).isEmpty();
    Topics.Shape senders = new Topics.Shape(4, Duration.ofDays(1), /* brokerTime= */ false);
    assertThat(Topics.lacking(config(Duration.ofDays(2).toMillis(), "LogAppendTime"), senders))
        .isEmpty();
    assertThat(Topics.lacking(new Config(List.of()), EIGHT_DAYS)).isEmpty();
  }

  private static Config config(long keptMs, String times) {
    return new Config(
        List.of(
            new ConfigEntry("retention.ms", String.valueOf(keptMs)),
            new ConfigEntry("message.timestamp.type", times)));
  }
}
