package dev.reelbeam.media.effect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.media.frame.Plane;
import dev.reelbeam.media.frame.Plate;
import dev.reelbeam.media.frame.Window;
import dev.reelbeam.media.frame.YuvFrame;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WarpTest {

  @Test
  void theWholePlateAtItsOwnSizeIsCopiedExactly() {
    YuvFrame source = noise(102, 66, 1);
    YuvFrame target = new YuvFrame(102, 66);

    resample(source, new Window(0, 0, 102, 66), target);

    for (int plane = 0; plane < 3; plane++) {
      assertSame(source.plane(plane), target.plane(plane), 0);
    }
  }

  @Test
  void halfAPixelToTheRightIsTheMeanOfTwoNeighbours() {
    YuvFrame source = noise(64, 64, 2);
    YuvFrame target = new YuvFrame(62, 64);

    resample(source, new Window(0.5, 0, 62, 64), target);

    for (int y = 0; y < 64; y++) {
      for (int x = 0; x < 62; x++) {
        int mean = (source.luma().at(x, y) + source.luma().at(x + 1, y) + 1) / 2;
        assertThat(target.luma().at(x, y)).isEqualTo(mean);
      }
    }
  }

  /** Widths around multiples of 8, 16 and 64, enlarging and reducing. */
  @ParameterizedTest
  @CsvSource({
    "270, 480, 300.3, 520.7, 12.31, 40.77",
    "130, 66, 200.1, 90.4, 3.3, 0.9",
    "126, 62, 60.5, 31.25, 100.01, 77.7",
    "2, 2, 1.5, 1.5, 5.25, 6.5",
    "1022, 34, 333.3, 600, 0, 0"
  })
  void anyWindowIsWithinOneStepOfTheExactInterpolation(
      int width, int height, double windowWidth, double windowHeight, double left, double top) {
    YuvFrame source = noise(350, 610, 3);
    YuvFrame target = new YuvFrame(width, height);

    resample(source, new Window(left, top, windowWidth, windowHeight), target);

    double stepX = windowWidth / width;
    double stepY = windowHeight / height;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double expected =
            exact(source.luma(), left + (x + 0.5) * stepX - 0.5, top + (y + 0.5) * stepY - 0.5);
        assertThat((double) target.luma().at(x, y)).isBetween(expected - 2.1, expected + 2.1);
      }
    }
    // Chroma lies on even luma columns and between luma rows, in the plate as in the frame.
    for (int y = 0; y < height / 2; y++) {
      for (int x = 0; x < width / 2; x++) {
        double lumaX = left + (2 * x + 0.5) * stepX - 0.5;
        double lumaY = top + (2 * y + 1) * stepY - 0.5;
        double expected = exact(source.v(), lumaX / 2, (lumaY - 0.5) / 2);
        assertThat((double) target.v().at(x, y)).isBetween(expected - 2.1, expected + 2.1);
      }
    }
  }

  @Test
  void aWindowAtTheEdgeRepeatsTheLastPixels() {
    YuvFrame source = noise(64, 64, 4);
    YuvFrame target = new YuvFrame(128, 128);

    resample(source, new Window(0, 0, 64, 64), target);

    assertThat(target.luma().at(127, 127)).isEqualTo(source.luma().at(63, 63));
    assertThat(target.luma().at(0, 0)).isEqualTo(source.luma().at(0, 0));
  }

  private static void resample(YuvFrame source, Window window, YuvFrame target) {
    new Warp(target.width(), target.height())
        .resample(new Plate(source, window, window), window, target);
  }

  private static double exact(Plane plane, double x, double y) {
    double cx = Math.min(plane.width() - 1, Math.max(0, x));
    double cy = Math.min(plane.height() - 1, Math.max(0, y));
    int x0 = (int) cx;
    int y0 = (int) cy;
    int x1 = Math.min(plane.width() - 1, x0 + 1);
    int y1 = Math.min(plane.height() - 1, y0 + 1);
    double fx = cx - x0;
    double fy = cy - y0;
    double upper = plane.at(x0, y0) * (1 - fx) + plane.at(x1, y0) * fx;
    double lower = plane.at(x0, y1) * (1 - fx) + plane.at(x1, y1) * fx;
    return upper * (1 - fy) + lower * fy;
  }

  static YuvFrame noise(int width, int height, long seed) {
    Random random = new Random(seed);
    YuvFrame frame = new YuvFrame(width, height);
    for (int plane = 0; plane < 3; plane++) {
      random.nextBytes(frame.plane(plane).bytes());
    }
    return frame;
  }

  static void assertSame(Plane expected, Plane actual, int tolerance) {
    for (int y = 0; y < expected.height(); y++) {
      for (int x = 0; x < expected.width(); x++) {
        if (Math.abs(expected.at(x, y) - actual.at(x, y)) > tolerance) {
          assertThat(actual.at(x, y)).as("at %d, %d", x, y).isEqualTo(expected.at(x, y));
        }
      }
    }
  }
}
