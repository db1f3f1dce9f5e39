package dev.reelbeam.media.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.Motion;
import dev.reelbeam.media.composition.Shot;
import dev.reelbeam.media.composition.Still;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.composition.Transition;
import dev.reelbeam.media.effect.Warp;
import dev.reelbeam.media.frame.Plate;
import dev.reelbeam.media.frame.Window;
import dev.reelbeam.media.frame.YuvFrame;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A zone plate, rings that grow finer towards the edge, finer than a frame can show: what is seen
 * of those is moire, and it shimmers when the camera moves.
 */
class ZonePlateTest {
  private static final Canvas CANVAS = new Canvas(270, 480, 10);
  private static final int FRAMES = 24;
  private static final int WIDTH = 810;
  private static final int HEIGHT = 1440;
  private static final int AMPLITUDE = 110;
  private static final double ZOOM = 1.12;

  /** From here to twice Nyquist, in cycles per frame pixel: no frame can show it. */
  private static final double TOO_FINE = 0.6;

  @TempDir Path folder;

  @Test
  void whatIsTooFineForTheFrameIsGreyAndStandsStillWhileTheCameraZooms() throws Exception {
    List<YuvFrame> ours = zoomed();
    List<YuvFrame> bilinear = zoomedWithoutFilter();

    assertThat(contrast(ours)).isLessThan(AMPLITUDE * 0.06);
    assertThat(contrast(bilinear)).as("what plain sampling shows").isGreaterThan(AMPLITUDE * 0.4);
    assertThat(flicker(ours)).isLessThan(flicker(bilinear) / 8);
  }

  @Test
  void whatTheFrameCanShowIsShown() throws Exception {
    YuvFrame middle = zoomed().get(FRAMES / 2);
    double sum = 0;
    int count = 0;
    for (int y = 0; y < CANVAS.height(); y++) {
      for (int x = 0; x < CANVAS.width(); x++) {
        double cycles = cycles(x, y, FRAMES / 2);
        if (cycles > 0.2 && cycles < 0.3) {
          double deviation = middle.luma().at(x, y) - 126;
          sum += deviation * deviation;
          count++;
        }
      }
    }
    // A full-contrast wave deviates by its amplitude over the root of two, in limited range.
    double full = AMPLITUDE * 219 / 255.0 / Math.sqrt(2);
    assertThat(Math.sqrt(sum / count)).isGreaterThan(0.75 * full);
  }

  private List<YuvFrame> zoomed() throws Exception {
    TestPictures pictures = new TestPictures(folder);
    Still still = Still.cover(pictures.opaque(WIDTH, HEIGHT, ZonePlateTest::rings), 500, 500);
    Motion motion = Motion.zoom(1000, (int) (1000 * ZOOM));
    Timeline timeline =
        new Timeline(
            CANVAS, List.of(new Shot(0, still, motion, Transition.CUT)), List.of(), FRAMES);
    List<YuvFrame> frames = new ArrayList<>();
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      FrameComposer composer = renderer.composer(SegmentCutter.cut(timeline).get(0), pictures);
      for (int frame = 0; frame < FRAMES; frame++) {
        boolean ignored = composer.draw(frame);
        YuvFrame copy = new YuvFrame(CANVAS.width(), CANVAS.height());
        copy.copyFrom(composer.frame());
        frames.add(copy);
      }
    }
    return frames;
  }

  /** The picture's own pixels, sampled bilinearly. */
  private static List<YuvFrame> zoomedWithoutFilter() {
    YuvFrame pixels = new YuvFrame(WIDTH, HEIGHT);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        pixels.luma().set(x, y, 16 + (rings(x, y) & 0xFF) * 219 / 255);
      }
    }
    Window whole = new Window(0, 0, WIDTH, HEIGHT);
    Plate plate = new Plate(pixels, whole, whole);
    Warp warp = new Warp(CANVAS.width(), CANVAS.height());
    List<YuvFrame> frames = new ArrayList<>();
    for (int frame = 0; frame < FRAMES; frame++) {
      double width = width(frame);
      double height = width * HEIGHT / WIDTH;
      YuvFrame target = new YuvFrame(CANVAS.width(), CANVAS.height());
      warp.resample(
          plate, new Window((WIDTH - width) / 2, (HEIGHT - height) / 2, width, height), target);
      frames.add(target);
    }
    return frames;
  }

  private static int rings(int x, int y) {
    double dx = x + 0.5 - WIDTH / 2.0;
    double dy = y + 0.5 - HEIGHT / 2.0;
    double wave = StrictMath.cos(Math.PI * (dx * dx + dy * dy) / HEIGHT);
    return (int) Math.rint(127.5 + AMPLITUDE * wave) * 0x010101;
  }

  /** Width of the picture that a frame shows, in its pixels. */
  private static double width(int frame) {
    double t = frame / (FRAMES - 1.0);
    return WIDTH * (1 - (1 - 1 / ZOOM) * t * t * (3 - 2 * t));
  }

  /** How fine the rings are at a place of a frame, in cycles per frame pixel. */
  private static double cycles(int x, int y, int frame) {
    double step = width(frame) / CANVAS.width();
    double dx = (x + 0.5 - CANVAS.width() / 2.0) * step;
    double dy = (y + 0.5 - CANVAS.height() / 2.0) * step;
    return Math.sqrt(dx * dx + dy * dy) / HEIGHT * step;
  }

  private static boolean tooFine(int x, int y, int frame) {
    double cycles = cycles(x, y, frame);
    return cycles > TOO_FINE && cycles < 1;
  }

  /** Root of the mean square of what is seen where nothing should be. */
  private static double contrast(List<YuvFrame> frames) {
    double sum = 0;
    int count = 0;
    for (int frame = 0; frame < FRAMES; frame++) {
      for (int y = 0; y < CANVAS.height(); y++) {
        for (int x = 0; x < CANVAS.width(); x++) {
          if (tooFine(x, y, frame)) {
            double deviation = frames.get(frame).luma().at(x, y) - 125.4;
            sum += deviation * deviation;
            count++;
          }
        }
      }
    }
    return Math.sqrt(sum / count);
  }

  /** Mean change from frame to frame where nothing should be. */
  private static double flicker(List<YuvFrame> frames) {
    double sum = 0;
    int count = 0;
    for (int frame = 1; frame < FRAMES; frame++) {
      for (int y = 0; y < CANVAS.height(); y++) {
        for (int x = 0; x < CANVAS.width(); x++) {
          if (tooFine(x, y, frame)) {
            sum +=
                Math.abs(frames.get(frame).luma().at(x, y) - frames.get(frame - 1).luma().at(x, y));
            count++;
          }
        }
      }
    }
    return sum / count;
  }
}
