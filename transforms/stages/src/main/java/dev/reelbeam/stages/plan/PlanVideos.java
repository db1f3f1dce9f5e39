package dev.reelbeam.stages.plan;

import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.project.DeliveryOutcome;
import dev.reelbeam.model.project.DeliveryState;
import dev.reelbeam.model.project.ProjectEdits;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.model.project.VoiceChange;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.model.video.Variant;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.deadletter.DeadLetters;
import dev.reelbeam.stages.flow.Handling;
import dev.reelbeam.stages.flow.ParsedRecord;
import dev.reelbeam.stages.flow.PlannedRecord;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.flow.RecordOverrides;
import dev.reelbeam.stages.flow.RenderRoutes;
import dev.reelbeam.stages.step.LogContext;
import dev.reelbeam.stages.step.ProvidedStep;
import java.util.ArrayList;
import java.util.List;
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

/** Plans a record's variants and refuses the deliveries that no variant can serve. */
public final class PlanVideos extends ProvidedStep<ParsedRecord, PlannedRecord> {
  private static final long serialVersionUID = 1L;

  private final RecordOverrides overrides;

  public PlanVideos(Providers providers, RecordOverrides overrides) {
    super(providers);
    this.overrides = overrides;
  }

  @Override
  public PlannedRecord apply(ParsedRecord record) {
    ProjectRequest project = record.project();
    if (!project.videoEnabled()) {
      progress().note(record, "skipped: video_enabled is false");
      return new PlannedRecord(record.key(), List.of(), List.of(), true, record.epoch());
    }
    Brand brand = overrides.brand();
    String named = project.settings().brand();
    if (named != null && brand.equals(Brand.DEFAULT)) {
      progress().note(record, "the brand '" + named + "' is not set up; the default is used");
    }
    PlanVariants.Plan plan =
        PlanVariants.plan(
            project.presets(),
            project.type(),
            brand.watermark() && (brand.logo() != null || !brand.name().isEmpty()),
            overrides.encoder(),
            overrides.quality(project),
            project.settings().frameRate());
    ProjectEdits edits = record.edits() == null ? ProjectEdits.NONE : record.edits();
    Handling handling = new Handling(record.epoch(), project.review(), project.priority());
    List<PlannedVideo> videos = new ArrayList<>();
    for (Variant planned : plan.variants()) {
      RenderRoutes.Route route =
          overrides.routes().of(planned.presets(), project.priority()).orElse(null);
      Variant variant =
          route == null || route.encoder().isEmpty() ? planned : planned.encodedBy(route.encoder());
      videos.add(
          new PlannedVideo(
              record.key(),
              record.content(),
              record.title(),
              voiced(project.settings(), edits.voice()),
              brand,
              variant,
              edits.scripts().get(variant.id()),
              edits.assets(),
              handling.renderedOn(route == null ? null : route.pool()),
              edits.overlays()));
    }
    for (String edited : edits.scripts().keySet()) {
      if (plan.variants().stream().noneMatch(variant -> variant.id().equals(edited))) {
        progress().note(record, "the edited script of " + edited + " is not used: it is not made");
      }
    }
    List<DeadLetter> refused = new ArrayList<>();
    for (PlanVariants.Refusal refusal : plan.refusals()) {
      refused.add(DeadLetters.of(Stage.PLAN_VARIANTS, record, refusal.preset(), refusal.failure()));
    }
    return new PlannedRecord(
        record.key(), List.copyOf(videos), List.copyOf(refused), false, record.epoch());
  }

  private static VideoSettings voiced(VideoSettings settings, @Nullable VoiceChange change) {
    if (change == null) {
      return settings;
    }
    return settings
        .withVoiceId(change.voiceId() == null ? settings.voiceId() : change.voiceId())
        .withSpeedPermille(
            change.speedPermille() == 0 ? settings.speedPermille() : change.speedPermille());
  }

  /**
   * One element per variant; refused deliveries go to the lane. The ledger is told which deliveries
   * are to be expected.
   */
  public static PTransform<PCollection<PlannedRecord>, PCollection<PlannedVideo>> fanOut(
      Providers providers, DeadLetters.Lane deadLetters) {
    return new FanOut(providers, deadLetters);
  }

  private static final class FanOut
      extends PTransform<PCollection<PlannedRecord>, PCollection<PlannedVideo>> {
    private static final long serialVersionUID = 1L;

    private final Providers providers;
    private final transient DeadLetters.Lane deadLetters;

    FanOut(Providers providers, DeadLetters.Lane deadLetters) {
      this.providers = providers;
      this.deadLetters = deadLetters;
    }

    @Override
    public PCollection<PlannedVideo> expand(PCollection<PlannedRecord> records) {
      TupleTag<PlannedVideo> videos = new TupleTag<>("videos") {};
      TupleTag<BadRecord> refused = new TupleTag<>("refused") {};
      PCollectionTuple outputs =
          records.apply(
              "Split",
              ParDo.of(new SplitFn(providers, videos, refused))
                  .withOutputTags(videos, TupleTagList.of(refused)));
      deadLetters.add(Stage.PLAN_VARIANTS, outputs.get(refused));
      return outputs.get(videos).setCoder(RecordCoder.of(PlannedVideo.class));
    }
  }

  private static final class SplitFn extends DoFn<PlannedRecord, PlannedVideo> {
    private static final long serialVersionUID = 1L;

    private final Providers providers;
    private final TupleTag<PlannedVideo> videos;
    private final TupleTag<BadRecord> refused;
    private transient Progress progress = Progress.NONE;
    private transient @Nullable ProjectLedger ledger;

    SplitFn(Providers providers, TupleTag<PlannedVideo> videos, TupleTag<BadRecord> refused) {
      this.providers = providers;
      this.videos = videos;
      this.refused = refused;
    }

    @Setup
    public void setup() {
      progress = providers.progress().open();
      ledger = providers.projects().open();
    }

    @Teardown
    public void teardown() {
      if (ledger != null) {
        ledger.close();
      }
    }

    @ProcessElement
    public void process(@Element PlannedRecord record, MultiOutputReceiver receiver) {
      try (LogContext context = LogContext.of(Stage.PLAN_VARIANTS, record)) {
        split(record, receiver);
      }
    }

    private void split(PlannedRecord record, MultiOutputReceiver receiver) {
      if (record.epoch() > 0) {
        register(record);
      }
      for (PlannedVideo video : record.videos()) {
        receiver.get(videos).output(video);
      }
      for (DeadLetter letter : record.refused()) {
        progress.deadLetter(letter);
        receiver.get(refused).output(DeadLetters.toBadRecord(letter));
      }
    }

    private void register(PlannedRecord record) {
      ProjectLedger projects = Objects.requireNonNull(ledger);
      String project = record.key().recordId();
      if (record.skipped()) {
        projects.skip(record.key(), record.epoch());
        return;
      }
      projects.status(project, record.epoch(), ProjectStatus.SCRIPTING);
      List<String> presets = new ArrayList<>(record.presets());
      record.refused().forEach(letter -> presets.add(String.valueOf(letter.preset())));
      projects.expect(record.key(), record.epoch(), presets);
      for (DeadLetter letter : record.refused()) {
        projects.settle(
            new DeliveryOutcome(
                record.key(),
                String.valueOf(letter.preset()),
                record.epoch(),
                DeliveryState.DEAD,
                null,
                letter.id()));
      }
    }
  }
}
