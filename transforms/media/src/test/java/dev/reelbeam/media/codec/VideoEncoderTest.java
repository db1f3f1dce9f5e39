package dev.reelbeam.media.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VideoEncoderTest {
  private static final Canvas CANVAS = new Canvas(102, 66, 10);

  @TempDir Path folder;

  @Test
  void framesComeBackByNumberInAnyOrder() throws Exception {
    Path out = folder.resolve("steps.mp4");
    encodeSteps(out, 130, EncodingSettings.preview(10).withCrf(10));

    try (VideoFrames video = VideoFrames.open(out)) {
      assertThat(video.count()).isEqualTo(130);
      for (int number : new int[] {0, 1, 2, 129, 64, 63, 128, 5, 5}) {
        assertThat(video.yuv(number).luma().at(50, 30))
            .as("frame %d", number)
            .isBetween(luma(number) - 1, luma(number) + 1);
      }
    }
  }

  /** Frames that nothing is made from are left out on the way to the one that is wanted. */
  @Test
  void aFrameIsTheSameWhateverWasAskedForBefore() throws Exception {
    Path out = folder.resolve("steps.mp4");
    int frames = 130;
    encodeSteps(out, frames, EncodingSettings.standard(30));
    List<byte[]> inOrder = new ArrayList<>();
    try (VideoFrames video = VideoFrames.open(out)) {
      for (int number = 0; number < frames; number++) {
        inOrder.add(video.yuv(number).luma().bytes().clone());
      }
    }
    try (VideoFrames video = VideoFrames.open(out)) {
      for (int i = 0; i < 2 * frames; i++) {
        int number = i * 37 % frames;
        assertThat(video.yuv(number).luma().bytes())
            .as("frame %d", number)
            .isEqualTo(inOrder.get(number));
      }
      for (int number = 3; number < frames; number += 1 + number % 5) {
        assertThat(video.yuv(number).luma().bytes())
            .as("frame %d", number)
            .isEqualTo(inOrder.get(number));
      }
    }
  }

  @Test
  void aFrameInSrgbHasTheColourThatWasMeant() throws Exception {
    Path out = folder.resolve("white.mp4");
    YuvFrame white = new YuvFrame(102, 66);
    white.luma().fill(235);
    white.u().fill(128);
    white.v().fill(128);
    try (VideoEncoder encoder = VideoEncoder.open(EncodingSettings.standard(10), CANVAS, out)) {
      encoder.encode(white);
      encoder.repeat();
      encoder.finish();
    }
    try (VideoFrames video = VideoFrames.open(out)) {
      List<BufferedImage> images = video.frames(List.of(0, 1));
      assertThat(images).hasSize(2);
      for (BufferedImage image : images) {
        assertThat(image.getWidth()).isEqualTo(102);
        assertThat(image.getRGB(101, 65) & 0xFF).isGreaterThan(251);
      }
    }
  }

  @Test
  void whatHappensToAFrameAfterItWasHandedOverDoesNotMatter() throws Exception {
    Path kept = folder.resolve("kept.mp4");
    Path overwritten = folder.resolve("overwritten.mp4");
    EncodingSettings settings = EncodingSettings.standard(10);
    encodeSteps(kept, 40, settings);
    try (VideoEncoder encoder = VideoEncoder.open(settings, CANVAS, overwritten)) {
      YuvFrame frame = new YuvFrame(102, 66);
      for (int number = 0; number < 40; number++) {
        fill(frame, number);
        encoder.encode(frame);
        frame.luma().fill(255);
        frame.u().fill(0);
      }
      encoder.finish();
    }
    assertThat(Files.mismatch(kept, overwritten)).isEqualTo(-1);
  }

  @Test
  void bytesDoNotDependOnTheCpuThatScalesAndEncodes() throws Exception {
    Path picture = picture();
    YuvFrame fast;
    YuvFrame plain;
    try (PictureFile file = PictureFile.open(picture)) {
      fast = file.scaled(3, 5, 301, 203, 102, 66);
    }
    avutil.av_force_cpu_flags(0);
    try (PictureFile file = PictureFile.open(picture)) {
      plain = file.scaled(3, 5, 301, 203, 102, 66);
    } finally {
      avutil.av_force_cpu_flags(-1);
    }
    for (int plane = 0; plane < 3; plane++) {
      assertThat(plain.plane(plane).bytes()).isEqualTo(fast.plane(plane).bytes());
    }
  }

  @Test
  void scalingIsCloseToTheAreaMeanAndKeepsColour() throws Exception {
    Path picture = folder.resolve("half.png");
    BufferedImage image = new BufferedImage(200, 100, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 100; y++) {
      for (int x = 0; x < 200; x++) {
        image.setRGB(x, y, x < 100 ? 0xC02040 : 0x2060C0);
      }
    }
    assertThat(javax.imageio.ImageIO.write(image, "png", picture.toFile())).isTrue();

    try (PictureFile file = PictureFile.open(picture)) {
      YuvFrame scaled = file.scaled(0, 0, 200, 100, 100, 50);
      assertThat(scaled.luma().at(20, 20))
          .isEqualTo(dev.reelbeam.media.frame.Bt709.luma(0xC0, 0x20, 0x40));
      assertThat(scaled.v().at(10, 10))
          .isBetween(
              127 + dev.reelbeam.media.frame.Bt709.redDifference(0xC0, 0x20, 0x40),
              129 + dev.reelbeam.media.frame.Bt709.redDifference(0xC0, 0x20, 0x40));
      assertThat(file.rgba()).hasSize(200 * 100 * 4).startsWith((byte) 0xC0, (byte) 0x20);
    }
  }

  @Test
  void everyKindOfPngComesBackExactly() throws Exception {
    for (int type :
        new int[] {
          BufferedImage.TYPE_INT_RGB,
          BufferedImage.TYPE_INT_ARGB,
          BufferedImage.TYPE_BYTE_INDEXED,
          BufferedImage.TYPE_BYTE_BINARY
        }) {
      Path file = folder.resolve("type" + type + ".png");
      BufferedImage image = new BufferedImage(101, 33, type);
      for (int y = 0; y < 33; y++) {
        for (int x = 0; x < 101; x++) {
          image.setRGB(x, y, x * 7919 ^ y * 104729 | 0x80000000);
        }
      }
      assertThat(javax.imageio.ImageIO.write(image, "png", file.toFile())).isTrue();
      try (PictureFile picture = PictureFile.open(file)) {
        byte[] rgba = picture.rgba();
        for (int y = 0; y < 33; y++) {
          for (int x = 0; x < 101; x++) {
            int i = 4 * (101 * y + x);
            int argb =
                (rgba[i + 3] & 0xFF) << 24
                    | (rgba[i] & 0xFF) << 16
                    | (rgba[i + 1] & 0xFF) << 8
                    | (rgba[i + 2] & 0xFF);
            assertThat(argb).as("type %d at %d, %d", type, x, y).isEqualTo(image.getRGB(x, y));
          }
        }
      }
    }
  }

  @Test
  void anEncoderThatThisBuildLacksIsNamed() throws Exception {
    assertThat(VideoEncoder.available("libx264")).isTrue();
    assertThat(VideoEncoder.available("no_such_encoder")).isFalse();
  }

  @Test
  void aFileThatIsNoVideoIsUnreadable() throws Exception {
    Path text = Files.writeString(folder.resolve("text.mp4"), "this is no video");

    assertThatThrownBy(() -> VideoFrames.open(text))
        .isInstanceOfSatisfying(
            StageException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.MEDIA_UNREADABLE));
  }

  private Path picture() throws Exception {
    BufferedImage image = new BufferedImage(320, 240, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 240; y++) {
      for (int x = 0; x < 320; x++) {
        image.setRGB(x, y, (x * 7919 ^ y * 104729) & 0xFFFFFF);
      }
    }
    Path file = folder.resolve("noise.jpg");
    assertThat(javax.imageio.ImageIO.write(image, "jpg", file.toFile())).isTrue();
    return file;
  }

  private static void encodeSteps(Path out, int frames, EncodingSettings settings)
      throws StageException {
    try (VideoEncoder encoder = VideoEncoder.open(settings, CANVAS, out)) {
      for (int number = 0; number < frames; number++) {
        YuvFrame frame = new YuvFrame(102, 66);
        fill(frame, number);
        encoder.encode(frame);
      }
      encoder.finish();
    }
  }

  private static void fill(YuvFrame frame, int number) {
    frame.luma().fill(luma(number));
    frame.u().fill(128);
    frame.v().fill(128);
  }

  private static int luma(int number) {
    return 20 + number * 37 % 200;
  }
}
