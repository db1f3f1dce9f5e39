package dev.reelbeam.stages.render;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.PortFactory;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.deadletter.DeadLetters;
import dev.reelbeam.stages.flow.JoinInput;
import dev.reelbeam.stages.flow.JoinedRender;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.RenderPlan;
import dev.reelbeam.stages.flow.SegmentResult;
import dev.reelbeam.stages.step.LogContext;
import dev.reelbeam.stages.step.SetAside;
import dev.reelbeam.stages.step.StageMetrics;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Joins the results of a render with its plan, by render id.
 *
 * <p>A stateful transform: it counts against the plan, so it needs neither a trigger nor a window.
 * Results may come before the plan, in any order, and more than once. State per render: the plan
 * and one small record per segment; it is cleared when the render is complete. One of which nothing
 * new was heard for {@link #PATIENCE}, or {@link #PATIENCE_ELSEWHERE}, is set aside, with a letter
 * for each delivery; what comes again is nothing new, and time in which the job was down does not
 * count. A render of which a segment was dropped, because its epoch is over, gives nothing.
 */
public final class JoinRenders {
  /** How long the next segment of a render is waited for. */
  public static final Duration PATIENCE = Duration.standardDays(2);

  /**
   * The same where another job renders: time in which that one is down cannot be told from here,
   * and its workers may be away for a long weekend. Its topics keep messages for a day longer.
   */
  public static final Duration PATIENCE_ELSEWHERE = Duration.standardDays(7);

  /** A timer that fires later than this was due while the job was down. */
  private static final long LATE_FIRING_MS = 60_000;

  /** The time that what is under way gets after such a start. */
  private static final Duration AFTER_A_START = Duration.standardHours(6);

  private static final TupleTag<JoinedRender> JOINED =
      new TupleTag<>() {
        private static final long serialVersionUID = 1L;
      };

  private static final TupleTag<BadRecord> EXPIRED =
      new TupleTag<>() {
        private static final long serialVersionUID = 1L;
      };

  private JoinRenders() {}

  /** Joins plans with the results of their segments, which this job renders. */
  public static PCollection<JoinedRender> join(
      PCollection<RenderPlan> plans,
      PCollection<SegmentResult> results,
      Progress.Factory progress,
      PortFactory<ProjectLedger> projects,
      DeadLetters.Lane deadLetters) {
    return join(plans, results, progress, projects, deadLetters, PATIENCE);
  }

  /**
   * Joins plans with the results of their segments.
   *
   * @param progress hears how many segments of a render are there
   * @param projects where deliveries of a render that never came to an end are settled
   * @param deadLetters takes letters about such renders
   * @param patience how long the next segment of a render is waited for
   */
  public static PCollection<JoinedRender> join(
      PCollection<RenderPlan> plans,
      PCollection<SegmentResult> results,
      Progress.Factory progress,
      PortFactory<ProjectLedger> projects,
      DeadLetters.Lane deadLetters,
      Duration patience) {
    KvCoder<String, JoinInput> coder =
        KvCoder.of(StringUtf8Coder.of(), RecordCoder.of(JoinInput.class));
    TypeDescriptor<KV<String, JoinInput>> type =
        TypeDescriptors.kvs(TypeDescriptors.strings(), TypeDescriptor.of(JoinInput.class));
    PCollection<KV<String, JoinInput>> planInputs =
        plans
            .apply(
                "Key plans",
                MapElements.into(type)
                    .via(plan -> KV.of(plan.renderId(), new JoinInput(plan, null))))
            .setCoder(coder);
    PCollection<KV<String, JoinInput>> resultInputs =
        results
            .apply(
                "Key results",
                MapElements.into(type)
                    .via(result -> KV.of(result.renderId(), new JoinInput(null, result))))
            .setCoder(coder);
    PCollectionTuple outputs =
        PCollectionList.of(planInputs)
            .and(resultInputs)
            .apply("Flatten joins", Flatten.pCollections())
            .setCoder(coder)
            .apply("Join by render", new Joining(new JoinFn(progress, projects, patience)));
    deadLetters.add(Stage.JOIN, outputs.get(EXPIRED));
    return outputs.get(JOINED).setCoder(RecordCoder.of(JoinedRender.class));
  }

  /** Savepoints know the step by the name that it had when it had one output. */
  private static final class Joining
      extends PTransform<PCollection<KV<String, JoinInput>>, PCollectionTuple> {
    private static final long serialVersionUID = 1L;

    private final JoinFn join;

    Joining(JoinFn join) {
      this.join = join;
    }

    @Override
    public PCollectionTuple expand(PCollection<KV<String, JoinInput>> inputs) {
      return inputs.apply(
          "ParMultiDo(Join)", ParDo.of(join).withOutputTags(JOINED, TupleTagList.of(EXPIRED)));
    }
  }

  private static final class JoinFn extends DoFn<KV<String, JoinInput>, JoinedRender> {
    private static final long serialVersionUID = 1L;

    private final Progress.Factory factory;
    private final PortFactory<ProjectLedger> projects;
    private final Duration patience;
    private final StageMetrics metrics = StageMetrics.of(Stage.JOIN);
    private transient @Nullable Progress progress;
    private transient @Nullable ProjectLedger ledger;

    JoinFn(Progress.Factory factory, PortFactory<ProjectLedger> projects, Duration patience) {
      this.factory = factory;
      this.projects = projects;
      this.patience = patience;
    }

    @Setup
    public void setup() {
      progress = factory.open();
      ledger = projects.open();
    }

    @Teardown
    public void teardown() {
      if (ledger != null) {
        ledger.close();
      }
    }

    @StateId("plan")
    private final StateSpec<ValueState<RenderPlan>> planSpec =
        StateSpecs.value(RecordCoder.of(RenderPlan.class));

    @StateId("results")
    private final StateSpec<BagState<SegmentResult>> resultsSpec =
        StateSpecs.bag(RecordCoder.of(SegmentResult.class));

    @StateId("deadline")
    private final StateSpec<ValueState<Long>> deadlineSpec = StateSpecs.value(VarLongCoder.of());

    @TimerId("clear")
    private final TimerSpec clearSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

    @ProcessElement
    public void process(
        @Element KV<String, JoinInput> element,
        @StateId("plan") ValueState<RenderPlan> planState,
        @StateId("results") BagState<SegmentResult> results,
        @StateId("deadline") ValueState<Long> deadline,
        @TimerId("clear") Timer clear,
        MultiOutputReceiver receiver) {
      JoinInput input = element.getValue();
      if (deadline.read() == null || isNew(input, planState, results)) {
        deadline.write(clear.getCurrentRelativeTime().plus(patience).getMillis());
        clear.offset(patience).setRelative();
      } else if (input.result() != null) {
        return; // Kept already.
      }
      if (input.plan() != null) {
        metrics.in();
        planState.write(input.plan());
      }
      if (input.result() != null && input.result().isDropped()) {
        // Its epoch is over: nobody waits for this render any more.
        metrics.over();
        end(planState, results, deadline, clear);
        return;
      }
      if (input.result() != null) {
        results.add(input.result());
      }
      RenderPlan plan = planState.read();
      if (plan == null) {
        return;
      }
      try (LogContext context = LogContext.of(Stage.JOIN, plan)) {
        join(plan, planState, results, deadline, clear, receiver);
      }
    }

    /** Whether it is no copy of what is here: a twin of its project brings all once more. */
    private static boolean isNew(
        JoinInput input, ValueState<RenderPlan> planState, BagState<SegmentResult> results) {
      if (input.plan() != null) {
        RenderPlan before = planState.read();
        return before == null || before.epoch() < input.plan().epoch();
      }
      SegmentResult result = input.result();
      if (result == null || result.isDropped()) {
        return true;
      }
      for (SegmentResult known : results.read()) {
        if (known.index() == result.index() && (known.bytes() != null || result.bytes() == null)) {
          return false;
        }
      }
      return true;
    }

    private void join(
        RenderPlan plan,
        ValueState<RenderPlan> planState,
        BagState<SegmentResult> results,
        ValueState<Long> deadline,
        Timer clear,
        MultiOutputReceiver receiver) {
      TreeMap<Integer, SegmentResult> byIndex = new TreeMap<>();
      for (SegmentResult result : results.read()) {
        SegmentResult known = byIndex.get(result.index());
        // A repeated bundle may bring a result twice; a good one beats a failed one.
        if (known == null || known.bytes() == null) {
          byIndex.put(result.index(), result);
        }
      }
      Objects.requireNonNull(progress).segmentsJoined(plan, byIndex.size(), plan.segments().size());
      if (byIndex.size() < plan.segments().size()) {
        return;
      }
      metrics.out();
      receiver.get(JOINED).output(new JoinedRender(plan, java.util.List.copyOf(byIndex.values())));
      end(planState, results, deadline, clear);
    }

    private static void end(
        ValueState<RenderPlan> planState,
        BagState<SegmentResult> results,
        ValueState<Long> deadline,
        Timer clear) {
      planState.clear();
      results.clear();
      deadline.clear();
      // On Flink a timer cannot be cleared, and one that is set is state for as long as it is: it
      // goes by firing, and finds nothing to do.
      clear.offset(Duration.millis(1)).setRelative();
    }

    @OnTimer("clear")
    public void clear(
        @StateId("plan") ValueState<RenderPlan> planState,
        @StateId("results") BagState<SegmentResult> results,
        @StateId("deadline") ValueState<Long> deadline,
        @TimerId("clear") Timer clear,
        MultiOutputReceiver receiver) {
      Long until = deadline.read();
      if (until == null) {
        return; // It is complete: the timer could not be cleared.
      }
      long lateMs = clear.getCurrentRelativeTime().getMillis() - until;
      if (lateMs < 0) {
        return; // Bounded input has ended, and timers fire early.
      }
      if (lateMs > LATE_FIRING_MS) {
        deadline.write(clear.getCurrentRelativeTime().plus(AFTER_A_START).getMillis());
        clear.offset(AFTER_A_START).setRelative();
        return;
      }
      RenderPlan plan = planState.read();
      if (plan != null) {
        setAside(plan, results, receiver);
      }
      planState.clear();
      results.clear();
      deadline.clear();
    }

    private void setAside(
        RenderPlan plan, BagState<SegmentResult> results, MultiOutputReceiver receiver) {
      ProjectLedger known = Objects.requireNonNull(ledger);
      if (plan.epoch() < known.epoch(plan.recordKey().recordId())) {
        return; // Its epoch is over: nobody waits for it.
      }
      Set<Integer> there = new HashSet<>();
      results.read().forEach(result -> there.add(result.index()));
      String told =
          "%d of %d segments came, and none for %d days"
              .formatted(there.size(), plan.segments().size(), patience.getStandardDays());
      new SetAside(Stage.JOIN)
          .accept(
              plan,
              new StageException(FailureCode.RENDER_EXPIRED, told),
              known,
              Objects.requireNonNull(progress),
              letter -> receiver.get(EXPIRED).output(letter));
    }
  }
}
