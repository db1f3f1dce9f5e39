package dev.reelbeam.media.picture;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pictures for tests, odd ones among them, made by code. */
final class TestPictures {
  static final int W = 96;
  static final int H = 80;

  private TestPictures() {}

  /** Red, green, blue and yellow quarters: top left, top right, bottom left, bottom right. */
  static BufferedImage quarters() {
    return quarters(W, H);
  }

  static BufferedImage quarters(int w, int h) {
    BufferedImage image = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    Color[] colours = {Color.RED, Color.GREEN, Color.BLUE, Color.YELLOW};
    for (int i = 0; i < 4; i++) {
      g.setColor(colours[i]);
      g.fillRect(i % 2 * (w / 2), i / 2 * (h / 2), w - w / 2, h - h / 2);
    }
    g.dispose();
    return image;
  }

  /** Soft colours, edges aslant and lettering, as a photo has them. */
  static BufferedImage scene(int w, int h) {
    BufferedImage image = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setPaint(new GradientPaint(0, 0, new Color(30, 70, 140), w, h, new Color(230, 180, 90)));
    g.fillRect(0, 0, w, h);
    for (int i = 0; i < 12; i++) {
      g.setColor(Color.getHSBColor(i / 12f, 0.7f, 0.4f + i / 24f));
      g.fillOval(w * i / 13, h * (i * 5 % 12) / 13, w / 7, h / 5);
      g.drawLine(0, h * i / 12, w, h * (11 - i) / 12);
    }
    g.dispose();
    return image;
  }

