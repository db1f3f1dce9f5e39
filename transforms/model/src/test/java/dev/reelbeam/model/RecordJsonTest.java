package dev.reelbeam.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.model.content.ContentImage;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.store.StepKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordJsonTest {
  @Test
  void aRecordSurvivesTheRoundTripAndUnknownFieldsAreIgnored() {
    ContentImage image = new ContentImage("a.png", "alt", null, "me", null);
    String json = RecordJson.canonical(image);
    assertThat(json).isEqualTo("{\"alt\":\"alt\",\"credit\":\"me\",\"url\":\"a.png\"}");
    assertThat(RecordJson.read(json.replace("{\"alt\"", "{\"new\":1,\"alt\""), ContentImage.class))
        .isEqualTo(image);
  }

  @Test
  void canonicalTextSortsMembersAndNormalizesToNfc() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("b", "e\u0301");
    map.put("a", List.of(1, true));
    assertThat(RecordJson.canonical(map)).isEqualTo("{\"a\":[1,true],\"b\":\"\u00e9\"}");
  }

  @Test
  void floatingPointHasNoPlaceInAKey() {
    assertThatThrownBy(() -> RecordJson.canonical(Map.of("speed", 1.5)))
        .hasMessageContaining("floating point");
  }

  @Test
  void aStepKeyDependsOnNameVersionAndInputs() {
    StepKey key = StepKey.of("speak", 1, "hello", 1000);
    assertThat(key).isEqualTo(StepKey.of("speak", 1, "hello", 1000));
    assertThat(key).isNotEqualTo(StepKey.of("speak", 2, "hello", 1000));
    assertThat(key).isNotEqualTo(StepKey.of("speak", 1, "hello", 1001));
    assertThat(key.hex()).hasSize(64);
  }
}
