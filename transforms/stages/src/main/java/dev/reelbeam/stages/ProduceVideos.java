package dev.reelbeam.stages;

import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.deadletter.DeadLetters;
import dev.reelbeam.stages.deliver.DeliverVideo;
import dev.reelbeam.stages.flow.AssembledVideo;
import dev.reelbeam.stages.flow.CheckedVideo;
import dev.reelbeam.stages.flow.Deliveries;
import dev.reelbeam.stages.flow.IllustratedVideo;
import dev.reelbeam.stages.flow.JoinedRender;
import dev.reelbeam.stages.flow.LaidOutVideo;
import dev.reelbeam.stages.flow.NarratedVideo;
import dev.reelbeam.stages.flow.ParsedRecord;
import dev.reelbeam.stages.flow.PlannedRecord;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.flow.RecordOverrides;
import dev.reelbeam.stages.flow.RenderPlan;
import dev.reelbeam.stages.flow.SegmentRequest;
import dev.reelbeam.stages.flow.SegmentResult;
import dev.reelbeam.stages.ingest.ParseContentRecord;
import dev.reelbeam.stages.layout.LayOutVideo;
import dev.reelbeam.stages.narration.FitNarration;
import dev.reelbeam.stages.plan.PlanVideos;
import dev.reelbeam.stages.pool.WorkerPool;
import dev.reelbeam.stages.render.AssembleVideo;
import dev.reelbeam.stages.render.CheckVideo;
import dev.reelbeam.stages.render.CutIntoSegments;
import dev.reelbeam.stages.render.DispatchSegments;
import dev.reelbeam.stages.render.JoinRenders;
import dev.reelbeam.stages.render.RenderSegments;
import dev.reelbeam.stages.review.ReviewGate;
import dev.reelbeam.stages.step.PerRecord;
import dev.reelbeam.stages.step.Step;
import dev.reelbeam.stages.visuals.PlanVisuals;
import java.io.Serializable;
import java.util.Objects;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.Redistribute;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/**
 * The whole way of a record: content records in, finished deliveries out.
 *
 * <pre>
 * parse - plan variants - fit narration - [script] - [voice] - visuals - lay out - [visuals]
 *   - cut - dispatch - render segments - join - assemble - check - [final] - deliver
 * </pre>
 *
 * <p>A streaming job, a backfill and the command line apply this same composite to another source.
 * Bounded or unbounded input; no windows, no triggers. Every stage stores its result under a key of
 * its inputs and finds it again. A record that cannot be made becomes one dead letter for each of
 * its deliveries; the rest goes on.
 */
public final class ProduceVideos extends PTransform<PCollection<RawRecord>, PCollection<Delivery>> {
  private static final long serialVersionUID = 1L;

  /** Where a run may end before the render. */
  public enum StopAfter {
    SCRIPT,
    SPEECH,
    VISUALS,
    LAYOUT,
    NOTHING
  }

  /**
   * How videos are made.
   *
   * @param overrides what the user of the run says about every record
   * @param force renders segments again that could be found; what other stages made is found: it
   *     may have cost money, and a new store forgets it when that is wanted
   * @param stopAfter where to end; {@code NOTHING} for whole videos
   * @param mediaBaseUrl absolute base of the addresses in JSON-LD
   */
  public record Options(
      RecordOverrides overrides, boolean force, StopAfter stopAfter, String mediaBaseUrl)
      implements Serializable {
    /** Whole videos, nothing overridden. */
    public static final Options DEFAULT =
        new Options(RecordOverrides.NONE, false, StopAfter.NOTHING, "https://videos.example.com/");
  }

  private final Providers providers;
  private final Options options;
  private final @Nullable PTransform<PCollection<SegmentRequest>, PCollection<SegmentResult>>
      rendering;
  private final transient DeadLetters.@Nullable Lane deadLetters;

  private ProduceVideos(
      Providers providers,
      Options options,
      @Nullable PTransform<PCollection<SegmentRequest>, PCollection<SegmentResult>> rendering,
      DeadLetters.@Nullable Lane deadLetters) {
    this.providers = providers;
    this.options = options;
    this.rendering = rendering;
    this.deadLetters = deadLetters;
  }

  public static ProduceVideos with(Providers providers, Options options) {
    return new ProduceVideos(providers, options, null, null);
  }

