package dev.reelbeam.media.thumbnail;

import dev.reelbeam.media.text.Colours;
import dev.reelbeam.media.text.FontBook;
import dev.reelbeam.media.text.FontWeight;
import dev.reelbeam.media.text.Rasters;
import dev.reelbeam.media.text.TextBlock;
import dev.reelbeam.media.text.TextBlock.Align;
import dev.reelbeam.media.text.TextBlock.Limits;
import dev.reelbeam.media.text.TextStyle;
import dev.reelbeam.model.video.Brand;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Draws the still that stands for a video: a picture, and three to six words of heavy type.
 *
 * <p>Type is 90-140 px, in at most two lines (16:9) or three (9:16), with an outline that gives it
 * contrast over anything, and stays away from the lower right corner, where platforms put the
 * duration. Equal input gives equal pixels. Safe for use by several threads.
 */
public final class ThumbnailRenderer {
  /** The largest file that YouTube takes for a thumbnail. */
  public static final int MAX_BYTES = 2_000_000;

  public static final int LANDSCAPE_WIDTH = 1280;
  public static final int LANDSCAPE_HEIGHT = 720;
  public static final int VERTICAL_WIDTH = 1080;
  public static final int VERTICAL_HEIGHT = 1920;

  private static final double MIN_TYPE_PX = 90;
  private static final double MAX_TYPE_PX = 140;

  private final FontBook fonts;
  private final Brand brand;

  public ThumbnailRenderer(FontBook fonts, Brand brand) {
    this.fonts = fonts;
    this.brand = brand;
  }

  /** Three to six words of a title that still make sense; a title that short is kept as it is. */
  public static String shortTitle(String title) {
    return ShortTitle.of(title);
  }

  /**
   * A 1280x720 picture.
   *
   * @param hero null: the brand's colours
   * @param focusX what matters in the hero, 0 left to 1 right
   * @param focusY what matters in the hero, 0 top to 1 bottom
   */
  public BufferedImage landscape(
      @Nullable BufferedImage hero, double focusX, double focusY, String title) {
    return draw(hero, focusX, focusY, title, LANDSCAPE_WIDTH, LANDSCAPE_HEIGHT);
  }

  /** A 1080x1920 picture. */
  public BufferedImage vertical(
      @Nullable BufferedImage hero, double focusX, double focusY, String title) {
    return draw(hero, focusX, focusY, title, VERTICAL_WIDTH, VERTICAL_HEIGHT);
  }

  private BufferedImage draw(
      @Nullable BufferedImage hero, double focusX, double focusY, String title, int w, int h) {
    BufferedImage image = Rasters.opaque(w, h);
    Graphics2D g = Rasters.pen(image);
    boolean vertical = h > w;
    if (hero != null) {
      Rasters.cover(g, hero, w, h, focusX, focusY);
      enliven(image);
    } else {
      plain(image);
    }
    String words = fonts.clean(shortTitle(title));
    boolean rtl = FontBook.startsRightToLeft(words);
    double margin = vertical ? 80 : 64;
    double column = vertical ? w - 2 * margin - 60 : w * 0.8;
    int maxLines = vertical ? 3 : 2;
    TextStyle style = new TextStyle(brand.headingFont(), FontWeight.EXTRABOLD, 10, -0.015f);
    TextBlock block =
        TextBlock.fit(
            fonts, words, style, new Limits(MIN_TYPE_PX, MAX_TYPE_PX, column, h, maxLines), 1.1);
    double total = block.capTopToBaseline();
    // 16:9: lower left, above the badge's corner. 9:16: where the grid of a profile still shows it.
    double top = vertical ? h * 0.64 - total : h - 84 - total;
    double left = rtl ? w - margin - column : margin;
    shade(image, rtl, vertical, top - 70, top + total + 90);
    bar(g, block, left, top - (vertical ? 64 : 52), column, rtl);
    type(g, image, block, left, top, column);
    g.dispose();
    return image;
  }

  /** A little more contrast and colour: a thumbnail competes with its neighbours. */
  private static void enliven(BufferedImage image) {
    int[] pixels = Rasters.pixels(image);
    for (int i = 0; i < pixels.length; i++) {
      int p = pixels[i];
      int r = (p >> 16) & 0xff;
      int g = (p >> 8) & 0xff;
      int b = p & 0xff;
      int grey = (54 * r + 183 * g + 19 * b) >> 8;
      pixels[i] = vivid(r, grey) << 16 | vivid(g, grey) << 8 | vivid(b, grey);
    }
  }

