package dev.reelbeam.media.render;

import dev.reelbeam.clients.store.FileObjectStore;
import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.Motion;
import dev.reelbeam.media.composition.Shot;
import dev.reelbeam.media.composition.Still;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.composition.Transition;
import dev.reelbeam.media.effect.KenBurns;
import dev.reelbeam.media.effect.Warp;
import dev.reelbeam.media.frame.Plate;
import dev.reelbeam.media.frame.Window;
import dev.reelbeam.media.frame.YuvFrame;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * Draws what becomes of a zone plate in the middle of a zoom: on the left as videos show it, on the
 * right its own pixels sampled bilinearly. The rings of the picture grow from nothing in the middle
 * to twice what a frame can show at the top and the bottom; rings that are seen around any other
 * middle are moire.
 *
 * <p>Arguments: a work folder and the PNG.
 */
public final class ZonePlate {
  private static final Canvas CANVAS = new Canvas(270, 480, 10);
  private static final int FRAMES = 24;
  private static final int SHOWN = 12;
  private static final int WIDTH = 810;
  private static final int HEIGHT = 1440;

  private ZonePlate() {}

  public static void main(String[] args) throws Exception {
    BufferedImage rings = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    YuvFrame pixels = new YuvFrame(WIDTH, HEIGHT);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        double dx = x + 0.5 - WIDTH / 2.0;
        double dy = y + 0.5 - HEIGHT / 2.0;
        int grey =
            (int) Math.rint(127.5 + 110 * Math.cos(Math.PI * (dx * dx + dy * dy) / HEIGHT));
        rings.setRGB(x, y, grey * 0x010101);
        pixels.luma().set(x, y, 16 + grey * 219 / 255);
      }
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(rings, "png", png);
    FileObjectStore store = new FileObjectStore(Files.createDirectories(Path.of(args[0])));
    Still still = Still.cover(store.put(png.toByteArray(), "image/png"), 500, 500);
    Timeline timeline =
        new Timeline(
            CANVAS,
            List.of(new Shot(0, still, Motion.zoom(1000, 1120), Transition.CUT)),
            List.of(),
            FRAMES);
    BufferedImage sheet =
        new BufferedImage(2 * CANVAS.width(), CANVAS.height(), BufferedImage.TYPE_BYTE_GRAY);
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      FrameComposer composer =
          renderer.composer(SegmentCutter.cut(timeline).get(0), store::localFile);
      boolean ignored = composer.draw(SHOWN);
      show(composer.frame(), sheet, 0);
    }
    Window whole = new Window(0, 0, WIDTH, HEIGHT);
    double width = WIDTH / 1.12;
    double height = HEIGHT / 1.12;
    Window near = new Window((WIDTH - width) / 2, (HEIGHT - height) / 2, width, height);
    Plate plate = new Plate(pixels, whole, near);
    YuvFrame plain = new YuvFrame(CANVAS.width(), CANVAS.height());
    new Warp(CANVAS.width(), CANVAS.height())
        .resample(plate, KenBurns.window(plate, SHOWN, FRAMES), plain);
    show(plain, sheet, CANVAS.width());
    ImageIO.write(sheet, "png", Path.of(args[1]).toFile());
  }

  private static void show(YuvFrame frame, BufferedImage sheet, int left) {
    for (int y = 0; y < CANVAS.height(); y++) {
      for (int x = 0; x < CANVAS.width(); x++) {
        int grey = Math.max(0, Math.min(255, (frame.luma().at(x, y) - 16) * 255 / 219));
        sheet.getRaster().setSample(left + x, y, 0, grey);
      }
    }
  }
}
