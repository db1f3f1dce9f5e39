package dev.reelbeam.media.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.media.codec.VideoFrames;
import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.composition.Motion;
import dev.reelbeam.media.composition.Overlay;
import dev.reelbeam.media.composition.Shot;
import dev.reelbeam.media.composition.Still;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.composition.Transition;
import dev.reelbeam.media.frame.Plane;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.store.MediaRef;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A colour of a picture comes out of the finished video as the standard says: sRGB's red, green and
 * blue are BT.709's, luma and chroma are those of BT.709-6, item 3, in limited range.
 */
class ColourPatchTest {
  private static final Canvas CANVAS = new Canvas(240, 320, 10);
  private static final int COLUMNS = 3;
  private static final int ROWS = 4;

  /** Greys, primaries, their complements, skin and sky. */
  private static final int[] PATCHES = {
    0x000000, 0x808080, 0xFFFFFF, 0xFF0000, 0x00FF00, 0x0000FF, 0x00FFFF, 0xFF00FF, 0xFFFF00,
    0xC68863, 0x5B8FD0, 0x2E5339,
  };

  @TempDir Path folder;

  private static int patch(int x, int y) {
    return PATCHES[y * ROWS / CANVAS.height() * COLUMNS + x * COLUMNS / CANVAS.width()];
  }

  @Test
  void patchesOfPhotosPicturesAndOverlaysComeOutInTheirColours() throws Exception {
    TestPictures pictures = new TestPictures(folder);
    MediaRef png =
        pictures.opaque(CANVAS.width(), CANVAS.height(), (x, y) -> patch(x, y) & 0xFFFFFF);
    MediaRef jpeg = jpeg(pictures);
    MediaRef grey = pictures.plain(CANVAS.width(), CANVAS.height(), 0x7F7F7F);
    MediaRef overlay =
        pictures.raster(CANVAS.width(), CANVAS.height(), (x, y) -> 0xFF000000 | patch(x, y));
    Timeline timeline =
        new Timeline(
            CANVAS,
            List.of(
                new Shot(0, Still.exact(png), Motion.NONE, Transition.CUT),
                new Shot(4, Still.cover(png, 500, 500), Motion.zoom(1000, 1010), Transition.CUT),
                new Shot(8, Still.cover(jpeg, 500, 500), Motion.zoom(1000, 1010), Transition.CUT),
                new Shot(12, Still.exact(grey), Motion.NONE, Transition.CUT)),
            List.of(Overlay.hard(overlay, 0, 0, 12, 16, 1)),
            16);
    // Nearly without loss: what is measured is the conversion, not the encoder.
    EncodingSettings settings = EncodingSettings.best(CANVAS.frameRate()).withCrf(2);
    int frame = 0;
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      for (Segment segment : SegmentCutter.cut(timeline)) {
        Path out = folder.resolve("segment" + frame + ".mp4");
        renderer.render(segment, settings, pictures, out, FrameListener.NONE);
        try (VideoFrames video = VideoFrames.open(out)) {
          for (int i = 0; i < segment.frames(); i++, frame++) {
            assertPatches(video.yuv(i), frame);
          }
        }
      }
    }
    assertThat(frame).isEqualTo(16);
  }

  private static void assertPatches(YuvFrame shown, int frame) {
    for (int row = 0; row < ROWS; row++) {
      for (int column = 0; column < COLUMNS; column++) {
        int x = (2 * column + 1) * CANVAS.width() / (2 * COLUMNS);
        int y = (2 * row + 1) * CANVAS.height() / (2 * ROWS);
        int rgb = PATCHES[row * COLUMNS + column];
        double r = (rgb >> 16 & 0xFF) / 255.0;
        double g = (rgb >> 8 & 0xFF) / 255.0;
        double b = (rgb & 0xFF) / 255.0;
        double luma = 0.2126 * r + 0.7152 * g + 0.0722 * b;
        String where = String.format("frame %d, patch %06X, ", frame, rgb);
        assertNear(where + "Y", shown.luma(), x, y, 16 + 219 * luma);
        assertNear(where + "Cb", shown.u(), x / 2, y / 2, 128 + 224 * (b - luma) / 1.8556);
        assertNear(where + "Cr", shown.v(), x / 2, y / 2, 128 + 224 * (r - luma) / 1.5748);
      }
    }
  }

  private static void assertNear(String what, Plane plane, int x, int y, double wanted) {
    int got = plane.bytes()[y * plane.stride() + x] & 0xFF;
    assertThat((double) got).as(what).isBetween(wanted - 2.5, wanted + 2.5);
  }

  private MediaRef jpeg(TestPictures pictures) throws Exception {
    BufferedImage image =
        new BufferedImage(CANVAS.width(), CANVAS.height(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < CANVAS.height(); y++) {
      for (int x = 0; x < CANVAS.width(); x++) {
        image.setRGB(x, y, patch(x, y));
      }
    }
    Path file = folder.resolve("patches.jpg");
    ImageIO.write(image, "jpg", file.toFile());
    return pictures.add(file, "image/jpeg");
  }
}
