package dev.reelbeam.stages.render;

import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.render.Segment;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.video.Variant;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.deadletter.DeadLetters;
import dev.reelbeam.stages.flow.JoinedRender;
import dev.reelbeam.stages.flow.LaidOutVideo;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.flow.RenderPlan;
import dev.reelbeam.stages.flow.SegmentResult;
import dev.reelbeam.stages.step.SetAside;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.jspecify.annotations.Nullable;

/**
 * Weighs a render's segments and renders the whole variant again, on a lower rung of {@link
 * RateLadder}, when the file would be larger than its limit.
 *
 * <p>The way from dispatch to join is laid {@value #RUNGS} more times behind each other, since a
 * graph cannot go round; nearly always nothing comes that far. Segments of each rung have keys of
 * their own: a second run finds them, those that were too large included. What is too large after
 * the last rung goes on and fails its check with the figure.
 */
public final class FitSize
    extends PTransform<PCollection<JoinedRender>, PCollection<JoinedRender>> {
  private static final long serialVersionUID = 1L;

  /** Further rungs behind the first. */
  public static final int RUNGS = 2;

  private static final TupleTag<JoinedRender> FITTING =
      new TupleTag<>() {
        private static final long serialVersionUID = 1L;
      };

  private static final TupleTag<RenderPlan> TOO_LARGE =
      new TupleTag<>() {
        private static final long serialVersionUID = 1L;
      };

  private static final TupleTag<BadRecord> DEAD =
      new TupleTag<>() {
        private static final long serialVersionUID = 1L;
      };

  private final Providers providers;
  private final RenderSegments rendering;
  private final @Nullable DispatchSettings dispatch;
  private final transient DeadLetters.Lane deadLetters;

  private FitSize(
      Providers providers,
      RenderSegments rendering,
      @Nullable DispatchSettings dispatch,
      DeadLetters.Lane deadLetters) {
    this.providers = providers;
    this.rendering = rendering;
    this.dispatch = dispatch;
    this.deadLetters = deadLetters;
  }

  /** Further rungs are rendered as the first was. */
  public static FitSize with(
      Providers providers, RenderSegments rendering, DeadLetters.Lane deadLetters) {
    return new FitSize(providers, rendering, null, deadLetters);
  }

  /**
   * The same where segments wait for credits. Each rung has a dispatcher of its own, which lets one
   * slot's share out at once: what is too large takes no more than that from everybody else.
   */
  public FitSize dispatched(DispatchSettings settings) {
    return new FitSize(providers, rendering, settings.ofOneSlot(), deadLetters);
  }

  @Override
  public PCollection<JoinedRender> expand(PCollection<JoinedRender> joined) {
    List<PCollection<JoinedRender>> fitting = new ArrayList<>();
    PCollection<JoinedRender> weighed = joined;
    for (int rung = 1; rung <= RUNGS; rung++) {
      PCollectionTuple parts =
          weighed.apply(
              "Weigh " + rung,
              ParDo.of(new WeighFn(providers))
                  .withOutputTags(FITTING, TupleTagList.of(TOO_LARGE).and(DEAD)));
      deadLetters.add(Stage.JOIN, parts.get(DEAD));
      fitting.add(parts.get(FITTING).setCoder(RecordCoder.of(JoinedRender.class)));
      weighed =
          parts
              .get(TOO_LARGE)
              .setCoder(RecordCoder.of(RenderPlan.class))
              .apply("Rung " + rung, new Rung(providers, rendering, dispatch, deadLetters));
    }
    fitting.add(weighed);
    return PCollectionList.of(fitting)
        .apply("Flatten rungs", Flatten.pCollections())
        .setCoder(RecordCoder.of(JoinedRender.class));
  }

  /** Dispatch, render and join once more. */
  private static final class Rung
      extends PTransform<PCollection<RenderPlan>, PCollection<JoinedRender>> {
    private static final long serialVersionUID = 1L;

    private final Providers providers;
    private final RenderSegments rendering;
    private final @Nullable DispatchSettings dispatch;
    private final transient DeadLetters.Lane deadLetters;

    Rung(
        Providers providers,
        RenderSegments rendering,
        @Nullable DispatchSettings dispatch,
        DeadLetters.Lane deadLetters) {
      this.providers = providers;
      this.rendering = rendering;
      this.dispatch = dispatch;
      this.deadLetters = deadLetters;
    }

    @Override
    public PCollection<JoinedRender> expand(PCollection<RenderPlan> plans) {
      PCollection<SegmentResult> results =
          dispatch == null
              ? plans
                  .apply("Dispatch", DispatchSegments.inOrder())
                  .apply("Render segments", rendering)
              : DispatchByCredits.rendered(
                  plans, DispatchByCredits.with(providers, dispatch, false), rendering);
      return JoinRenders.join(
          plans, results, () -> Progress.NONE, providers.projects(), deadLetters);
    }
  }

  private static final class WeighFn extends DoFn<JoinedRender, JoinedRender> {
    private static final long serialVersionUID = 1L;

    private final Providers providers;
    private final Counter tooLargeCount = Metrics.counter("render", "renders-too-large");
    private transient @Nullable ObjectStore store;
    private transient @Nullable ProjectLedger ledger;
    private transient @Nullable Progress progress;

    WeighFn(Providers providers) {
      this.providers = providers;
    }

    @Setup
    public void setup() {
      store = providers.store().open();
      ledger = providers.projects().open();
      progress = providers.progress().open();
    }

    @Teardown
    public void teardown() {
      if (store != null) {
        store.close();
      }
      if (ledger != null) {
        ledger.close();
      }
    }

    @ProcessElement
    public void process(@Element JoinedRender joined, MultiOutputReceiver receiver) {
      LaidOutVideo video = joined.plan().video();
      Variant variant = video.planned().variant();
      long bytes = 0;
      for (SegmentResult result : joined.results()) {
        MediaRef segment = result.bytes();
        if (segment == null) {
          // A failed segment fails the video, whatever the others weigh.
          receiver.get(FITTING).output(joined);
          return;
        }
        bytes += segment.sizeBytes();
      }
      if (RateLadder.fits(bytes, variant, video.totalFrames())) {
        receiver.get(FITTING).output(joined);
        return;
      }
      tooLargeCount.inc();
      Progress listener = Objects.requireNonNull(progress);
      EncodingSettings lower =
          RateLadder.next(
              RecordJson.read(joined.plan().settings(), EncodingSettings.class),
              bytes,
              variant,
              video.totalFrames());
      listener.note(
          joined,
          "%s: the picture takes %d kB, the limit of %d kB leaves %d: rendered again at crf %d, %d kbit/s"
              .formatted(
                  variant.id(),
                  bytes / 1000,
                  variant.maxBytes() / 1000,
                  RateLadder.pictureBits(variant, video.totalFrames()) / 8000,
                  lower.crf(),
                  lower.maxrateKbps()));
      RenderPlan plan;
      try {
        plan = again(joined.plan(), lower);
      } catch (StoreException e) {
        if (!e.isOfOneElement()) {
          throw e;
        }
        // The store is well and has lost a description: nobody else waits for that.
        setAside(joined, e, listener, receiver);
        return;
      }
      listener.renderPlanned(video, plan.renderId(), plan.segments().size(), video.totalFrames());
      receiver.get(TOO_LARGE).output(plan);
    }

    private void setAside(
        JoinedRender joined, StoreException e, Progress listener, MultiOutputReceiver receiver) {
      ProjectLedger known = Objects.requireNonNull(ledger);
      if (joined.epoch() < known.epoch(joined.recordKey().recordId())) {
        return; // Its epoch is over: nobody waits for it.
      }
      new SetAside(Stage.JOIN)
          .accept(
              joined,
              new StageException(e.code(), String.valueOf(e.getMessage()), e),
              known,
              listener,
              letter -> receiver.get(DEAD).output(letter));
    }

    private RenderPlan again(RenderPlan plan, EncodingSettings settings) {
      List<RenderPlan.PlannedSegment> segments = new ArrayList<>();
      for (RenderPlan.PlannedSegment planned : plan.segments()) {
        Segment segment =
            RecordJson.read(
                Objects.requireNonNull(store).read(planned.description()), Segment.class);
        segments.add(
            new RenderPlan.PlannedSegment(
                segment.key(settings).hex(), planned.description(), planned.frames()));
      }
      return CutIntoSegments.plan(plan.video(), settings, segments);
    }
  }
}
