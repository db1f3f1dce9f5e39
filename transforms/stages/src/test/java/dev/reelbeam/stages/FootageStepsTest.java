package dev.reelbeam.stages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.fakes.FakeAssetReader;
import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.fakes.FakeScriptWriter;
import dev.reelbeam.fakes.FakeSpeechSynthesizer;
import dev.reelbeam.media.composition.Fit;
import dev.reelbeam.media.composition.PictureInPicture;
import dev.reelbeam.media.composition.Shot;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.AssetReader;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.model.video.DurationRange;
import dev.reelbeam.model.video.Variant;
import dev.reelbeam.model.video.VideoType;
import dev.reelbeam.stages.flow.Handling;
import dev.reelbeam.stages.flow.IllustratedVideo;
import dev.reelbeam.stages.flow.PlannedVideo;
import dev.reelbeam.stages.flow.Progress;
import dev.reelbeam.stages.flow.Providers;
import dev.reelbeam.stages.flow.RecordOverrides;
import dev.reelbeam.stages.ingest.ParseContentRecord;
import dev.reelbeam.stages.layout.LayOutVideo;
import dev.reelbeam.stages.narration.FitNarration;
import dev.reelbeam.stages.step.Step;
import dev.reelbeam.stages.visuals.PlanVisuals;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clips and insets from the record to the timeline; the steps are called by hand. */
class FootageStepsTest {
  @TempDir Path folder;

  private FakeObjectStore store;
  private FakeAssetReader assets;

  @BeforeEach
  void fresh() {
    store = new FakeObjectStore(folder);
    assets = new FakeAssetReader();
  }

  @Test
  void anInsetStandsBesideWhatMattersUnderTheLabelsAndAboveTheCaptions() throws Exception {
    assets = assets.with("screen.png", screenshot()).with("face.mp4", ProduceVideosTest.clip(2));
    ObjectNode record = record("screen.png");
    image(record, "face.mp4").put("place", "inset");

    for (int[] size : new int[][] {{270, 480}, {480, 270}}) {
      Laid laid = lay(record, Map.of(), size[0], size[1]);

      Shot under =
          laid.timeline().shots().stream().filter(s -> s.inset() != null).findFirst().orElseThrow();
      PictureInPicture inset = under.inset();
      assertThat(under.still().fit()).isEqualTo(Fit.CONTAIN_BLUR);
      assertThat(inset.playback()).isNotNull();
      int top = inset.centerYPermille() - inset.heightPermille() / 2;
      int bottom = top + inset.heightPermille();
      int right = inset.centerXPermille() + inset.widthPermille() / 2;
      if (size[0] < size[1]) {
        assertThat(top).as("under the labels").isGreaterThanOrEqualTo(200);
        assertThat(bottom).as("above the captions").isLessThan(595);
        assertThat(right).as("beside the buttons").isLessThanOrEqualTo(871);
        // The screenshot is 517 permille high around its place; its middle stays free.
        assertThat(bottom).isLessThan(under.still().focusYPermille());
      } else {
        assertThat(top).isGreaterThanOrEqualTo(50);
        assertThat(bottom).isLessThan(600);
        assertThat(right).isLessThanOrEqualTo(951);
      }
    }
  }

  @Test
  void aClipPutInThePlaceOfAnotherIsShownFromItsOwnBeginning() throws Exception {
    assets = assets.with("long.mp4", ProduceVideosTest.clip(6));
    MediaRef other = store.put(ProduceVideosTest.clip(1), "video/mp4");
    ObjectNode record = record("long.mp4#t=4,6");

    Laid planned = lay(record, Map.of(), 270, 480);
    Laid swapped = lay(record, Map.of("long.mp4#t=4,6", other), 270, 480);

    assertThat(planned.notes()).isEmpty();
    assertThat(planned.timeline().shots())
        .filteredOn(shot -> shot.playback() != null)
        .isNotEmpty()
        .allMatch(shot -> shot.playback().inUs() >= 4_000_000);
    assertThat(swapped.notes()).isEmpty();
    assertThat(swapped.timeline().shots())
        .filteredOn(shot -> shot.playback() != null)
        .isNotEmpty()
        .allMatch(shot -> shot.still().picture().sha256().equals(other.sha256()))
        .allMatch(shot -> shot.playback().outUs() <= 1_000_000);
  }

