package dev.reelbeam.pipelines.job;

import static org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.hash.Hashing.murmur3_128;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.beam.runners.flink.PooledFlinkRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.OperatorStreamStateHandle;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What jobs do with a savepoint that holds state of an operator which is gone. */
class RestoreChecksTest {
  private final ByteArrayOutputStream told = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(told, true, StandardCharsets.UTF_8);

  @TempDir private Path folder;

  @Test
  void measuringBeginsWithoutStateRatherThanWithHalfOfIt() throws IOException, StageException {
    MeasureEngagementOptions options = options(savepoint(state()));

    RestoreChecks.checkOrBeginAnew(out, pipeline(options));

    assertThat(options.getSavepointPath()).isNull();
    assertThat(told.toString(StandardCharsets.UTF_8)).contains("all of it is made anew");
  }

  @Test
  void measuringGoesOnFromASavepointThatIsTakenOverWhole() throws IOException, StageException {
    MeasureEngagementOptions options = options(savepoint(OperatorSubtaskState.builder().build()));
    String savepoint = options.getSavepointPath();

    RestoreChecks.checkOrBeginAnew(out, pipeline(options));

    assertThat(options.getSavepointPath()).isEqualTo(savepoint).isNotNull();
    assertThat(told.size()).isZero();
  }

  /** Flink itself would let it begin empty beside shards that do not, and say nothing. */
  @Test
  void measuringBeginsAnewWhereSomethingThatKeepsStateIsNewInARelease()
      throws IOException, StageException {
    Pipeline before = pipeline(options("--attachedMode=false"));
    MeasureEngagementOptions options = options(savepoint(PooledFlinkRunner.operators(before)));

    RestoreChecks.checkOrBeginAnew(out, counting(options));

    assertThat(options.getSavepointPath()).isNull();
    assertThat(told.toString(StandardCharsets.UTF_8))
        .contains("all of it is made anew: the savepoint has no state of Count");
  }

  @Test
  void whatKeptStateBeforeGoesOnWithItEvenIfItHeldNothing() throws IOException, StageException {
    Pipeline before = counting(options("--attachedMode=false"));
    MeasureEngagementOptions options = options(savepoint(PooledFlinkRunner.operators(before)));

    RestoreChecks.checkOrBeginAnew(out, counting(options));

    assertThat(options.getSavepointPath()).isNotNull();
    assertThat(told.size()).isZero();
  }

  @Test
  void measuringNeverRestoresAPart() {
    assertThat(options("--allowNonRestoredState=true").getAllowNonRestoredState()).isFalse();
  }

  @Test
  void aSavepointThatWasWrittenByHalfHasANumberOfItsOwn() throws IOException {
    MeasureEngagementOptions options = options(savepoint(state()));
    Path metadata = folder.resolve("a point").resolve("_metadata");
    byte[] whole = Files.readAllBytes(metadata);
    Files.write(metadata, Arrays.copyOf(whole, whole.length / 2));

    assertThatThrownBy(() -> RestoreChecks.check(out, pipeline(options)))
        .isInstanceOfSatisfying(
            StageException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.STATE_UNREADABLE));
  }

  @Test
  void otherJobsAreRefusedUnlessStateMayBeGivenUp() throws IOException, StageException {
    MeasureEngagementOptions options = options(savepoint(state()));

    assertThatThrownBy(() -> RestoreChecks.check(out, pipeline(options)))
        .isInstanceOf(StageException.class);

    options.setAllowNonRestoredState(true);
    RestoreChecks.check(out, pipeline(options));
    assertThat(told.toString(StandardCharsets.UTF_8)).contains("state is given up: this release");
    assertThat(options.getSavepointPath()).isNotNull();
  }

  private static OperatorSubtaskState state() {
    return OperatorSubtaskState.builder()
        .setManagedOperatorState(
            new OperatorStreamStateHandle(
                Map.of(), new ByteStreamStateHandle("state", new byte[] {1})))
        .build();
  }

  /** The option that names a savepoint of an operator which no pipeline has. */
  private String savepoint(OperatorSubtaskState state) throws IOException {
    OperatorState gone = new OperatorState(new OperatorID(), 1, 256);
    gone.putState(0, state);
    return savepoint(gone);
  }

  /** That of a savepoint of operators which hold nothing. */
  private String savepoint(List<String> operators) throws IOException {
    return savepoint(
        operators.stream()
            .map(name -> murmur3_128(0).hashString(name, StandardCharsets.UTF_8).asBytes())
            .map(id -> new OperatorState(new OperatorID(id), 1, 256))
            .toArray(OperatorState[]::new));
  }

  private String savepoint(OperatorState... states) throws IOException {
    Path point = Files.createDirectories(folder.resolve("a point"));
    try (DataOutputStream file =
        new DataOutputStream(Files.newOutputStream(point.resolve("_metadata")))) {
      Checkpoints.storeCheckpointMetadata(
          new CheckpointMetadata(1, List.of(states), List.of()), file);
    }
    return "--savepointPath=file://" + point;
  }

  private static MeasureEngagementOptions options(String option) {
    return MeasureEngagementJob.options(
        "--flinkMaster=[local]", "--connections=none", "--pools=general:1", option);
  }

  private static Pipeline counting(MeasureEngagementOptions options) {
    Pipeline pipeline = Pipeline.create(options);
    pipeline
        .apply("Numbers", GenerateSequence.from(0))
        .apply(Reshuffle.viaRandomKey())
        .apply("Key", WithKeys.<String, Long>of("all").withKeyType(TypeDescriptors.strings()))
        .apply("Count", ParDo.of(new CountFn()));
    return pipeline;
  }

  private static final class CountFn extends DoFn<KV<String, Long>, Long> {
    private static final long serialVersionUID = 1L;

    @StateId("count")
    private final StateSpec<ValueState<Long>> countSpec = StateSpecs.value(VarLongCoder.of());

    @ProcessElement
    public void process(@StateId("count") ValueState<Long> count, OutputReceiver<Long> receiver) {
      Long before = count.read();
      count.write(before == null ? 1 : before + 1);
      receiver.output(before == null ? 1 : before + 1);
    }
  }

  private static Pipeline pipeline(MeasureEngagementOptions options) {
    Pipeline pipeline = Pipeline.create(options);
    pipeline.apply("Numbers", GenerateSequence.from(0)).apply(Reshuffle.viaRandomKey());
    return pipeline;
  }
}
