package dev.reelbeam.media.effect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.media.frame.Bt709;
import dev.reelbeam.media.frame.OverlayRaster;
import dev.reelbeam.media.frame.Plane;
import dev.reelbeam.media.frame.YuvFrame;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlendOverlayTest {
  private static final int WIDTH = 90;
  private static final int HEIGHT = 70;

  /** Blending at full resolution and then reducing the colour is what the planes must show. */
  @ParameterizedTest
  @CsvSource({
    "10, 10, 256",
    "11, 10, 256",
    "10, 11, 256",
    "11, 11, 130",
    "-7, -5, 256",
    "-8, 50, 200",
    "70, 55, 256",
    "69, 54, 77"
  })
  void chromaIsWhatFullResolutionBlendingWouldGive(int x, int y, int opacity) {
    int width = 37;
    int height = 29;
    byte[] rgba = randomRaster(width, height);
    YuvFrame frame = plain(120, 90, 160);
    OverlayRaster raster = OverlayRaster.of(rgba, width, height, x & 1, y & 1);

    BlendOverlay.over(frame, raster, x, y, opacity);

    double[][] luma = new double[HEIGHT][WIDTH];
    double[][] red = new double[HEIGHT][WIDTH];
    for (int row = 0; row < HEIGHT; row++) {
      for (int column = 0; column < WIDTH; column++) {
        int rx = column - x;
        int ry = row - y;
        double alpha = 0;
        double overLuma = 0;
        double overRed = 0;
        if (rx >= 0 && rx < width && ry >= 0 && ry < height) {
          int i = (ry * width + rx) * 4;
          alpha = (rgba[i + 3] & 0xFF) / 255.0 * opacity / 256;
          overLuma = Bt709.luma(rgba[i] & 0xFF, rgba[i + 1] & 0xFF, rgba[i + 2] & 0xFF);
          overRed =
              128 + Bt709.redDifference(rgba[i] & 0xFF, rgba[i + 1] & 0xFF, rgba[i + 2] & 0xFF);
        }
        luma[row][column] = 120 * (1 - alpha) + overLuma * alpha;
        red[row][column] = 160 * (1 - alpha) + overRed * alpha;
      }
    }
    for (int row = 0; row < HEIGHT; row++) {
      for (int column = 0; column < WIDTH; column++) {
        assertThat((double) frame.luma().at(column, row))
            .isBetween(luma[row][column] - 1.2, luma[row][column] + 1.2);
      }
    }
    // Beyond the left edge of the frame the raster goes on, which this reference does not know.
    for (int row = 0; row < HEIGHT / 2; row++) {
      for (int column = 1; column < WIDTH / 2; column++) {
        double expected = 0;
        for (int dy = 0; dy < 2; dy++) {
          for (int dx = -1; dx <= 1; dx++) {
            int at = Math.min(WIDTH - 1, 2 * column + dx);
            expected += red[2 * row + dy][at] * (dx == 0 ? 2 : 1) / 8;
          }
        }
        assertThat((double) frame.v().at(column, row)).isBetween(expected - 1.6, expected + 1.6);
      }
    }
  }

  @Test
  void aGreyRasterLeavesNoColouredRim() {
    // White text, black outline, on grey: every chroma sample stays neutral.
    byte[] rgba = randomRaster(41, 33);
    for (int i = 0; i < rgba.length; i += 4) {
      rgba[i + 1] = rgba[i];
      rgba[i + 2] = rgba[i];
    }
    YuvFrame frame = plain(100, 128, 128);

    BlendOverlay.over(frame, OverlayRaster.of(rgba, 41, 33, 1, 1), 21, 17, 201);

    WarpTest.assertSame(plain(0, 128, 128).u(), frame.u(), 0);
    WarpTest.assertSame(plain(0, 128, 128).v(), frame.v(), 0);
  }

  @Test
  void aTransparentRasterChangesNothing() {
    YuvFrame frame = WarpTest.noise(WIDTH, HEIGHT, 5);
    YuvFrame before = new YuvFrame(WIDTH, HEIGHT);
    before.copyFrom(frame);

    BlendOverlay.over(frame, OverlayRaster.of(new byte[40 * 30 * 4], 40, 30, 0, 0), 4, 4, 256);

    for (int plane = 0; plane < 3; plane++) {
      WarpTest.assertSame(before.plane(plane), frame.plane(plane), 0);
    }
  }

  @Test
  void aRasterOutsideTheFrameIsLeftOut() {
    YuvFrame frame = plain(120, 128, 128);
    OverlayRaster raster = OverlayRaster.of(randomRaster(20, 20), 20, 20, 0, 0);

    BlendOverlay.over(frame, raster, WIDTH + 10, 0, 256);
    BlendOverlay.over(frame, raster, 0, HEIGHT + 2, 256);
    BlendOverlay.over(frame, raster, -40, -40, 256);

    WarpTest.assertSame(plain(120, 128, 128).luma(), frame.luma(), 0);
  }

  @Test
  void aRasterOfTheOtherParityIsRefused() {
    OverlayRaster even = OverlayRaster.of(randomRaster(8, 8), 8, 8, 0, 0);

    assertThatThrownBy(() -> BlendOverlay.over(plain(120, 128, 128), even, 3, 2, 256))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static YuvFrame plain(int luma, int u, int v) {
    YuvFrame frame = new YuvFrame(WIDTH, HEIGHT);
    fill(frame.luma(), luma);
    fill(frame.u(), u);
    fill(frame.v(), v);
    return frame;
  }

  private static void fill(Plane plane, int value) {
    plane.fill(value);
  }

  private static byte[] randomRaster(int width, int height) {
    byte[] rgba = new byte[width * height * 4];
    Random random = new Random(9);
    random.nextBytes(rgba);
    for (int i = 3; i < rgba.length; i += 4) {
      int choice = random.nextInt(4);
      rgba[i] = choice == 0 ? 0 : choice == 1 ? (byte) 255 : rgba[i];
    }
    return rgba;
  }
}
