package dev.reelbeam.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.project.ControlEvent;
import java.nio.charset.StandardCharsets;
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

  private static ControlEvent opened(String json) throws StageException {
    return ControlEventIO.opened(
        json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), POSITION);
  }
}
