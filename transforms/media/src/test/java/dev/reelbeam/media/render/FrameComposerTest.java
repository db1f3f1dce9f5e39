package dev.reelbeam.media.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.media.composition.Motion;
import dev.reelbeam.media.composition.Overlay;
import dev.reelbeam.media.composition.Shot;
import dev.reelbeam.media.composition.Still;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.composition.Transition;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.store.MediaRef;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrameComposerTest {
  @TempDir Path folder;

  @Test
  void aShotDrawnInOnePieceEqualsItsCutsFrameByFrame() throws Exception {
    TestPictures pictures = new TestPictures(folder);
    Timeline timeline = TestTimelines.everything(pictures);
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      for (int shot = 0; shot < timeline.shots().size(); shot++) {
        int from = timeline.shots().get(shot).startFrame();
        int to = timeline.endOfShot(shot);
        Segment whole = SegmentCutter.slice(timeline, timeline.overlays(), shot, from, to);
        List<String> inOnePiece = hashes(renderer, whole, pictures);
        for (int cut = from + 2; cut <= to - 2; cut++) {
          List<String> inTwo = new ArrayList<>();
          for (int[] part : new int[][] {{from, cut}, {cut, to}}) {
            inTwo.addAll(
                hashes(
                    renderer,
                    SegmentCutter.slice(timeline, timeline.overlays(), shot, part[0], part[1]),
                    pictures));
          }
          assertThat(inTwo).as("shot %d cut at %d", shot, cut).isEqualTo(inOnePiece);
        }
      }
    }
  }

  @Test
  void aFrameDoesNotDependOnTheOnesDrawnBeforeIt() throws Exception {
    TestPictures pictures = new TestPictures(folder);
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      for (Segment segment : SegmentCutter.cut(TestTimelines.everything(pictures))) {
        List<String> forwards = hashes(renderer, segment, pictures);
        FrameComposer composer = renderer.composer(segment, pictures);
        for (int frame = segment.frames() - 1; frame >= 0; frame--) {
          boolean ignored = composer.draw(frame);
          assertThat(TestTimelines.hash(composer.frame())).isEqualTo(forwards.get(frame));
        }
      }
    }
  }

  @Test
  void aFrameThatShowsNothingNewIsNotDrawnAgain() throws Exception {
    TestPictures pictures = new TestPictures(folder);
    MediaRef card = pictures.plain(270, 480, 0x204060);
    MediaRef word = pictures.raster(40, 20, (x, y) -> 0xFFFFFFFF);
    Timeline timeline =
        new Timeline(
            TestTimelines.CANVAS,
            List.of(new Shot(0, Still.exact(card), Motion.NONE, Transition.CUT)),
            List.of(Overlay.hard(word, 20, 300, 4, 8, 0)),
            12);
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      FrameComposer composer = renderer.composer(SegmentCutter.cut(timeline).get(0), pictures);
      List<Integer> drawn = new ArrayList<>();
      for (int frame = 0; frame < 12; frame++) {
        if (composer.draw(frame)) {
          drawn.add(frame);
        }
      }
      assertThat(drawn).containsExactly(0, 4, 8);
    }
  }

  @Test
  void aDissolveGoesEvenlyFromTheOldColourToTheNew() throws Exception {
    List<Integer> luma = lumaOfTransition(Transition.dissolve(3), 0x000000, 0xFFFFFF);

    assertThat(luma.subList(4, 8)).containsExactly(16 + 55, 16 + 110, 16 + 164, 235);
  }

  @Test
  void aFadeShowsItsColourInTheMiddle() throws Exception {
    List<Integer> luma = lumaOfTransition(Transition.fade(3, 0x000000), 0xFFFFFF, 0xFFFFFF);

    assertThat(luma.subList(3, 8)).containsExactly(235, 126, 16, 126, 235);
  }

  @Test
  void aContainedLandscapePictureKeepsItsWholeWidthAndAtLeast85PercentOfTheCanvas()
      throws Exception {
    TestPictures pictures = new TestPictures(folder);
    // Red rims left and right show whether the picture was cropped.
    MediaRef framed = pictures.opaque(400, 200, (x, y) -> x < 8 || x >= 392 ? 0xFF0000 : 0x00FF00);
    YuvFrame frame = only(pictures, Still.contain(framed, 430));
    int row = (int) (480 * 0.43);
    List<Integer> rims = new ArrayList<>();
    for (int x = 0; x < frame.u().width(); x++) {
      if (frame.v().at(x, row / 2) > 190) {
        rims.add(2 * x);
      }
    }
    assertThat(rims).isNotEmpty();
    assertThat(rims.get(rims.size() - 1) - rims.get(0)).isGreaterThan(270 * 85 / 100);
    assertThat(frame.luma().at(135, 20)).as("the ground is dark").isLessThan(90);
  }

  @Test
  void coverKeepsTheFocusInView() throws Exception {
    TestPictures pictures = new TestPictures(folder);
    MediaRef marked = pictures.opaque(900, 300, (x, y) -> x >= 800 ? 0xFFFFFF : 0x000000);

    YuvFrame right = only(pictures, Still.cover(marked, 900, 500));
    YuvFrame left = only(pictures, Still.cover(marked, 0, 500));

    assertThat(right.luma().at(200, 240)).isGreaterThan(220);
    assertThat(left.luma().at(200, 240)).isLessThan(30);
  }

  private List<Integer> lumaOfTransition(Transition transition, int before, int after)
      throws IOException, StageException {
    TestPictures pictures = new TestPictures(folder);
    Still first = Still.exact(pictures.plain(270, 480, before));
    Still second = Still.exact(pictures.plain(270, 480, after));
    Timeline timeline =
        new Timeline(
            TestTimelines.CANVAS,
            List.of(
                new Shot(0, first, Motion.NONE, Transition.CUT),
                new Shot(4, second, Motion.NONE, transition)),
            List.of(),
            10);
    List<Integer> luma = new ArrayList<>();
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      for (Segment segment : SegmentCutter.cut(timeline)) {
        FrameComposer composer = renderer.composer(segment, pictures);
        for (int frame = 0; frame < segment.frames(); frame++) {
          boolean ignored = composer.draw(frame);
          luma.add(composer.frame().luma().at(100, 100));
        }
      }
    }
    return luma;
  }

  private static YuvFrame only(TestPictures pictures, Still still) throws StageException {
    Timeline timeline =
        new Timeline(
            TestTimelines.CANVAS,
            List.of(new Shot(0, still, Motion.NONE, Transition.CUT)),
            List.of(),
            2);
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      FrameComposer composer = renderer.composer(SegmentCutter.cut(timeline).get(0), pictures);
      boolean ignored = composer.draw(0);
      return composer.frame();
    }
  }

  static List<String> hashes(SegmentRenderer renderer, Segment segment, TestPictures pictures)
      throws StageException {
    Segment received = RecordJson.read(RecordJson.canonical(segment), Segment.class);
    List<String> hashes = new ArrayList<>();
    try (FrameComposer composer = renderer.composer(received, pictures)) {
      for (int frame = 0; frame < segment.frames(); frame++) {
        boolean ignored = composer.draw(frame);
        hashes.add(TestTimelines.hash(composer.frame()));
      }
    }
    return hashes;
  }
}
