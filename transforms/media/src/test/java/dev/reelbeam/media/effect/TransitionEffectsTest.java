package dev.reelbeam.media.effect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.media.frame.Bt709;
import dev.reelbeam.media.frame.Plate;
import dev.reelbeam.media.frame.Window;
import dev.reelbeam.media.frame.YuvFrame;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TransitionEffectsTest {
  private static final int WIDTH = 102;
  private static final int HEIGHT = 66;

  @Property(tries = 60)
  void aDissolveIsTheWeightedMeanOfEachSample(@ForAll @IntRange(max = 256) int weight) {
    YuvFrame first = WarpTest.noise(WIDTH, HEIGHT, 1);
    YuvFrame second = WarpTest.noise(WIDTH, HEIGHT, 2);
    YuvFrame mixed = new YuvFrame(WIDTH, HEIGHT);
    mixed.copyFrom(first);

    Dissolve.into(mixed, second, weight);

    for (int plane = 0; plane < 3; plane++) {
      for (int x = 0; x < mixed.plane(plane).width(); x++) {
        int a = first.plane(plane).at(x, 7);
        int b = second.plane(plane).at(x, 7);
        assertThat(mixed.plane(plane).at(x, 7))
            .isEqualTo((a * (256 - weight) + b * weight + 128) >> 8);
      }
    }
  }

  @Test
  void aFullFadeIsThePlainColour() {
    YuvFrame frame = WarpTest.noise(WIDTH, HEIGHT, 3);

    FadeColour.into(frame, 0x2060C0, 256);

    assertThat(frame.luma().at(50, 30)).isEqualTo(Bt709.luma(0x20, 0x60, 0xC0));
    assertThat(frame.u().at(20, 10)).isEqualTo(128 + Bt709.blueDifference(0x20, 0x60, 0xC0));
    assertThat(frame.v().at(20, 10)).isEqualTo(128 + Bt709.redDifference(0x20, 0x60, 0xC0));
  }

  @Test
  void aSlideShowsTheRestOfTheOldAndTheBeginningOfTheNew() {
    YuvFrame old = WarpTest.noise(WIDTH, HEIGHT, 4);
    YuvFrame incoming = WarpTest.noise(WIDTH, HEIGHT, 5);
    YuvFrame left = new YuvFrame(WIDTH, HEIGHT);
    left.copyFrom(old);
    YuvFrame up = new YuvFrame(WIDTH, HEIGHT);
    up.copyFrom(old);

    Slide.left(left, incoming, 40);
    Slide.up(up, incoming, 20);

    assertThat(left.luma().at(0, 9)).isEqualTo(old.luma().at(40, 9));
    assertThat(left.luma().at(WIDTH - 40, 9)).isEqualTo(incoming.luma().at(0, 9));
    assertThat(left.v().at(WIDTH / 2 - 20, 9)).isEqualTo(incoming.v().at(0, 9));
    assertThat(up.luma().at(9, 0)).isEqualTo(old.luma().at(9, 20));
    assertThat(up.luma().at(9, HEIGHT - 20)).isEqualTo(incoming.luma().at(9, 0));
    assertThat(up.u().at(9, HEIGHT / 2 - 10)).isEqualTo(incoming.u().at(9, 0));
  }

  @Property(tries = 200)
  void aMoveStaysInsideWhatBothItsEndsShow(
      @ForAll @DoubleRange(max = 30) double left,
      @ForAll @DoubleRange(min = 20, max = 60) double width,
      @ForAll @IntRange(min = 2, max = 400) int frames) {
    YuvFrame pixels = new YuvFrame(100, 100);
    Window from = new Window(left, 5, width, width);
    Window to = new Window(100 - width / 2, 40, width / 2, width / 2);
    Plate plate = new Plate(pixels, from, to);

    double before = -1;
    for (int frame = 0; frame < frames; frame++) {
      Window seen = KenBurns.window(plate, frame, frames);
      assertThat(seen.left()).isGreaterThanOrEqualTo(left - 1e-9);
      assertThat(seen.left() + seen.width()).isLessThanOrEqualTo(100 + 1e-9);
      // Monotone: the camera never turns back.
      assertThat(seen.left()).isGreaterThanOrEqualTo(before);
      before = seen.left();
    }
    assertThat(KenBurns.window(plate, 0, frames)).isEqualTo(from);
    Window last = KenBurns.window(plate, frames - 1, frames);
    assertThat(Math.abs(last.left() - to.left())).isLessThan(1e-9);
  }

  @Test
  void theMoveIsSmoothToAFractionOfAPixel() {
    Plate plate =
        new Plate(new YuvFrame(100, 100), new Window(0, 0, 50, 50), new Window(10, 0, 50, 50));
    double largest = 0;
    double speed = 0;
    for (int frame = 1; frame < 120; frame++) {
      double now =
          KenBurns.window(plate, frame, 120).left() - KenBurns.window(plate, frame - 1, 120).left();
      largest = Math.max(largest, Math.abs(now - speed));
      speed = now;
    }
    assertThat(largest).as("change of speed per frame, pixels").isLessThan(0.005);
  }
}
