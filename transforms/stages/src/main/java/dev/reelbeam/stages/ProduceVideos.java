package dev.reelbeam.stages;

import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.deadletter.DeadLetters;
import dev.reelbeam.stages.deliver.DeliverVideo;
import dev.reelbeam.stages.deliver.ProofVideo;
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
import dev.reelbeam.stages.moderation.ModerateScript;
import dev.reelbeam.stages.moderation.ModerateSource;
import dev.reelbeam.stages.moderation.ModerateVideo;
import dev.reelbeam.stages.narration.FitNarration;
import dev.reelbeam.stages.plan.PlanVideos;
import dev.reelbeam.stages.project.AdmissionSettings;
import dev.reelbeam.stages.project.AdmitProjects;
import dev.reelbeam.stages.project.LocalProjects;
import dev.reelbeam.stages.project.ProjectDesk;
import dev.reelbeam.stages.render.AssembleVideo;
import dev.reelbeam.stages.render.CheckVideo;
import dev.reelbeam.stages.render.CutIntoSegments;
import dev.reelbeam.stages.render.DispatchByCredits;
import dev.reelbeam.stages.render.DispatchSegments;
import dev.reelbeam.stages.render.FitSize;
import dev.reelbeam.stages.render.JoinRenders;
import dev.reelbeam.stages.render.PreviewVideo;
import dev.reelbeam.stages.render.RenderSegments;
import dev.reelbeam.stages.review.ReviewGate;
import dev.reelbeam.stages.review.Subject;
import dev.reelbeam.stages.step.AwaitSettings;
import dev.reelbeam.stages.step.AwaitStep;
import dev.reelbeam.stages.step.PerRecord;
import dev.reelbeam.stages.step.Step;
import dev.reelbeam.stages.visuals.PlanVisuals;
import java.io.Serializable;
import java.util.Objects;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The whole way of a record: content records in, finished deliveries out.
 *
 * <pre>
 * parse - (projects - admission) - plan variants - moderate source - fit narration
 *   - moderate script - [script] - [voice] - visuals - lay out - (preview) - [visuals] - cut - dispatch - render segments - join - assemble - check - moderate video
 *   - (proof) - [final] - deliver
 * </pre>
 *
 * <p>A streaming job, a backfill and the command line apply this same composite to another source.
 * Bounded or unbounded input; no windows, no triggers. Every stage stores its result under a key of
 * its inputs and finds it again. A record that cannot be made becomes one dead letter for each of
 * its deliveries; the rest goes on.
 */
public final class ProduceVideos extends PTransform<PCollection<RawRecord>, PCollection<Delivery>> {
  private static final long serialVersionUID = 1L;

  /** Clips for the scenes of a video are made by one graphics card, minutes each. */
  private static final long VISUALS_DEADLINE_MS = 1_800_000;

  /** Three drafts by a slow model, and all sentences of a video of fifteen minutes. */
  private static final long NARRATION_DEADLINE_MS = 3_600_000;

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
   * @param mediaBaseUrl absolute base of the addresses in JSON-LD, below which a delivery's files
   *     will be found as they lie in its folder; null: no JSON-LD is written
   * @param again asks the preferred providers once more where somebody stood in for them
   */
  public record Options(
      RecordOverrides overrides,
      boolean force,
      StopAfter stopAfter,
      @Nullable String mediaBaseUrl,
      boolean again)
      implements Serializable {
    /** What stood in stays. */
    public Options(
        RecordOverrides overrides,
        boolean force,
        StopAfter stopAfter,
        @Nullable String mediaBaseUrl) {
      this(overrides, force, stopAfter, mediaBaseUrl, false);
    }

    /** Whole videos, nothing overridden. */
    public static final Options DEFAULT =
        new Options(RecordOverrides.NONE, false, StopAfter.NOTHING, null);
  }

  private final Providers providers;
  private final Options options;
  private final @Nullable PTransform<PCollection<SegmentRequest>, PCollection<SegmentResult>>
      rendering;
  private final FlowSettings flow;
  private final transient @Nullable PCollection<ControlEvent> control;
  private final transient DeadLetters.@Nullable Lane deadLetters;

