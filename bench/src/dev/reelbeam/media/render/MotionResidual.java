package dev.reelbeam.media.render;

import dev.reelbeam.bench.Course;
import dev.reelbeam.bench.PhaseCorrelation;
import dev.reelbeam.clients.store.FileObjectStore;
import dev.reelbeam.media.codec.VideoEncoder;
import dev.reelbeam.media.codec.VideoFrames;
import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.composition.Motion;
import dev.reelbeam.media.composition.Shot;
import dev.reelbeam.media.composition.Still;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.composition.Transition;
import dev.reelbeam.media.composition.View;
import dev.reelbeam.media.effect.KenBurns;
import dev.reelbeam.media.frame.Plate;
import dev.reelbeam.media.frame.Window;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.store.MediaRef;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Displacement of the picture from frame to frame, as phase correlation sees it, against the
 * displacement that the camera move asks for.
 *
 * <p>Arguments: {@code moves EXAMPLES WORK RESULT PART}, of the cases whose names hold that part, or {@code video FILE FROM TO} for the jitter of
 * a video whose move is not known: prints its root mean square around a smooth course.
 */
public final class MotionResidual {
  private static final Canvas CANVAS = new Canvas(1080, 1920, 30);
  private static final int FRAMES = 90;
  private static final int SIDE = PhaseCorrelation.SIDE;

  /** Top left corners of the windows: clear of captions, labels and the watermark. */
  private static final int[][] WINDOWS = {{100, 760}, {412, 800}, {724, 760}};

  /** Least texture, in levels per pixel, of a window whose displacement is counted. */
  private static final double LEAST_TEXTURE = 1;

  private final PhaseCorrelation correlation = new PhaseCorrelation();

  private MotionResidual() {}

  /** Gives the frames of a video one after the other. */
  private interface Frames {
    YuvFrame frame(int number) throws Exception;
  }

  /** Root of the mean square, and the largest. */
  private record Residual(double rms, double max) {
    static Residual of(List<Double> values) {
      double sum = 0;
      double max = 0;
      for (double value : values) {
        sum += value * value;
        max = Math.max(max, Math.abs(value));
      }
      return new Residual(Math.sqrt(sum / values.size()), max);
    }
  }

  public static void main(String[] args) throws Exception {
    MotionResidual bench = new MotionResidual();
    if (args[0].equals("video")) {
      int from = Integer.parseInt(args[2]);
      int to = Integer.parseInt(args[3]);
      try (VideoFrames video = VideoFrames.open(Path.of(args[1]))) {
        double[][][] shifts = bench.shifts(number -> video.yuv(from + number), null, to - from);
        System.out.printf(Locale.ROOT, "jitter=%.4f%n", jitter(shifts).rms());
      }
      return;
    }
    String table = bench.moves(Path.of(args[1]), Path.of(args[2]), args[4]);
    Files.writeString(Path.of(args[3]), table);
    System.out.println(table);
  }

  private record Case(String name, String file, boolean whole, Motion motion) {}

