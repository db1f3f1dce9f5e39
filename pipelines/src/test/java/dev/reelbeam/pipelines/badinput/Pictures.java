package dev.reelbeam.pipelines.badinput;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;

/** Picture files for tests, good ones and such as lie about themselves. */
final class Pictures {
  private Pictures() {}

  static void photo(Path file, int width, int height) throws IOException {
    photo(file, width, height, 0);
  }

  /** A JPEG of coarse noise that differs from seed to seed. */
  static void photo(Path file, int width, int height, int seed) throws IOException {
    Random random = new Random(seed);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int cell = Math.max(8, width / 12);
    for (int top = 0; top < height; top += cell) {
      for (int left = 0; left < width; left += cell) {
        int rgb = random.nextInt(1 << 24);
        for (int y = top; y < Math.min(height, top + cell); y++) {
          for (int x = left; x < Math.min(width, left + cell); x++) {
            image.setRGB(x, y, rgb);
          }
        }
      }
    }
    if (!ImageIO.write(image, "jpeg", file.toFile())) {
      throw new IOException("no JPEG writer");
    }
  }

  /** A PNG of one bit per pixel that says these sizes and inflates to this many zeros. */
  static void png(Path file, int width, int height, long inflatedBytes) throws IOException {
    try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
      out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
      ByteArrayOutputStream header = new ByteArrayOutputStream();
      DataOutputStream fields = new DataOutputStream(header);
      fields.writeInt(width);
      fields.writeInt(height);
      fields.write(new byte[] {1, 0, 0, 0, 0});
      chunk(out, "IHDR", header.toByteArray());
      ByteArrayOutputStream data = new ByteArrayOutputStream();
      Deflater fast = new Deflater(Deflater.BEST_SPEED);
      try (DeflaterOutputStream deflated = new DeflaterOutputStream(data, fast, 1 << 16)) {
        byte[] zeros = new byte[1 << 16];
        for (long left = inflatedBytes; left > 0; left -= zeros.length) {
          deflated.write(zeros, 0, (int) Math.min(left, zeros.length));
        }
      } finally {
        fast.end();
      }
      chunk(out, "IDAT", data.toByteArray());
      chunk(out, "IEND", new byte[0]);
    }
  }

  private static void chunk(DataOutputStream out, String type, byte[] data) throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    out.writeInt(data.length);
    out.write(name);
    out.write(data);
    out.writeInt((int) crc.getValue());
  }
}
