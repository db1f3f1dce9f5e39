package dev.reelbeam.stages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.fakes.FakeAssetReader;
import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.fakes.FakeScriptWriter;
import dev.reelbeam.fakes.FakeSpeechSynthesizer;
import dev.reelbeam.fakes.FakeVisualFinder;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.FallbackPolicy;
import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.content.ReviewPolicy;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.LostCallException;
import dev.reelbeam.model.port.VisualFinder;
import dev.reelbeam.model.speech.Narration;
import dev.reelbeam.model.speech.SpokenSentence;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.model.video.DurationRange;
import dev.reelbeam.model.video.Variant;
import dev.reelbeam.model.video.VideoType;
import dev.reelbeam.model.visual.Scene;
import dev.reelbeam.model.visual.Visual;
import dev.reelbeam.model.visual.VisualFile;
import dev.reelbeam.stages.flow.Handling;
import dev.reelbeam.stages.flow.IllustratedVideo;
import dev.reelbeam.stages.flow.LaidOutVideo;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.flow.RecordOverrides;
import dev.reelbeam.stages.ingest.ParseContentRecord;
import dev.reelbeam.stages.layout.LayOutVideo;
import dev.reelbeam.stages.narration.FitNarration;
import dev.reelbeam.stages.review.Subject;
import dev.reelbeam.stages.step.Step;
import dev.reelbeam.stages.visuals.PlanVisuals;
import dev.reelbeam.stages.visuals.Storyboard;
import java.awt.Color;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Visuals of providers from the record to the storyboard; the steps are called by hand. */
class ProvidedVisualsTest {
  private static final List<String> SENTENCES =
      List.of(
          "Warm light makes a room calm at the end of the day.",
          "Three small lamps do more than one big lamp over the table.",
          "Put the first lamp beside the chair where you read at night.",
          "A second lamp belongs on the shelf between the old books.",
          "The third one stands on the floor behind a plant.",
          "Candles on the window are the oldest light that we have.",
          "Try one of them tonight and see what changes.");

  @TempDir Path folder;

  private FakeObjectStore store;
  private FakeAssetReader assets;

  @BeforeEach
  void fresh() {
    store = new FakeObjectStore(folder);
    assets = new FakeAssetReader();
  }

  @Test
  void everySceneGetsAVisualOfItsOwnAndAllAreFetchedSideBySide() throws Exception {
    // Nobody gets on before all six are there: one after the other they would never meet.
    CyclicBarrier together = new CyclicBarrier(VisualFinder.USUAL_SCENES);
    FakeVisualFinder stock =
        new FakeVisualFinder("stock", false)
            .before(
                () -> {
                  try {
                    together.await(2, TimeUnit.MINUTES);
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  }
                });

    IllustratedVideo video = plan(record(SENTENCES), 270, 480, stock);

    List<Storyboard.Picture> shown = shown(video);
    assertThat(video.fallbacks()).isEmpty();
    assertThat(stock.fetched()).hasSize(6).doesNotHaveDuplicates();
    assertThat(shown.stream().map(Storyboard.Picture::url).distinct()).hasSize(6);
    assertThat(shown)
        .allSatisfy(
            picture -> {
              assertThat(picture.credit()).startsWith("Photo by Ada Example on Pexels, https://");
              assertThat(picture.license()).isEqualTo("Example License");
              assertThat(picture.origin().visual().source()).isEqualTo("stock_pexels");
            });
    // What is said is what is seen.
    Storyboard storyboard = storyboard(video);
    for (Storyboard.Shot shot : storyboard.shots().subList(0, 6)) {
      assertThat(Objects.requireNonNull(shot.picture()).description())
          .isEqualTo(SENTENCES.get(shot.section()));
    }
  }

  @Test
  void anotherPresetOfTheShapeAndAnEditElsewhereBuyNothing() throws Exception {
    FakeVisualFinder maker = new FakeVisualFinder("maker", true);
    IllustratedVideo first = plan(record(SENTENCES), 270, 480, maker);
    int asked = maker.asked().size();
    assertThat(maker.fetched()).hasSize(6);
    assertThat(shown(first).get(0).origin().charges()).hasSize(1);

    IllustratedVideo second = plan(record(SENTENCES), 540, 960, maker);
    List<String> edited = new ArrayList<>(SENTENCES);
    edited.set(6, "Light a single one tonight, and tell us what has changed.");
    IllustratedVideo third = plan(record(edited), 270, 480, maker);

    assertThat(maker.fetched()).hasSize(6);
    assertThat(maker.asked()).hasSize(asked);
    assertThat(urls(second)).isEqualTo(urls(first));
    // The last shots are those of the call to action, which was edited.
    assertThat(urls(third).subList(0, 6)).isEqualTo(urls(first).subList(0, 6));

    // An edit within a scene makes that scene's picture again, and no other.
    edited.set(3, "A second lamp belongs on the piano in the corner.");
    IllustratedVideo fourth = plan(record(edited), 270, 480, maker);
    assertThat(maker.fetched()).hasSize(7);
    assertThat(urls(fourth)).isNotEqualTo(urls(first));
  }

