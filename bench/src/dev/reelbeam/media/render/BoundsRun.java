package dev.reelbeam.media.render;

import dev.reelbeam.media.codec.VideoEncoder;
import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.composition.Motion;
import dev.reelbeam.media.composition.PictureInPicture;
import dev.reelbeam.media.composition.Playback;
import dev.reelbeam.media.composition.Shot;
import dev.reelbeam.media.composition.Still;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.composition.Transition;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.store.MediaRef;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
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
 * segments, frames of each, workers, canvas {@code WxH}, {@code pictures} or {@code mixed}. A
 * segment of pictures sees two of them, one coming over the other, and a third as an inset. Mixed are
 * pictures, clips that begin again, and damage that is found while decoding. It also prints how far
 * the workers were when half of all frames was done: of the fastest and of the slowest. Each worker is
 * a thread of its own, so that they all move says nothing about the dispatcher.
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
    boolean mixed = args[6].equals("mixed");
    MediaRef clip = new MediaRef(RecordJson.sha256("clip"), 1, "video/mp4");
    MediaRef damaged = new MediaRef(RecordJson.sha256("damaged"), 1, "video/mp4");
    Map<MediaRef, Path> files = mixed ? clips(folder, clip, damaged) : Map.of();
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
                  Segment segment =
                      mixed
                          ? mixed(number, canvas, frames, picture, clip, damaged)
                          : pictures(number, canvas, frames, picture);
                  String worker = Thread.currentThread().getName();
                  try {
                    renderer.renderWatched(
                        segment,
                        settings,
                        ref -> files.getOrDefault(ref, file),
                        out,
                        (frame, total) -> {
                          framesOf.merge(worker, 1, Integer::sum);
                          if (allFrames.incrementAndGet() == segments * frames / 2) {
                            halfway.set(List.copyOf(framesOf.values()));
                          }
                        });
                    Files.delete(out);
                  } catch (StageException e) {
                    if (!mixed || e.code() != FailureCode.CLIP_UNDECODABLE) {
                      throw e;
                    }
                  }
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

  /** Another move, another plate: every segment decodes its picture again. */
  private static Segment pictures(int number, Canvas canvas, int frames, MediaRef picture) {
    Still still = Still.cover(picture, 500, 500);
    Shot first = new Shot(0, still, Motion.zoom(1000, 1050 + 2 * number), Transition.CUT);
    Shot second =
        new Shot(
                frames,
                still,
                Motion.zoom(1000, 1051 + 2 * number),
                Transition.dissolve(Math.max(1, frames / 2)))
            .withInset(new PictureInPicture(still, null, 680, 260, 480 + number % 20, 240));
    return SegmentCutter.cut(new Timeline(canvas, List.of(first, second), List.of(), 2 * frames))
        .get(1);
  }

  /** A picture, a clip, a clip that breaks off. */
  private static Segment mixed(
      int number, Canvas canvas, int frames, MediaRef picture, MediaRef clip, MediaRef damaged) {
    Shot shot =
        switch (number % 3) {
          case 0 ->
              new Shot(
                  0,
                  Still.cover(picture, 500, 500),
                  Motion.zoom(1000, 1050 + number),
                  Transition.CUT);
          case 1 ->
              Shot.footage(
                      0,
                      Still.contain(clip, 450),
                      Playback.of(0, 60_000).looped(),
                      Transition.CUT)
                  .withInset(
                      new PictureInPicture(
                          Still.cover(clip, 300, 500),
                          Playback.of(0, 2_000_000),
                          500,
                          250,
                          500,
                          300));
          default ->
              Shot.footage(
                  0,
                  Still.cover(damaged, 500, 500),
                  Playback.of(1_900_000, 2_000_000),
                  Transition.CUT);
        };
    return SegmentCutter.cut(new Timeline(canvas, List.of(shot), List.of(), frames)).get(0);
  }

  /** Two seconds, and the same with rubbish in the middle. */
  private static Map<MediaRef, Path> clips(Path folder, MediaRef clip, MediaRef damaged)
      throws Exception {
    Path whole = folder.resolve("clip.mp4");
    Canvas canvas = new Canvas(640, 360, 25);
    Random random = new Random(1);
    try (VideoEncoder encoder = VideoEncoder.open(EncodingSettings.standard(25), canvas, whole)) {
      YuvFrame frame = new YuvFrame(canvas.width(), canvas.height());
      for (int number = 0; number < 50; number++) {
        random.nextBytes(frame.luma().bytes());
        encoder.encode(frame);
      }
      encoder.finish();
    }
    byte[] bytes = Files.readAllBytes(whole);
    for (int i = bytes.length / 2; i < bytes.length / 2 + 4000; i++) {
      bytes[i] = (byte) random.nextInt();
    }
    return Map.of(clip, whole, damaged, Files.write(folder.resolve("damaged.mp4"), bytes));
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
