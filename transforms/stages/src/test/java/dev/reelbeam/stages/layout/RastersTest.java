package dev.reelbeam.stages.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.fakes.FakeObjectStore;
import dev.reelbeam.model.store.MediaRef;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RastersTest {
  @TempDir Path folder;

  @Test
  void aRasterIsNamedByWhatIsSeenOfIt() {
    Rasters rasters = new Rasters(new FakeObjectStore(folder));
    MediaRef text = rasters.store(raster(BufferedImage.TYPE_INT_ARGB, 0xFF102030, 0x00FFFFFF));

    assertThat(rasters.store(raster(BufferedImage.TYPE_INT_ARGB, 0xFF102030, 0x00000000)))
        .as("colour of what is transparent")
        .isEqualTo(text);
    assertThat(rasters.store(raster(BufferedImage.TYPE_4BYTE_ABGR, 0xFF102030, 0x00000000)))
        .as("order of the bytes in memory")
        .isEqualTo(text);
    assertThat(rasters.store(raster(BufferedImage.TYPE_INT_ARGB, 0xFF102031, 0x00000000)))
        .as("one step of blue")
        .isNotEqualTo(text);
    assertThat(rasters.store(raster(BufferedImage.TYPE_INT_ARGB, 0xFE102030, 0x00000000)))
        .as("one step of opacity")
        .isNotEqualTo(text);
  }

  private static BufferedImage raster(int type, int ink, int ground) {
    BufferedImage image = new BufferedImage(20, 10, type);
    for (int y = 0; y < 10; y++) {
      for (int x = 0; x < 20; x++) {
        image.setRGB(x, y, (x + y) % 3 == 0 ? ink : ground);
      }
    }
    return image;
  }
}
