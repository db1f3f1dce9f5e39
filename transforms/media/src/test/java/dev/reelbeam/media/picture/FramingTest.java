package dev.reelbeam.media.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FramingTest {
  private static PictureFacts facts(
      int w, int h, PictureKind kind, boolean text, int focusX, int focusY, PermilleBox box) {
    return new PictureFacts(
        w,
        h,
        kind,
        text,
        text ? 50 : 0,
        focusX,
        focusY,
        box,
        0,
        500,
        400,
        500,
        0,
        List.of("#102030"),
        "0123456789abcdef",
        List.of());
  }

  private static PictureFacts marked(PictureFacts f, PermilleBox... markings) {
    return new PictureFacts(
        f.width(),
        f.height(),
        f.kind(),
        f.hasText(),
        f.textPermille(),
        f.focusXPermille(),
        f.focusYPermille(),
        f.salientBox(),
        f.skinPermille(),
        f.sharpnessPermille(),
        f.colourfulnessPermille(),
        f.brightnessPermille(),
        f.transparentPermille(),
        f.palette(),
        f.differenceHash(),
        List.of(markings));
  }

  private static PictureFacts photo(int w, int h, PermilleBox box) {
    int x = (box.left() + box.right()) / 2;
    int y = (box.top() + box.bottom()) / 2;
    return facts(w, h, PictureKind.PHOTO, false, x, y, box);
  }

  /** Left, top, right, bottom of the view in permille of the picture, and its zoom. */
  private static double[] view(
      PictureFacts f, int canvasW, int canvasH, double x, double y, double zoom) {
    double scale = Math.max((double) canvasW / f.width(), (double) canvasH / f.height());
    double w = 1000 * canvasW / (scale * zoom / 1000) / f.width();
    double h = 1000 * canvasH / (scale * zoom / 1000) / f.height();
    return new double[] {x - w / 2, y - h / 2, x + w / 2, y + h / 2};
  }

  @Property(tries = 400)
  void everyMoveStaysInsideThePictureAndIsCalm(
      @ForAll @IntRange(min = 700, max = 6000) int w,
      @ForAll @IntRange(min = 700, max = 6000) int h,
      @ForAll @IntRange(min = 0, max = 700) int boxLeft,
      @ForAll @IntRange(min = 0, max = 700) int boxTop,
      @ForAll @IntRange(min = 40, max = 300) int boxSide,
      @ForAll @IntRange(max = 7) int shotIndex,
      @ForAll @IntRange(min = 20, max = 400) int frames,
      @ForAll boolean tall) {
    int canvasW = tall ? 1080 : 1920;
    int canvasH = tall ? 1920 : 1080;
    PermilleBox box = new PermilleBox(boxLeft, boxTop, boxLeft + boxSide, boxTop + boxSide);
    PictureFacts facts = photo(w, h, box);
    FramingChoice choice = Framing.choose(facts, canvasW, canvasH, shotIndex, frames, 30);
    CameraMove m = choice.move();
    if (choice.mode() == FramingMode.CONTAIN_BLUR) {
      assertThat(Math.max(m.fromZoomPermille(), m.toZoomPermille())).isLessThanOrEqualTo(1000);
      assertThat(choice.placeYPermille()).isBetween(300, 500);
      return;
    }
    assertThat(Math.max(m.fromZoomPermille(), m.toZoomPermille())).isBetween(1080, 1180);
    assertThat(Math.min(m.fromZoomPermille(), m.toZoomPermille())).isGreaterThanOrEqualTo(1000);
    double[] from =
        view(facts, canvasW, canvasH, m.fromXPermille(), m.fromYPermille(), m.fromZoomPermille());
    double[] to =
        view(facts, canvasW, canvasH, m.toXPermille(), m.toYPermille(), m.toZoomPermille());
    for (double[] view : new double[][] {from, to}) {
      // A permille of slack for the rounding of the centre.
      assertThat(view[0]).isGreaterThan(-1.01);
      assertThat(view[1]).isGreaterThan(-1.01);
      assertThat(view[2]).isLessThan(1001.01);
      assertThat(view[3]).isLessThan(1001.01);
    }
    double scale = Math.max((double) canvasW / w, (double) canvasH / h) * 1.18;
    double dx = (m.toXPermille() - m.fromXPermille()) * w / 1000.0 * scale;
    double dy = (m.toYPermille() - m.fromYPermille()) * h / 1000.0 * scale;
    double seconds = frames / 30.0;
    double roundingPx = 1.5 * scale * Math.max(w, h) / 1000.0;
    // At the peak of a smoothstep ease.
    assertThat(1.5 * Math.hypot(dx, dy) / seconds)
        .isLessThan(Framing.MAX_PAN_PX_PER_SECOND * 1.1 + 1.5 * roundingPx / seconds);
  }

  @Test
  void aPhotoIsCutAroundWhatMatters() {
    PictureFacts facts = photo(3000, 2000, new PermilleBox(650, 300, 900, 700));
    for (int shot = 0; shot < 4; shot++) {
      FramingChoice choice = Framing.choose(facts, 1080, 1920, shot, 120, 30);
      assertThat(choice.mode()).isEqualTo(FramingMode.COVER);
      CameraMove m = choice.move();
      double[] from =
          view(facts, 1080, 1920, m.fromXPermille(), m.fromYPermille(), m.fromZoomPermille());
      double[] to = view(facts, 1080, 1920, m.toXPermille(), m.toYPermille(), m.toZoomPermille());
      assertThat(Math.min(to[2], 900) - Math.max(to[0], 650)).isGreaterThan(240);
      assertThat(Math.min(from[2], 900) - Math.max(from[0], 650)).isGreaterThan(200);
    }
  }

  @Test
  void captionsKeepClearOfADisplay() {
    PictureFacts scale = photo(2560, 1440, new PermilleBox(330, 270, 680, 700));
    PermilleBox display = new PermilleBox(400, 625, 608, 695);
    for (int shot = 0; shot < 4; shot++) {
      CameraMove m = Framing.choose(marked(scale, display), 1080, 1920, shot, 90, 30).move();
      double[] from =
          view(scale, 1080, 1920, m.fromXPermille(), m.fromYPermille(), m.fromZoomPermille());
      double[] to = view(scale, 1080, 1920, m.toXPermille(), m.toYPermille(), m.toZoomPermille());
      for (double[] view : new double[][] {from, to}) {
        double shownTop = (display.top() - view[1]) / (view[3] - view[1]);
        assertThat(shownTop).isBetween(0.72, 0.9);
        assertThat(view[1]).isGreaterThan(-1.01);
      }
      assertThat(m.fromZoomPermille()).isNotEqualTo(m.toZoomPermille());
    }
    // On a wide canvas captions run along the lower edge: nothing changes.
    assertThat(Framing.choose(marked(scale, display), 1920, 1080, 0, 90, 30))
        .isEqualTo(Framing.choose(scale, 1920, 1080, 0, 90, 30));
  }

  @Property(tries = 200)
  void noMarkingIsUnderTheCaptionsForAPart(
      @ForAll @IntRange(min = 1200, max = 4000) int w,
      @ForAll @IntRange(min = 1200, max = 4000) int h,
      @ForAll @IntRange(min = 0, max = 900) int top,
      @ForAll @IntRange(min = 0, max = 900) int otherTop,
      @ForAll @IntRange(max = 3) int shot) {
    PictureFacts plain = photo(w, h, new PermilleBox(400, 350, 600, 650));
    PermilleBox marking = new PermilleBox(450, top, 550, top + 50);
    PermilleBox other = new PermilleBox(460, otherTop, 540, otherTop + 30);
    FramingChoice choice = Framing.choose(marked(plain, marking, other), 1080, 1920, shot, 90, 30);
    if (choice.equals(Framing.choose(plain, 1080, 1920, shot, 90, 30))) {
      return; // Nothing in the way, or nothing to be done.
    }
    CameraMove m = choice.move();
    double[] from =
        view(plain, 1080, 1920, m.fromXPermille(), m.fromYPermille(), m.fromZoomPermille());
    double[] to = view(plain, 1080, 1920, m.toXPermille(), m.toYPermille(), m.toZoomPermille());
    for (PermilleBox box : List.of(marking, other)) {
      assertThat(isAbove(box, from)).isEqualTo(isAbove(box, to));
      assertThat(isAbove(box, from) || isBelow(box, from)).isTrue();
      assertThat(isAbove(box, to) || isBelow(box, to)).isTrue();
    }
  }

  private static boolean isAbove(PermilleBox box, double[] view) {
    return (box.bottom() - view[1]) / (view[3] - view[1]) < 0.592;
  }

  private static boolean isBelow(PermilleBox box, double[] view) {
    return (box.top() - view[1]) / (view[3] - view[1]) > 0.723;
  }

  @Test
  void headsAreKeptWhenPeopleDoNotFit() {
    PermilleBox body = new PermilleBox(300, 150, 700, 850);
    PictureFacts p = photo(2000, 2400, body);
    PictureFacts person =
        new PictureFacts(
            p.width(),
            p.height(),
            p.kind(),
            false,
            0,
            500,
            500,
            body,
            120,
            500,
            400,
            500,
            0,
            p.palette(),
            p.differenceHash(),
            List.of());
    FramingChoice choice = Framing.choose(person, 1920, 1080);
    assertThat(choice.mode()).isEqualTo(FramingMode.COVER);
    CameraMove m = choice.move();
    double[] end = view(person, 1920, 1080, m.toXPermille(), m.toYPermille(), m.toZoomPermille());
    assertThat(end[1]).isLessThanOrEqualTo(151);
  }

  @Test
  void textIsNeverCut() {
    for (PictureKind kind : PictureKind.values()) {
      for (int[] size : new int[][] {{2000, 1125}, {1200, 1600}, {3000, 900}, {1080, 1920}}) {
        PictureFacts facts = facts(size[0], size[1], kind, true, 500, 500, PermilleBox.WHOLE);
        for (int shot = 0; shot < 4; shot++) {
          FramingChoice choice = Framing.choose(facts, 1080, 1920, shot, 120, 30);
          assertThat(choice.mode()).isEqualTo(FramingMode.CONTAIN_BLUR);
          CameraMove m = choice.move();
          assertThat(Math.max(m.fromZoomPermille(), m.toZoomPermille())).isLessThanOrEqualTo(1000);
          assertThat(Math.abs(m.fromZoomPermille() - m.toZoomPermille())).isLessThanOrEqualTo(30);
        }
      }
    }
  }

  @Test
  void drawingsAreShownWholeAlmostAcrossTheCanvasAndAboveTheCaptions() {
    PictureFacts diagram =
        facts(2000, 1125, PictureKind.DIAGRAM, false, 500, 500, PermilleBox.WHOLE);
    FramingChoice choice = Framing.choose(diagram, 1080, 1920);
    assertThat(choice.mode()).isEqualTo(FramingMode.CONTAIN_BLUR);
    assertThat(choice.move().fromZoomPermille()).isGreaterThanOrEqualTo(850);
    double heightShare = 1080.0 / 2000 * 1125 / 1920;
    assertThat(choice.placeYPermille() / 1000.0 + heightShare / 2).isLessThan(0.6);
    assertThat(Framing.choose(diagram, 1920, 1080).placeYPermille()).isEqualTo(500);
  }

  @Test
  void aPhotoThatWouldLoseTooMuchIsShownWhole() {
    PictureFacts group = photo(3000, 2000, new PermilleBox(50, 300, 950, 700));
    assertThat(Framing.choose(group, 1080, 1920).mode()).isEqualTo(FramingMode.CONTAIN_BLUR);
    assertThat(Framing.choose(group, 1920, 1080).mode()).isEqualTo(FramingMode.COVER);
    PictureFacts panorama = photo(4000, 1000, new PermilleBox(480, 300, 520, 700));
    assertThat(Framing.choose(panorama, 1080, 1920).mode()).isEqualTo(FramingMode.CONTAIN_BLUR);
    PictureFacts tiny = photo(320, 240, new PermilleBox(400, 400, 600, 600));
    FramingChoice small = Framing.choose(tiny, 1080, 1920);
    assertThat(small.mode()).isEqualTo(FramingMode.CONTAIN_BLUR);
    assertThat(small.move().toZoomPermille() / 1000.0 * 1080 / 320).isLessThanOrEqualTo(2.01);
  }

  @Test
  void directionsAlternate() {
    PictureFacts facts = photo(3000, 2000, new PermilleBox(400, 300, 600, 700));
    CameraMove in = Framing.choose(facts, 1080, 1920, 0, 120, 30).move();
    CameraMove fromLeft = Framing.choose(facts, 1080, 1920, 1, 120, 30).move();
    CameraMove out = Framing.choose(facts, 1080, 1920, 2, 120, 30).move();
    CameraMove fromRight = Framing.choose(facts, 1080, 1920, 3, 120, 30).move();
    assertThat(in.toZoomPermille()).isGreaterThan(in.fromZoomPermille());
    assertThat(out.toZoomPermille()).isLessThan(out.fromZoomPermille());
    assertThat(fromLeft.fromXPermille()).isLessThan(fromLeft.toXPermille());
    assertThat(fromRight.fromXPermille()).isGreaterThan(fromRight.toXPermille());
  }
}
