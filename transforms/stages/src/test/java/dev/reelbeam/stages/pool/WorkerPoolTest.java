package dev.reelbeam.stages.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.resourcehints.ResourceHints;
import org.junit.jupiter.api.Test;

class WorkerPoolTest {
  @Test
  void aMarkedTransformTellsItsPool() {
    var marked = new WorkerPool("cpu-render").mark(Create.of(1));
    assertThat(WorkerPool.of(marked.getResourceHints())).contains("cpu-render");
  }

  @Test
  void anywhereLeavesNoMarkAndAsksNoWorker() {
    var unmarked = WorkerPool.ANY.mark(Create.of(1));
    assertThat(unmarked.getResourceHints()).isEqualTo(ResourceHints.create());
    assertThatCode(WorkerPool.ANY::requireHere).doesNotThrowAnyException();
  }

  @Test
  void aWorkerWithoutTheTagRefusesTheWork() {
    assertThatThrownBy(() -> new WorkerPool("gpu").requireHere())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("5036 POOL_WRONG")
        .hasMessageContaining("'gpu'");
  }
}