  @Test
  void picturesOfTheRecordComeFirst() throws Exception {
    assets = assets.with("lamp.png", ProduceVideosTest.picture(640, 400, Color.ORANGE));
    ObjectNode record = record(SENTENCES);
    record
        .withArray("images")
        .addObject()
        .put("url", "lamp.png")
        .put("alt", "Lamp on a shelf between old books");
    FakeVisualFinder stock = new FakeVisualFinder("stock", false);

    IllustratedVideo video = plan(record, 270, 480, stock);

    assertThat(stock.asked()).isNotEmpty().doesNotContain(SENTENCES.get(3));
    assertThat(stock.fetched()).isNotEmpty();
    assertThat(urls(video)).contains("lamp.png");
    assertThat(storyboard(video).hero().url()).isEqualTo("lamp.png");
  }

  @Test
  void whoCannotIsStoodInForAndTheGateHearsOfIt() throws Exception {
    FakeVisualFinder maker =
        new FakeVisualFinder("maker", true)
            .failing("Candles", FailureCode.PROVIDER_REFUSED)
            .sending("shelf", "<html>".getBytes(StandardCharsets.UTF_8))
            .sending("plant", ProduceVideosTest.picture(700, 500, Color.CYAN));
    FakeVisualFinder stock = new FakeVisualFinder("stock", false);

    IllustratedVideo video = plan(record(SENTENCES), 270, 480, maker, stock);

    // A page for a picture and a picture of another shape: the next one of the same provider.
    assertThat(video.fallbacks())
        .singleElement()
        .asString()
        .contains("stock instead of maker")
        .contains("2008 PROVIDER_REFUSED")
        .contains("Candles");
    assertThat(stock.asked()).containsExactly(SENTENCES.get(5));
    assertThat(shown(video).stream().map(p -> p.origin().visual().provider()).distinct())
        .containsExactlyInAnyOrder("maker", "stock");
    assertThat(Subject.visuals().mode(laidOut(video)).manual()).isTrue();
  }

  /** Of one site by two entries of the settings, or under two addresses. */
  @Test
  void nothingOfStockIsSeenTwiceWhateverItsEntryIsCalled() throws Exception {
    FakeVisualFinder clips =
        new FakeVisualFinder("stock-clips", false).failing("shelf", FailureCode.PROVIDER_REFUSED);
    FakeVisualFinder photos = new FakeVisualFinder("stock-photos", false);
    plan(record(SENTENCES), 270, 480, clips, photos);
    assertThat(photos.fetched())
        .as("what the other entry showed, or tried, is the same there")
        .singleElement()
        .asString()
        .endsWith(" 2");

    // Three scenes find one photo under three addresses.
    FakeVisualFinder same =
        new FakeVisualFinder("same", false)
            .sending("lamp", ProduceVideosTest.picture(640, 400, Color.ORANGE));
    IllustratedVideo video = plan(record(SENTENCES), 540, 960, same);
    assertThat(same.fetched()).filteredOn(id -> id.contains("lamp")).hasSizeGreaterThan(3);
    assertThat(shown(video).stream().map(Storyboard.Picture::bytes).distinct())
        .hasSameSizeAs(shown(video).stream().map(Storyboard.Picture::url).distinct().toList());
  }

  /** Addresses of stock lead nowhere after a while; whoever searches keeps them for a day. */
  @Test
  void whatWasOfferedForASceneThatGotNothingIsNotTakenForGood() throws Exception {
    FakeVisualFinder before =
        new FakeVisualFinder("stock", false).failing("shelf", FailureCode.FILE_UNAVAILABLE);
    plan(record(SENTENCES), 270, 480, before);
    FakeVisualFinder later = new FakeVisualFinder("stock", false);

    IllustratedVideo video =
        plan(record(SENTENCES), VideoSettings.DEFAULT, /* again= */ true, 540, 960, later);

    assertThat(later.asked()).singleElement().asString().contains("shelf");
    assertThat(video.fallbacks()).isEmpty();
  }

