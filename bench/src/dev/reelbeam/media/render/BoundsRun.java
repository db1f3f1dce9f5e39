package dev.reelbeam.media.render;

import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.composition.Motion;
import dev.reelbeam.media.composition.Shot;
import dev.reelbeam.media.composition.Still;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.composition.Transition;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.store.MediaRef;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.ImageIO;

/**
 * Renders segments of one picture and prints the resident memory of this process, in kB, after
 * every fifth of them, and its peak. The heap is resident from the start, so what grows is native.
 *
 * <p>Arguments: folder, picture ({@code WxH.jpg} or {@code WxH.png}, made if it is not there),
 * segments, frames of each, workers, canvas {@code WxH}. It also prints how far the workers, each of
 * which stands for a video, were when half of all frames was done: of the fastest and of the slowest.
 */
public final class BoundsRun {
  private BoundsRun() {}

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    Path file = folder.resolve(args[1]);
    if (args.length == 2) {
      draw(file, args[1]);
      return;
    }
    int segments = Integer.parseInt(args[2]);
    int frames = Integer.parseInt(args[3]);
    String[] size = args[5].split("x");
    Canvas canvas = new Canvas(Integer.parseInt(size[0]), Integer.parseInt(size[1]), 30);
    MediaRef picture = new MediaRef(RecordJson.sha256(args[1]), Files.size(file), "image/jpeg");
    EncodingSettings settings = EncodingSettings.standard(30);
    List<Long> resident = new ArrayList<>();
    AtomicInteger done = new AtomicInteger();
    AtomicInteger allFrames = new AtomicInteger();
    Map<String, Integer> framesOf = new ConcurrentHashMap<>();
    AtomicReference<List<Integer>> halfway = new AtomicReference<>(List.of());
    ExecutorService workers = Executors.newFixedThreadPool(Integer.parseInt(args[4]));
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < segments; i++) {
        int number = i;
        all.add(
            workers.submit(
                () -> {
                  Path out = folder.resolve("bounds-" + number + ".mp4");
                  // Another move, another plate: every segment decodes the picture again.
                  Motion motion = Motion.zoom(1000, 1050 + number);
                  Timeline timeline =
                      new Timeline(
                          canvas,
                          List.of(
                              new Shot(0, Still.cover(picture, 500, 500), motion, Transition.CUT)),
                          List.of(),
                          frames);
                  String worker = Thread.currentThread().getName();
                  renderer.renderWatched(
                      SegmentCutter.cut(timeline).get(0),
                      settings,
                      ref -> file,
                      out,
                      (frame, total) -> {
                        framesOf.merge(worker, 1, Integer::sum);
                        if (allFrames.incrementAndGet() == segments * frames / 2) {
                          halfway.set(List.copyOf(framesOf.values()));
                        }
                      });
                  Files.delete(out);
                  if (done.incrementAndGet() % Math.max(1, segments / 5) == 0) {
                    synchronized (resident) {
                      resident.add(status("VmRSS:"));
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    workers.shutdown();
    System.out.println("resident=" + resident);
    List<Integer> moved = halfway.get();
    System.out.println(
        "halfway=%d workers, frames of the slowest %d, of the fastest %d"
            .formatted(moved.size(), Collections.min(moved), Collections.max(moved)));
    System.out.println("peak=" + status("VmHWM:"));
  }

  private static void draw(Path file, String name) throws Exception {
    String[] size = name.substring(0, name.indexOf('.')).split("x");
    int width = Integer.parseInt(size[0]);
    int height = Integer.parseInt(size[1]);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int noise = (x * 7919 ^ y * 104729) & 15;
        image.setRGB(x, y, (x * 255 / width + noise) << 16 | (y * 255 / height) << 8 | noise * 9);
      }
    }
    if (!ImageIO.write(image, name.endsWith("png") ? "png" : "jpg", file.toFile())) {
      throw new IllegalStateException("no writer for " + name);
    }
  }

  private static long status(String field) throws Exception {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith(field)) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IllegalStateException("no " + field);
  }
}