  private ProduceVideos(
      Providers providers,
      Options options,
      @Nullable PTransform<PCollection<SegmentRequest>, PCollection<SegmentResult>> rendering,
      FlowSettings flow,
      @Nullable PCollection<ControlEvent> control,
      DeadLetters.@Nullable Lane deadLetters) {
    this.providers = providers;
    this.options = options;
    this.rendering = rendering;
    this.flow = flow;
    this.control = control;
    this.deadLetters = deadLetters;
  }

  public static ProduceVideos with(Providers providers, Options options) {
    return new ProduceVideos(providers.metered(), options, null, FlowSettings.LOCAL, null, null);
  }

  /** The same with a lane for what cannot be made; it is required. */
  public ProduceVideos withDeadLetters(DeadLetters.Lane lane) {
    return new ProduceVideos(providers, options, rendering, flow, control, lane);
  }

  /** The same with segments rendered by this transform, for example by a job behind a topic. */
  public ProduceVideos renderedBy(
      PTransform<PCollection<SegmentRequest>, PCollection<SegmentResult>> transform) {
    return new ProduceVideos(providers, options, transform, flow, control, deadLetters);
  }

  /** The same in another flow: a bounded run with a ledger, a streaming job. */
  public ProduceVideos withFlow(FlowSettings newFlow) {
    return new ProduceVideos(providers, options, rendering, newFlow, control, deadLetters);
  }

  /** The same with control events: edits and cancels are heard, and gates hold. */
  public ProduceVideos withControl(PCollection<ControlEvent> events) {
    return new ProduceVideos(providers, options, rendering, flow, events, deadLetters);
  }

  @Override
  public PCollection<Delivery> expand(PCollection<RawRecord> records) {
    PCollection<ParsedRecord> parsed =
        stage(
            records,
            Stage.PARSE,
            new ParseContentRecord(providers, options.overrides()),
            ParsedRecord.class);
    PCollection<PlannedVideo> planned =
        moderated(
            stage(
                    admitted(parsed),
                    Stage.PLAN_VARIANTS,
                    new PlanVideos(providers, options.overrides()),
                    PlannedRecord.class)
                .apply("Fan out variants", PlanVideos.fanOut(providers, lane()))
                .setCoder(RecordCoder.of(PlannedVideo.class))
                // No Redistribute: on Flink it is a GroupByKey that remembers every key for ever.
                .apply("Spread variants", Reshuffle.viaRandomKey()),
            Stage.MODERATE_SOURCE,
            new ModerateSource(providers),
            PlannedVideo.class);
    PCollection<NarratedVideo> narrated =
        await(
            planned,
            Stage.FIT_NARRATION,
            "speech",
            new FitNarration(providers, options.again()),
            PlannedVideo.class,
            NarratedVideo.class,
            flow.narration()
                .withDeadlineMs(Math.max(NARRATION_DEADLINE_MS, flow.narration().deadlineMs())));
    if (stopsAt(StopAfter.SCRIPT) || stopsAt(StopAfter.SPEECH)) {
      return deliver(narrated, DeliverVideo.ofNarration(providers), NarratedVideo.class);
    }
    PCollection<IllustratedVideo> illustrated =
        await(
            moderated(
                    narrated,
                    Stage.MODERATE_SCRIPT,
                    new ModerateScript(providers),
                    NarratedVideo.class)
                .apply("Review script", gate(Subject.script()))
                .apply("Review voice", gate(Subject.voice())),
            Stage.PLAN_VISUALS,
            "visuals",
            new PlanVisuals(providers, options.again()),
            NarratedVideo.class,
            IllustratedVideo.class,
            flow.await().withDeadlineMs(Math.max(VISUALS_DEADLINE_MS, flow.await().deadlineMs())));
    if (stopsAt(StopAfter.VISUALS)) {
      return deliver(illustrated, DeliverVideo.ofStoryboard(providers), IllustratedVideo.class);
    }
    PCollection<LaidOutVideo> laidOut =
        work(
            illustrated,
            Stage.LAY_OUT,
            new LayOutVideo(providers),
            IllustratedVideo.class,
            LaidOutVideo.class);
    if (stopsAt(StopAfter.LAYOUT)) {
      return deliver(laidOut, DeliverVideo.ofLayout(providers), LaidOutVideo.class);
    }
    PCollection<RenderPlan> plans =
        work(
            previewed(laidOut).apply("Review visuals", gate(Subject.visuals())),
            Stage.CUT,
            new CutIntoSegments(providers),
            LaidOutVideo.class,
            RenderPlan.class);
    PCollection<JoinedRender> joined =
        JoinRenders.join(
            plans, rendered(plans), progress(), providers.projects(), lane(), patience());
    // A render that goes to another job cannot be laid behind itself: what is too large fails its
    // check there.
    if (rendersHere()) {
      RenderSegments here =
          rendering instanceof RenderSegments
              ? (RenderSegments) rendering
              : RenderSegments.with(providers).forced(options.force());
      FitSize fit = FitSize.with(providers, here, lane());
      joined =
          joined.apply("Fit size", flow.dispatch() == null ? fit : fit.dispatched(flow.dispatch()));
    }
    PCollection<CheckedVideo> checked =
        work(
            work(
                joined,
                Stage.ASSEMBLE,
                new AssembleVideo(providers),
                JoinedRender.class,
                AssembledVideo.class),
            Stage.CHECK,
            new CheckVideo(providers),
            AssembledVideo.class,
            CheckedVideo.class);
    return deliver(
        proofs(
                moderated(
                    checked,
                    Stage.MODERATE_VIDEO,
                    new ModerateVideo(providers),
                    CheckedVideo.class))
            .apply("Review final", gate(Subject.finalVideo())),
        DeliverVideo.ofVideo(providers, options.mediaBaseUrl()),
        CheckedVideo.class);
  }

