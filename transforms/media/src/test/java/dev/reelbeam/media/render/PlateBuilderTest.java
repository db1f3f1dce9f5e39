package dev.reelbeam.media.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.media.codec.PictureFile;
import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.Motion;
import dev.reelbeam.media.composition.Still;
import dev.reelbeam.media.frame.ColumnPlane;
import dev.reelbeam.media.frame.Plate;
import dev.reelbeam.model.store.MediaRef;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlateBuilderTest {
  private static final Canvas CANVAS = new Canvas(270, 480, 10);

  /** So wide that its pixels are finer than frames can show, and the plate could hold them. */
  private static final int WIDTH = 340;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aContainedPictureHoldsNoFinerDetailThanFramesCanShowCutOutOrNot(boolean cutOut)
      throws Exception {
    TestPictures pictures = new TestPictures(folder);
    MediaRef stripes =
        cutOut
            ? pictures.raster(
                WIDTH, 120, (x, y) -> y < 4 ? 0 : x % 2 == 0 ? 0xFF202020 : 0xFFE0E0E0)
            : pictures.opaque(WIDTH, 120, (x, y) -> x % 2 == 0 ? 0x202020 : 0xE0E0E0);
    Plate plate;
    try (PictureFile picture = PictureFile.open(pictures.localFile(stripes))) {
      Still still = Still.over(stripes, 500, 0x808080);
      plate = PlateBuilder.build(still, Motion.zoom(1000, 1300), CANVAS, picture);
    }

    ColumnPlane luma = plate.luma();
    int row = luma.height() / 2;
    int from = luma.width() / 4;
    int to = luma.width() * 3 / 4;
    double deviation = 0;
    for (int x = from; x < to; x++) {
      deviation += Math.abs(at(luma, x, row) - at(luma, x + 1, row));
    }
    // Enlarged without a limit they would change by 101.
    assertThat(deviation / (to - from)).as("change from column to column").isLessThan(40);
  }

  private static int at(ColumnPlane plane, int x, int y) {
    return plane.columns()[x][y / ColumnPlane.LANES] >> 8 * (y % ColumnPlane.LANES) & 0xFF;
  }
}
