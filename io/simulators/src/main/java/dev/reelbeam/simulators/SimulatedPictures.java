package dev.reelbeam.simulators;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.Polygon;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/**
 * The photographer behind the simulators: a landscape in the colours of the words, grainy like a
 * photograph, without a letter in it. Equal words and sizes give equal pictures.
 */
final class SimulatedPictures {
  private static final int WRONG_WIDTH = 96;
  private static final int WRONG_HEIGHT = 80;

  private SimulatedPictures() {}

  static String base64(String words, int width, int height, String format, @Nullable Fault fault) {
    return Base64.getEncoder().encodeToString(picture(words, width, height, format, fault));
  }

  static byte[] picture(String words, int width, int height, String format, @Nullable Fault fault) {
    if (fault == Fault.NO_PICTURE || fault == Fault.NONSENSE) {
      return "This is not the picture you are looking for.".getBytes(StandardCharsets.UTF_8);
    }
    boolean wrong = fault == Fault.WRONG_SIZE;
    int wide = wrong ? WRONG_WIDTH : width;
    int high = wrong ? WRONG_HEIGHT : height;
    String coded = format.equals("png") ? "png" : "jpg";
    return Negatives.of(
            List.of("picture", words, wide, high, coded),
            () -> List.of(file(draw(words, wide, high, /* grain= */ true), coded)))
        .get(0)
        .clone();
  }

  private static byte[] file(BufferedImage image, String format) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ImageIO.write(image, format, bytes);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static BufferedImage draw(String words, int width, int height, boolean grain) {
    Random random = new Random(words.hashCode() * 31L + 7);
    float hue = random.nextFloat();
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = image.createGraphics();
    canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    canvas.setPaint(
        new GradientPaint(
            0,
            0,
            Color.getHSBColor(hue, 0.55f, 0.55f),
            0,
            height * 0.7f,
            Color.getHSBColor(hue + 0.12f, 0.25f, 0.98f)));
    canvas.fillRect(0, 0, width, height);
    int sun = Math.min(width, height) / 5;
    canvas.setColor(Color.getHSBColor(hue + 0.15f, 0.2f, 1f));
    canvas.fillOval(
        (int) (width * (0.2 + 0.5 * random.nextDouble())),
        (int) (height * (0.12 + 0.2 * random.nextDouble())),
        sun,
        sun);
    for (int layer = 0; layer < 4; layer++) {
      Polygon hills = new Polygon();
      hills.addPoint(0, height);
      double base = height * (0.5 + 0.12 * layer);
      double phase = random.nextDouble() * 6.3;
      for (int x = 0; x <= width + 8; x += 8) {
        double wave =
            Math.sin(phase + 5.0 * x / width) + 0.4 * Math.sin(2.3 * phase + 17.0 * x / width);
        hills.addPoint(x, (int) (base - height * 0.05 * wave));
      }
      hills.addPoint(width, height);
      canvas.setColor(Color.getHSBColor(hue + 0.5f, 0.3f + 0.12f * layer, 0.75f - 0.15f * layer));
      canvas.fillPolygon(hills);
    }
    canvas.dispose();
    if (grain) {
      grain(image, random);
    }
    return image;
  }

  /** Flat colours are taken for a drawing; light on film is never flat. */
  private static void grain(BufferedImage image, Random random) {
    int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    int state = random.nextInt() | 1;
    for (int i = 0; i < pixels.length; i++) {
      // Xorshift (Marsaglia 2003): a picture has millions of grains.
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      int noise = (state & 15) - 7;
      int rgb = pixels[i];
      pixels[i] =
          clamp((rgb >> 16 & 255) + noise) << 16
              | clamp((rgb >> 8 & 255) + noise) << 8
              | clamp((rgb & 255) + noise);
    }
  }

  private static int clamp(int value) {
    return Math.max(0, Math.min(255, value));
  }

  /** Six seconds of something that moves, upright or wide. */
  static byte[] clip(boolean upright, @Nullable Fault fault) {
    if (fault == Fault.NO_PICTURE || fault == Fault.NONSENSE) {
      return picture("", 1, 1, "jpg", fault);
    }
    String name = upright ? "upright.mp4" : "wide.mp4";
    try (InputStream file = SimulatedPictures.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException("this build lacks " + name);
      }
      byte[] whole = file.readAllBytes();
      // The head of a file, which says what it is, and nothing behind it.
      return fault == Fault.CLIP_WITHOUT_FRAMES ? java.util.Arrays.copyOf(whole, 32) : whole;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
