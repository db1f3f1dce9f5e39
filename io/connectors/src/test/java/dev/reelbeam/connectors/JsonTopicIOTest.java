package dev.reelbeam.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonTopicIOTest {
  private static final String POSITION = "reelbeam.render-requests-0@7";

  @Test
  void whatWasSentIsRead() throws Exception {
    assertThat(opened("{\"record_id\":\"a\",\"revision\":3}")).isEqualTo(new RecordKey("a", 3));
  }

  @Test
  void whatIsNoneIsRefusedByItsPositionAndNeverThrownAnyOtherWay() {
    for (String json :
        new String[] {
          "", "no json", "[]", "{}", "null", "{\"record_id\":[1]}", "{\"revision\":\"x\"}"
        }) {
      assertThatThrownBy(() -> opened(json))
          .as(json)
          .isInstanceOfSatisfying(
              StageException.class,
              failure ->
                  assertThat(failure.code())
                      .isIn(FailureCode.RECORD_INVALID, FailureCode.RECORD_EMPTY))
          .hasMessageContaining(POSITION);
    }
  }

  private static RecordKey opened(String json) throws StageException {
    return JsonTopicIO.opened(
        RecordKey.class,
        key -> key.recordId() == null ? "record_id is missing" : null,
        json.getBytes(StandardCharsets.UTF_8),
        POSITION);
  }
}
