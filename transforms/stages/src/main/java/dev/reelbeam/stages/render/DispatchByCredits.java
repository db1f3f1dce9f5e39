package dev.reelbeam.stages.render;

import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.port.RenderCredits;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.flow.EpochFence;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.flow.RenderOrder;
import dev.reelbeam.stages.flow.RenderPlan;
import dev.reelbeam.stages.flow.SegmentRequest;
import dev.reelbeam.stages.flow.SegmentResult;
import dev.reelbeam.stages.flow.Urgency;
import dev.reelbeam.stages.step.LogContext;
import dev.reelbeam.stages.step.StageMetrics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Gauge;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Releases the segments of renders as render slots become free.
 *
 * <p>Flink's channels are first-in-first-out: what is in them can be neither overtaken nor taken
 * back, and a savepoint waits behind it. So requests wait here, in state, and about two per render
 * slot are out at once. A high priority goes before the live lane, the live lane before the low
 * one; while the low lane waits, at the latest every {@link DispatchSettings#lowEvery}-th request
 * is one of its. Within a rank, renders go in the order of their arrival.
 *
 * <p>A graph has no cycles: renderers give their tickets back through {@link RenderCredits}, and a
 * processing-time timer asks for them. A ticket that was lost is taken as given back after a while.
 * What is stored already never stands in line: its result leaves at once. A render whose epoch is
 * over is dropped when its turn comes.
 *
 * <p>State per pool: one order per waiting render (about 250 bytes per segment; admission bounds
 * how many there are) and one line per ticket that is out. An idle pool holds nothing.
 */
public final class DispatchByCredits extends PTransform<PCollection<RenderPlan>, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  /** Requests to be rendered. */
  public static final TupleTag<SegmentRequest> REQUESTS = new TupleTag<>("requests") {};

  /** Results that need no render: found, or dropped. */
  public static final TupleTag<SegmentResult> RESULTS = new TupleTag<>("results") {};

  private static final TupleTag<RenderOrder> ORDERS = new TupleTag<>("orders") {};

  private final Providers providers;
  private final DispatchSettings settings;
  private final boolean force;

  private DispatchByCredits(Providers providers, DispatchSettings settings, boolean force) {
    this.providers = providers;
    this.settings = settings;
    this.force = force;
  }

  /**
   * Dispatch with the providers' credits.
   *
   * @param force what could be found is made again
   */
  public static DispatchByCredits with(
      Providers providers, DispatchSettings settings, boolean force) {
    return new DispatchByCredits(providers, settings, force);
  }

  /** A result for each segment of these plans: found, or rendered when its turn comes. */
  public static PCollection<SegmentResult> rendered(
      PCollection<RenderPlan> plans,
      DispatchByCredits dispatch,
      PTransform<PCollection<SegmentRequest>, PCollection<SegmentResult>> render) {
    PCollectionTuple dispatched = plans.apply("Dispatch", dispatch);
    return PCollectionList.of(dispatched.get(REQUESTS).apply("Render segments", render))
        .and(dispatched.get(RESULTS))
        .apply("All segments", Flatten.pCollections())
        .setCoder(RecordCoder.of(SegmentResult.class));
  }

  @Override
  public PCollectionTuple expand(PCollection<RenderPlan> plans) {
    PCollectionTuple looked =
        plans.apply(
            "Look up segments",
            ParDo.of(new LookUpFn(providers, force))
                .withOutputTags(ORDERS, TupleTagList.of(RESULTS)));
    PCollection<KV<String, RenderOrder>> orders =
        looked
            .get(ORDERS)
            .setCoder(RecordCoder.of(RenderOrder.class))
            .apply(
                "Key by pool",
                WithKeys.of(RenderOrder::pool).withKeyType(TypeDescriptors.strings()));
    orders.setCoder(KvCoder.of(StringUtf8Coder.of(), RecordCoder.of(RenderOrder.class)));
    PCollectionTuple released =
        orders.apply(
            "Release by credits",
            ParDo.of(new DispatchFn(providers, settings))
                .withOutputTags(REQUESTS, TupleTagList.of(RESULTS)));
    RecordCoder<SegmentResult> results = RecordCoder.of(SegmentResult.class);
    PCollection<SegmentResult> unrendered =
        PCollectionList.of(looked.get(RESULTS).setCoder(results))
            .and(released.get(RESULTS).setCoder(results))
            .apply("Results", Flatten.pCollections())
            .setCoder(results);
    return PCollectionTuple.of(
            REQUESTS, released.get(REQUESTS).setCoder(RecordCoder.of(SegmentRequest.class)))
        .and(RESULTS, unrendered);
  }

  /** Parts what is stored already from what has to be made. */
  private static final class LookUpFn extends DoFn<RenderPlan, RenderOrder> {
    private static final long serialVersionUID = 1L;

    private final Providers providers;
    private final boolean force;
    private final Counter foundCount = Metrics.counter("render", "segments-found");
    private final StageMetrics metrics = StageMetrics.of(Stage.RENDER);
    private transient @Nullable ObjectStore store;
    private transient @Nullable Progress progress;

    LookUpFn(Providers providers, boolean force) {
      this.providers = providers;
      this.force = force;
    }

    @Setup
    public void setup() {
      store = providers.store().open();
      progress = providers.progress().open();
    }

    @Teardown
    public void teardown() {
      if (store != null) {
        store.close();
      }
    }

    @ProcessElement
    public void process(@Element RenderPlan plan, MultiOutputReceiver receiver) {
      try (LogContext context = LogContext.of(Stage.DISPATCH, plan)) {
        lookUp(plan, receiver);
      }
    }

    private void lookUp(RenderPlan plan, MultiOutputReceiver receiver) {
      ObjectStore bytes = Objects.requireNonNull(store);
      Progress listener = Objects.requireNonNull(progress);
      Map<StepKey, MediaRef> known =
          force
              ? Map.of()
              : bytes.findAll(
                  plan.segments().stream().map(segment -> new StepKey(segment.key())).toList());
      List<Integer> indices = new ArrayList<>();
      List<RenderPlan.PlannedSegment> missing = new ArrayList<>();
      for (int i = 0; i < plan.segments().size(); i++) {
        RenderPlan.PlannedSegment segment = plan.segments().get(i);
        MediaRef there = known.get(new StepKey(segment.key()));
        if (there != null) {
          foundCount.inc();
          metrics.artifacts(1, 0);
          listener.artifact(Stage.RENDER, "segment", true);
          listener.segmentReady(plan.renderId(), segment.frames(), true);
          receiver
              .get(RESULTS)
              .output(new SegmentResult(plan.renderId(), i, there, true, null, null));
        } else {
          indices.add(i);
          missing.add(segment);
        }
      }
      if (!missing.isEmpty()) {
        PlannedVideo planned = plan.video().planned();
        String pool = planned.handling().pool();
        receiver
            .get(ORDERS)
            .output(
                new RenderOrder(
                    plan.recordKey(),
                    plan.renderId(),
                    pool == null ? planned.variant().encoder() : pool,
                    planned.handling().priority(),
                    plan.epoch(),
                    plan.settings(),
                    List.copyOf(indices),
                    List.copyOf(missing),
                    pool));
      }
    }
  }

  private static final class DispatchFn extends DoFn<KV<String, RenderOrder>, SegmentRequest> {
    private static final long serialVersionUID = 1L;

    private final Providers providers;
    private final DispatchSettings settings;
    private final Counter lostCount = Metrics.counter("dispatch", "tickets-lost");
    private final StageMetrics metrics = StageMetrics.of(Stage.DISPATCH);
    private final Gauge waitingGauge = Metrics.gauge("dispatch", "renders-waiting");
    private final Gauge outGauge = Metrics.gauge("dispatch", "segments-out");
    private transient @Nullable ProjectLedger ledger;
    private transient @Nullable EpochFence fence;
    private transient @Nullable RenderCredits credits;
    private transient @Nullable Progress progress;

    /** Newest by line, as many as there are pools. */
    private transient Map<String, DispatchQueue> queues = new HashMap<>();

    @StateId("orders")
    private final StateSpec<MapState<String, RenderOrder>> ordersSpec =
        StateSpecs.map(StringUtf8Coder.of(), RecordCoder.of(RenderOrder.class));

    @StateId("queue")
    private final StateSpec<ValueState<DispatchQueue>> queueSpec =
        StateSpecs.value(RecordCoder.of(DispatchQueue.class));

    @StateId("due")
    private final StateSpec<ValueState<Long>> dueSpec = StateSpecs.value(VarLongCoder.of());

    @TimerId("credits")
    private final TimerSpec creditsSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

    DispatchFn(Providers providers, DispatchSettings settings) {
      this.providers = providers;
      this.settings = settings;
    }

    @Setup
    public void setup() {
      queues = new HashMap<>();
      ProjectLedger opened = providers.projects().open();
      ledger = opened;
      fence = EpochFence.open(opened);
      credits = providers.credits().open();
      progress = providers.progress().open();
    }

    @Teardown
    public void teardown() {
      if (fence != null) {
        fence.close();
      }
      if (ledger != null) {
        ledger.close();
      }
      if (credits != null) {
        credits.close();
      }
    }

    @ProcessElement
    public void process(
        @Element KV<String, RenderOrder> element,
        @StateId("orders") MapState<String, RenderOrder> orders,
        @StateId("queue") ValueState<DispatchQueue> queueState,
        @StateId("due") ValueState<Long> due,
        @TimerId("credits") Timer timer,
        MultiOutputReceiver receiver) {
      RenderOrder order = Objects.requireNonNull(element.getValue());
      try (LogContext context = LogContext.of(Stage.DISPATCH, order)) {
        arrived(element.getKey(), order, orders, queueState, due, timer, receiver);
      }
    }

    private void arrived(
        String line,
        RenderOrder order,
        MapState<String, RenderOrder> orders,
        ValueState<DispatchQueue> queueState,
        ValueState<Long> due,
        Timer timer,
        MultiOutputReceiver receiver) {
      DispatchQueue queue = orEmpty(queueState.read());
      if (queue.holds(order.renderId())) {
        return; // The same render came twice.
      }
      boolean polling = !queue.isIdle();
      queue =
          queue.with(
              order.renderId(),
              order.key().recordId(),
              order.epoch(),
              Urgency.rank(order.priority()));
      orders.put(order.renderId(), order);
      for (int i = 0; i < order.segments().size(); i++) {
        metrics.in();
      }
      Objects.requireNonNull(progress).queued(order, queue.position(order.renderId()));
      long nowMs = timer.getCurrentRelativeTime().getMillis();
      queue = release(line, queue, nowMs, orders, receiver);
      write(line, queue, queueState);
      // A timer that is set stays as it is: arrivals must not push it away from them.
      if (!polling && !queue.isIdle()) {
        again(nowMs, due, timer);
      }
    }

    @OnTimer("credits")
    public void credits(
        @Key String line,
        @StateId("orders") MapState<String, RenderOrder> orders,
        @StateId("queue") ValueState<DispatchQueue> queueState,
        @StateId("due") ValueState<Long> due,
        @TimerId("credits") Timer timer,
        MultiOutputReceiver receiver) {
      DispatchQueue queue = orEmpty(queueState.read());
      if (queue.isIdle()) {
        due.clear();
        return;
      }
      long nowMs = timer.getCurrentRelativeTime().getMillis();
      Long dueMs = due.read();
      if (dueMs != null && nowMs < dueMs) {
        waitForWorkers(); // Bounded input has ended, and timers fire early, again and again.
      }
      queue = queue.withOut(stillOut(queue, nowMs));
      int inLine = queue.waiting().size();
      queue = release(line, queue, nowMs, orders, receiver);
      if (queue.waiting().size() < inLine) {
        tellPositions(queue, orders);
      }
      write(line, queue, queueState);
      if (queue.isIdle()) {
        due.clear();
      } else {
        again(nowMs, due, timer);
      }
    }

    /** The line has moved on: whoever waits in it has come nearer. */
    private void tellPositions(DispatchQueue queue, MapState<String, RenderOrder> orders) {
      for (DispatchQueue.Waiting one : queue.waiting()) {
        RenderOrder order = orders.get(one.renderId()).read();
        if (order != null) {
          Objects.requireNonNull(progress).queued(order, queue.position(one.renderId()));
        }
      }
    }

    private List<DispatchQueue.Ticket> stillOut(DispatchQueue queue, long nowMs) {
      List<String> ids = queue.out().stream().map(DispatchQueue.Ticket::id).toList();
      Set<String> back = ids.isEmpty() ? Set.of() : Objects.requireNonNull(credits).givenBack(ids);
      List<DispatchQueue.Ticket> out = new ArrayList<>();
      for (DispatchQueue.Ticket ticket : queue.out()) {
        boolean lost = nowMs - ticket.releasedMs() > settings.ticketPatienceMs();
        if (back.contains(ticket.id())) {
          continue;
        }
        if (lost) {
          lostCount.inc();
        } else {
          out.add(ticket);
        }
      }
      return out;
    }

    private DispatchQueue release(
        String line,
        DispatchQueue before,
        long nowMs,
        MapState<String, RenderOrder> orders,
        MultiOutputReceiver receiver) {
      DispatchQueue queue = before;
      while (queue.out().size() < settings.outAtOnce(line)) {
        DispatchQueue.Waiting next = queue.next(settings.lowEvery());
        if (next == null) {
          break;
        }
        RenderOrder order = orders.get(next.renderId()).read();
        if (order == null) {
          queue = queue.without(next.renderId());
          continue;
        }
        if (Objects.requireNonNull(fence).isOver(order)) {
          metrics.over();
          orders.remove(next.renderId());
          queue = queue.without(next.renderId());
          // Every request yields one result, but one is enough to end the render's join.
          int index = order.indices().get(next.next());
          receiver.get(RESULTS).output(SegmentResult.dropped(order.renderId(), index));
          continue;
        }
        SegmentRequest request = order.request(next.next());
        boolean last = next.next() + 1 == order.segments().size();
        queue =
            queue.released(
                next,
                last,
                new DispatchQueue.Ticket(Objects.requireNonNull(request.ticket()), nowMs));
        if (last) {
          orders.remove(next.renderId());
        }
        metrics.out();
        receiver.get(REQUESTS).output(request);
      }
      return queue;
    }

    private void again(long nowMs, ValueState<Long> due, Timer timer) {
      due.write(nowMs + settings.pollMs());
      timer.offset(Duration.millis(settings.pollMs())).setRelative();
    }

    private void write(String line, DispatchQueue queue, ValueState<DispatchQueue> state) {
      // A task may have the lines of several pools; its gauges tell of all of them.
      queues.put(line, queue);
      waitingGauge.set(queues.values().stream().mapToInt(one -> one.waiting().size()).sum());
      outGauge.set(queues.values().stream().mapToInt(one -> one.out().size()).sum());
      if (queue.isIdle()) {
        state.clear();
      } else {
        state.write(queue);
      }
    }

    private static DispatchQueue orEmpty(@Nullable DispatchQueue queue) {
      return queue == null ? DispatchQueue.EMPTY : queue;
    }

    private static void waitForWorkers() {
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
