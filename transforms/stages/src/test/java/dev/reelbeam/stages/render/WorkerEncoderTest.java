package dev.reelbeam.stages.render;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WorkerEncoderTest {
  @Test
  void whatWorksHereIsTakenAndWhatDoesNotNamesItsReason() {
    WorkerEncoder usual = new WorkerEncoder("libx264");
    assertThatCode(usual::requireHere).doesNotThrowAnyException();
    assertThatThrownBy(() -> new WorkerEncoder("libx999").requireHere())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("5042 POOL_WITHOUT_ENCODER")
        .hasMessageContaining("libx999")
        .hasMessageContaining("does not carry it");
  }
}
