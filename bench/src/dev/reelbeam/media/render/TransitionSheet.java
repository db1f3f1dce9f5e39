package dev.reelbeam.media.render;

import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.Motion;
import dev.reelbeam.media.composition.Shot;
import dev.reelbeam.media.composition.Still;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.composition.Transition;
import dev.reelbeam.media.composition.TransitionKind;
import dev.reelbeam.media.effect.Direction;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.store.MediaRef;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;

/**
 * Every transition at five moments, drawn by the compositor at full size, and what its frames cost
 * against a plain frame of the same move.
 *
 * <p>Arguments: folder for the sheets, rounds of measuring, pictures (two or more).
 */
public final class TransitionSheet {
  private static final int FRAME_RATE = 30;
  private static final int[] MOMENTS = {15, 35, 50, 65, 85};
  private static final int GAP = 4;
  private static final int TITLE = 22;

  private final Map<String, Path> files = new HashMap<>();

  private TransitionSheet() {}

  public static void main(String[] args) throws Exception {
    TransitionSheet sheet = new TransitionSheet();
    List<MediaRef> pictures = new ArrayList<>();
    for (String name : Arrays.asList(args).subList(2, args.length)) {
      pictures.add(sheet.add(Path.of(name)));
    }
    Path folder = Path.of(args[0]);
    Files.createDirectories(folder);
    sheet.draw(new Canvas(1080, 1920, FRAME_RATE), pictures, 96, folder.resolve("portrait.jpg"));
    sheet.draw(new Canvas(1920, 1080, FRAME_RATE), pictures, 170, folder.resolve("landscape.jpg"));
    sheet.measure(new Canvas(1080, 1920, FRAME_RATE), pictures, Integer.parseInt(args[1]));
  }

  private MediaRef add(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    String sha256 = RecordJson.sha256(bytes);
    files.put(sha256, file);
    return new MediaRef(sha256, bytes.length, "image/jpeg");
  }

  private static List<TransitionKind> kinds() {
    return Arrays.stream(TransitionKind.values()).filter(k -> k != TransitionKind.CUT).toList();
  }

  private Segment segment(Canvas canvas, MediaRef first, MediaRef second, Transition transition) {
    Timeline timeline =
        new Timeline(
            canvas,
            List.of(
                new Shot(0, Still.cover(first, 500, 500), Motion.zoom(1000, 1100), Transition.CUT),
                new Shot(60, Still.cover(second, 500, 500), Motion.zoom(1100, 1000), transition)),
            List.of(),
            120);
    return SegmentCutter.cut(timeline).get(1);
  }

  private static Transition of(TransitionKind kind, Canvas canvas) {
    return new Transition(
        kind,
        kind.usualFrames(canvas.frameRate()),
        Direction.along(canvas.width(), canvas.height()),
        0x14181F);
  }

  private void draw(Canvas canvas, List<MediaRef> pictures, int thumbWidth, Path out)
      throws Exception {
    int thumbHeight = thumbWidth * canvas.height() / canvas.width();
    int columns = 2;
    int block = MOMENTS.length * (thumbWidth + GAP) + 3 * GAP;
    int rows = (kinds().size() + columns - 1) / columns;
    BufferedImage sheet =
        new BufferedImage(
            columns * block, rows * (thumbHeight + TITLE + GAP), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = sheet.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
    graphics.setColor(Color.BLACK);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      for (int i = 0; i < kinds().size(); i++) {
        TransitionKind kind = kinds().get(i);
        int left = i % columns * block + GAP;
        int top = i / columns * (thumbHeight + TITLE + GAP);
        graphics.drawString(kind.id(), left, top + TITLE - 6);
        Transition transition = of(kind, canvas);
        MediaRef first = pictures.get(i % pictures.size());
        MediaRef second = pictures.get((i + 1) % pictures.size());
        FrameComposer composer =
            renderer.composer(
                segment(canvas, first, second, transition), ref -> files.get(ref.sha256()));
        for (int moment = 0; moment < MOMENTS.length; moment++) {
          int frame = Math.round((transition.frames() + 1) * MOMENTS[moment] / 100f) - 1;
          boolean ignored = composer.draw(Math.max(0, frame));
          graphics.drawImage(
              thumb(composer.frame(), thumbWidth, thumbHeight),
              left + moment * (thumbWidth + GAP),
              top + TITLE,
              null);
        }
      }
    }
    graphics.dispose();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpg").next();
    ImageWriteParam param = writer.getDefaultWriteParam();
    param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    param.setCompressionQuality(0.82f);
    Files.deleteIfExists(out);
    try (var stream = ImageIO.createImageOutputStream(out.toFile())) {
      writer.setOutput(stream);
      writer.write(null, new IIOImage(sheet, null, null), param);
    }
    writer.dispose();
    System.out.println("sheet=" + out);
  }

  /** The mean of the pixels that fall on each pixel of the thumb, as RGB. */
  private static BufferedImage thumb(YuvFrame frame, int width, int height) {
    BufferedImage thumb = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double[] sum = new double[3];
        int count = 0;
        for (int v = y * frame.height() / height; v < (y + 1) * frame.height() / height; v++) {
          for (int u = x * frame.width() / width; u < (x + 1) * frame.width() / width; u++) {
            sum[0] += frame.luma().at(u, v);
            sum[1] += frame.u().at(u / 2, v / 2);
            sum[2] += frame.v().at(u / 2, v / 2);
            count++;
          }
        }
        double luma = 255 / 219.0 * (sum[0] / count - 16);
        double blue = 255 / 224.0 * (sum[1] / count - 128);
        double red = 255 / 224.0 * (sum[2] / count - 128);
        int r = level(luma + 1.5748 * red);
        int g = level(luma - 0.1873 * blue - 0.4681 * red);
        int b = level(luma + 1.8556 * blue);
        thumb.setRGB(x, y, r << 16 | g << 8 | b);
      }
    }
    return thumb;
  }

  private static int level(double value) {
    return (int) Math.max(0, Math.min(255, Math.rint(value)));
  }

  /** CPU time of this thread; plain frames are measured again beside every transition. */
  private void measure(Canvas canvas, List<MediaRef> pictures, int rounds) throws Exception {
    var threads = ManagementFactory.getThreadMXBean();
    System.out.println("| transition | ms per frame | plain frames |\n|---|---|---|");
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      for (TransitionKind kind : kinds()) {
        Transition transition = of(kind, canvas);
        Segment segment = segment(canvas, pictures.get(0), pictures.get(1), transition);
        List<Double> effect = new ArrayList<>();
        List<Double> ratio = new ArrayList<>();
        // Two rounds more, for the compiler.
        for (int round = -2; round < rounds; round++) {
          FrameComposer composer = renderer.composer(segment, ref -> files.get(ref.sha256()));
          double[] ms = new double[2];
          for (int part = 0; part < 2; part++) {
            int from = part == 0 ? 0 : transition.frames();
            int to = part == 0 ? transition.frames() : segment.frames() - 10;
            long start = threads.getCurrentThreadCpuTime();
            for (int frame = from; frame < to; frame++) {
              boolean ignored = composer.draw(frame);
            }
            ms[part] = (threads.getCurrentThreadCpuTime() - start) / 1e6 / (to - from);
          }
          if (round >= 0) {
            effect.add(ms[0]);
            ratio.add(ms[0] / ms[1]);
          }
        }
        effect.sort(null);
        ratio.sort(null);
        System.out.printf(
            Locale.ROOT,
            "| %s | %.1f | %.2f |%n",
            kind.id(),
            effect.get(rounds / 2),
            ratio.get(rounds / 2));
      }
    }
  }
}