  static byte[] fixture(String name) {
    try (InputStream in = TestPictures.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] write(String format, BufferedImage image) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, out)) {
        throw new IllegalStateException("no writer for " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static byte[] progressiveJpeg(BufferedImage image) throws IOException {
    return jpeg(new IIOImage(image, null, null), true);
  }

  /** Four stored components, with an Adobe marker of this transform. */
  static byte[] fourComponentJpeg(int[] stored, int transform) throws IOException {
    WritableRaster raster = Raster.createInterleavedRaster(0, W, H, 4, null);
    for (int y = 0; y < H; y++) {
      for (int x = 0; x < W; x++) {
        raster.setPixel(x, y, stored);
      }
    }
    byte[] adobe = {
      (byte) 0xFF, (byte) 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) transform
    };
    return spliced(withoutAdobe(jpeg(new IIOImage(raster, null, null), false)), adobe);
  }

  private static byte[] withoutAdobe(byte[] jpeg) {
    for (int i = 2; i < jpeg.length && jpeg[i + 1] != (byte) 0xDA; ) {
      int length = 2 + Bytes.u16(jpeg, i + 2);
      if (jpeg[i + 1] == (byte) 0xEE) {
        byte[] result = Arrays.copyOf(jpeg, jpeg.length - length);
        System.arraycopy(jpeg, i + length, result, i, jpeg.length - i - length);
        return result;
      }
      i += length;
    }
    return jpeg;
  }

  private static byte[] jpeg(IIOImage image, boolean progressive) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionQuality(0.95f);
      if (progressive) {
        param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
      }
      writer.setOutput(out);
      writer.write(null, image, param);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** A JPEG with a segment right after its first marker. */
  static byte[] spliced(byte[] jpeg, byte[] segment) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(jpeg, 0, 2);
    out.writeBytes(segment);
    out.write(jpeg, 2, jpeg.length - 2);
    return out.toByteArray();
  }

  /**
   * The upright quarters stored the way a camera with this EXIF orientation stores them: where row
   * 0 and column 0 lie follows the table of the EXIF standard.
   */
  static byte[] exifJpeg(int orientation) {
    BufferedImage upright = quarters();
    boolean turned = orientation >= 5;
    BufferedImage stored =
        new BufferedImage(turned ? H : W, turned ? W : H, BufferedImage.TYPE_INT_RGB);
    boolean rowFromFarSide = Arrays.asList(3, 4, 6, 7).contains(orientation);
    boolean columnFromFarSide = Arrays.asList(2, 3, 7, 8).contains(orientation);
    for (int row = 0; row < stored.getHeight(); row++) {
      for (int column = 0; column < stored.getWidth(); column++) {
        int rowSide = turned ? W : H;
        int columnSide = turned ? H : W;
        int along = rowFromFarSide ? rowSide - 1 - row : row;
        int across = columnFromFarSide ? columnSide - 1 - column : column;
        stored.setRGB(
            column, row, turned ? upright.getRGB(along, across) : upright.getRGB(across, along));
      }
    }
    return spliced(write("jpeg", stored), exifSegment(orientation));
  }

  private static byte[] exifSegment(int orientation) {
    byte[] tiff = {
      'I',
      'I',
      42,
      0,
      8,
      0,
      0,
      0,
      1,
      0,
      0x12,
      1,
      3,
      0,
      1,
      0,
      0,
      0,
      (byte) orientation,
      0,
      0,
      0,
      0,
      0,
      0,
      0
    };
    ByteBuffer segment = ByteBuffer.allocate(10 + tiff.length);
    segment.putShort((short) 0xFFE1).putShort((short) (8 + tiff.length));
    segment.put("Exif\0\0".getBytes(StandardCharsets.ISO_8859_1)).put(tiff);
    return segment.array();
  }

  static byte[] iccSegment(byte[] profile) {
    ByteBuffer segment = ByteBuffer.allocate(18 + profile.length);
    segment.putShort((short) 0xFFE2).putShort((short) (16 + profile.length));
    segment.put("ICC_PROFILE\0".getBytes(StandardCharsets.ISO_8859_1)).put((byte) 1).put((byte) 1);
    return segment.put(profile).array();
  }

  /** A matrix profile with the primaries of Display P3 and a gamma of 2.2. */
  static byte[] displayP3() {
    double[][] tags = {
      {0.9642, 1.0, 0.8249},
      {0.51512, 0.24120, -0.00105},
      {0.29198, 0.69225, 0.04189},
      {0.15710, 0.06657, 0.78407}
    };
    String[] names = {"wtpt", "rXYZ", "gXYZ", "bXYZ"};
    int tableBytes = 4 + 12 * 7;
    int dataAt = 128 + tableBytes;
    ByteBuffer out = ByteBuffer.allocate(dataAt + 4 * 20 + 16);
    out.putInt(out.capacity()).putInt(0).putInt(0x02400000);
    out.put("mntrRGB XYZ ".getBytes(StandardCharsets.ISO_8859_1));
    out.position(36);
    out.put("acsp".getBytes(StandardCharsets.ISO_8859_1));
    out.position(68);
    out.putInt(0xF6D6).putInt(0x10000).putInt(0xD32D);
    out.position(128);
    out.putInt(7);
    for (int i = 0; i < 4; i++) {
      out.put(names[i].getBytes(StandardCharsets.ISO_8859_1)).putInt(dataAt + 20 * i).putInt(20);
    }
    for (String curve : new String[] {"rTRC", "gTRC", "bTRC"}) {
      out.put(curve.getBytes(StandardCharsets.ISO_8859_1)).putInt(dataAt + 80).putInt(14);
    }
    for (double[] xyz : tags) {
      out.put("XYZ ".getBytes(StandardCharsets.ISO_8859_1)).putInt(0);
      for (double v : xyz) {
        out.putInt((int) Math.round(v * 65536));
      }
    }
    out.put("curv".getBytes(StandardCharsets.ISO_8859_1)).putInt(0).putInt(1).putShort((short) 563);
    return out.array();
  }

  /** A PNG of any header and any raw rows, valid or not. */
  static byte[] png(int w, int h, int bits, int colourType, byte[] rawRows, byte[]... more) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
    ByteBuffer header = ByteBuffer.allocate(13).putInt(w).putInt(h);
    header.put((byte) bits).put((byte) colourType);
    out.writeBytes(chunk("IHDR", header.array()));
    for (byte[] chunk : more) {
      out.writeBytes(chunk);
    }
    out.writeBytes(chunk("IDAT", deflated(rawRows)));
    out.writeBytes(chunk("IEND", new byte[0]));
    return out.toByteArray();
  }

  static byte[] deflated(byte[] raw) {
    Deflater deflater = new Deflater(9);
    deflater.setInput(raw);
    deflater.finish();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[1 << 16];
    while (!deflater.finished()) {
      out.write(buffer, 0, deflater.deflate(buffer));
    }
    deflater.end();
    return out.toByteArray();
  }

  static byte[] chunk(String type, byte[] data) {
    byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    return ByteBuffer.allocate(12 + data.length)
        .putInt(data.length)
        .put(name)
        .put(data)
        .putInt((int) crc.getValue())
        .array();
  }

  /**
   * Grain and gradients all over, and a bright disc at this place: as near to a photo as it gets.
   */
  static BufferedImage photo(int w, int h, double discX, double discY) {
    Random random = new Random(7);
    BufferedImage image = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
    double radius = Math.min(w, h) * 0.16;
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        double away = Math.hypot(x - discX * w, y - discY * h);
        int grain = (int) (random.nextGaussian() * 5);
        int r = 40 + 50 * x / w + grain;
        int g = 60 + 60 * y / h + grain;
        int b = 90 + 30 * (w - x) / w + grain;
        if (away < radius) {
          double shade = 1 - 0.5 * away / radius;
          r = (int) (240 * shade) + 2 * grain;
          g = (int) (150 * shade) + 2 * grain;
          b = (int) (40 * shade) + 2 * grain;
        }
        image.setRGB(x, y, clamp(r) << 16 | clamp(g) << 8 | clamp(b));
      }
    }
    return image;
  }

  private static int clamp(int v) {
    return Math.max(0, Math.min(255, v));
  }

  /** Rows of letters of five by seven dots, without any font of the machine. */
  static void letters(BufferedImage image, int left, int top, int dotPx, int count, int rgb) {
    // H, E, L, T, I, N, A, F: one number per row of dots.
    int[][] glyphs = {
      {17, 17, 17, 31, 17, 17, 17}, {31, 16, 16, 30, 16, 16, 31}, {16, 16, 16, 16, 16, 16, 31},
      {31, 4, 4, 4, 4, 4, 4}, {14, 4, 4, 4, 4, 4, 14}, {17, 25, 21, 19, 17, 17, 17},
      {14, 17, 17, 31, 17, 17, 17}, {31, 16, 16, 30, 16, 16, 16}
    };
    for (int i = 0; i < count; i++) {
      int[] glyph = glyphs[i * 5 % glyphs.length];
      for (int dot = 0; dot < 35 * dotPx * dotPx; dot++) {
        int x = dot % (5 * dotPx);
        int y = dot / (5 * dotPx);
        if ((glyph[y / dotPx] >> (4 - x / dotPx) & 1) == 1) {
          image.setRGB(left + i * 6 * dotPx + x, top + y, rgb);
        }
      }
    }
  }

  /** An even ground with boxes, a line between them, and labels. */
  static BufferedImage diagram(int w, int h) {
    BufferedImage image = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setColor(new Color(0xFBF3E6));
    g.fillRect(0, 0, w, h);
    g.setColor(new Color(0x2C7A7B));
    g.fillRect(w / 8, h / 3, w / 4, h / 3);
    g.setColor(new Color(0xC05621));
    g.fillRect(w * 5 / 8, h / 3, w / 4, h / 3);
    g.fillRect(w * 3 / 8, h / 2, w / 4, 6);
    g.dispose();
    letters(image, w / 8 + 20, h / 2, 3, 8, 0xFFFFFF);
    letters(image, w * 5 / 8 + 20, h / 2, 3, 9, 0xFFFFFF);
    letters(image, w / 8, h / 8, 4, 14, 0x222222);
    return image;
  }
}
