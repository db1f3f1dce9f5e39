package dev.reelbeam.stages.render;

import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.flow.JoinInput;
import dev.reelbeam.stages.flow.JoinedRender;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.RenderPlan;
import dev.reelbeam.stages.flow.SegmentResult;
import java.util.Objects;
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
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Joins the results of a render with its plan, by render id.
 *
 * <p>A stateful transform: it counts against the plan, so it needs neither a trigger nor a window.
 * Results may come before the plan, in any order, and more than once. State per render: the plan
 * and one small record per segment; it is cleared when the render is complete, or after {@link
 * #PATIENCE}. A render of which a segment was dropped, because its epoch is over, gives nothing.
 */
public final class JoinRenders {
  /** How long an incomplete render is waited for. */
  static final Duration PATIENCE = Duration.standardDays(2);

  private JoinRenders() {}

  /** Joins plans with the results of their segments. */
  public static PCollection<JoinedRender> join(
      PCollection<RenderPlan> plans, PCollection<SegmentResult> results) {
    return join(plans, results, () -> Progress.NONE);
  }

  /** The same, with a listener that hears how many segments of a render are there. */
  public static PCollection<JoinedRender> join(
      PCollection<RenderPlan> plans,
      PCollection<SegmentResult> results,
      Progress.Factory progress) {
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
    return PCollectionList.of(planInputs)
        .and(resultInputs)
        .apply("Flatten joins", Flatten.pCollections())
        .setCoder(coder)
        .apply("Join by render", ParDo.of(new JoinFn(progress)))
        .setCoder(RecordCoder.of(JoinedRender.class));
  }

  private static final class JoinFn extends DoFn<KV<String, JoinInput>, JoinedRender> {
    private static final long serialVersionUID = 1L;

    private final Progress.Factory factory;
    private transient @Nullable Progress progress;

    JoinFn(Progress.Factory factory) {
      this.factory = factory;
    }

    @Setup
    public void setup() {
      progress = factory.open();
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
        OutputReceiver<JoinedRender> receiver) {
      JoinInput input = element.getValue();
      if (deadline.read() == null) {
        deadline.write(Instant.now().plus(PATIENCE).getMillis());
        clear.offset(PATIENCE).setRelative();
      }
      if (input.plan() != null) {
        planState.write(input.plan());
      }
      if (input.result() != null && input.result().isDropped()) {
        // Its epoch is over: nobody waits for this render any more.
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
      receiver.output(new JoinedRender(plan, java.util.List.copyOf(byIndex.values())));
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
        @StateId("deadline") ValueState<Long> deadline) {
      Long until = deadline.read();
      // At the end of bounded input timers fire early, and a cleared timer may fire on Flink.
      if (isOver(until)) {
        planState.clear();
        results.clear();
        deadline.clear();
      }
    }

    private static boolean isOver(@Nullable Long until) {
      return until != null && Instant.now().getMillis() >= until;
    }
  }
}