  /** Where later shots begin in their clip is what their segments are found by. */
  @Test
  void aLongerWordMovesNoLaterPartOfTheFootage() throws Exception {
    assets = assets.with("long.mp4", ProduceVideosTest.clip(160, 90, 90));
    ObjectNode record = record("long.mp4");
    record.put("kind", "clip").putArray("clips").add("long.mp4");
    record.remove("images");
    ObjectNode fixed = record.deepCopy();
    fixed.put(
        "content_html",
        record.path("content_html").asText().replace("makes a room", "makes an enormous room"));

    List<Shot> before = footage(lay(record, Map.of(), 270, 480));
    List<Shot> after = footage(lay(fixed, Map.of(), 270, 480));

    assertThat(before).hasSizeGreaterThanOrEqualTo(3);
    assertThat(after.get(1).startFrame()).isGreaterThan(before.get(1).startFrame());
    assertThat(after)
        .extracting(shot -> shot.playback().inUs())
        .isEqualTo(before.stream().map(shot -> shot.playback().inUs()).toList());
  }

  private static List<Shot> footage(Laid laid) {
    return laid.timeline().shots().stream().filter(shot -> shot.playback() != null).toList();
  }

  @Test
  void aPicturePutInThePlaceOfAClipStandsStill() throws Exception {
    assets = assets.with("long.mp4", ProduceVideosTest.clip(2));
    MediaRef picture = store.put(screenshot(), "image/png");

    Laid swapped = lay(record("long.mp4"), Map.of("long.mp4", picture), 270, 480);

    assertThat(swapped.notes()).isEmpty();
    assertThat(swapped.timeline().shots()).allMatch(shot -> shot.playback() == null);
  }

  @Test
  void aClipOfTheCanvasShapeFillsItAndAnotherIsShownWhole() throws Exception {
    assets = assets.with("wide.mp4", ProduceVideosTest.clip(2));

    Laid landscape = lay(record("wide.mp4"), Map.of(), 480, 270);
    Laid portrait = lay(record("wide.mp4"), Map.of(), 270, 480);

    assertThat(landscape.timeline().shots())
        .filteredOn(shot -> shot.playback() != null)
        .isNotEmpty()
        .allMatch(shot -> shot.still().fit() == Fit.COVER);
    assertThat(portrait.timeline().shots())
        .filteredOn(shot -> shot.playback() != null)
        .isNotEmpty()
        .allMatch(shot -> shot.still().fit() == Fit.CONTAIN_BLUR);
  }

  @Test
  void damagedClipsAreNotedByNumberAndNameAndTheRestGoesOn() throws Exception {
    byte[] whole = ProduceVideosTest.clip(4);
    assets =
        assets
            .with("empty.mp4", new byte[0])
            .with("half.mp4", Arrays.copyOf(whole, whole.length / 2))
            .with("page.mp4", "<!doctype html>".getBytes(StandardCharsets.UTF_8))
            .with("good.mp4", whole);
    ObjectNode record = record("empty.mp4");
    for (String url : List.of("half.mp4", "page.mp4", "gone.mp4", "good.mp4#t=30,40", "good.mp4")) {
      image(record, url);
    }

    Laid laid = lay(record, Map.of(), 270, 480);

    for (String url : List.of("empty.mp4", "page.mp4", "good.mp4#t=30,40")) {
      assertThat(laid.notes()).anyMatch(note -> note.contains("305") && note.contains(url));
    }
    assertThat(laid.notes()).anyMatch(note -> note.contains("1020") && note.contains("gone.mp4"));
    assertThat(laid.notes()).anyMatch(note -> note.contains("half.mp4"));
    assertThat(laid.timeline().shots()).anyMatch(shot -> shot.playback() != null);
  }

