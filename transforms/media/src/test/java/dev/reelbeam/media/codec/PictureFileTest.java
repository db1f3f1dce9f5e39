package dev.reelbeam.media.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.media.frame.YuvFrame;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureFileTest {
  @TempDir Path folder;

  @Test
  void anAreaOfAJpegIsTheSameWhetherTheRestWasConvertedOrNot() throws Exception {
    Path jpeg = jpeg(waves(640, 480));
    try (PictureFile alone = PictureFile.open(jpeg);
        PictureFile after = PictureFile.open(jpeg)) {
      YuvFrame ignored = after.scaled(0, 0, 640, 480, 640, 480);
      YuvFrame expected = after.scaled(200, 120, 160, 144, 160, 144);
      YuvFrame actual = alone.scaled(200, 120, 160, 144, 160, 144);

      for (int plane = 0; plane < 3; plane++) {
        assertThat(actual.plane(plane).bytes()).isEqualTo(expected.plane(plane).bytes());
      }
    }
  }

  @Test
  void finerDetailThanAskedForIsGoneAndTheRestStays() throws Exception {
    BufferedImage lines = new BufferedImage(400, 400, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 400; y++) {
      for (int x = 0; x < 400; x++) {
        // Left: lines of four pixels, right: black and white.
        boolean white = x < 200 ? x % 4 < 2 : y < 200;
        lines.setRGB(x, y, white ? 0xFFFFFF : 0);
      }
    }
    Path png = folder.resolve("lines.png");
    assertThat(ImageIO.write(lines, "png", png.toFile())).isTrue();

    try (PictureFile picture = PictureFile.open(png)) {
      YuvFrame fine = picture.scaled(0, 0, 400, 400, 300, 300);
      YuvFrame coarse = picture.scaled(0, 0, 400, 400, 150, 150, 300, 300);

      assertThat(span(fine)).isGreaterThan(120);
      assertThat(span(coarse)).isLessThan(60);
      assertThat(coarse.luma().at(250, 50)).isBetween(230, 237);
      assertThat(coarse.luma().at(250, 250)).isBetween(14, 20);
    }
  }

  /** Between the darkest and the lightest sample of the lines, away from their edges. */
  private static int span(YuvFrame frame) {
    int least = 255;
    int most = 0;
    for (int x = 20; x < 130; x++) {
      least = Math.min(least, frame.luma().at(x, 150));
      most = Math.max(most, frame.luma().at(x, 150));
    }
    return most - least;
  }

  private static BufferedImage waves(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int red = 128 + (int) (100 * StrictMath.sin(x / 23.0 + y / 31.0));
        int green = 128 + (int) (80 * StrictMath.cos(x / 17.0 - y / 41.0));
        int blue = (x / 40 + y / 40) % 2 == 0 ? 190 : 70;
        image.setRGB(x, y, red << 16 | green << 8 | blue);
      }
    }
    return image;
  }

  private Path jpeg(BufferedImage image) throws IOException {
    Path file = Files.createTempFile(folder, "picture", ".jpg");
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionQuality(0.95f);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), param);
    } finally {
      writer.dispose();
    }
    return file;
  }
}
