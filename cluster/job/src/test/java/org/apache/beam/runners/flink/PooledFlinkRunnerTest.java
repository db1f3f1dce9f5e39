package org.apache.beam.runners.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.stages.pool.WorkerPool;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.junit.jupiter.api.Test;

class PooledFlinkRunnerTest {
  @Test
  void everyOperatorDemandsItsPoolAndTakesAsManySlotsAsThatHas() {
    Map<String, String> placement = placement("general:3,gpu:1,cpu-render:2");
    assertThat(placement)
        .hasEntrySatisfying("On gpu", pool -> assertThat(pool).isEqualTo("gpu x1"))
        .hasEntrySatisfying("On cpu", pool -> assertThat(pool).isEqualTo("cpu-render x2"));
    placement.remove("On gpu");
    placement.remove("On cpu");
    assertThat(placement).isNotEmpty();
    assertThat(placement.values()).allMatch(pool -> pool.startsWith("general x"));
  }

  @Test
  void aPoolThatTheClusterDoesNotHaveIsNamed() {
    assertThatThrownBy(() -> placement("general:3,gpu:1")).hasMessageContaining("cpu-render");
  }

  @Test
  void poolsAreReadStrictly() {
    assertThatThrownBy(() -> PoolSizes.parse("gpu:1")).hasMessageContaining("general");
    assertThatThrownBy(() -> PoolSizes.parse("general:0")).hasMessageContaining("at least one");
    assertThatThrownBy(() -> PoolSizes.parse("general")).hasMessageContaining("name:slots");
  }

  /** Vertex by what it does; the pool whose token its slot demands, and how many of them. */
  private static Map<String, String> placement(String pools) {
    FlinkPipelineOptions options = PipelineOptionsFactory.as(FlinkPipelineOptions.class);
    options.setFlinkMaster("[local]");
    options.as(PooledFlinkOptions.class).setPools(pools);
    options.setRunner(PooledFlinkRunner.class);
    options.setStreaming(true);
    Pipeline pipeline = Pipeline.create(options);
    pipeline
        .apply("Read", GenerateSequence.from(0).to(10))
        .apply("On gpu", new WorkerPool("gpu").mark(MapElements.via(new Same())))
        .apply("Spread", Reshuffle.viaRandomKey())
        .apply("On cpu", new WorkerPool("cpu-render").mark(MapElements.via(new Same())))
        .apply("After", MapElements.via(new Same()));
    Map<String, String> placement = new TreeMap<>();
    for (JobVertex vertex : PooledFlinkRunner.jobGraph(pipeline).getVertices()) {
      String name = vertex.getName();
      String key = name.contains("On gpu") ? "On gpu" : name.contains("On cpu") ? "On cpu" : name;
      String demanded =
          String.join(
              ",",
              vertex.getSlotSharingGroup().getResourceProfile().getExtendedResources().keySet());
      placement.put(key, demanded + " x" + vertex.getParallelism());
    }
    return placement;
  }

  private static final class Same extends SimpleFunction<Long, Long> {
    private static final long serialVersionUID = 1L;

    @Override
    public Long apply(Long value) {
      return value;
    }
  }
}