  /** Else the same record would come out with its clip here and without it on a fuller machine. */
  @ParameterizedTest
  @EnumSource(names = {"STORAGE_FULL", "MEMORY_SHORT"})
  void whatCanBeHadAtAnotherTimeIsNotLeftOut(FailureCode code) {
    AssetReader busy =
        (base, url, most) -> {
          throw new StageException(code, "'" + url + "' cannot be had just now");
        };

    assertThatThrownBy(() -> lay(record("good.mp4"), busy))
        .isInstanceOfSatisfying(StageException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining("good.mp4");
    assertThat(code.replayable()).isTrue();
  }

  /** It takes so much on every machine: a replay would end where this run does. */
  @Test
  void aClipThatTakesTooLongIsLeftOutWithANote() throws Exception {
    AssetReader heavy =
        (base, url, most) -> {
          throw new StageException(FailureCode.CLIP_TIMEOUT, "'" + url + "' takes too long");
        };

    assertThat(lay(record("good.mp4"), heavy).notes())
        .anyMatch(note -> note.contains("3053") && note.contains("good.mp4"));
  }

  private record Laid(Timeline timeline, List<String> notes) {}

  private Laid lay(ObjectNode record, AssetReader reader) throws Exception {
    return lay(record, Map.of(), 270, 480, reader);
  }

  private Laid lay(ObjectNode record, Map<String, MediaRef> swapped, int width, int height)
      throws Exception {
    return lay(record, swapped, width, height, assets);
  }

  private Laid lay(
      ObjectNode record, Map<String, MediaRef> swapped, int width, int height, AssetReader reader)
      throws Exception {
    ContentRecord content =
        ParseContentRecord.parse(
            new RawRecord("test:0", "file:///", record.toString()), RecordOverrides.NONE);
    PlannedVideo planned =
        new PlannedVideo(
            content.key(),
            store.put(RecordJson.canonicalBytes(content), "application/json"),
            content.title(),
            VideoSettings.DEFAULT,
            Brand.DEFAULT,
            variant(width, height),
            null,
            swapped,
            Handling.PLAIN);
    Providers providers =
        new Providers(
            () -> store,
            () -> reader,
            FakeScriptWriter::new,
            FakeSpeechSynthesizer::new,
            () -> Progress.NONE);
    IllustratedVideo illustrated =
        apply(new PlanVisuals(providers), apply(new FitNarration(providers), planned));
    MediaRef timeline = apply(new LayOutVideo(providers), illustrated).timeline();
    return new Laid(RecordJson.read(store.read(timeline), Timeline.class), illustrated.notes());
  }

  private static <I, O> O apply(Step<I, O> step, I input) throws Exception {
    step.open();
    try {
      return step.apply(input);
    } finally {
      step.close();
    }
  }

  private static ObjectNode record(String url) {
    ObjectNode record = RecordJson.newObject();
    record.put("record_id", "footage");
    record.put("title", "Warm light at home");
    record.put("language", "en");
    record.put(
        "content_html",
        "<p>Warm light makes a room calm.</p><p>Three small lamps do more than one big lamp.</p>"
            + "<p>Put the first lamp beside the chair where you read at night.</p>");
    image(record, url);
    return record;
  }

  private static ObjectNode image(ObjectNode record, String url) {
    ArrayNode images = record.withArray("images");
    return images.addObject().put("url", url).put("alt", "Warm light in a room");
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

  /** Square, light, with lines of what looks like text: shown whole. */
  private static byte[] screenshot() throws Exception {
    BufferedImage image = new BufferedImage(600, 600, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setColor(new Color(0xF4F4F0));
    g.fillRect(0, 0, 600, 600);
    g.setColor(new Color(0x202830));
    for (int line = 0; line < 18; line++) {
      for (int x = 40; x < 540 - 37 * (line % 4); x += 14) {
        g.fillRect(x, 40 + 30 * line, 5 + (x * 7 + line) % 6, 12);
      }
    }
    g.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }
}