  @Test
  void aFileThatCannotBeHadCostsThatFileAndNotItsProvider() throws Exception {
    FakeVisualFinder stock =
        new FakeVisualFinder("stock", false).failing("shelf", FailureCode.FILE_UNAVAILABLE);
    FakeVisualFinder other = new FakeVisualFinder("other", false);

    IllustratedVideo video = plan(record(SENTENCES), 270, 480, stock, other);

    assertThat(other.asked()).singleElement().asString().contains("shelf");
    assertThat(stock.fetched())
        .describedAs("other offers of the same search")
        .filteredOn(id -> id.contains("shelf"))
        .hasSizeGreaterThan(1);
    assertThat(video.fallbacks()).singleElement().asString().contains("2026 FILE_UNAVAILABLE");
  }

  @Test
  void aSceneThatFailsStepsDownWhileOthersGoOnAndNoPromiseIsBrokenSilently() throws Exception {
    byte[] moving = ProduceVideosTest.clip(640, 360, 2);
    // For one scene the clip fails, for another everything but the still; the rest are well.
    Cards cards =
        new Cards(
            moving,
            ProduceVideosTest.picture(640, 360, Color.PINK),
            (scene, id) ->
                (scene.contains("Candles") && id.startsWith("clip"))
                    || (scene.contains("shelf") && !id.startsWith("still")));

    IllustratedVideo video = plan(record(SENTENCES), 640, 360, cards);

    List<Storyboard.Picture> shown = shown(video);
    assertThat(shown.stream().filter(picture -> picture.clip() == null).distinct()).hasSize(1);
    assertThat(video.fallbacks())
        .hasSize(2)
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains("Candles")
                    .contains("cards gave fewer pixels")
                    .contains("2020 JOB_FAILED"))
        .anySatisfy(line -> assertThat(line).contains("shelf").contains("cards gave a still"));
    assertThat(Subject.visuals().mode(laidOut(video)).manual()).isTrue();
    // The same clip from another angle is no step down: it is not tried after a failure.
    assertThat(cards.fetched).noneMatch(id -> id.startsWith("clip-2"));
    int bought = cards.fetched.size();