  private String moves(Path examples, Path work, String part) throws Exception {
    List<Case> cases =
        List.of(
            new Case("forest, slow zoom", "deutsch/images/wald-morgen.jpg", false, zoom(1000, 1030)),
            new Case("forest, quick zoom", "deutsch/images/wald-morgen.jpg", false, zoom(1300, 1000)),
            new Case("kettle, slow pan", "howto/images/kettle.jpg", false, pan(4900, 5100)),
            new Case("kettle, quick pan", "howto/images/kettle.jpg", false, pan(3800, 6200)),
            new Case("panorama, quick pan", "howto/images/breakfast-panorama.jpg", false, pan(2000, 8000)),
            new Case("house, zoom", "listing/images/exterior.jpg", false, zoom(1000, 1150)),
            new Case("diagram, slow zoom", "technical/images/architecture.png", true, zoom(1000, 1025)),
            new Case("diagram, quick zoom", "technical/images/architecture.png", true, zoom(1000, 1150)),
            new Case("screenshot, slow zoom", "technical/images/terminal.png", true, zoom(1000, 1030)),
            new Case("diagram cropped, pan", "howto/images/setup-diagram.png", false, pan(4000, 6000)));
    StringBuilder table = new StringBuilder();
    table.append("# Motion residual\n\n");
    table.append(
        "Written by `bench/motion`. 1080x1920, 30 fps, moves of 3 s with easing. Displacement of three"
            + " windows of 256x256 pixels from frame to frame by phase correlation, minus the one that"
            + " the camera move asks for, in pixels, horizontally and vertically. The second window is"
            + " first brought back to the size of the first, by as much as the move enlarges it, so"
            + " that a shift is all that is left to measure; a window counts only where it has texture"
            + " to hold on to in every direction (a slope of at least " + LEAST_TEXTURE
            + " level a pixel, root mean square, in the weakest direction); *counted* is the share that"
            + " has. *Decoded*: after encoding with the default settings. *Jitter*: what a smooth course"
            + " (a polynomial of the fifth degree) leaves of the decoded displacements, over windows that"
            + " count in all frames: the measure of `bench/rivals`. Target: at most 0.06 px.\n\n");
    table.append(
        "| picture and move | fastest, px a frame | counted | composed, RMS | composed, largest |"
            + " decoded, RMS | decoded, jitter |\n|---|---:|---:|---:|---:|---:|---:|\n");
    ObjectStore store = new FileObjectStore(Files.createDirectories(work.resolve("store")));
    for (Case one : cases) {
      if (!one.name().contains(part)) {
        continue;
      }
      table.append(row(one, examples, work, store)).append('\n');
      System.err.println("motion: " + one.name());
    }
    return table.toString();
  }

  private static Motion zoom(int from, int to) {
    return Motion.zoom(from, to);
  }

  private static Motion pan(int from, int to) {
    return new Motion(new View(from, 5000, 1080), new View(to, 5000, 1080));
  }

  private String row(Case one, Path examples, Path work, ObjectStore store) throws Exception {
    MediaRef picture =
        store.put(
            Files.readAllBytes(examples.resolve(one.file())),
            one.file().endsWith(".png") ? "image/png" : "image/jpeg");
    Still still = one.whole() ? Still.contain(picture, 460) : Still.cover(picture, 500, 500);
    Segment segment =
        SegmentCutter.cut(
                new Timeline(
                    CANVAS,
                    List.of(new Shot(0, still, one.motion(), Transition.CUT)),
                    List.of(),
                    FRAMES))
            .get(0);
    Path file = work.resolve("move.mp4");
    double[][][] composed;
    List<Window> windows = new ArrayList<>();
    try (SegmentRenderer renderer = new SegmentRenderer();
        VideoEncoder encoder = VideoEncoder.open(EncodingSettings.standard(30), CANVAS, file)) {
      FrameComposer composer = renderer.composer(segment, store::localFile);
      boolean ignoredFirst = composer.draw(0);
      Plate plate = composer.plate(0);
      for (int frame = 0; frame < FRAMES; frame++) {
        windows.add(KenBurns.window(plate, frame, FRAMES));
      }
      composed =
          shifts(
              number -> {
                boolean ignored = composer.draw(number);
                encoder.encode(composer.frame());
                return composer.frame();
              },
              windows,
              FRAMES);
      encoder.finish();
    }
    double[][][] decoded;
    try (VideoFrames video = VideoFrames.open(file)) {
      decoded = shifts(video::yuv, windows, FRAMES);
    }
    double fastest = 0;
    for (int window = 0; window < WINDOWS.length; window++) {
      for (int frame = 0; frame + 1 < FRAMES; frame++) {
        double[] wanted = wanted(windows.get(frame), windows.get(frame + 1), window);
        fastest = Math.max(fastest, Math.hypot(wanted[0], wanted[1]));
      }
    }
    Residual exact = against(composed, windows);
    return String.format(
        Locale.ROOT,
        "| %s | %.2f | %.0f %% | %.3f | %.3f | %s | %s |",
        one.name(),
        fastest,
        counted(composed),
        exact.rms(),
        exact.max(),
        counted(decoded) == 0
            ? "none counts"
            : String.format(Locale.ROOT, "%.3f", against(decoded, windows).rms()),
        whole(decoded) ? String.format(Locale.ROOT, "%.3f", jitter(decoded).rms()) : "");
  }

