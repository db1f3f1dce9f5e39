package dev.reelbeam.media.render;

import dev.reelbeam.clients.store.FileObjectStore;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.probe.Looks;
import dev.reelbeam.media.probe.MediaInspector;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ObjectStore;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The work of one segment worker, started as a process of its own so that all of it is counted.
 *
 * <p>Arguments: what to do, a folder, then
 *
 * <ul>
 *   <li>{@code prepare}: the examples folder, the frames of a shot. Lays out the timeline and
 *       stores what it shows.
 *   <li>{@code render}: settings as JSON. Every segment from pictures to its MP4, one after another
 *       on one thread.
 *   <li>{@code film}: settings as JSON. The same, joined to {@code film.mp4}.
 *   <li>{@code compose}: the same without encoding.
 *   <li>{@code encode}: settings as JSON. The encoder alone, see {@link EncoderAlone}.
 * </ul>
 */
public final class RenderTimeline {
  private RenderTimeline() {}

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[1]);
    ObjectStore store = new FileObjectStore(folder.resolve("store"));
    if (args[0].equals("prepare")) {
      Timeline timeline =
          BenchTimelines.sixPhotos(store, Path.of(args[2]), 1080, Integer.parseInt(args[3]));
      Files.writeString(folder.resolve("timeline.json"), RecordJson.canonical(timeline));
      return;
    }
    Timeline timeline =
        RecordJson.read(Files.readAllBytes(folder.resolve("timeline.json")), Timeline.class);
    switch (args[0]) {
      case "render" -> render(timeline, store, settings(args[2]), folder);
      case "prove" -> prove(timeline, folder);
      case "film" -> film(timeline, store, settings(args[2]), folder, args[3]);
      case "compose" -> compose(timeline, store);
      case "encode" -> EncoderAlone.measure(timeline, store, settings(args[2]), 1);
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static EncodingSettings settings(String json) {
    return RecordJson.read(json, EncodingSettings.class);
  }

  private static void render(
      Timeline timeline, ObjectStore store, EncodingSettings settings, Path folder)
      throws Exception {
    Path out = Files.createDirectories(folder.resolve("segments"));
    long bytes = 0;
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      int index = 0;
      for (Segment segment : SegmentCutter.cut(timeline)) {
        Path file = out.resolve("segment-" + index++ + ".mp4");
        renderer.render(segment, settings, store::localFile, file, (done, total) -> {});
        bytes += Files.size(file);
      }
    }
    System.out.println("bytes=" + bytes);
    printThread();
  }

  /** Decodes what {@code render} made, as the worker that renders a segment does before it stores it. */
  private static void prove(Timeline timeline, Path folder) throws Exception {
    long began = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    int index = 0;
    for (Segment segment : SegmentCutter.cut(timeline)) {
      Path file = folder.resolve("segments").resolve("segment-" + index++ + ".mp4");
      if (MediaInspector.inspect(file, 1, new Looks()).video().frames() != segment.frames()) {
        throw new IllegalStateException(file + " does not decode");
      }
    }
    System.out.printf(
        Locale.ROOT,
        "prove_s=%.2f%n",
        (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - began) / 1e9);
  }

  private static void film(
      Timeline timeline, ObjectStore store, EncodingSettings settings, Path folder, String name)
      throws Exception {
    render(timeline, store, settings, folder);
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < SegmentCutter.cut(timeline).size(); i++) {
      files.add(folder.resolve("segments").resolve("segment-" + i + ".mp4"));
    }
    Assembler.assemble(files, null, timeline.canvas(), folder.resolve(name));
  }

  private static void compose(Timeline timeline, ObjectStore store) throws Exception {
    int drawn = 0;
    try (SegmentRenderer renderer = new SegmentRenderer()) {
      for (Segment segment : SegmentCutter.cut(timeline)) {
        FrameComposer composer = renderer.composer(segment, store::localFile);
        for (int frame = 0; frame < segment.frames(); frame++) {
          drawn += composer.draw(frame) ? 1 : 0;
        }
      }
    }
    System.out.println("drawn=" + drawn);
    printThread();
  }

  private static void printThread() {
    System.out.printf(
        Locale.ROOT,
        "thread_s=%.2f%n",
        ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9);
  }
}