  /** The same with a lane for what cannot be made; it is required. */
  public ProduceVideos withDeadLetters(DeadLetters.Lane lane) {
    return new ProduceVideos(providers, options, rendering, lane);
  }

  /** The same with segments rendered by the workers of this pool and by no others. */
  public ProduceVideos withRenderPool(WorkerPool pool) {
    return renderedBy(RenderSegments.with(providers).forced(options.force()).on(pool));
  }

  /** The same with segments rendered by this transform, for example by a job behind a topic. */
  public ProduceVideos renderedBy(
      PTransform<PCollection<SegmentRequest>, PCollection<SegmentResult>> transform) {
    return new ProduceVideos(providers, options, transform, deadLetters);
  }

  @Override
  public PCollection<Delivery> expand(PCollection<RawRecord> records) {
    PCollection<NarratedVideo> narrated =
        stage(
            stage(
                    stage(
                        records,
                        Stage.PARSE,
                        new ParseContentRecord(providers, options.overrides()),
                        ParsedRecord.class),
                    Stage.PLAN_VARIANTS,
                    new PlanVideos(providers, options.overrides()),
                    PlannedRecord.class)
                .apply("Fan out variants", PlanVideos.fanOut(progress(), lane()))
                .setCoder(RecordCoder.of(PlannedVideo.class))
                .apply("Spread variants", Redistribute.arbitrarily()),
            Stage.FIT_NARRATION,
            new FitNarration(providers),
            NarratedVideo.class);
    if (stopsAt(StopAfter.SCRIPT) || stopsAt(StopAfter.SPEECH)) {
      return deliver(narrated, DeliverVideo.ofNarration(providers));
    }
    PCollection<IllustratedVideo> illustrated =
        stage(
            narrated.apply("Review script", gate("script")).apply("Review voice", gate("voice")),
            Stage.PLAN_VISUALS,
            new PlanVisuals(providers),
            IllustratedVideo.class);
    if (stopsAt(StopAfter.VISUALS)) {
      return deliver(illustrated, DeliverVideo.ofStoryboard(providers));
    }
    PCollection<LaidOutVideo> laidOut =
        stage(illustrated, Stage.LAY_OUT, new LayOutVideo(providers), LaidOutVideo.class);
    if (stopsAt(StopAfter.LAYOUT)) {
      return deliver(laidOut, DeliverVideo.ofLayout(providers));
    }
    PCollection<RenderPlan> plans =
        stage(
            laidOut.apply("Review visuals", gate("visuals")),
            Stage.CUT,
            new CutIntoSegments(providers),
            RenderPlan.class);
    PCollection<SegmentRequest> requests = plans.apply("Dispatch", DispatchSegments.inOrder());
    PCollection<SegmentResult> results =
        requests.apply(
            "Render segments",
            rendering == null ? RenderSegments.with(providers).forced(options.force()) : rendering);
    PCollection<JoinedRender> joined = JoinRenders.join(plans, results);
    PCollection<CheckedVideo> checked =
        stage(
            stage(joined, Stage.ASSEMBLE, new AssembleVideo(providers), AssembledVideo.class),
            Stage.CHECK,
            new CheckVideo(providers),
            CheckedVideo.class);
    return deliver(
        checked.apply("Review final", gate("final")),
        DeliverVideo.ofVideo(providers, options.mediaBaseUrl()));
  }

  private boolean stopsAt(StopAfter stage) {
    return options.stopAfter() == stage;
  }

  private <T extends Tracked> PCollection<Delivery> deliver(
      PCollection<T> done, Step<T, Deliveries> step) {
    return stage(done, Stage.DELIVER, step, Deliveries.class)
        .apply("Fan out deliveries", DeliverVideo.fanOut())
        .setCoder(RecordCoder.of(Delivery.class));
  }

  private <InputT extends Tracked, OutputT extends Record> PCollection<OutputT> stage(
      PCollection<InputT> input,
      Stage stage,
      Step<InputT, OutputT> step,
      Class<OutputT> outputType) {
    return input.apply(
        "Stage " + stage.label(), PerRecord.apply(stage, step, outputType, progress(), lane()));
  }

  private <T extends Tracked> ReviewGate<T> gate(String artifact) {
    return ReviewGate.auto(artifact, progress());
  }

  private Progress.Factory progress() {
    return providers.progress();
  }

  private DeadLetters.Lane lane() {
    return Objects.requireNonNull(
        deadLetters, "withDeadLetters(lane): a graph without dead letters would lose records");
  }
}
