package dev.reelbeam.media.render;

import dev.reelbeam.clients.store.FileObjectStore;
import dev.reelbeam.media.codec.PlainC;
import dev.reelbeam.media.codec.VideoEncoder;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.stages.render.RunSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Renders a finished run's timeline anew, in any order, on any number of workers, and assembles it
 * with the sound of the delivered video. Prints the sha256 of the result. Only pictures are made
 * anew: what was planned, spoken, laid out, drawn as text and mixed is that of the run before.
 *
 * <p>Arguments: timeline.json, store, quality, presets, delivered video, folder, workers, seed of
 * the order (0: that of the video), {@code all} instructions or {@code few}.
 */
public final class RenderAgain {
  private RenderAgain() {}

  public static void main(String[] args) throws Exception {
    boolean few = args[8].equals("few");
    if (few) {
      PlainC.ffmpeg();
    }
    Timeline timeline = RecordJson.read(Files.readAllBytes(Path.of(args[0])), Timeline.class);
    ObjectStore store = new FileObjectStore(Path.of(args[1]));
    EncodingSettings settings =
        RunSettings.of(
            List.of(args[3].split(",")),
            args[2],
            timeline.totalFrames(),
            SegmentCutter.cut(timeline).size());
    Path folder = Path.of(args[5]);
    List<Segment> segments = SegmentCutter.cut(timeline);
    List<Path> files = new ArrayList<>();
    List<Callable<Void>> work = new ArrayList<>();
    ExecutorService workers = Executors.newFixedThreadPool(Integer.parseInt(args[6]));
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      for (int i = 0; i < segments.size(); i++) {
        Segment segment = segments.get(i);
        Path out = folder.resolve("again-" + i + ".mp4");
        files.add(out);
        work.add(
            () -> {
              if (few) {
                encodeFew(renderer.composer(segment, store::localFile), segment, settings, out);
              } else {
                renderer.render(segment, settings, store::localFile, out, FrameListener.NONE);
              }
              return null;
            });
      }
      long seed = Long.parseLong(args[7]);
      if (seed != 0) {
        Collections.shuffle(work, new Random(seed));
      }
      for (Future<Void> done : workers.invokeAll(work)) {
        done.get();
      }
    }
    workers.shutdown();
    Path video = folder.resolve("again.mp4");
    Assembler.assemble(files, Path.of(args[4]), timeline.canvas(), video);
    System.out.println(RecordJson.sha256(Files.readAllBytes(video)));
  }

  private static void encodeFew(
      FrameComposer composer, Segment segment, EncodingSettings settings, Path out)
      throws Exception {
    try (composer;
        VideoEncoder encoder = PlainC.encoder(settings, segment.canvas(), out, "asm=0")) {
      for (int frame = 0; frame < segment.frames(); frame++) {
        if (composer.draw(frame)) {
          encoder.encode(composer.frame());
        } else {
          encoder.repeat();
        }
      }
      encoder.finish();
    }
  }
}
