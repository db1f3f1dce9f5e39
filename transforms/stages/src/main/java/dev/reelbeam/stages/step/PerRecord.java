package dev.reelbeam.stages.step;

import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.deadletter.DeadLetters;
import dev.reelbeam.stages.flow.Progress;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies a {@link Step} to every element: the only DoFn around steps.
 *
 * <p>It owns opening and closing, counters ({@code attempted}, {@code done}, {@code dead-letters},
 * {@code latency-ms}), progress, and the failure lanes: a {@link StageException} sets the element
 * aside, one dead letter for each delivery that it stands for; an unexpected exception becomes
 * {@code 9001 UNEXPECTED}; a {@link StoreException} and every {@link Error} fail the bundle, so
 * that the runner tries again.
 */
public final class PerRecord<InputT extends Tracked, OutputT>
    extends PTransform<PCollection<InputT>, PCollection<OutputT>> {
  private static final long serialVersionUID = 1L;

  private final Stage stage;
  private final Step<InputT, OutputT> step;
  private final Class<OutputT> outputType;
  private final Progress.Factory progress;
  private final transient DeadLetters.Lane deadLetters;

  private PerRecord(
      Stage stage,
      Step<InputT, OutputT> step,
      Class<OutputT> outputType,
      Progress.Factory progress,
      DeadLetters.Lane deadLetters) {
    this.stage = stage;
    this.step = step;
    this.outputType = outputType;
    this.progress = progress;
    this.deadLetters = deadLetters;
  }

  /** The transform of one stage. */
  public static <InputT extends Tracked, OutputT extends Record> PerRecord<InputT, OutputT> apply(
      Stage stage,
      Step<InputT, OutputT> step,
      Class<OutputT> outputType,
      Progress.Factory progress,
      DeadLetters.Lane deadLetters) {
    return new PerRecord<>(stage, step, outputType, progress, deadLetters);
  }

  @Override
  @SuppressWarnings({"unchecked", "rawtypes"}) // OutputT is a record: see the factory.
  public PCollection<OutputT> expand(PCollection<InputT> input) {
    TupleTag<OutputT> done = new TupleTag<>("done") {};
    TupleTag<BadRecord> dead = new TupleTag<>("dead") {};
    PCollectionTuple outputs =
        input.apply(
            stage.label(),
            ParDo.of(new StepFn<>(stage, step, done, dead, progress))
                .withOutputTags(done, TupleTagList.of(dead)));
    deadLetters.add(stage, outputs.get(dead));
    return outputs.get(done).setCoder((RecordCoder) RecordCoder.of((Class) outputType));
  }

  private static final class StepFn<InputT extends Tracked, OutputT> extends DoFn<InputT, OutputT> {
    private static final long serialVersionUID = 1L;
    private static final Logger log = LoggerFactory.getLogger(PerRecord.class);

    private final Stage stage;
    private final Step<InputT, OutputT> step;
    private final TupleTag<OutputT> done;
    private final TupleTag<BadRecord> dead;
    private final Progress.Factory progressFactory;
    private final Counter attemptedCount;
    private final Counter doneCount;
    private final Counter deadCount;
    private final Distribution latencyMs;
    private transient @Nullable Progress progress;

    StepFn(
        Stage stage,
        Step<InputT, OutputT> step,
        TupleTag<OutputT> done,
        TupleTag<BadRecord> dead,
        Progress.Factory progressFactory) {
      this.stage = stage;
      this.step = step;
      this.done = done;
      this.dead = dead;
      this.progressFactory = progressFactory;
      this.attemptedCount = Metrics.counter(stage.label(), "attempted");
      this.doneCount = Metrics.counter(stage.label(), "done");
      this.deadCount = Metrics.counter(stage.label(), "dead-letters");
      this.latencyMs = Metrics.distribution(stage.label(), "latency-ms");
    }

    @Setup
    public void setup() {
      progress = progressFactory.open();
      step.open();
    }

    @Teardown
    public void teardown() {
      step.close();
    }

    @ProcessElement
    public void process(@Element InputT input, MultiOutputReceiver receiver) {
      try (LogContext context = LogContext.of(stage, input)) {
        applyStep(input, receiver);
      }
    }

    private void applyStep(InputT input, MultiOutputReceiver receiver) {
      attemptedCount.inc();
      long startedNs = System.nanoTime();
      Progress listener = java.util.Objects.requireNonNull(progress);
      try {
        listener.stageStarted(stage, input);
        OutputT output = step.apply(input);
        receiver.get(done).output(output);
        doneCount.inc();
        long elapsedMs = (System.nanoTime() - startedNs) / 1_000_000;
        listener.stageDone(stage, input, elapsedMs);
        log.info("{} done in {} ms", stage.label(), elapsedMs);
      } catch (StageException e) {
        setAside(input, e, receiver, listener);
      } catch (StoreException e) {
        throw e; // Lane 4: no record is to blame.
      } catch (RuntimeException e) {
        StoreException store = storeFailure(e);
        if (store != null) {
          throw store;
        }
        log.error("unexpected failure in {} of {}", stage.label(), input.recordKey(), e);
        String message =
            e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
        setAside(input, new StageException(FailureCode.UNEXPECTED, message, e), receiver, listener);
      } finally {
        latencyMs.update((System.nanoTime() - startedNs) / 1_000_000);
      }
    }

    private void setAside(
        InputT input, StageException e, MultiOutputReceiver receiver, Progress listener) {
      List<String> presets = new ArrayList<>(input.presets());
      if (presets.isEmpty()) {
        presets.add("");
      }
      for (String preset : presets) {
        var letter = DeadLetters.of(stage, input, preset.isEmpty() ? null : preset, e);
        deadCount.inc();
        listener.deadLetter(letter);
        receiver.get(dead).output(DeadLetters.toBadRecord(letter));
      }
    }

    private static @Nullable StoreException storeFailure(Throwable e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof StoreException store) {
          return store;
        }
      }
      return null;
    }
  }
}