  private boolean stopsAt(StopAfter stage) {
    return options.stopAfter() == stage;
  }

  /** Records as projects, as many at once as there are places. */
  private PCollection<ParsedRecord> admitted(PCollection<ParsedRecord> parsed) {
    PCollection<ParsedRecord> known =
        switch (flow.projects()) {
          case NONE -> parsed;
          case NEWEST_TEXT -> parsed.apply("Projects", LocalProjects.of(providers));
          case REVISIONS ->
              parsed.apply(
                  "Projects",
                  control == null
                      ? ProjectDesk.bounded(providers, lane())
                      : ProjectDesk.streaming(
                          providers,
                          (flow.admission() == null ? AdmissionSettings.DEFAULT : flow.admission())
                              .repeatsMs(),
                          control,
                          lane()));
        };
    return flow.admission() == null
        ? known
        : known.apply(
            "Admission", AdmitProjects.with(providers, flow.admission()).waitingUpTo(patience()));
  }

  private boolean rendersHere() {
    return rendering == null || rendering instanceof RenderSegments;
  }

  /** How long renders are waited for, which is longer than any other wait. */
  private Duration patience() {
    return rendersHere() ? JoinRenders.PATIENCE : JoinRenders.PATIENCE_ELSEWHERE;
  }

  private PCollection<LaidOutVideo> previewed(PCollection<LaidOutVideo> laidOut) {
    return flow.reviews()
        ? laidOut.apply(
            "Stage preview",
            AwaitStep.apply(
                    Stage.LAY_OUT,
                    "preview",
                    new PreviewVideo(providers),
                    LaidOutVideo.class,
                    LaidOutVideo.class,
                    // It draws: more at once than that would not be quicker.
                    flow.await().withInFlight(Math.min(1, flow.await().inFlight())),
                    progress(),
                    lane())
                .countedAs("preview")
                .fencedBy(providers.projects()))
        : laidOut;
  }

  /** Behind moderation, which may want a person at the last gate. */
  private PCollection<CheckedVideo> proofs(PCollection<CheckedVideo> checked) {
    return flow.reviews()
        ? checked.apply(
            "Stage proof",
            AwaitStep.apply(
                    // What is behind "deliver" is complete; this is the last that is made before.
                    Stage.CHECK,
                    "proof",
                    new ProofVideo(providers),
                    CheckedVideo.class,
                    CheckedVideo.class,
                    flow.await(),
                    progress(),
                    lane())
                .countedAs("proof")
                .fencedBy(providers.projects()))
        : checked;
  }

