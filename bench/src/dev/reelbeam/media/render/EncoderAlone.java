package dev.reelbeam.media.render;

import dev.reelbeam.clients.store.FileObjectStore;
import dev.reelbeam.media.codec.VideoEncoder;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.frame.Plane;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.stages.render.RunSettings;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.javacpp.BytePointer;

/**
 * CPU time of libx264 alone, fed the frames of a finished run with the settings of that run.
 *
 * <p>The frames of a segment are composed into memory first, then encoded; only the second is
 * counted. The encoder works on the thread that calls it, so that thread's CPU time is all of it.
 * What is encoded by segments is compared with what the run stored: equal bytes prove equal frames
 * and equal settings.
 *
 * <p>Arguments: timeline.json, store, quality, presets, threads. Prints {@code name=value} lines.
 */
public final class EncoderAlone {
  private final Timeline timeline;
  private final ObjectStore store;
  private final EncodingSettings settings;
  private final SegmentRenderer renderer = new SegmentRenderer();
  private final List<Segment> segments;

  private EncoderAlone(Timeline timeline, ObjectStore store, EncodingSettings settings) {
    this.timeline = timeline;
    this.store = store;
    this.settings = settings;
    this.segments = SegmentCutter.cut(timeline);
  }

  /** What was measured, in nanoseconds of CPU time, and how many segments equal the run's. */
  private static final class Tally {
    long oneStream;
    long bySegments;
    long composing;
    long handingOver;
    int framesDrawn;
    int equalSegments;

    void add(Tally other) {
      oneStream += other.oneStream;
      bySegments += other.bySegments;
      composing += other.composing;
      handingOver += other.handingOver;
      framesDrawn += other.framesDrawn;
      equalSegments += other.equalSegments;
    }
  }

  public static void main(String[] args) throws Exception {
    Timeline timeline = RecordJson.read(Files.readAllBytes(Path.of(args[0])), Timeline.class);
    ObjectStore store = new FileObjectStore(Path.of(args[1]));
    EncodingSettings settings =
        RunSettings.of(
            List.of(args[3].split(",")),
            args[2],
            timeline.totalFrames(),
            SegmentCutter.cut(timeline).size());
    measure(timeline, store, settings, Integer.parseInt(args[4]));
  }

  /** Encodes every segment of a timeline and prints what it took. */
  static void measure(Timeline timeline, ObjectStore store, EncodingSettings settings, int threads)
      throws Exception {
    EncoderAlone bench = new EncoderAlone(timeline, store, settings);
    Path folder = Files.createTempDirectory("encoder-alone-");
    Tally sum = new Tally();
    try {
      ExecutorService pool = Executors.newFixedThreadPool(threads);
      List<Future<Tally>> results = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int first = i;
        Callable<Tally> share = () -> bench.measure(first, threads, folder);
        results.add(pool.submit(share));
      }
      for (Future<Tally> result : results) {
        sum.add(result.get());
      }
      pool.shutdown();
    } finally {
      try (var files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
    System.out.println("settings=" + RecordJson.canonical(settings));
    System.out.println("frames=" + timeline.totalFrames());
    System.out.println("frames_drawn=" + sum.framesDrawn);
    System.out.println("segments=" + bench.segments.size());
    System.out.println("segments_equal=" + sum.equalSegments);
    print("one_stream_s", sum.oneStream);
    print("by_segments_s", sum.bySegments);
    print("composing_s", sum.composing);
    print("handing_over_s", sum.handingOver);
  }

  private static void print(String name, long nanos) {
    System.out.printf(Locale.ROOT, "%s=%.2f%n", name, nanos / 1e9);
  }

  /** Every {@code step}-th segment from {@code first} on; one stream of all only with step 1. */
  private Tally measure(int first, int step, Path folder) throws Exception {
    Tally tally = new Tally();
    List<YuvFrame> frames = new ArrayList<>();
    Path streamFile = folder.resolve("stream.mp4");
    long start = cpu();
    VideoEncoder stream =
        step == 1 ? VideoEncoder.open(settings, timeline.canvas(), streamFile) : null;
    try {
      tally.oneStream += cpu() - start;
      for (int index = first; index < segments.size(); index += step) {
        Segment segment = segments.get(index);
        start = cpu();
        List<YuvFrame> shown = compose(segment, frames, tally);
        tally.composing += cpu() - start;
        if (stream != null) {
          start = cpu();
          feed(stream, shown);
          tally.oneStream += cpu() - start;
        }
        Path out = folder.resolve("segment-" + index + ".mp4");
        start = cpu();
        try (VideoEncoder encoder = VideoEncoder.open(settings, timeline.canvas(), out)) {
          feed(encoder, shown);
          encoder.finish();
        }
        tally.bySegments += cpu() - start;
        if (step == 1) {
          start = cpu();
          handOver(shown);
          tally.handingOver += cpu() - start;
        }
        Optional<MediaRef> stored = store.find(segment.key(settings));
        if (stored.isPresent()
            && stored.get().sha256().equals(RecordJson.sha256(Files.readAllBytes(out)))) {
          tally.equalSegments++;
        }
        Files.delete(out);
      }
      if (stream != null) {
        start = cpu();
        stream.finish();
        tally.oneStream += cpu() - start;
      }
    } finally {
      if (stream != null) {
        stream.close();
      }
    }
    return tally;
  }

  /** The frames of a segment; null stands for the same frame once more. */
  private List<YuvFrame> compose(Segment segment, List<YuvFrame> memory, Tally tally)
      throws Exception {
    FrameComposer composer = renderer.composer(segment, store::localFile);
    List<YuvFrame> shown = new ArrayList<>();
    int used = 0;
    for (int number = 0; number < segment.frames(); number++) {
      if (!composer.draw(number)) {
        shown.add(null);
        continue;
      }
      if (used == memory.size()) {
        memory.add(new YuvFrame(timeline.canvas().width(), timeline.canvas().height()));
      }
      memory.get(used).copyFrom(composer.frame());
      shown.add(memory.get(used++));
    }
    tally.framesDrawn += used;
    return shown;
  }

  private static void feed(VideoEncoder encoder, List<YuvFrame> shown) throws Exception {
    for (YuvFrame frame : shown) {
      if (frame == null) {
        encoder.repeat();
      } else {
        encoder.encode(frame);
      }
    }
  }

  /** What it costs to copy the frames to where the encoder reads them. */
  private static void handOver(List<YuvFrame> shown) {
    BytePointer target = null;
    for (YuvFrame frame : shown) {
      for (int i = 0; frame != null && i < 3; i++) {
        Plane plane = frame.plane(i);
        if (target == null) {
          target = new BytePointer(plane.bytes().length);
        }
        target.position(0).put(plane.bytes(), 0, plane.bytes().length);
      }
    }
    if (target != null) {
      target.close();
    }
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
