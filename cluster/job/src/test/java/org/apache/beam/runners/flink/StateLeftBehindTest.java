package org.apache.beam.runners.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.OperatorStreamStateHandle;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateLeftBehindTest {
  @TempDir private Path folder;

  @Test
  void stateOfOperatorsThatAreStillThereIsTakenOver() throws IOException {
    List<String> operators = PooledFlinkRunner.operators(pipeline(null, null));
    assertThat(operators).isNotEmpty();

    assertThat(PooledFlinkRunner.stateLeftBehind(pipeline(savepoint(operators), null))).isEmpty();
    assertThat(PooledFlinkRunner.stateLeftBehind(pipeline(null, null))).isEmpty();
  }

  @Test
  void whatIsLeftBehindIsToldByTheNameThatTheReleaseBeforeNoted() throws IOException {
    List<String> before = new ArrayList<>(PooledFlinkRunner.operators(pipeline(null, null)));
    before.add("Render/Beside");
    before.add("Old gate");
    Path savepoint = savepoint(before);
    Path names = Files.write(folder.resolve("names"), List.of("Old gate"));

    assertThat(PooledFlinkRunner.stateLeftBehind(pipeline(savepoint, names)))
        .containsExactly(
            "Old gate", "operator " + StateLeftBehind.id("Render/Beside").toHexString());
  }

  @Test
  void anOperatorThatHeldNothingLeavesNothing() throws IOException {
    OperatorState empty = new OperatorState(StateLeftBehind.id("Old map"), 1, 256);
    empty.putState(0, OperatorSubtaskState.builder().build());

    assertThat(PooledFlinkRunner.stateLeftBehind(pipeline(write(List.of(empty)), null))).isEmpty();
  }

  private Path savepoint(List<String> operators) throws IOException {
    List<OperatorState> states = new ArrayList<>();
    for (String name : operators) {
      OperatorState state = new OperatorState(StateLeftBehind.id(name), 1, 256);
      state.putState(
          0,
          OperatorSubtaskState.builder()
              .setManagedOperatorState(
                  new OperatorStreamStateHandle(
                      Map.of(), new ByteStreamStateHandle("state", new byte[] {1})))
              .build());
      states.add(state);
    }
    return write(states);
  }

  private Path write(List<OperatorState> states) throws IOException {
    Path savepoint = Files.createTempDirectory(folder, "savepoint");
    try (DataOutputStream out =
        new DataOutputStream(Files.newOutputStream(savepoint.resolve("_metadata")))) {
      Checkpoints.storeCheckpointMetadata(new CheckpointMetadata(1, states, List.of()), out);
    }
    return savepoint;
  }

  private static Pipeline pipeline(@Nullable Path savepoint, @Nullable Path names) {
    FlinkPipelineOptions options = PipelineOptionsFactory.as(FlinkPipelineOptions.class);
    options.setFlinkMaster("[local]");
    options.setRunner(PooledFlinkRunner.class);
    options.setStreaming(true);
    options.as(PooledFlinkOptions.class).setPools("general:1");
    if (savepoint != null) {
      options.setSavepointPath("file://" + savepoint);
    }
    if (names != null) {
      options.as(PooledFlinkOptions.class).setOperatorNames(names.toString());
    }
    Pipeline pipeline = Pipeline.create(options);
    pipeline
        .apply("Read", GenerateSequence.from(0).to(10))
        .apply("Spread", Reshuffle.viaRandomKey());
    return pipeline;
  }
}
