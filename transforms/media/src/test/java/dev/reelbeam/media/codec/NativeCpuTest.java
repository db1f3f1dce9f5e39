package dev.reelbeam.media.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.media.probe.MediaInspector;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sound is opened with few instructions, process-wide for a moment: whatever else opens a context
 * waits for that moment to pass.
 */
class NativeCpuTest {
  @TempDir Path folder;

  private interface Work {
    void run() throws Exception;
  }

  @Test
  void picturesOfTheVideoLibrariesOpenTheirDecodersAndScalersSteadily() throws Exception {
    byte[] avif;
    try (InputStream in =
        getClass().getResourceAsStream("/dev/reelbeam/media/picture/alpha.avif")) {
      avif = in.readAllBytes();
    }
    int[] size = sizeOf(avif);
    // A decoder and a scaler for the colours, and for the transparency.
    assertThat(opened(() -> PictureStillDecoder.decodeAvif(avif, size[0], size[1], "alpha.avif")))
        .isEqualTo(4);

    ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(256, 256, BufferedImage.TYPE_INT_RGB), "jpeg", jpeg);
    assertThat(
            opened(
                () -> PictureStillDecoder.decodeJpeg(jpeg.toByteArray(), 1, 128, 128, "half.jpg")))
        .isEqualTo(2);
  }

  @Test
  void videosOpenTheirDecodersSteadily() throws Exception {
    Path file = folder.resolve("video.mp4");
    try (VideoEncoder encoder =
        VideoEncoder.open(EncodingSettings.preview(10), new Canvas(64, 64, 10), file)) {
      encoder.encode(new YuvFrame(64, 64));
      encoder.repeat();
      encoder.finish();
    }
    assertThat(opened(() -> VideoFrames.open(file).close())).isEqualTo(1);
    assertThat(opened(() -> assertThat(MediaInspector.inspect(file).video().frames()).isEqualTo(2)))
        .isEqualTo(1);
  }

  /** How many contexts were opened while nobody could change the flags. */
  private static long opened(Work work) throws Exception {
    long before = NativeCpu.steadyOpenings();
    work.run();
    return NativeCpu.steadyOpenings() - before;
  }

  /** From the image's spatial extents. */
  private static int[] sizeOf(byte[] avif) {
    int at = new String(avif, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("ispe") + 8;
    java.nio.ByteBuffer box = java.nio.ByteBuffer.wrap(avif);
    return new int[] {box.getInt(at), box.getInt(at + 4)};
  }
}
