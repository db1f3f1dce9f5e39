package dev.reelbeam.stages.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.fakes.FakeAssetReader;
import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.fakes.FakeScriptWriter;
import dev.reelbeam.fakes.FakeSpeechSynthesizer;
import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.composition.Motion;
import dev.reelbeam.media.composition.Shot;
import dev.reelbeam.media.composition.Still;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.composition.Transition;
import dev.reelbeam.media.render.Segment;
import dev.reelbeam.media.render.SegmentCutter;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.model.video.DurationRange;
import dev.reelbeam.model.video.Variant;
import dev.reelbeam.model.video.VideoType;
import dev.reelbeam.stages.CollectDead;
import dev.reelbeam.stages.coder.RecordCoder;
import dev.reelbeam.stages.deadletter.DeadLetters;
import dev.reelbeam.stages.flow.IllustratedVideo;
import dev.reelbeam.stages.flow.JoinedRender;
import dev.reelbeam.stages.flow.LaidOutVideo;
import dev.reelbeam.stages.flow.NarratedVideo;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.flow.RenderPlan;
import dev.reelbeam.stages.flow.SegmentResult;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.imageio.ImageIO;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures of pure noise, which no encoder can make small, against limits that are tiny. */
class FitSizeTest {
  private static final Canvas CANVAS = new Canvas(160, 240, 15);
  private static final int FRAMES = 90;

  // The direct runner serializes transforms: what they share with the test is static.
  private static final Queue<JoinedRender> JOINED = new ConcurrentLinkedQueue<>();
  private static final Queue<String> NOTES = new ConcurrentLinkedQueue<>();
  private static FakeObjectStore store = new FakeObjectStore(Path.of("unset"));

  private static final Providers PROVIDERS =
      new Providers(
          () -> store,
          FakeAssetReader::new,
          FakeScriptWriter::new,
          FakeSpeechSynthesizer::new,
          Notes::new);

  @TempDir Path folder;

  @BeforeEach
  void freshStore() {
    store = new FakeObjectStore(folder);
  }

  @Test
  void aVideoThatFitsIsRenderedOnce() throws Exception {
    LaidOutVideo video = noise(100_000_000);
    RenderPlan plan = plan(video, RateLadder.first(variant(video), FRAMES, 2));

    run(plan);

    assertThat(JOINED).hasSize(1);
    assertThat(JOINED.element().plan()).isEqualTo(plan);
    assertThat(NOTES).isEmpty();
  }

  @Test
  void theCapHoldsForNoiseAsTheArithmeticSays() throws Exception {
    // Without the cap the noise would take several times as much.
    LaidOutVideo video = noise(2_800_000);
    EncodingSettings first = RateLadder.first(variant(video), FRAMES, 2);
    assertThat(first.maxrateKbps()).isPositive();

    run(plan(video, first));

    assertThat(JOINED).hasSize(1);
    assertThat(settings(JOINED.element())).isEqualTo(first);
    long most =
        RateLadder.mostBits(
            first.maxrateKbps(), first.bufferKbits(), FRAMES, CANVAS.frameRate(), 2);
    assertThat(8 * bytes(JOINED.element())).isBetween(most / 2, most);
    assertThat(most).isLessThan(RateLadder.pictureBits(variant(video), FRAMES));
  }

  @Test
  void whatIsTooLargeGoesToTheNextRungAndIsFoundThereAgain() throws Exception {
    LaidOutVideo video = noise(400_000);
    RenderPlan uncapped = plan(video, EncodingSettings.preview(CANVAS.frameRate()));

    run(uncapped);

    assertThat(JOINED).hasSize(1);
    JoinedRender made = JOINED.element();
    assertThat(made.plan().renderId()).isNotEqualTo(uncapped.renderId());
    assertThat(settings(made).crf()).isGreaterThan(26);
    assertThat(RateLadder.fits(bytes(made), variant(video), FRAMES)).isTrue();
    assertThat(made.results()).extracting(SegmentResult::found).containsOnly(false);
    assertThat(NOTES).isNotEmpty().allMatch(note -> note.contains("limit of 400 kB"));

    run(uncapped);

    assertThat(JOINED).hasSize(1);
    assertThat(JOINED.element().results()).extracting(SegmentResult::found).containsOnly(true);
    assertThat(bytes(JOINED.element())).isEqualTo(bytes(made));
  }

  @Test
  void whatFitsNoRungGoesOnToItsCheck() throws Exception {
    // Less than the sound alone.
    run(plan(noise(120_000), EncodingSettings.preview(CANVAS.frameRate())));

    assertThat(JOINED).hasSize(1);
    assertThat(NOTES).hasSize(FitSize.RUNGS);
  }

