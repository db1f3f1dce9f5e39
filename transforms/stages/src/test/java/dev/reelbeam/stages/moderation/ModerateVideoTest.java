package dev.reelbeam.stages.moderation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.fakes.FakeAssetReader;
import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.fakes.FakeScriptWriter;
import dev.reelbeam.fakes.FakeSpeechSynthesizer;
import dev.reelbeam.media.picture.PermilleBox;
import dev.reelbeam.media.picture.PictureFacts;
import dev.reelbeam.media.picture.PictureKind;
import dev.reelbeam.model.content.ContentKind;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.moderation.Finding;
import dev.reelbeam.model.moderation.ModerationReport;
import dev.reelbeam.model.moderation.ModerationRequest;
import dev.reelbeam.model.moderation.Verdict;
import dev.reelbeam.model.port.Moderator;
import dev.reelbeam.model.speech.Narration;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.model.video.DurationRange;
import dev.reelbeam.model.video.Variant;
import dev.reelbeam.model.video.VideoType;
import dev.reelbeam.stages.flow.Artifacts;
import dev.reelbeam.stages.flow.AssembledVideo;
import dev.reelbeam.stages.flow.CheckedVideo;
import dev.reelbeam.stages.flow.Handling;
import dev.reelbeam.stages.flow.IllustratedVideo;
import dev.reelbeam.stages.flow.LaidOutVideo;
import dev.reelbeam.stages.flow.NarratedVideo;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.guard.PictureGuard;
import dev.reelbeam.stages.visuals.Storyboard;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a look at a picture means for the finished video that shows it. */
class ModerateVideoTest {
  @TempDir Path folder;

  private final Guard guard = new Guard();
  private FakeObjectStore store;
  private Providers providers;

  @BeforeEach
  void open() {
    store = new FakeObjectStore(folder);
    providers =
        new Providers(
                () -> store,
                FakeAssetReader::new,
                FakeScriptWriter::new,
                FakeSpeechSynthesizer::new,
                () -> Progress.NONE)
            .withModeration(() -> guard);
  }

  /** It was looked at when it was bought, and no frame need show it. */
  @Test
  void aDoubtfulPictureOfAProviderReachesTheLastGateAndIsNotAskedAboutAgain() throws Exception {
    MediaRef picture = picture();
    guard.verdict = Verdict.REVIEW;
    guarded(picture);
    assertThat(guard.calls).isEqualTo(1);

    Handling handling = looked(picture);

    assertThat(handling.review().finalVideo()).isEqualTo("manual");
    MediaRef report = handling.moderation();
    assertThat(report).isNotNull();
    assertThat(RecordJson.read(store.read(report), ModerationReport.class).findings())
        .extracting(Finding::where)
        .containsExactly("picture lake.png");
    assertThat(guard.calls).isEqualTo(1);
  }

  @Test
  void aPictureThatNobodyCouldBeAskedAboutIsAskedAboutBeforeTheVideoLeaves() throws Exception {
    MediaRef picture = picture();
    guard.away = true;
    guarded(picture);
    assertThat(looked(picture).review().finalVideo()).isEqualTo("manual");

    guard.away = false;
    assertThat(looked(picture).review().finalVideo()).isEqualTo("auto");
    assertThat(guard.calls).isEqualTo(1);
  }

  private void guarded(MediaRef picture) throws StageException {
    try (PictureGuard before =
        PictureGuard.open(providers, new Artifacts(store, Progress.NONE), Progress.NONE)) {
      before.check(Stage.PLAN_VISUALS, planned(), content(), "picture of a provider", picture);
    }
  }

  private Handling looked(MediaRef picture) throws StageException {
    Storyboard storyboard =
        new Storyboard(
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            new Storyboard.Picture(
                0,
                "lake.png",
                picture,
                new PictureFacts(
                    64,
                    64,
                    PictureKind.PHOTO,
                    false,
                    0,
                    500,
                    500,
                    PermilleBox.WHOLE,
                    0,
                    500,
                    500,
                    500,
                    0,
                    List.of("#336699"),
                    "0123456789abcdef",
                    List.of()),
                null,
                null,
                null),
            2_000);
    MediaRef nothing = json(Map.of());
    ModerateVideo step = new ModerateVideo(providers);
    step.open();
    try {
      return step.apply(
              new CheckedVideo(
                  new AssembledVideo(
                      new LaidOutVideo(
                          new IllustratedVideo(
                              new NarratedVideo(
                                  planned(),
                                  nothing,
                                  json(new Narration(List.of(), "v", 1000, 1, 2_000)),
                                  2_000,
                                  10),
                              json(storyboard),
                              List.of()),
                          nothing,
                          30),
                      nothing,
                      List.of(),
                      null,
                      0,
                      1),
                  nothing))
          .assembled()
          .video()
          .planned()
          .handling();
    } finally {
      step.close();
    }
  }

  private PlannedVideo planned() {
    return new PlannedVideo(
        new RecordKey("r", 1),
        json(content()),
        "Title",
        VideoSettings.DEFAULT,
        Brand.DEFAULT,
        new Variant(
            "v",
            270,
            480,
            15,
            VideoType.TEASER,
            new DurationRange(1_500, 2_500),
            2_000,
            List.of("preview"),
            true,
            true,
            10_000,
            "libx264",
            "standard"),
        null,
        Map.of(),
        Handling.PLAIN);
  }

  private static ContentRecord content() {
    return new ContentRecord(
        new RecordKey("r", 1),
        null,
        null,
        ContentKind.ARTICLE,
        "en",
        "Title",
        null,
        List.of(),
        List.of(),
        List.of(),
        null,
        new ProjectRequest(
            null, List.of(), VideoSettings.DEFAULT, ReviewPolicy.AUTO, "normal", true),
        "file:///");
  }

  private MediaRef picture() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertThat(ImageIO.write(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), "png", bytes))
        .isTrue();
    return store.put(bytes.toByteArray(), "image/png");
  }

  private MediaRef json(Object value) {
    return store.put(RecordJson.canonicalBytes(value), "application/json");
  }

  /** Says the same of every picture. */
  private static final class Guard implements Moderator {
    private Verdict verdict = Verdict.ALLOW;
    private boolean away;
    private int calls;

    @Override
    public String identity() {
      return "guard";
    }

    @Override
    public boolean calls() {
      return true;
    }

    @Override
    public int frames() {
      return 1;
    }

    @Override
    public ModerationReport review(ModerationRequest request) throws StageException {
      if (away) {
        throw new StageException(FailureCode.PROVIDER_DOWN, "away");
      }
      calls += request.pictures().size();
      return verdict == Verdict.ALLOW
          ? ModerationReport.CLEAN
          : new ModerationReport(
              request.pictures().stream()
                  .map(picture -> new Finding(verdict, "guard", picture.where(), "", "it is red"))
                  .toList());
    }
  }
}