  /** Saturation by 14 %, contrast around the middle by 8 %, in whole numbers. */
  private static int vivid(int channel, int grey) {
    int saturated = grey + (channel - grey) * 114 / 100;
    int value = 128 + (saturated - 128) * 108 / 100;
    return Math.min(255, Math.max(0, value));
  }

  private void plain(BufferedImage image) {
    int w = image.getWidth();
    int h = image.getHeight();
    int from = Colours.parse(brand.surface());
    int to = Colours.parse(brand.background());
    int light = Colours.mix(from, Colours.parse(brand.highlight()), 0.5);
    int[] pixels = Rasters.pixels(image);
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        double t = (double) (x + y) / (w + h);
        double dx = (x - w * 0.85) / w;
        double dy = (y - h * 0.15) / w;
        double glow = Math.max(0, 1 - Math.sqrt(dx * dx + dy * dy) / 0.8);
        pixels[y * w + x] = Colours.mix(Colours.mix(from, to, t), light, 0.75 * glow * glow);
      }
    }
  }

  /** Darkens the side that the type stands on; the rest of the picture keeps its light. */
  private static void shade(
      BufferedImage image, boolean rtl, boolean vertical, double top, double bottom) {
    int w = image.getWidth();
    int h = image.getHeight();
    int[] pixels = Rasters.pixels(image);
    double fade = vertical ? 420 : 300;
    for (int y = 0; y < h; y++) {
      double outside = y < top ? top - y : y > bottom && vertical ? y - bottom : 0;
      double down = Math.max(0, 1 - outside / fade);
      down = down * down * (3 - 2 * down);
      for (int x = 0; x < w; x++) {
        double side = (double) (rtl ? w - x : x) / w;
        double across = vertical ? 1 : 1 - 0.55 * side;
        pixels[y * w + x] =
            Colours.mix(pixels[y * w + x] & 0xffffff, Colours.INK, 0.68 * down * across);
      }
    }
  }

  private void bar(
      Graphics2D g, TextBlock block, double left, double y, double column, boolean rtl) {
    if (block.lines().isEmpty()) {
      return;
    }
    double w = 150;
    g.setColor(new Color(Colours.parse(brand.accent())));
    g.fill(new RoundRectangle2D.Double(rtl ? left + column - w : left, y, w, 16, 16, 16));
  }

  private void type(
      Graphics2D g, BufferedImage image, TextBlock block, double left, double top, double column) {
    if (block.lines().isEmpty()) {
      return;
    }
    Shape all = block.outline(left, top, column, Align.START);
    float outline = block.style().sizePx() * 0.07f;
    BufferedImage shadow = Rasters.transparent(image.getWidth(), image.getHeight());
    Graphics2D s = Rasters.pen(shadow);
    s.translate(0, 5);
    s.fill(all);
    s.setStroke(new BasicStroke(2 * outline, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    s.draw(all);
    s.dispose();
    Rasters.toShadow(shadow, Colours.INK, 0.7, 9);
    g.drawImage(shadow, 0, 0, null);
    g.setColor(new Color(Colours.INK));
    g.setStroke(new BasicStroke(2 * outline, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    g.draw(all);
    int strong = block.lines().size() - 1;
    int accent = Colours.ensureContrast(Colours.parse(brand.accent()), Colours.INK, 4.5);
    for (int i = 0; i < block.lines().size(); i++) {
      g.setColor(new Color(i == strong && i > 0 ? accent : Colours.WHITE));
      g.fill(
          block
              .lines()
              .get(i)
              .outline(block.lineX(i, left, column, Align.START), block.baseline(i, top)));
    }
  }

  /**
   * A JPEG file of at most {@link #MAX_BYTES}: the best quality that stays below.
   *
   * @throws IOException when even the lowest quality is larger
   */
  public static byte[] jpeg(BufferedImage image) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try {
      for (float quality = 0.92f; quality > 0.05f; quality -= 0.08f) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriteParam settings = writer.getDefaultWriteParam();
        settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        settings.setCompressionQuality(quality);
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
          writer.setOutput(out);
          writer.write(null, new IIOImage(Rasters.asRgb(image), null, null), settings);
        }
        if (bytes.size() <= MAX_BYTES) {
          return bytes.toByteArray();
        }
      }
    } finally {
      writer.dispose();
    }
    throw new IOException("the picture does not fit into " + MAX_BYTES + " bytes");
  }
}
