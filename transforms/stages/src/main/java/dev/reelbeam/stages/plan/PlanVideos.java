package dev.reelbeam.stages.plan;

import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.model.video.Variant;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.deadletter.DeadLetters;
import dev.reelbeam.stages.flow.ParsedRecord;
import dev.reelbeam.stages.flow.PlannedRecord;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.flow.RecordOverrides;
import dev.reelbeam.stages.step.ProvidedStep;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

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
      return new PlannedRecord(record.key(), List.of(), List.of(), true);
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
            overrides.quality(),
            project.settings().frameRate());
    List<PlannedVideo> videos = new ArrayList<>();
    for (Variant variant : plan.variants()) {
      videos.add(
          new PlannedVideo(
              record.key(), record.content(), record.title(), project.settings(), brand, variant));
    }
    List<DeadLetter> refused = new ArrayList<>();
    for (PlanVariants.Refusal refusal : plan.refusals()) {
      refused.add(DeadLetters.of(Stage.PLAN_VARIANTS, record, refusal.preset(), refusal.failure()));
    }
    return new PlannedRecord(record.key(), List.copyOf(videos), List.copyOf(refused), false);
  }

  /** One element per variant; refused deliveries go to the lane. */
  public static PTransform<PCollection<PlannedRecord>, PCollection<PlannedVideo>> fanOut(
      Progress.Factory progress, DeadLetters.Lane deadLetters) {
    return new FanOut(progress, deadLetters);
  }

  private static final class FanOut
      extends PTransform<PCollection<PlannedRecord>, PCollection<PlannedVideo>> {
    private static final long serialVersionUID = 1L;

    private final Progress.Factory progress;
    private final transient DeadLetters.Lane deadLetters;

    FanOut(Progress.Factory progress, DeadLetters.Lane deadLetters) {
      this.progress = progress;
      this.deadLetters = deadLetters;
    }

    @Override
    public PCollection<PlannedVideo> expand(PCollection<PlannedRecord> records) {
      TupleTag<PlannedVideo> videos = new TupleTag<>("videos") {};
      TupleTag<BadRecord> refused = new TupleTag<>("refused") {};
      PCollectionTuple outputs =
          records.apply(
              "Split",
              ParDo.of(new SplitFn(progress, videos, refused))
                  .withOutputTags(videos, TupleTagList.of(refused)));
      deadLetters.add(Stage.PLAN_VARIANTS, outputs.get(refused));
      return outputs.get(videos).setCoder(RecordCoder.of(PlannedVideo.class));
    }
  }

  private static final class SplitFn extends DoFn<PlannedRecord, PlannedVideo> {
    private static final long serialVersionUID = 1L;

    private final Progress.Factory factory;
    private final TupleTag<PlannedVideo> videos;
    private final TupleTag<BadRecord> refused;
    private transient Progress progress = Progress.NONE;

    SplitFn(Progress.Factory factory, TupleTag<PlannedVideo> videos, TupleTag<BadRecord> refused) {
      this.factory = factory;
      this.videos = videos;
      this.refused = refused;
    }

    @Setup
    public void setup() {
      progress = factory.open();
    }

    @ProcessElement
    public void process(@Element PlannedRecord record, MultiOutputReceiver receiver) {
      for (PlannedVideo video : record.videos()) {
        receiver.get(videos).output(video);
      }
      for (DeadLetter letter : record.refused()) {
        progress.deadLetter(letter);
        receiver.get(refused).output(DeadLetters.toBadRecord(letter));
      }
    }
  }
}