  private PCollection<SegmentResult> rendered(PCollection<RenderPlan> plans) {
    PTransform<PCollection<SegmentRequest>, PCollection<SegmentResult>> render =
        rendering == null ? RenderSegments.with(providers).forced(options.force()) : rendering;
    if (flow.dispatch() == null) {
      return plans.apply("Dispatch", DispatchSegments.inOrder()).apply("Render segments", render);
    }
    return DispatchByCredits.rendered(
        plans, DispatchByCredits.with(providers, flow.dispatch(), options.force()), render);
  }

  /** Texts for a platform may be a language model's: in a streaming job no task waits for them. */
  private <T extends Tracked> PCollection<Delivery> deliver(
      PCollection<T> done, Step<T, Deliveries> step, Class<T> type) {
    PCollection<Deliveries> delivered =
        flow.await().inBundle() || flow.await().inFlight() == 0
            ? stage(done, Stage.DELIVER, step, Deliveries.class)
            : await(done, Stage.DELIVER, "deliver", step, type, Deliveries.class);
    return delivered
        .apply("Fan out deliveries", DeliverVideo.fanOut())
        .setCoder(RecordCoder.of(Delivery.class));
  }

  private <InputT extends Tracked, OutputT extends Record> PCollection<OutputT> stage(
      PCollection<InputT> input,
      Stage stage,
      Step<InputT, OutputT> step,
      Class<OutputT> outputType) {
    return input.apply(
        "Stage " + stage.label(),
        PerRecord.apply(stage, step, outputType, progress(), lane())
            .fencedBy(providers.projects()));
  }

  private <InputT extends Tracked, OutputT extends Record> PCollection<OutputT> await(
      PCollection<InputT> input,
      Stage stage,
      String provider,
      Step<InputT, OutputT> step,
      Class<InputT> inputType,
      Class<OutputT> outputType) {
    return await(input, stage, provider, step, inputType, outputType, flow.await());
  }

  private <InputT extends Tracked, OutputT extends Record> PCollection<OutputT> await(
      PCollection<InputT> input,
      Stage stage,
      String provider,
      Step<InputT, OutputT> step,
      Class<InputT> inputType,
      Class<OutputT> outputType,
      AwaitSettings settings) {
    return input.apply(
        "Stage " + stage.label(),
        AwaitStep.apply(stage, provider, step, inputType, outputType, settings, progress(), lane())
            .fencedBy(providers.projects()));
  }

  /** A stage that computes for seconds: in a streaming job beside the task's thread. */
  private <InputT extends Tracked, OutputT extends Record> PCollection<OutputT> work(
      PCollection<InputT> input,
      Stage stage,
      Step<InputT, OutputT> step,
      Class<InputT> inputType,
      Class<OutputT> outputType) {
    if (flow.await().inBundle() || flow.await().inFlight() == 0) {
      return stage(input, stage, step, outputType);
    }
    return await(input, stage, "work", step, inputType, outputType, flow.await().forWork());
  }

  private <T extends Record & Tracked> PCollection<T> moderated(
      PCollection<T> input, Stage stage, Step<T, T> step, Class<T> type) {
    return await(input, stage, "moderation", step, type, type, flow.await());
  }

  private <T extends Tracked> ReviewGate<T> gate(Subject<T> subject) {
    if (!flow.reviews()) {
      return ReviewGate.passing(subject, progress(), providers.projects());
    }
    if (control == null) {
      return ReviewGate.parking(subject, progress(), providers.projects());
    }
    ReviewGate<T> holding = ReviewGate.holding(subject, progress(), providers.projects(), control);
    return flow.admission() == null ? holding : holding.within(flow.admission()::places);
  }

  private Progress.Factory progress() {
    return providers.progress();
  }

  private DeadLetters.Lane lane() {
    return Objects.requireNonNull(
        deadLetters, "withDeadLetters(lane): a graph without dead letters would lose records");
  }
}
