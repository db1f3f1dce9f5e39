package dev.reelbeam.stages.render;

import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.render.Segment;
import dev.reelbeam.media.render.SegmentRenderer;
import dev.reelbeam.model.failure.FailureCode;
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
import java.util.Objects;
import java.util.Optional;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds or renders segments.
 *
 * <p>Every request yields exactly one result, ok or failed. Requests are keyed by segment key:
 * equal ones meet in the same task one after the other, so the second finds what the first made,
 * also while both are in flight; a lease on the key does the same between jobs with one store. The
 * project's epoch is read before each segment, at most once a second: a cancel stops the work at
 * the next one.
 */
public final class RenderSegments
    extends PTransform<PCollection<SegmentRequest>, PCollection<SegmentResult>> {
  private static final long serialVersionUID = 1L;

  private final Providers providers;
  private final boolean force;

  private final WorkerPool pool;

  private RenderSegments(Providers providers, boolean force, WorkerPool pool) {
    this.providers = providers;
    this.force = force;
    this.pool = pool;
  }

  /** Segments found in, or added to, the providers' store. */
  public static RenderSegments with(Providers providers) {
    return new RenderSegments(providers, false, WorkerPool.ANY);
  }

  /** Renders again what could be found. */
  public RenderSegments forced(boolean newForce) {
    return new RenderSegments(providers, newForce, pool);
  }

  /** Rendered by the workers of this pool and by no others. */
  public RenderSegments on(WorkerPool newPool) {
    return new RenderSegments(providers, force, newPool);
  }

  @Override
  public PCollection<SegmentResult> expand(PCollection<SegmentRequest> requests) {
    return requests
        .apply(
            "Key by segment",
            WithKeys.of(SegmentRequest::segmentKey).withKeyType(TypeDescriptors.strings()))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), RecordCoder.of(SegmentRequest.class)))
        .apply("Find or render", pool.mark(ParDo.of(new RenderFn(providers, force, pool))))
        .setCoder(RecordCoder.of(SegmentResult.class));
  }

  private static final class RenderFn extends DoFn<KV<String, SegmentRequest>, SegmentResult> {
    private static final long serialVersionUID = 1L;
    private static final Logger log = LoggerFactory.getLogger(RenderSegments.class);

    private final Providers providers;
    private final boolean force;
    private final Counter foundCount = Metrics.counter("render", "segments-found");
    private final Counter renderedCount = Metrics.counter("render", "segments-rendered");
    private final Counter failedCount = Metrics.counter("render", "segments-failed");
    private final Distribution renderMs = Metrics.distribution("render", "segment-ms");
    private final Counter overCount = Metrics.counter("render", "epoch-over");

    /** Makes the transform keyed, so that equal requests meet; an attempt count is all it holds. */
    @StateId("attempts")
    private final StateSpec<ValueState<Integer>> attemptsSpec = StateSpecs.value(VarIntCoder.of());

    private transient @Nullable ObjectStore store;
    private transient @Nullable Progress progress;
    private transient @Nullable SegmentRenderer renderer;
    private transient @Nullable ProjectLedger ledger;
    private transient @Nullable EpochFence fence;
    private transient @Nullable RenderCredits credits;

    private final WorkerPool pool;

    RenderFn(Providers providers, boolean force, WorkerPool pool) {
      this.providers = providers;
      this.force = force;
      this.pool = pool;
    }

    @Setup
    public void setup() {
      pool.requireHere();
      store = providers.store().open();
      progress = providers.progress().open();
      ProjectLedger opened = providers.projects().open();
      ledger = opened;
      fence = new EpochFence(opened);
      credits = providers.credits().open();
      renderer = SharedRenderer.acquire();
    }

    @Teardown
    public void teardown() {
      if (renderer != null) {
        SharedRenderer.release();
        renderer = null;
      }
      if (store != null) {
        store.close();
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
        @Element KV<String, SegmentRequest> element,
        @StateId("attempts") ValueState<Integer> attempts,
        OutputReceiver<SegmentResult> receiver) {
      SegmentRequest request = Objects.requireNonNull(element.getValue());
      if (Objects.requireNonNull(fence).isOver(request)) {
        // This is how a cancel stops work in progress: at the next segment.
        overCount.inc();
        receiver.output(SegmentResult.dropped(request.renderId(), request.index()));
      } else {
        findOrRender(request, attempts, receiver);
      }
      if (request.ticket() != null) {
        Objects.requireNonNull(credits).giveBack(request.ticket());
      }
    }

    private void findOrRender(
        SegmentRequest request,
        ValueState<Integer> attempts,
        OutputReceiver<SegmentResult> receiver) {
      ObjectStore bytes = Objects.requireNonNull(store);
      Progress listener = Objects.requireNonNull(progress);
      StepKey key = new StepKey(request.segmentKey());
      Integer before = attempts.read();
      // Forced work is done once per run, not once per request.
      boolean anew = force && before == null;
      Optional<MediaRef> there = anew ? Optional.empty() : bytes.find(key);
      if (there.isPresent()) {
        found(request, there.get(), listener, receiver);
        return;
      }
      attempts.write(before == null ? 1 : before + 1);
      // Equal requests of this job never meet here; those of another job on the same store do.
      try (LogContext context = LogContext.of(Stage.RENDER, request);
          Lease alone = bytes.lease(key)) {
        there = anew ? Optional.empty() : bytes.find(key);
        if (there.isPresent()) {
          found(request, there.get(), listener, receiver);
          return;
        }
        long startedNs = System.nanoTime();
        MediaRef made = bytes.putIfAbsent(key, render(request, bytes, listener));
        renderedCount.inc();
        renderMs.update((System.nanoTime() - startedNs) / 1_000_000);
        listener.artifact(Stage.RENDER, "segment", false);
        listener.segmentReady(request.renderId(), request.frames(), false);
        receiver.output(result(request, made, false));
        log.info(
            "segment {} of {} rendered in {} ms",
            request.index(),
            request.renderId(),
            (System.nanoTime() - startedNs) / 1_000_000);
      } catch (StageException e) {
        failedCount.inc();
        receiver.output(failed(request, e.code(), String.valueOf(e.getMessage())));
      } catch (StoreException e) {
        throw e; // Lane 4.
      } catch (RuntimeException e) {
        log.error("segment {} of {} failed", request.index(), request.recordKey(), e);
        failedCount.inc();
        receiver.output(failed(request, FailureCode.UNEXPECTED, e.toString()));
      }
    }

    private void found(
        SegmentRequest request,
        MediaRef segment,
        Progress listener,
        OutputReceiver<SegmentResult> receiver) {
      foundCount.inc();
      listener.artifact(Stage.RENDER, "segment", true);
      listener.segmentReady(request.renderId(), request.frames(), true);
      receiver.output(result(request, segment, true));
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

    private static SegmentResult result(SegmentRequest request, MediaRef bytes, boolean found) {
      return new SegmentResult(request.renderId(), request.index(), bytes, found, null, null);
    }

    private static SegmentResult failed(SegmentRequest request, FailureCode code, String message) {
      return new SegmentResult(
          request.renderId(), request.index(), null, false, code.name(), message);
    }
  }
}
