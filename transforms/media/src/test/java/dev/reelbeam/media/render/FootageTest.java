package dev.reelbeam.media.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.reelbeam.media.codec.TestClip;
import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.composition.Fit;
import dev.reelbeam.media.composition.Motion;
import dev.reelbeam.media.composition.PictureInPicture;
import dev.reelbeam.media.composition.Playback;
import dev.reelbeam.media.composition.Shot;
import dev.reelbeam.media.composition.Still;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.composition.Transition;
import dev.reelbeam.media.composition.TransitionKind;
import dev.reelbeam.media.effect.Direction;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FootageTest {
  private static final Canvas CANVAS = new Canvas(144, 256, 30);
  private static final Playback ALL = Playback.of(0, 60_000_000);

  @TempDir Path folder;
  private TestPictures pictures;

  @BeforeEach
  void pictures() {
    pictures = new TestPictures(folder);
  }

  @Test
  void tenFramesASecondInThirtyShowEachFrameThreeTimes() throws Exception {
    MediaRef clip = clip(TestClip.plain(144, 256, 10, 20));

    List<Integer> seen = numbers(shot(clip, ALL), 66);

    for (int frame = 0; frame < 66; frame++) {
      assertThat(seen.get(frame)).as("frame %d", frame).isEqualTo(Math.min(19, frame / 3));
    }
  }

  @Test
  void aLoopBeginsAgainAtItsInPointAndSpeedChangesThePace() throws Exception {
    MediaRef clip = clip(TestClip.plain(144, 256, 30, 60));

    List<Integer> looped = numbers(shot(clip, Playback.of(500_000, 1_000_000).looped()), 40);
    List<Integer> twice = numbers(shot(clip, Playback.of(0, 2_000_000).withSpeed(2000)), 30);
    List<Integer> half = numbers(shot(clip, Playback.of(0, 2_000_000).withSpeed(500)), 60);

    for (int frame = 0; frame < 40; frame++) {
      assertThat(looped.get(frame)).isEqualTo(15 + frame % 15);
    }
    for (int frame = 0; frame < 30; frame++) {
      // The middle of a frame of double length is where its second half begins.
      assertThat(twice.get(frame)).isEqualTo(2 * frame + 1);
    }
    for (int frame = 0; frame < 60; frame++) {
      assertThat(half.get(frame)).isEqualTo(frame / 2);
    }
  }

  @Test
  void footageDrawnInOnePieceEqualsItsCutsFrameByFrame() throws Exception {
    MediaRef uneven =
        clip(TestClip.plain(96, 64, 30, 1).at(0, 15, 200, 340, 350, 900, 1000, 1600).turned(90));
    MediaRef long25 = clip(TestClip.plain(144, 80, 25, 100));
    MediaRef photo = pictures.photo(300, 200, 2);
    PictureInPicture inset =
        new PictureInPicture(
            Still.cover(long25, 500, 500), Playback.of(1_000_000, 4_000_000), 700, 200, 480, 200);
    Timeline timeline =
        new Timeline(
            CANVAS,
            List.of(
                Shot.footage(
                    0,
                    Still.cover(uneven, 300, 500),
                    Playback.of(100_000, 1_700_000),
                    Transition.CUT),
                Shot.footage(
                    20,
                    Still.contain(long25, 450),
                    Playback.of(200_000, 900_000).looped().withSpeed(1300),
                    Transition.dissolve(6)),
                new Shot(
                        44,
                        Still.cover(photo, 500, 500),
                        Motion.zoom(1000, 1100),
                        Transition.of(TransitionKind.ZOOM, 4, Direction.LEFT))
                    .withInset(inset)),
            List.of(),
            64);
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      for (int shot = 0; shot < 3; shot++) {
        int from = timeline.shots().get(shot).startFrame();
        int to = timeline.endOfShot(shot);
        List<String> whole =
            FrameComposerTest.hashes(
                renderer, SegmentCutter.slice(timeline, List.of(), shot, from, to), pictures);
        assertThat(whole.stream().distinct().count()).as("it moves").isGreaterThan(2);
        for (int cut = from + 2; cut <= to - 2; cut++) {
          List<String> parts = new ArrayList<>();
          for (int[] part : new int[][] {{from, cut}, {cut, to}}) {
            parts.addAll(
                FrameComposerTest.hashes(
                    renderer,
                    SegmentCutter.slice(timeline, List.of(), shot, part[0], part[1]),
                    pictures));
          }
          assertThat(parts).as("shot %d cut at %d", shot, cut).isEqualTo(whole);
        }
      }
    }
  }

  @Test
  void whatIsNotSeenDoesNotChangeTheKeyOfASegment() throws Exception {
    MediaRef clip = clip(TestClip.plain(144, 256, 10, 20));
    EncodingSettings settings = EncodingSettings.preview(30);
    Segment silent = SegmentCutter.cut(shot(clip, ALL, 60)).get(0);
    Segment loud = SegmentCutter.cut(shot(clip, ALL.withSound(50), 60)).get(0);
    Segment later = SegmentCutter.cut(shot(clip, Playback.of(100_000, 60_000_000), 60)).get(0);
    Shot before =
        new Shot(0, Still.exact(pictures.plain(144, 256, 0x204060)), Motion.NONE, Transition.CUT);
    Shot moved = Shot.footage(31, Still.cover(clip, 500, 500), ALL, Transition.CUT);
    Segment shifted =
        SegmentCutter.cut(new Timeline(CANVAS, List.of(before, moved), List.of(), 91)).get(1);

    assertThat(loud.key(settings)).isEqualTo(silent.key(settings));
    assertThat(shifted.key(settings)).isEqualTo(silent.key(settings));
    assertThat(later.key(settings)).isNotEqualTo(silent.key(settings));

    // Where a clip ends, and whether it begins again then, is seen in the segments that reach it.
    Playback threeSeconds = Playback.of(0, 3_000_000);
    Segment shorter = SegmentCutter.cut(shot(clip, threeSeconds, 60)).get(0);
    Segment looped = SegmentCutter.cut(shot(clip, threeSeconds.looped(), 60)).get(0);
    assertThat(shorter.key(settings)).isEqualTo(silent.key(settings));
    assertThat(looped.key(settings)).isEqualTo(silent.key(settings));
    assertThat(SegmentCutter.cut(shot(clip, threeSeconds, 100)).get(0).key(settings))
        .isNotEqualTo(
            SegmentCutter.cut(shot(clip, threeSeconds.looped(), 100)).get(0).key(settings))
        .isNotEqualTo(SegmentCutter.cut(shot(clip, ALL, 100)).get(0).key(settings));
    PictureInPicture inset =
        new PictureInPicture(Still.cover(clip, 500, 500), threeSeconds, 500, 300, 600, 400);
    PictureInPicture longer =
        new PictureInPicture(Still.cover(clip, 500, 500), ALL, 500, 300, 600, 400);
    assertThat(insetKey(inset, settings)).isEqualTo(insetKey(longer, settings));
  }

  private StepKey insetKey(PictureInPicture inset, EncodingSettings settings) throws Exception {
    Shot shot =
        new Shot(0, Still.exact(pictures.plain(144, 256, 0x204060)), Motion.NONE, Transition.CUT)
            .withInset(inset);
    return SegmentCutter.cut(new Timeline(CANVAS, List.of(shot), List.of(), 60))
        .get(0)
        .key(settings);
  }

  @Test
  void timelinesWrittenBeforeThereWasFootageAreReadAsTheyWere() {
    String before =
        "{\"start_frame\":3,\"still\":{\"picture\":{\"sha256\":\"aa\",\"size_bytes\":1,"
            + "\"content_type\":\"image/png\"},\"fit\":\"COVER\",\"focus_x_permille\":500,"
            + "\"focus_y_permille\":500,\"crop_width_permille\":0},\"motion\":{\"from\":"
            + "{\"center_x_permyriad\":5000,\"center_y_permyriad\":5000,\"zoom_permille\":1000},"
            + "\"to\":{\"center_x_permyriad\":5000,\"center_y_permyriad\":5000,"
            + "\"zoom_permille\":1100}},\"incoming\":{\"kind\":\"CUT\",\"frames\":0,\"rgb\":0}}";

    Shot read = RecordJson.read(before, Shot.class);

    assertThat(read.playback()).isNull();
    assertThat(read.inset()).isNull();
    assertThat(read.still().fit()).isEqualTo(Fit.COVER);
  }

  @Test
  void anInsetStandsInItsPlaceWithRoundCorners() throws Exception {
    MediaRef dark = pictures.plain(144, 256, 0x101010);
    MediaRef bright = pictures.plain(100, 100, 0xFFFFFF);
    Shot shot =
        new Shot(0, Still.exact(dark), Motion.NONE, Transition.CUT)
            .withInset(
                new PictureInPicture(Still.cover(bright, 500, 500), null, 500, 250, 500, 250));

    YuvFrame frame = frame(new Timeline(CANVAS, List.of(shot), List.of(), 2), 0);

    assertThat(frame.luma().at(72, 64)).isGreaterThan(225);
    assertThat(frame.luma().at(36, 32)).as("the corner is round").isLessThan(60);
    assertThat(frame.luma().at(72, 34)).as("the edge is straight").isGreaterThan(225);
    assertThat(frame.luma().at(72, 200)).isLessThan(40);
  }

  @Test
  void aRimSetsAnInsetOffFromAPictureLikeIt() throws Exception {
    MediaRef grey = pictures.plain(144, 256, 0x707070);
    Canvas canvas = new Canvas(540, 960, 30);
    Shot shot =
        new Shot(0, Still.exact(grey), Motion.NONE, Transition.CUT)
            .withInset(new PictureInPicture(Still.cover(grey, 500, 500), null, 500, 250, 500, 250));

    YuvFrame frame = frame(new Timeline(canvas, List.of(shot), List.of(), 2), 0);

    int inside = frame.luma().at(270, 240);
    assertThat(frame.luma().at(270, 121)).as("the rim above").isGreaterThan(inside + 80);
    assertThat(frame.luma().at(135, 240)).as("the rim to the left").isGreaterThan(inside + 80);
    assertThat(frame.luma().at(270, 124)).as("it is thin").isEqualTo(inside);
    assertThat(frame.luma().at(270, 116)).as("the shadow around it").isLessThan(inside - 10);
    assertThat(frame.u().at(135, 60)).isEqualTo(frame.u().at(135, 120));
  }

  @Test
  void aCutOutAsAnInsetShowsTheShotThroughItsTransparentPartsAndHasNoFrame() throws Exception {
    MediaRef ring =
        pictures.raster(
            200,
            200,
            (x, y) -> {
              int away = (x - 100) * (x - 100) + (y - 100) * (y - 100);
              return away < 90 * 90 && away > 45 * 45 ? 0xFFF0F0F0 : 0x00FF0000;
            });
    MediaRef dark = pictures.plain(144, 256, 0x204060);
    Shot shot =
        new Shot(0, Still.exact(dark), Motion.NONE, Transition.CUT)
            .withInset(new PictureInPicture(Still.cover(ring, 500, 500), null, 500, 250, 600, 300));

    YuvFrame frame = frame(new Timeline(CANVAS, List.of(shot), List.of(), 2), 0);

    int ground = frame.luma().at(72, 200);
    assertThat(frame.luma().at(72, 64)).as("the middle of the ring").isEqualTo(ground);
    assertThat(frame.u().at(36, 32)).as("and its colour").isEqualTo(frame.u().at(36, 100));
    assertThat(frame.luma().at(72, 64 - 26)).as("the ring").isGreaterThan(200);
    assertThat(frame.luma().at(72 - 26, 64)).as("the ring").isGreaterThan(200);
    assertThat(frame.luma().at(72 - 36, 64 - 34)).as("beside the ring").isEqualTo(ground);
  }

  @Test
  void aCutOutShowsItsGroundThroughItsTransparentParts() throws Exception {
    MediaRef ring =
        pictures.raster(
            200,
            200,
            (x, y) -> {
              int away = (x - 100) * (x - 100) + (y - 100) * (y - 100);
              return away < 90 * 90 && away > 45 * 45 ? 0xFFF0F0F0 : 0x00FF0000;
            });
    Shot shot = new Shot(0, Still.over(ring, 500, 0x204060), Motion.NONE, Transition.CUT);

    YuvFrame frame = frame(new Timeline(CANVAS, List.of(shot), List.of(), 2), 0);

    int ground = frame.luma().at(72, 128);
    assertThat(ground).as("the middle of the ring").isBetween(50, 80);
    assertThat(frame.luma().at(72 + 44, 128)).as("the ring").isGreaterThan(210);
    assertThat(frame.luma().at(140, 128)).as("beside it").isCloseTo(ground, within(3));
    assertThat(frame.v().at(36, 64)).as("no red shines through").isLessThan(128);
    assertThat(frame.luma().at(72, 4)).as("a little darker at the top").isLessThan(ground);
  }

  @Test
  void everyFieldOfFootageIsInTheKey() throws Exception {
    MediaRef clip = clip(TestClip.plain(144, 256, 10, 20));
    Still framing = Still.cover(clip, 400, 600);
    Shot shot =
        Shot.footage(0, framing, Playback.of(100_000, 900_000), Transition.CUT)
            .withInset(new PictureInPicture(framing, Playback.of(0, 500_000), 500, 500, 400, 300));
    Segment segment = SegmentCutter.cut(new Timeline(CANVAS, List.of(shot), List.of(), 60)).get(0);
    EncodingSettings settings = EncodingSettings.preview(30);

    List<Object> others = OneFieldChanged.of(segment);

    assertThat(others).hasSizeGreaterThan(30);
    for (Object other : others) {
      assertThat(((Segment) other).key(settings)).isNotEqualTo(segment.key(settings));
    }
  }

  @Test
  void aDamagedClipFailsItsSegmentWithItsNumber() throws Exception {
    Path file = Files.writeString(folder.resolve("page.mp4"), "<!doctype html><p>Not found");
    MediaRef clip = pictures.add(file, "video/mp4");
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      Segment segment = SegmentCutter.cut(shot(clip, ALL, 20)).get(0);
      assertThatThrownBy(
              () ->
                  renderer.render(
                      segment,
                      EncodingSettings.preview(30),
                      pictures,
                      folder.resolve("out.mp4"),
                      FrameListener.NONE))
          .isInstanceOfSatisfying(
              StageException.class,
              e -> assertThat(e.code()).isEqualTo(FailureCode.CLIP_UNDECODABLE))
          .hasMessageContaining("page.mp4");
    }
    assertThat(folder.resolve("out.mp4")).doesNotExist();
  }

  @Test
  void aLongWayToTheKeyFrameEndsAtTheDeadline() throws Exception {
    Segment segment = farIntoOneGroupOfPictures();
    // Each look at the clock is 10 ms later: decoding the way there takes some 90 of them.
    RenderLimits little = new RenderLimits(1 << 20, 1 << 20, 300, 0);
    AtomicLong nanos = new AtomicLong();
    try (SegmentRenderer renderer =
        new SegmentRenderer(little, () -> nanos.addAndGet(10_000_000))) {
      assertThatThrownBy(() -> render(renderer, segment))
          .hasMessageContaining("frame 0 of 2")
          .isInstanceOfSatisfying(
              StageException.class,
              e -> assertThat(e.code()).isEqualTo(FailureCode.SEGMENT_TIMEOUT));
    }
    assertThat(folder.resolve("out.mp4")).doesNotExist();
  }

  @Test
  void whatIsDecodedOfAClipAddsToTheTimeOfItsSegment() throws Exception {
    Segment segment = farIntoOneGroupOfPictures();
    RenderLimits little = new RenderLimits(1 << 20, 1 << 20, 300, 10_000);
    assertThat(little.deadlineMs(CANVAS, 2, EncodingSettings.preview(30)))
        .as("for drawing and encoding two frames")
        .isLessThan(700);
    AtomicLong nanos = new AtomicLong();
    try (SegmentRenderer renderer =
        new SegmentRenderer(little, () -> nanos.addAndGet(10_000_000))) {
      render(renderer, segment);
    }
    assertThat(nanos.get())
        .as("more than drawing and encoding may take")
        .isGreaterThan(700_000_000L);
    assertThat(folder.resolve("out.mp4")).exists();
  }

  /** Two frames from five seconds into a clip that has few key frames. */
  private Segment farIntoOneGroupOfPictures() throws Exception {
    MediaRef clip = clip(TestClip.plain(144, 256, 30, 200).withKeyFrames(250));
    return SegmentCutter.cut(shot(clip, Playback.of(5_000_000, 6_000_000), 2)).get(0);
  }

  private void render(SegmentRenderer renderer, Segment segment) throws StageException {
    renderer.render(
        segment,
        EncodingSettings.preview(30),
        pictures,
        folder.resolve("out.mp4"),
        FrameListener.NONE);
  }

  @Test
  void aFrameOfAClipThatIsStillSeenIsNotComposedAgain() throws Exception {
    MediaRef clip = clip(TestClip.plain(144, 256, 10, 4));
    Shot inset =
        new Shot(0, Still.exact(pictures.photo(144, 256, 1)), Motion.NONE, Transition.CUT)
            .withInset(new PictureInPicture(Still.cover(clip, 500, 500), ALL, 500, 300, 600, 400));
    for (Shot shot : List.of(shot(clip, ALL), inset)) {
      Timeline timeline = new Timeline(CANVAS, List.of(shot), List.of(), 20);
      List<Integer> drawn = new ArrayList<>();
      try (SegmentRenderer renderer = new SegmentRenderer();
          FrameComposer composer =
              renderer.composer(SegmentCutter.cut(timeline).get(0), pictures)) {
        for (int frame = 0; frame < 20; frame++) {
          if (composer.draw(frame)) {
            drawn.add(frame);
          }
        }
      }
      assertThat(drawn).containsExactly(0, 3, 6, 9);
    }
  }

  private MediaRef clip(TestClip clip) throws Exception {
    return pictures.add(clip.numbered(folder, "clip" + clip.hashCode() + ".mp4"), "video/mp4");
  }

  private static Shot shot(MediaRef clip, Playback playback) {
    return Shot.footage(0, Still.cover(clip, 500, 500), playback, Transition.CUT);
  }

  private static Timeline shot(MediaRef clip, Playback playback, int frames) {
    return new Timeline(CANVAS, List.of(shot(clip, playback)), List.of(), frames);
  }

  private List<Integer> numbers(Shot shot, int frames) throws StageException {
    List<Integer> numbers = new ArrayList<>();
    Timeline timeline = new Timeline(CANVAS, List.of(shot), List.of(), frames);
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      for (Segment segment : SegmentCutter.cut(timeline)) {
        try (FrameComposer composer = renderer.composer(segment, pictures)) {
          for (int frame = 0; frame < segment.frames(); frame++) {
            boolean ignored = composer.draw(frame);
            numbers.add(TestClip.number(composer.frame().luma()));
          }
        }
      }
    }
    return numbers;
  }

  private YuvFrame frame(Timeline timeline, int number) throws StageException {
    try (SegmentRenderer renderer = new SegmentRenderer();
        FrameComposer composer = renderer.composer(SegmentCutter.cut(timeline).get(0), pictures)) {
      boolean ignored = composer.draw(number);
      return composer.frame();
    }
  }
}