  /** Share of the displacements that mean something, in per cent. */
  private static double counted(double[][][] shifts) {
    int all = 0;
    int known = 0;
    for (double[][] window : shifts) {
      for (double value : window[0]) {
        all++;
        known += Double.isNaN(value) ? 0 : 1;
      }
    }
    return 100.0 * known / all;
  }

  private static boolean whole(double[][][] shifts) {
    return Arrays.stream(shifts).anyMatch(window -> known(window[0]));
  }

  private static boolean known(double[] values) {
    return Arrays.stream(values).noneMatch(Double::isNaN);
  }

  /** Where the middle of a window of one frame lies in the next, minus where it was. */
  private static double[] wanted(Window first, Window second, int window) {
    double x = WINDOWS[window][0] + SIDE / 2.0;
    double y = WINDOWS[window][1] + SIDE / 2.0;
    double plateX = first.left() + x * first.width() / CANVAS.width();
    double plateY = first.top() + y * first.height() / CANVAS.height();
    return new double[] {
      (plateX - second.left()) * CANVAS.width() / second.width() - x,
      (plateY - second.top()) * CANVAS.height() / second.height() - y
    };
  }

  /**
   * By window, axis and frame; not a number where a window has too little texture.
   *
   * @param moves what each frame shows, or null where that is not known
   */
  private double[][][] shifts(Frames frames, @Nullable List<Window> moves, int count)
      throws Exception {
    double[][][] result = new double[WINDOWS.length][2][count - 1];
    PhaseCorrelation.Spectrum[] before = new PhaseCorrelation.Spectrum[WINDOWS.length];
    for (int frame = 0; frame < count; frame++) {
      YuvFrame picture = frames.frame(frame);
      double stretch =
          frame == 0 || moves == null
              ? 1
              : moves.get(frame - 1).width() / moves.get(frame).width();
      byte[] bytes = picture.luma().bytes();
      int stride = picture.luma().stride();
      for (int window = 0; window < WINDOWS.length; window++) {
        int left = WINDOWS[window][0];
        int top = WINDOWS[window][1];
        if (frame > 0) {
          PhaseCorrelation.Spectrum now = correlation.spectrum(bytes, stride, left, top, stretch);
          double[] shift = correlation.shift(before[window], now);
          boolean plain = correlation.texture(bytes, stride, left, top) < LEAST_TEXTURE;
          result[window][0][frame - 1] = plain ? Double.NaN : shift[0] * stretch;
          result[window][1][frame - 1] = plain ? Double.NaN : shift[1] * stretch;
        }
        before[window] = correlation.spectrum(bytes, stride, left, top);
      }
    }
    return result;
  }

  private static Residual against(double[][][] shifts, List<Window> windows) {
    List<Double> left = new ArrayList<>();
    for (int window = 0; window < shifts.length; window++) {
      for (int frame = 0; frame < shifts[window][0].length; frame++) {
        if (Double.isNaN(shifts[window][0][frame])) {
          continue;
        }
        double[] wanted = wanted(windows.get(frame), windows.get(frame + 1), window);
        left.add(shifts[window][0][frame] - wanted[0]);
        left.add(shifts[window][1][frame] - wanted[1]);
      }
    }
    return Residual.of(left);
  }

  private static Residual jitter(double[][][] shifts) {
    List<Double> left = new ArrayList<>();
    for (double[][] window : shifts) {
      if (!known(window[0])) {
        continue;
      }
      for (double[] axis : window) {
        for (double value : Course.residuals(axis)) {
          left.add(value);
        }
      }
    }
    return Residual.of(left);
  }
}
