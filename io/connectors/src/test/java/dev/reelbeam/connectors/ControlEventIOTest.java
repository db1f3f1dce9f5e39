package dev.reelbeam.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.project.ControlEvent;
import java.nio.charset.StandardCharsets;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.io.kafka.KafkaTimestampType;
import org.junit.jupiter.api.Test;

class ControlEventIOTest {
  private static final String POSITION = "reelbeam.control-0@7";

  @Test
  void anEventIsReadAsItWasSent() throws Exception {
    ControlEvent event =
        opened("{'event_id':'e1','type':'cancel','project':'blog-42','epoch':1,'who':'ann'}");
    assertThat(event.project()).isEqualTo("blog-42");
    assertThat(event.who()).isEqualTo("ann");
  }

  @Test
  void anEventThatLacksWhatMakesItOneIsRefusedByItsPosition() {
    for (String json :
        new String[] {"{}", "{'event_id':'e1','type':'cancel','project':'blog-42'}"}) {
      assertThatThrownBy(() -> opened(json))
          .isInstanceOfSatisfying(
              StageException.class,
              failure -> assertThat(failure.code()).isEqualTo(FailureCode.EVENT_INVALID))
          .hasMessageContaining(POSITION + ": ");
    }
  }

  @Test
  void anEventOfAClockThatIsAheadWasDecidedWhenItCame() throws Exception {
    assertThat(heardMs(5_000, KafkaTimestampType.LOG_APPEND_TIME, 4_000)).isEqualTo(4_000);
    assertThat(heardMs(3_000, KafkaTimestampType.LOG_APPEND_TIME, 4_000)).isEqualTo(3_000);
    // The sender's clock again: it says nothing of whether it is right.
    long year2099Ms = 4_070_908_800_000L;
    assertThat(heardMs(year2099Ms, KafkaTimestampType.CREATE_TIME, year2099Ms))
        .isBetween(1L, System.currentTimeMillis());
  }

  private static long heardMs(long atMs, KafkaTimestampType type, long messageMs)
      throws StageException {
    String json =
        "{'event_id':'e1','type':'cancel','project':'p','who':'ann','at_ms':" + atMs + "}";
    return ControlEventIO.heard(
            new KafkaRecord<>(
                "reelbeam.control",
                0,
                7,
                messageMs,
                type,
                null,
                new byte[0],
                json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)),
            POSITION)
        .atMs();
  }

  private static ControlEvent opened(String json) throws StageException {
    return ControlEventIO.opened(
        json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), POSITION);
  }
}