    // What was made is found, what was given up included: nothing is tried again.
    IllustratedVideo again = plan(record(SENTENCES), 640, 360, cards);
    assertThat(again.fallbacks()).hasSize(2);
    assertThat(cards.fetched.size() - bought).isLessThanOrEqualTo(3);
  }

  @Test
  void aTextOfTheRecordIsReadAtItsTimeAndOthersMakeWay() throws Exception {
    ObjectNode record = record(SENTENCES);
    com.fasterxml.jackson.databind.node.ArrayNode overlays =
        record.putObject("project").putArray("overlays");
    overlays.addObject().put("at", 0.2).put("text", "Only today");
    overlays.addObject().put("at", 8.5).put("seconds", 2).put("text", "Three lamps");
    overlays.addObject().put("at", 600).put("text", "Too late");

    IllustratedVideo video = plan(record, 640, 360, new FakeVisualFinder("stock", false));

    List<Storyboard.Label> labels = storyboard(video).labels();
    assertThat(labels)
        .contains(
            new Storyboard.Label(Storyboard.LabelKind.LABEL, "Only today", "", 200_000, 3_200_000),
            new Storyboard.Label(
                Storyboard.LabelKind.LABEL, "Three lamps", "", 8_500_000, 10_500_000));
    for (int i = 1; i < labels.size(); i++) {
      assertThat(labels.get(i).startUs()).isGreaterThanOrEqualTo(labels.get(i - 1).endUs());
    }
    assertThat(video.notes()).singleElement().asString().contains("Too late").contains("end card");

    overlays.addObject().put("at", -1).put("text", "x");
    assertThat(
            org.assertj.core.api.Assertions.catchThrowableOfType(
                    StageException.class,
                    () ->
                        ParseContentRecord.parse(
                            new RawRecord("test:0", "file:///", record.toString()),
                            RecordOverrides.NONE))
                .getMessage())
        .contains("project.overlays[3].at");
  }

  @Test
  void aPresenterHearsTheSceneAndItsLipsFollowWhatIsHeard() throws Exception {
    Presenter presenter = new Presenter();
    FakeVisualFinder stock = new FakeVisualFinder("stock", false);

    IllustratedVideo video = plan(record(SENTENCES), 640, 360, presenter, stock);

    Narration narration =
        RecordJson.read(store.read(video.narrated().narration()), Narration.class);
    SpokenSentence first = narration.sentences().get(0);
    Scene heard = presenter.heard.get(0);
    byte[] wav = store.read(Objects.requireNonNull(heard.narration()));
    // From the start of the video to a breath after it, at the sentence's own rate.
    long samples = (wav.length - 44) / 2;
    assertThat(samples * 1000 / first.sampleRate())
        .isBetween(heard.durationMs() - 2L, heard.durationMs() + 2L);
    int begin = 44 + 2 * (int) (first.startUs() * first.sampleRate() / 1_000_000);
    for (int at = 44; at < begin; at++) {
      assertThat(wav[at]).isZero();
    }
    byte[] spoken = store.read(first.wav());
    assertThat(Arrays.copyOfRange(wav, begin, wav.length))
        .startsWith(Arrays.copyOfRange(spoken, 44, Math.min(spoken.length, 4_000)));
    // It is seen when it speaks, from that very time of the clip, and at no other.
    Storyboard.Shot shot =
        storyboard(video).shots().stream()
            .filter(each -> each.picture() != null && each.picture().clip() != null)
            .findFirst()
            .orElseThrow();
    Storyboard.Clip clip = Objects.requireNonNull(Objects.requireNonNull(shot.picture()).clip());
    assertThat(clip.followsUs()).isZero();
    assertThat(clip.inUs()).isEqualTo(shot.startUs());
    assertThat(clip.soundPercent()).isZero();
    // It was to serve one scene: that others serve the rest breaks no promise.
    assertThat(presenter.heard).hasSize(2);
    assertThat(video.fallbacks()).isEmpty();

    IllustratedVideo again = plan(record(SENTENCES), 1280, 720, presenter, stock);
    assertThat(presenter.heard).hasSize(2);
    assertThat(urls(again)).isEqualTo(urls(video));
  }

  @Test
  void whatAPresenterPerhapsMakesAlreadyIsNotOrderedInAnotherGuise() throws Exception {
    for (FailureCode code :
        List.of(
            FailureCode.PROVIDER_OUTCOME_UNKNOWN,
            FailureCode.JOB_OVERDUE,
            FailureCode.FILE_UNAVAILABLE)) {
      Presenter presenter = new Presenter();
      presenter.failure = code;

      // Each of another record: what a record shows stays.
      IllustratedVideo video =
          plan(
              record(SENTENCES).put("record_id", code.name()),
              640,
              360,
              presenter,
              new FakeVisualFinder("stock", false));

      // Asked for its offers, and for the first of them.
      assertThat(presenter.heard).hasSize(2);
      assertThat(video.fallbacks())
          .singleElement()
          .asString()
          .contains("stock instead of presenter")
          .contains(code.name());
    }
  }

  @Test
  void aPictureWhoseOrderWasLostIsNotOrderedOnceMoreFromAnotherAngle() throws Exception {
    FakeVisualFinder maker =
        new FakeVisualFinder("maker", true)
            .failing("Candles", FailureCode.PROVIDER_OUTCOME_UNKNOWN);
    FakeVisualFinder stock = new FakeVisualFinder("stock", false);

    IllustratedVideo video = plan(record(SENTENCES), 270, 480, maker, stock);

    // Six scenes, six orders.
    assertThat(maker.fetched()).hasSize(6);
    assertThat(stock.asked()).containsExactly(SENTENCES.get(5));
    assertThat(video.fallbacks())
        .singleElement()
        .asString()
        .contains("stock instead of maker")
        .contains("PROVIDER_OUTCOME_UNKNOWN");
  }

  @Test
  void whatARecordShowsStaysAlthoughThePreferredProviderIsWellAgainUntilSomebodyAsks()
      throws Exception {
    FakeVisualFinder away =
        new FakeVisualFinder("maker", true).failing("Candles", FailureCode.PROVIDER_REFUSED);
    IllustratedVideo first =
        plan(record(SENTENCES), 270, 480, away, new FakeVisualFinder("stock", false));
    FakeVisualFinder maker = new FakeVisualFinder("maker", true);
    FakeVisualFinder stock = new FakeVisualFinder("stock", false);

    IllustratedVideo later = plan(record(SENTENCES), 270, 480, maker, stock);
    // Another length, and another scene in other words.
    List<String> edited = new ArrayList<>(SENTENCES);
    edited.set(3, "A second lamp belongs on the piano in the corner.");
    IllustratedVideo afterAnEdit = plan(record(edited), 540, 960, maker, stock);

    assertThat(later.storyboard()).isEqualTo(first.storyboard());
    assertThat(later.fallbacks()).isEqualTo(first.fallbacks()).hasSize(1);
    assertThat(afterAnEdit.fallbacks()).hasSize(1);
    assertThat(maker.fetched()).hasSize(1);
    assertThat(stock.fetched()).isEmpty();

    IllustratedVideo again =
        plan(record(SENTENCES), VideoSettings.DEFAULT, /* again= */ true, 270, 480, maker, stock);
    assertThat(again.fallbacks()).isEmpty();
    assertThat(maker.fetched()).hasSize(2);
    assertThat(plan(record(SENTENCES), 270, 480, maker, stock).storyboard())
        .isEqualTo(again.storyboard());
  }

  @Test
  void whatWasOrderedAndCameToNothingIsNotOrderedAgainByAnybody() throws Exception {
    FakeVisualFinder maker =
        new FakeVisualFinder("maker", true)
            .failing("Candles", FailureCode.PROVIDER_OUTCOME_UNKNOWN)
            .sending("plant", ProduceVideosTest.picture(700, 500, Color.CYAN));
    IllustratedVideo first =
        plan(record(SENTENCES), 270, 480, maker, new FakeVisualFinder("stock", false));
    assertThat(first.fallbacks()).hasSize(1);
    int ordered = maker.fetched().size();

    // Another record in the same words, when everybody is well.
    FakeVisualFinder later = new FakeVisualFinder("maker", true);
    ObjectNode other = record(SENTENCES).put("record_id", "other");
    IllustratedVideo second = plan(other, 270, 480, later, new FakeVisualFinder("stock", false));

    assertThat(ordered).isEqualTo(7);
    assertThat(later.fetched()).isEmpty();
    assertThat(second.fallbacks())
        .singleElement()
        .asString()
        .contains("stock instead of maker")
        .contains("it is not ordered again");
  }

  @Test
  void whoFindsALostOrderAgainIsAskedTheNextTime() throws Exception {
    FakeVisualFinder maker =
        new FakeVisualFinder("maker", true)
            .failing("Candles", FailureCode.PROVIDER_OUTCOME_UNKNOWN)
            .probing();
    IllustratedVideo first =
        plan(record(SENTENCES), 270, 480, maker, new FakeVisualFinder("stock", false));
    assertThat(first.fallbacks()).hasSize(1);

    FakeVisualFinder later = new FakeVisualFinder("maker", true).probing();
    ObjectNode other = record(SENTENCES).put("record_id", "other");
    IllustratedVideo second = plan(other, 270, 480, later, new FakeVisualFinder("stock", false));

    assertThat(later.fetched()).hasSize(1);
    assertThat(second.fallbacks()).isEmpty();
  }

  @Test
  void whatWasInterruptedIsNotOrderedAgainUnlessItIsFoundAgain() throws Exception {
    for (boolean probes : new boolean[] {false, true}) {
      Presenter presenter = new Presenter();
      presenter.probes = probes;
      presenter.interrupted = true;
      FakeVisualFinder stock = new FakeVisualFinder("stock", false);
      ObjectNode record = record(SENTENCES).put("record_id", "probes-" + probes);
      assertThat(catchThrowable(() -> plan(record, 640, 360, presenter, stock)))
          .isInstanceOf(LostCallException.class);
      presenter.interrupted = false;

      IllustratedVideo second = plan(record, 640, 360, presenter, stock);

      assertThat(presenter.fetched).hasSize(probes ? 2 : 1);
      assertThat(second.fallbacks()).hasSize(probes ? 0 : 1);
    }
  }

  @Test
  void aRecordThatAllowsNoStandInEndsWithTheProvidersOwnLetter() throws Exception {
    FakeVisualFinder maker =
        new FakeVisualFinder("maker", true).failing("Candles", FailureCode.PROVIDER_QUOTA);
    FakeVisualFinder stock = new FakeVisualFinder("stock", false);
    VideoSettings alone = VideoSettings.DEFAULT.withFallback(FallbackPolicy.NONE);
    VideoSettings noCards = VideoSettings.DEFAULT.withFallback(FallbackPolicy.PROVIDERS);

    assertThat(
            org.assertj.core.api.Assertions.catchThrowableOfType(
                    StageException.class,
                    () -> plan(record(SENTENCES), alone, false, 270, 480, maker, stock))
                .code())
        .isEqualTo(FailureCode.PROVIDER_QUOTA);
    assertThat(stock.asked()).isEmpty();
    assertThat(plan(record(SENTENCES), noCards, false, 270, 480, maker, stock).fallbacks())
        .isNotEmpty();
    assertThat(
            org.assertj.core.api.Assertions.catchThrowableOfType(
                    StageException.class,
                    () -> plan(record(SENTENCES), noCards, false, 640, 360, maker))
                .code())
        .isEqualTo(FailureCode.PROVIDER_QUOTA);
  }

  @Test
  void aClipWhoseEditFailsIsShownAsItIsAndNoOtherIsOrdered() throws Exception {
    for (boolean unusable : List.of(false, true)) {
      Presenter presenter = new Presenter();
      presenter.edited = true;
      if (unusable) {
        presenter.edit = "<html>".getBytes(StandardCharsets.UTF_8);
      }

      IllustratedVideo video =
          plan(record(SENTENCES), 640, 360, presenter, new FakeVisualFinder("stock", false));

      assertThat(presenter.fetched)
          .extracting(id -> id.substring(0, id.indexOf(' ')))
          .containsExactly("edited", "clip");
      assertThat(video.fallbacks())
          .singleElement()
          .asString()
          .contains("gave a clip without the edit")
          .contains("2025 EDIT_FAILED");
    }
  }

  @Test
  void aPresenterThatFailsIsNotTakenForAnEditThatDoes() throws Exception {
    Presenter presenter = new Presenter();
    presenter.edited = true;
    presenter.failure = FailureCode.JOB_FAILED;

    IllustratedVideo video =
        plan(record(SENTENCES), 640, 360, presenter, new FakeVisualFinder("stock", false));

    // There is no clip that could be shown without its edit.
    assertThat(presenter.fetched)
        .extracting(id -> id.substring(0, id.indexOf(' ')))
        .containsExactly("edited", "mute");
    assertThat(video.fallbacks()).singleElement().asString().contains("stock instead of presenter");
  }

  /** Says one scene. */
  private static final class Presenter implements VisualFinder {
    private final List<Scene> heard = new java.util.concurrent.CopyOnWriteArrayList<>();
    private final List<String> fetched = new java.util.concurrent.CopyOnWriteArrayList<>();
    private @org.jspecify.annotations.Nullable FailureCode failure;
    private boolean edited;
    private boolean probes = true;
    private boolean interrupted;
    private byte @org.jspecify.annotations.Nullable [] edit;

    @Override
    public String identity() {
      return "presenter-1" + edited + (edit == null) + failure + probes;
    }

    @Override
    public boolean probes() {
      return probes;
    }

    @Override
    public String provider() {
      return "presenter";
    }

    @Override
    public boolean narrated() {
      return true;
    }

    @Override
    public int scenes() {
      return 1;
    }

    @Override
    public List<Visual> find(Scene scene) {
      heard.add(scene);
      Visual clip = Cards.offer("clip", scene, true, null);
      Visual mute = Cards.offer("mute", scene, true, "lips that do not follow");
      if (!edited) {
        return List.of(clip, mute);
      }
      Visual snow = Cards.offer("edited", scene, true, null);
      return List.of(snow, clip.insteadOf(snow, "a clip without the edit"), mute);
    }

    @Override
    public VisualFile fetch(Visual visual, Scene scene) throws StageException {
      heard.add(scene);
      fetched.add(visual.id());
      if (interrupted) {
        throw new LostCallException("calling presenter was cancelled");
      }
      if (failure == null && visual.id().startsWith("edited")) {
        if (edit != null) {
          return new VisualFile(edit, List.of());
        }
        throw new StageException(FailureCode.EDIT_FAILED, "the clip is there");
      }
      if (failure != null) {
        throw new StageException(failure, "perhaps it was ordered");
      }
      try {
        int seconds = (scene.durationMs() + 999) / 1000;
        return new VisualFile(ProduceVideosTest.clip(640, 360, seconds), List.of());
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** It is away, and has kept a frame of one scene. */
  private static final class Away implements VisualFinder {
    private final byte[] frame;
    private final List<String> fetched = new java.util.concurrent.CopyOnWriteArrayList<>();

    Away(byte[] frame) {
      this.frame = frame;
    }

    @Override
    public String identity() {
      return "away-1";
    }

    @Override
    public String provider() {
      return "cards";
    }

    @Override
    public List<Visual> find(Scene scene) {
      return List.of(Cards.offer("clip-1", scene, true, null));
    }

    @Override
    public Optional<Visual> kept(Scene scene) {
      return scene.text().contains("Candles")
          ? Optional.of(Cards.offer("frame", scene, false, "a frame of an unfinished clip"))
          : Optional.empty();
    }

    @Override
    public VisualFile fetch(Visual visual, Scene scene) throws StageException {
      fetched.add(visual.id());
      if (visual.clip()) {
        throw new StageException(FailureCode.PROVIDER_UNREACHABLE, "nobody answers");
      }
      return new VisualFile(frame, List.of());
    }
  }

  @Test
  void whatAProviderThatIsAwayHasKeptIsShownBeforeAnotherOneIsAsked() throws Exception {
    Away away = new Away(ProduceVideosTest.picture(640, 360, Color.PINK));
    FakeVisualFinder stock = new FakeVisualFinder("stock", false);

    IllustratedVideo video = plan(record(SENTENCES), 640, 360, away, stock);

    assertThat(away.fetched).filteredOn(id -> id.startsWith("frame")).hasSize(1);
    assertThat(stock.asked()).noneMatch(text -> text.contains("Candles")).isNotEmpty();
    assertThat(video.fallbacks())
        .filteredOn(line -> line.contains("Candles"))
        .singleElement()
        .asString()
        .contains("cards gave a frame of an unfinished clip")
        .contains("PROVIDER_UNREACHABLE");
  }

  /** Nor where nothing may be given up. */
  @Test
  void whoLetsNobodyStandInIsShownNoLeftover() throws Exception {
    Away away = new Away(ProduceVideosTest.picture(640, 360, Color.PINK));
    VideoSettings alone = VideoSettings.DEFAULT.withFallback(FallbackPolicy.NONE);

    assertThatThrownBy(() -> plan(record(SENTENCES), alone, false, 640, 360, away))
        .isInstanceOfSatisfying(
            StageException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.PROVIDER_UNREACHABLE));
    assertThat(away.fetched).noneMatch(id -> id.startsWith("frame"));
  }

  /** Makes clips, and less and less where that fails. */
  private static final class Cards implements VisualFinder {
    private final byte[] moving;
    private final byte[] still;
    private final java.util.function.BiPredicate<String, String> fails;
    private final List<String> fetched = new java.util.concurrent.CopyOnWriteArrayList<>();

    Cards(byte[] moving, byte[] still, java.util.function.BiPredicate<String, String> fails) {
      this.moving = moving;
      this.still = still;
      this.fails = fails;
    }

    @Override
    public String identity() {
      return "cards-1";
    }

    @Override
    public String provider() {
      return "cards";
    }

    @Override
    public List<Visual> find(Scene scene) {
      return List.of(
          offer("clip-1", scene, true, null),
          offer("clip-2", scene, true, null),
          offer("small", scene, true, "fewer pixels"),
          offer("still", scene, false, "a still picture"));
    }

    private static Visual offer(String id, Scene scene, boolean clip, String concession) {
      return new Visual(
          "cards",
          Visual.GENERATED,
          id + " " + scene.text(),
          clip,
          "",
          "",
          "model",
          "generated",
          scene.text(),
          scene.text(),
          640,
          360,
          clip ? 2_000 : 0,
          List.of(),
          concession);
    }

    @Override
    public VisualFile fetch(Visual visual, Scene scene) throws StageException {
      fetched.add(visual.id());
      if (fails.test(scene.text(), visual.id())) {
        throw new StageException(FailureCode.JOB_FAILED, "memory was short");
      }
      return new VisualFile(visual.clip() ? moving : still, List.of());
    }
  }

  @Test
  void anEmptyAccountIsNotAskedAgainAndCardsAreTheLast() throws Exception {
    FakeVisualFinder maker =
        new FakeVisualFinder("maker", true).failing("", FailureCode.PROVIDER_QUOTA);

    IllustratedVideo video = plan(record(SENTENCES), 270, 480, maker);

    // All six were under way when the first answer came; nothing more is tried.
    assertThat(maker.fetched()).hasSize(6);
    assertThat(shown(video)).isEmpty();
    assertThat(video.fallbacks()).hasSize(6).allMatch(line -> line.contains("no picture"));
    assertThat(video.notes()).containsAll(video.fallbacks());

    IllustratedVideo asPlanned =
        plan(record(SENTENCES), 270, 480, new FakeVisualFinder("other", true));
    assertThat(Subject.visuals().mode(laidOut(asPlanned)).manual()).isFalse();
  }

  @Test
  void aTurnThatIsNotLeftYetIsNoReasonForAnotherProvider() throws Exception {
    FakeVisualFinder tight =
        new FakeVisualFinder("tight", true).failing("Candles", FailureCode.NO_TURN);
    FakeVisualFinder stock = new FakeVisualFinder("stock", false);

    assertThatThrownBy(() -> plan(record(SENTENCES), 270, 480, tight, stock))
        .isInstanceOfSatisfying(
            StageException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.NO_TURN));
    assertThat(stock.asked()).isEmpty();

    FakeVisualFinder later = new FakeVisualFinder("tight", true);
    IllustratedVideo video = plan(record(SENTENCES), 270, 480, later, stock);
    assertThat(video.fallbacks()).isEmpty();
    // What was bought meanwhile is found.
    assertThat(later.fetched()).hasSize(1);
  }

  private LaidOutVideo laidOut(IllustratedVideo video) throws Exception {
    return apply(new LayOutVideo(providers()), video);
  }

  private Providers providers(VisualFinder... finders) {
    return new Providers(
            () -> store,
            () -> assets,
            FakeScriptWriter::new,
            FakeSpeechSynthesizer::new,
            () -> Progress.NONE)
        .withVisuals(() -> new Chain(List.of(finders)));
  }

  private IllustratedVideo plan(ObjectNode record, int width, int height, VisualFinder... finders)
      throws Exception {
    return plan(record, VideoSettings.DEFAULT, /* again= */ false, width, height, finders);
  }

  private IllustratedVideo plan(
      ObjectNode record,
      VideoSettings settings,
      boolean again,
      int width,
      int height,
      VisualFinder... finders)
      throws Exception {
    ContentRecord content =
        ParseContentRecord.parse(
            new RawRecord("test:0", "file:///", record.toString()), RecordOverrides.NONE);
    PlannedVideo planned =
        new PlannedVideo(
            content.key(),
            store.put(RecordJson.canonicalBytes(content), "application/json"),
            content.title(),
            settings,
            Brand.DEFAULT,
            variant(width, height),
            null,
            java.util.Map.of(),
            new Handling(1, new ReviewPolicy("auto", "auto", "fallback", "auto"), "normal"));
    return apply(
        new PlanVisuals(providers(finders), again), apply(new FitNarration(providers()), planned));
  }

  /** The order of a settings file. */
  private record Chain(List<VisualFinder> alternatives) implements VisualFinder {
    @Override
    public String identity() {
      return alternatives.stream()
          .map(VisualFinder::identity)
          .collect(java.util.stream.Collectors.joining(" > "));
    }

    @Override
    public String provider() {
      return "chain";
    }

    @Override
    public int parallel() {
      return USUAL_SCENES;
    }

    @Override
    public List<Visual> find(Scene scene) throws StageException {
      return alternatives.get(0).find(scene);
    }

    @Override
    public VisualFile fetch(Visual visual, Scene scene) throws StageException {
      return alternatives.get(0).fetch(visual, scene);
    }
  }

  private Storyboard storyboard(IllustratedVideo video) {
    return RecordJson.read(store.read(video.storyboard()), Storyboard.class);
  }

  private List<Storyboard.Picture> shown(IllustratedVideo video) {
    return storyboard(video).shots().stream()
        .map(Storyboard.Shot::picture)
        .filter(Objects::nonNull)
        .toList();
  }

  private List<String> urls(IllustratedVideo video) {
    return shown(video).stream().map(Storyboard.Picture::url).toList();
  }

  private static <I, O> O apply(Step<I, O> step, I input) throws Exception {
    step.open();
    try {
      return step.apply(input);
    } finally {
      step.close();
    }
  }

  private static ObjectNode record(List<String> sentences) {
    ObjectNode record = RecordJson.newObject();
    record.put("record_id", "light");
    record.put("title", "Warm light at home");
    record.put("language", "en");
    record.put("content_html", "<p>" + String.join("</p><p>", sentences) + "</p>");
    return record;
  }

  private static Variant variant(int width, int height) {
    return new Variant(
        "v",
        width,
        height,
        30,
        VideoType.SHORT,
        new DurationRange(3_000, 180_000),
        60_000,
        List.of("preview"),
        true,
        false,
        72_000_000,
        "libx264",
        "standard");
  }
}
