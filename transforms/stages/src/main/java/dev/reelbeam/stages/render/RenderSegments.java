package dev.reelbeam.stages.render;

import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.render.Segment;
import dev.reelbeam.media.render.SegmentRenderer;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.ShortMemory;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.Lease;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.port.RenderCredits;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.flow.EpochFence;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.flow.SegmentRequest;
import dev.reelbeam.stages.flow.SegmentResult;
import dev.reelbeam.stages.pool.WorkerPool;
import dev.reelbeam.stages.step.LogContext;
import dev.reelbeam.stages.step.StageMetrics;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Metrics;
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
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Partition;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds or renders segments.
 *
 * <p>Every request yields exactly one result, ok or failed. A failure that may pass (short memory,
 * a lease that was lost, an encoder that failed, too little time) is tried again, alone: {@value
 * #ATTEMPTS} times in all, after 5 s and 10 s, and keeps its ticket meanwhile. Requests are keyed
 * by segment key: equal ones meet in the same task one after the other, so the second finds what
 * the first made, also while both are in flight; a lease on the key does the same between jobs with
 * one store. The project's epoch is read before each segment, at most once a second: a cancel stops
 * the work at the next one.
 *
 * <p>In a streaming job ({@link #beside}) each task has a thread beside its own for the rendering,
 * and the request is state meanwhile: a checkpoint never waits for a segment, and a request that
 * was under way is submitted again after a restore.
 */
public final class RenderSegments
    extends PTransform<PCollection<SegmentRequest>, PCollection<SegmentResult>> {
  private static final long serialVersionUID = 1L;

  /** How often a segment is tried at most. */
  static final int ATTEMPTS = 3;

  /** Before the second attempt; it doubles from there. */
  private static final long FIRST_PAUSE_MS = 5_000;

  /**
   * What may pass. A decoder that hangs is none of it: its thread stays behind, and only a worker
   * that starts anew is rid of it.
   */
  private static final Set<FailureCode> PASSING =
      Set.of(
          FailureCode.MEMORY_SHORT,
          FailureCode.LEASE_LOST,
          FailureCode.SEGMENT_FAILED,
          FailureCode.SEGMENT_TIMEOUT);

  private final Providers providers;
  private final boolean force;
  private final WorkerPool pool;
  private final @Nullable WorkerEncoder encoder;
  private final boolean beside;
  private final long firstPauseMs;

  /** Encoders of the pools beside the usual one, by the pools' names. */
  private final SortedMap<String, WorkerEncoder> others;

  private RenderSegments(
      Providers providers,
      boolean force,
      WorkerPool pool,
      @Nullable WorkerEncoder encoder,
      boolean beside,
      long firstPauseMs,
      SortedMap<String, WorkerEncoder> others) {
    this.providers = providers;
    this.force = force;
    this.pool = pool;
    this.encoder = encoder;
    this.beside = beside;
    this.firstPauseMs = firstPauseMs;
    this.others = others;
  }

  /** Segments found in, or added to, the providers' store. */
  public static RenderSegments with(Providers providers) {
    return new RenderSegments(
        providers,
        false,
        WorkerPool.ANY,
        null,
        false,
        FIRST_PAUSE_MS,
        Collections.emptySortedMap());
  }

  /** Renders again what could be found. */
  public RenderSegments forced(boolean newForce) {
    return new RenderSegments(providers, newForce, pool, encoder, beside, firstPauseMs, others);
  }

  /** Rendered by the workers of this pool and by no others. */
  public RenderSegments on(WorkerPool newPool) {
    return new RenderSegments(providers, force, newPool, encoder, beside, firstPauseMs, others);
  }

  /**
   * The encoder that every worker of the pool must have: one that lacks it fails its set-up (5042
   * {@code POOL_WITHOUT_ENCODER}), so the job waits, and no record pays for the machine.
   */
  public RenderSegments encodingBy(String name) {
    return new RenderSegments(
        providers, force, pool, new WorkerEncoder(name), beside, firstPauseMs, others);
  }

  /**
   * Besides, requests that name this pool are rendered by its workers, who must have this encoder;
   * what names a pool that nobody was told of is rendered on the usual one.
   */
  public RenderSegments alsoOn(WorkerPool other, String encoderThere) {
    SortedMap<String, WorkerEncoder> more = new TreeMap<>(others);
    more.put(other.name(), new WorkerEncoder(encoderThere));
    return new RenderSegments(providers, force, pool, encoder, beside, firstPauseMs, more);
  }

  /**
   * Rendered beside the task's thread, as a streaming job does, where checkpoints must not wait.
   */
  public RenderSegments beside() {
    return new RenderSegments(providers, force, pool, encoder, true, firstPauseMs, others);
  }

  /** The same with another pause before the second attempt. */
  RenderSegments pausing(long firstPauseMs) {
    return new RenderSegments(providers, force, pool, encoder, beside, firstPauseMs, others);
  }

  @Override
  public PCollection<SegmentResult> expand(PCollection<SegmentRequest> requests) {
    if (others.isEmpty()) {
      return rendered(requests);
    }
    List<String> names = List.copyOf(others.keySet());
    PCollectionList<SegmentRequest> parts =
        requests.apply(
            "Part by pool",
            Partition.of(
                names.size() + 1,
                // What goes to the usual pool is the first part.
                (request, count) -> names.indexOf(String.valueOf(request.pool())) + 1));
    // The usual pool's operators keep the names, and with them the state, that they have alone.
    PCollectionList<SegmentResult> results = PCollectionList.of(rendered(parts.get(0)));
    for (int i = 0; i < names.size(); i++) {
      RenderSegments there =
          new RenderSegments(
              providers,
              force,
              new WorkerPool(names.get(i)),
              others.get(names.get(i)),
              beside,
              firstPauseMs,
              Collections.emptySortedMap());
      results = results.and(parts.get(i + 1).apply("On " + names.get(i), there));
    }
    return results
        .apply("From all pools", Flatten.pCollections())
        .setCoder(RecordCoder.of(SegmentResult.class));
  }

  private PCollection<SegmentResult> rendered(PCollection<SegmentRequest> requests) {
    Renderer renderer = new Renderer(providers, force, pool, encoder, firstPauseMs);
    return requests
        .apply(
            "Key by segment",
            WithKeys.of(SegmentRequest::segmentKey).withKeyType(TypeDescriptors.strings()))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), RecordCoder.of(SegmentRequest.class)))
        .apply(
            "Find or render",
            pool.mark(ParDo.of(beside ? new RenderFn(renderer) : new InlineFn(renderer))))
        .setCoder(RecordCoder.of(SegmentResult.class));
  }

  /** On the task's thread. */
  private static final class InlineFn extends DoFn<KV<String, SegmentRequest>, SegmentResult> {
    private static final long serialVersionUID = 1L;

    private final Renderer renderer;

    /** Makes the transform keyed, so that equal requests meet; all it holds is what was forced. */
    @StateId("attempts")
    private final StateSpec<ValueState<Integer>> attemptsSpec = StateSpecs.value(VarIntCoder.of());

    InlineFn(Renderer renderer) {
      this.renderer = renderer;
    }

    @Setup
    public void setup() {
      renderer.open();
    }

    @Teardown
    public void teardown() {
      renderer.close();
    }

    @ProcessElement
    public void process(
        @Element KV<String, SegmentRequest> element,
        @StateId("attempts") ValueState<Integer> attempts,
        OutputReceiver<SegmentResult> receiver) {
      SegmentRequest request = Objects.requireNonNull(element.getValue());
      Made made = renderer.make(request, renderer.begun(attempts), 0);
      for (int failures = 1; made.again(); failures++) {
        pause(renderer.pauseMs(failures));
        made = renderer.make(request, renderer.force, failures);
      }
      renderer.count(made);
      receiver.output(made.result());
    }
  }

  private static void pause(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted between two attempts", e);
    }
  }

  /** Beside it: requests in state, results by timer. Savepoints know it by its class's name. */
  private static final class RenderFn extends DoFn<KV<String, SegmentRequest>, SegmentResult> {
    private static final long serialVersionUID = 1L;

    /** How often a task looks whether a segment is there. */
    private static final long LOOK_MS = 200;

    private final Renderer renderer;

    @StateId("attempts")
    private final StateSpec<ValueState<Integer>> attemptsSpec = StateSpecs.value(VarIntCoder.of());

    /** Requests without a result; those after the first wait for what the first makes. */
    @StateId("requests")
    private final StateSpec<BagState<SegmentRequest>> requestsSpec =
        StateSpecs.bag(RecordCoder.of(SegmentRequest.class));

    /** How often the first of them failed in a way that may pass. */
    @StateId("failures")
    private final StateSpec<ValueState<Integer>> failuresSpec = StateSpecs.value(VarIntCoder.of());

    /** When it is tried again, while it waits for that. */
    @StateId("again")
    private final StateSpec<ValueState<Long>> againSpec = StateSpecs.value(VarLongCoder.of());

    @TimerId("look")
    private final TimerSpec lookSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

    private transient @Nullable SideThread<Made> thread;

    RenderFn(Renderer renderer) {
      this.renderer = renderer;
    }

    @Setup
    public void setup() {
      renderer.open();
      thread = new SideThread<>("render");
    }

    @Teardown
    public void teardown() {
      if (thread != null) {
        thread.close();
      }
      renderer.close();
    }

    @ProcessElement
    public void process(
        @Element KV<String, SegmentRequest> element,
        @StateId("attempts") ValueState<Integer> attempts,
        @StateId("requests") BagState<SegmentRequest> requests,
        @StateId("failures") ValueState<Integer> failures,
        @StateId("again") ValueState<Long> again,
        @TimerId("look") Timer look) {
      SegmentRequest request = Objects.requireNonNull(element.getValue());
      requests.add(request);
      if (again.read() != null) {
        return; // The one before it waits to be tried again, and the timer is set.
      }
      begin(element.getKey(), request, attempts, orZero(failures.read()));
      look.offset(Duration.millis(LOOK_MS)).setRelative();
    }

    @OnTimer("look")
    public void look(
        @Key String key,
        @StateId("attempts") ValueState<Integer> attempts,
        @StateId("requests") BagState<SegmentRequest> requests,
        @StateId("failures") ValueState<Integer> failures,
        @StateId("again") ValueState<Long> again,
        @TimerId("look") Timer look,
        OutputReceiver<SegmentResult> receiver) {
      List<SegmentRequest> waiting = new ArrayList<>();
      requests.read().forEach(waiting::add);
      if (waiting.isEmpty()) {
        return; // On Flink a timer cannot be cleared.
      }
      long nowMs = look.getCurrentRelativeTime().getMillis();
      Long againMs = again.read();
      if (againMs != null && nowMs < againMs) {
        // Timers fire early, again and again, when bounded input has ended.
        pause(Math.min(2, againMs - nowMs));
        look.offset(Duration.millis(againMs - nowMs)).setRelative();
        return;
      }
      again.clear();
      int failed = orZero(failures.read());
      Future<Made> work = begin(key, waiting.get(0), attempts, failed);
      if (!SideThread.hasEnded(work)) {
        look.offset(Duration.millis(LOOK_MS)).setRelative();
        return;
      }
      Made made = SideThread.resultOf(work);
      SideThread<Made> beside = Objects.requireNonNull(thread, "setup() first");
      beside.forget(key);
      renderer.tellPool(beside.pending());
      if (made.again() && waiting.contains(made.request())) {
        long pauseMs = renderer.pauseMs(failed + 1);
        failures.write(failed + 1);
        again.write(nowMs + pauseMs);
        look.offset(Duration.millis(pauseMs)).setRelative();
        return;
      }
      failures.clear();
      // What was begun for a request that was answered elsewhere, after a restore, is nobody's.
      if (waiting.remove(made.request())) {
        renderer.count(made);
        receiver.output(made.result());
        if (made.result().bytes() != null) {
          for (SegmentRequest other : waiting) {
            Made found = renderer.make(other, /* anew= */ false, ATTEMPTS);
            renderer.count(found);
            receiver.output(found.result());
          }
          waiting.clear();
        }
      }
      requests.clear();
      if (!waiting.isEmpty()) {
        waiting.forEach(requests::add);
        begin(key, waiting.get(0), attempts, 0);
        look.offset(Duration.millis(LOOK_MS)).setRelative();
      }
    }

    /** The work on this key; begun with this request if there is none. */
    private Future<Made> begin(
        String key, SegmentRequest request, ValueState<Integer> attempts, int failed) {
      SideThread<Made> beside = Objects.requireNonNull(thread, "setup() first");
      Future<Made> known = beside.find(key);
      if (known == null) {
        boolean anew = renderer.begun(attempts) || (renderer.force && failed > 0);
        known = beside.begin(key, () -> renderer.make(request, anew, failed));
      }
      renderer.tellPool(beside.pending());
      return known;
    }

    private static int orZero(@Nullable Integer number) {
      return number == null ? 0 : number;
    }
  }

  /**
   * What became of a request.
   *
   * @param renderedMs how long it was rendered, 0 when it was not
   * @param again whether it failed and is to be tried again; its result is nobody's then
   */
  private record Made(
      SegmentRequest request, SegmentResult result, long renderedMs, boolean again) {
    Made(SegmentRequest request, SegmentResult result, long renderedMs) {
      this(request, result, renderedMs, false);
    }
  }

  /** What both shapes share: opening, making, counting. {@link #make} is for any thread. */
  private static final class Renderer implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final Logger log = LoggerFactory.getLogger(RenderSegments.class);

    private final Providers providers;
    private final boolean force;
    private final WorkerPool pool;
    private final @Nullable WorkerEncoder encoder;
    private final long firstPauseMs;
    private final Counter foundCount = Metrics.counter("render", "segments-found");
    private final Counter renderedCount = Metrics.counter("render", "segments-rendered");
    private final Counter failedCount = Metrics.counter("render", "segments-failed");
    private final Distribution renderMs = Metrics.distribution("render", "segment-ms");
    private final StageMetrics metrics = StageMetrics.of(Stage.RENDER);

    private transient @Nullable ObjectStore store;
    private transient @Nullable Progress progress;
    private transient @Nullable SegmentRenderer renderer;
    private transient @Nullable ProjectLedger ledger;
    private transient @Nullable EpochFence fence;
    private transient @Nullable RenderCredits credits;

    Renderer(
        Providers providers,
        boolean force,
        WorkerPool pool,
        @Nullable WorkerEncoder encoder,
        long firstPauseMs) {
      this.providers = providers;
      this.force = force;
      this.pool = pool;
      this.encoder = encoder;
      this.firstPauseMs = firstPauseMs;
    }

    void open() {
      pool.requireHere();
      if (encoder != null) {
        encoder.requireHere();
      }
      store = providers.store().open();
      progress = providers.progress().open();
      ProjectLedger opened = providers.projects().open();
      ledger = opened;
      fence = EpochFence.open(opened);
      credits = providers.credits().open();
      renderer = SharedRenderer.acquire();
    }

    void close() {
      if (renderer != null) {
        SharedRenderer.release();
        renderer = null;
      }
      if (store != null) {
        store.close();
      }
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

    /** Notes that work on a key begins; whether it is to be done though it was done before. */
    boolean begun(ValueState<Integer> attempts) {
      if (!force) {
        return false;
      }
      Integer before = attempts.read();
      attempts.write(before == null ? 1 : before + 1);
      // Forced work is done once per run, not once per request.
      return before == null;
    }

    /** The pause after so many failures. */
    long pauseMs(int failures) {
      return firstPauseMs << (failures - 1);
    }

    /**
     * Finds or renders, and gives the request's ticket back unless it is to be tried again.
     *
     * @param failures how often it was tried before
     */
    Made make(SegmentRequest request, boolean anew, int failures) {
      Made made;
      if (Objects.requireNonNull(fence).isOver(request)) {
        // This is how a cancel stops work in progress: at the next segment.
        made = new Made(request, SegmentResult.dropped(request.renderId(), request.index()), 0);
      } else {
        made = findOrRender(request, anew, failures + 1 < ATTEMPTS);
      }
      // Interrupted, it is not done: it will be made again with the same ticket.
      if (request.ticket() != null && !made.again() && !Thread.currentThread().isInterrupted()) {
        Objects.requireNonNull(credits).giveBack(request.ticket());
      }
      return made;
    }

    private Made findOrRender(SegmentRequest request, boolean anew, boolean mayTryAgain) {
      ObjectStore bytes = Objects.requireNonNull(store);
      Progress listener = Objects.requireNonNull(progress);
      StepKey key = new StepKey(request.segmentKey());
      Optional<MediaRef> there = anew ? Optional.empty() : bytes.find(key);
      if (there.isPresent()) {
        return found(request, there.get(), listener);
      }
      // Equal requests of this job never meet here; those of another job on the same store do.
      try (LogContext context = LogContext.of(Stage.RENDER, request);
          Lease alone = bytes.lease(key)) {
        there = anew ? Optional.empty() : bytes.find(key);
        if (there.isPresent()) {
          return found(request, there.get(), listener);
        }
        alone.requireHarmless();
        log.info("segment {} of {} begun", request.index(), request.renderId());
        long startedNs = System.nanoTime();
        MediaRef made = bytes.putIfAbsent(key, render(request, bytes, listener));
        ShortMemory.sufficed();
        long renderedMs = Math.max(1, (System.nanoTime() - startedNs) / 1_000_000);
        listener.artifact(Stage.RENDER, "segment", false);
        listener.segmentReady(request.renderId(), request.frames(), false);
        log.info(
            "segment {} of {} rendered in {} ms", request.index(), request.renderId(), renderedMs);
        return new Made(request, result(request, made, false), renderedMs);
      } catch (StageException e) {
        return failed(request, e.code(), String.valueOf(e.getMessage()), mayTryAgain);
      } catch (StoreException e) {
        if (e.isOfOneElement()) {
          return failed(request, e.code(), String.valueOf(e.getMessage()), mayTryAgain);
        }
        throw e; // Lane 4.
      } catch (CancellationException e) {
        throw e; // The task ends.
      } catch (OutOfMemoryError e) {
        if (!ShortMemory.isOfElement(e)) {
          throw e; // The worker is sick: it would make a failure of every segment that comes by.
        }
        log.error("segment {} of {} had no memory", request.index(), request.recordKey(), e);
        return failed(request, FailureCode.MEMORY_SHORT, e.toString(), mayTryAgain);
      } catch (RuntimeException e) {
        log.error("segment {} of {} failed", request.index(), request.recordKey(), e);
        return failed(request, FailureCode.UNEXPECTED, e.toString(), mayTryAgain);
      }
    }

    private static Made found(SegmentRequest request, MediaRef segment, Progress listener) {
      listener.artifact(Stage.RENDER, "segment", true);
      listener.segmentReady(request.renderId(), request.frames(), true);
      return new Made(request, result(request, segment, true), 0);
    }

    private MediaRef render(SegmentRequest request, ObjectStore bytes, Progress listener)
        throws StageException {
      return SegmentWork.render(
          Objects.requireNonNull(renderer),
          RecordJson.read(bytes.read(request.description()), Segment.class),
          RecordJson.read(request.settings(), EncodingSettings.class),
          bytes,
          frames -> listener.framesRendered(request.renderId(), frames));
    }

    /** A task keeps one worker of its pool busy; what else it was given waits. */
    void tellPool(int pending) {
      StageMetrics.pool(pool.name(), Math.min(1, pending), Math.max(0, pending - 1));
    }

    /** Counts on the task's thread: elsewhere counters are nobody's. */
    void count(Made made) {
      metrics.in();
      if (made.result().isDropped()) {
        metrics.over();
        return;
      }
      Objects.requireNonNull(progress).outcome(Stage.RENDER, made.result().bytes() == null);
      if (made.result().bytes() == null) {
        failedCount.inc();
        return;
      }
      metrics.out();
      if (made.result().found()) {
        foundCount.inc();
        metrics.artifacts(1, 0);
      } else {
        renderedCount.inc();
        metrics.artifacts(0, 1);
        metrics.latency(made.renderedMs());
        renderMs.update(made.renderedMs());
      }
    }

    private static SegmentResult result(SegmentRequest request, MediaRef bytes, boolean found) {
      return new SegmentResult(request.renderId(), request.index(), bytes, found, null, null);
    }

    private static Made failed(
        SegmentRequest request, FailureCode code, String message, boolean mayTryAgain) {
      boolean again = mayTryAgain && PASSING.contains(code);
      log.info(
          "segment {} of {} failed{}: {}: {}",
          request.index(),
          request.renderId(),
          again ? " and is tried again" : "",
          code.label(),
          message);
      return new Made(
          request,
          new SegmentResult(request.renderId(), request.index(), null, false, code.name(), message),
          0,
          again);
    }
  }
}