  @Test
  void aDescriptionThatTheStoreHasLostIsALetterAndNoFailureOfTheBundle() throws Exception {
    RenderPlan plan = plan(noise(400_000), EncodingSettings.preview(CANVAS.frameRate()));
    run(plan);
    CollectDead.LETTERS.clear();
    store.lose(plan.segments().get(0).description());

    run(plan); // Its segments are found, too large, and cannot be described anew.

    assertThat(JOINED).isEmpty();
    assertThat(CollectDead.LETTERS).extracting(DeadLetter::code).containsExactly("CONTENT_MISSING");
  }

  private static Variant variant(LaidOutVideo video) {
    return video.planned().variant();
  }

  private static EncodingSettings settings(JoinedRender joined) {
    return RecordJson.read(joined.plan().settings(), EncodingSettings.class);
  }

  private static long bytes(JoinedRender joined) {
    return joined.results().stream().mapToLong(result -> result.bytes().sizeBytes()).sum();
  }

  private static LaidOutVideo noise(long maxBytes) throws Exception {
    List<Shot> shots = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      shots.add(
          new Shot(
              i * FRAMES / 2,
              Still.cover(picture(i), 500, 500),
              Motion.zoom(1000, 1300),
              Transition.CUT));
    }
    MediaRef timeline = json(new Timeline(CANVAS, shots, List.of(), FRAMES));
    Variant variant =
        new Variant(
            "tiny",
            CANVAS.width(),
            CANVAS.height(),
            CANVAS.frameRate(),
            VideoType.TEASER,
            new DurationRange(3_000, 10_000),
            6_000,
            List.of("preview"),
            true,
            true,
            maxBytes,
            "libx264",
            "standard");
    PlannedVideo planned =
        new PlannedVideo(
            new RecordKey("noise", 1),
            timeline,
            "Noise",
            VideoSettings.DEFAULT,
            Brand.DEFAULT,
            variant);
    return new LaidOutVideo(
        new IllustratedVideo(
            new NarratedVideo(planned, timeline, timeline, 6_000, 10), timeline, List.of()),
        timeline,
        FRAMES);
  }

  private static MediaRef picture(int seed) throws Exception {
    Random random = new Random(seed);
    BufferedImage image = new BufferedImage(320, 480, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 320 * 480; i++) {
      image.setRGB(i % 320, i / 320, random.nextInt(1 << 24));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return store.put(bytes.toByteArray(), "image/png");
  }

  private static MediaRef json(Object value) {
    return store.put(RecordJson.canonicalBytes(value), "application/json");
  }

  private static RenderPlan plan(LaidOutVideo video, EncodingSettings settings) {
    Timeline timeline = RecordJson.read(store.read(video.timeline()), Timeline.class);
    List<RenderPlan.PlannedSegment> segments = new ArrayList<>();
    for (Segment segment : SegmentCutter.cut(timeline)) {
      segments.add(
          new RenderPlan.PlannedSegment(
              segment.key(settings).hex(), json(segment), segment.frames()));
    }
    return CutIntoSegments.plan(video, settings, segments);
  }

  private static void run(RenderPlan plan) {
    JOINED.clear();
    NOTES.clear();
    PipelineOptions options = PipelineOptionsFactory.create();
    options.setRunner(DirectRunner.class);
    Pipeline pipeline = Pipeline.create(options);
    PCollection<RenderPlan> plans =
        pipeline.apply(Create.of(plan).withCoder(RecordCoder.of(RenderPlan.class)));
    PCollection<SegmentResult> results =
        plans
            .apply("Dispatch", DispatchSegments.inOrder())
            .apply("Render segments", RenderSegments.with(PROVIDERS));
    try (var handler = pipeline.registerBadRecordErrorHandler(new CollectDead())) {
      DeadLetters.Lane lane = new DeadLetters.Lane(handler);
      JoinRenders.join(plans, results, () -> Progress.NONE, PROVIDERS.projects(), lane)
          .apply("Fit size", FitSize.with(PROVIDERS, RenderSegments.with(PROVIDERS), lane))
          .apply("Collect", ParDo.of(new CollectFn()));
    }
    pipeline.run().waitUntilFinish();
  }

  private static final class Notes implements Progress {
    @Override
    public void note(dev.reelbeam.model.content.Tracked element, String message) {
      NOTES.add(message);
    }
  }

  private static final class CollectFn extends DoFn<JoinedRender, Void> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element JoinedRender joined) {
      JOINED.add(joined);
    }
  }
}
