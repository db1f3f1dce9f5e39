package dev.reelbeam.stages.step;

import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.port.PortFactory;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.deadletter.DeadLetters;
import dev.reelbeam.stages.flow.EpochFence;
import dev.reelbeam.stages.flow.NoLedger;
import dev.reelbeam.stages.flow.Progress;
import java.util.Objects;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.jspecify.annotations.Nullable;

/**
 * Applies a {@link Step} to every element: the DoFn around steps that call nobody outside.
 *
 * <p>It owns opening and closing, its {@link StageMetrics}, progress, the epoch's fence, and the
 * failure lanes: a {@code StageException} sets the element aside, one dead letter for each delivery
 * that it stands for; an unexpected exception becomes {@code 9001 UNEXPECTED}; a {@code
 * StoreException} and an {@link Error}, except of memory or stack, fail the bundle, so that the
 * runner tries again.
 */
public final class PerRecord<InputT extends Tracked, OutputT>
    extends PTransform<PCollection<InputT>, PCollection<OutputT>> {
  private static final long serialVersionUID = 1L;

  private final Stage stage;
  private final Step<InputT, OutputT> step;
  private final Class<OutputT> outputType;
  private final Progress.Factory progress;
  private final PortFactory<ProjectLedger> projects;
  private final transient DeadLetters.Lane deadLetters;

  private PerRecord(
      Stage stage,
      Step<InputT, OutputT> step,
      Class<OutputT> outputType,
      Progress.Factory progress,
      PortFactory<ProjectLedger> projects,
      DeadLetters.Lane deadLetters) {
    this.stage = stage;
    this.step = step;
    this.outputType = outputType;
    this.progress = progress;
    this.projects = projects;
    this.deadLetters = deadLetters;
  }

  /** The transform of one stage. */
  public static <InputT extends Tracked, OutputT extends Record> PerRecord<InputT, OutputT> apply(
      Stage stage,
      Step<InputT, OutputT> step,
      Class<OutputT> outputType,
      Progress.Factory progress,
      DeadLetters.Lane deadLetters) {
    return new PerRecord<>(stage, step, outputType, progress, NoLedger::new, deadLetters);
  }

  /** The same, dropping what belongs to an epoch that the ledger says is over. */
  public PerRecord<InputT, OutputT> fencedBy(PortFactory<ProjectLedger> newProjects) {
    return new PerRecord<>(stage, step, outputType, progress, newProjects, deadLetters);
  }

  @Override
  @SuppressWarnings({"unchecked", "rawtypes"}) // OutputT is a record: see the factory.
  public PCollection<OutputT> expand(PCollection<InputT> input) {
    TupleTag<OutputT> done = new TupleTag<>("done") {};
    TupleTag<BadRecord> dead = new TupleTag<>("dead") {};
    PCollectionTuple outputs =
        input.apply(
            stage.label(),
            ParDo.of(new StepFn<>(stage, step, done, dead, progress, projects))
                .withOutputTags(done, TupleTagList.of(dead)));
    deadLetters.add(stage, outputs.get(dead));
    return outputs.get(done).setCoder((RecordCoder) RecordCoder.of((Class) outputType));
  }

  private static final class StepFn<InputT extends Tracked, OutputT> extends DoFn<InputT, OutputT> {
    private static final long serialVersionUID = 1L;
    private final Stage stage;
    private final Step<InputT, OutputT> step;
    private final TupleTag<OutputT> done;
    private final TupleTag<BadRecord> dead;
    private final Progress.Factory progressFactory;
    private final PortFactory<ProjectLedger> projects;
    private final StageMetrics metrics;
    private transient @Nullable Progress progress;
    private transient @Nullable ProjectLedger ledger;
    private transient @Nullable EpochFence fence;

    StepFn(
        Stage stage,
        Step<InputT, OutputT> step,
        TupleTag<OutputT> done,
        TupleTag<BadRecord> dead,
        Progress.Factory progressFactory,
        PortFactory<ProjectLedger> projects) {
      this.stage = stage;
      this.step = step;
      this.done = done;
      this.dead = dead;
      this.progressFactory = progressFactory;
      this.projects = projects;
      this.metrics = StageMetrics.of(stage);
    }

    @Setup
    public void setup() {
      progress = progressFactory.open();
      ProjectLedger opened = projects.open();
      ledger = opened;
      fence = EpochFence.open(opened);
      step.open();
    }

    @Teardown
    public void teardown() {
      step.close();
      if (fence != null) {
        fence.close();
      }
      if (ledger != null) {
        ledger.close();
      }
    }

    @ProcessElement
    public void process(@Element InputT input, MultiOutputReceiver receiver) {
      metrics.in();
      EpochFence epochs = Objects.requireNonNull(fence);
      if (epochs.isOver(input)) {
        metrics.over();
        return;
      }
      metrics.attempt();
      long startedNs = System.nanoTime();
      Progress listener = Objects.requireNonNull(progress);
      Attempt<OutputT> attempt = Attempt.of(stage, step, input, listener, epochs);
      metrics.work(attempt.work());
      metrics.latency((System.nanoTime() - startedNs) / 1_000_000);
      if (attempt.outage() != null) {
        throw attempt.outage(); // Lane 4: no record is to blame.
      }
      if (attempt.failure() != null) {
        if (epochs.isOver(input)) {
          metrics.over();
          return; // Meanwhile: nobody waits for it, nor for a letter.
        }
        new SetAside(stage)
            .accept(
                input,
                attempt.failure(),
                Objects.requireNonNull(ledger),
                listener,
                letter -> receiver.get(dead).output(letter));
        return;
      }
      receiver.get(done).output(Objects.requireNonNull(attempt.value()));
      metrics.out();
    }
  }
}
