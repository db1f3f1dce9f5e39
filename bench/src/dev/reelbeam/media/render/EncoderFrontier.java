package dev.reelbeam.media.render;

import dev.reelbeam.clients.store.FileObjectStore;
import dev.reelbeam.media.codec.Likeness;
import dev.reelbeam.media.codec.VideoEncoder;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.composition.Timeline;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.port.ObjectStore;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Encodes the frames of one segment with many settings and prints a line per settings and rate
 * factor: {@code point name crf bytes cpu_s,cpu_s,... xpsnr_errors ssim_sum frames}.
 *
 * <p>The frames are composed into memory once; then every settings gets them in turn, so that what
 * else the machine does weighs on all alike. CPU time is that of the thread, which is all that
 * these encoders use.
 *
 * <p>Arguments: work folder, examples folder, timeline ({@code everything} or {@code sixPhotos}),
 * most frames of the segment, index of the segment, rounds, width of the picture, then {@code
 * name|preset|b-frames|lookahead|x264|crf,crf,...} each.
 */
public final class EncoderFrontier {
  private EncoderFrontier() {}

  private record Candidate(String name, EncodingSettings settings) {}

  private static final class Tally {
    long bytes;
    final List<Long> cpuNs = new ArrayList<>();
    Likeness.Sums likeness = Likeness.Sums.NONE;
  }

  public static void main(String[] args) throws Exception {
    Path work = Path.of(args[0]);
    ObjectStore store = new FileObjectStore(work.resolve("store"));
    Path examples = Path.of(args[1]);
    int width = Integer.parseInt(args[6]);
    Timeline timeline =
        args[2].equals("everything")
            ? BenchTimelines.everything(store, examples, width)
            : BenchTimelines.sixPhotos(store, examples, width, 300);
    int mostFrames = Integer.parseInt(args[3]);
    int segmentIndex = Integer.parseInt(args[4]);
    int rounds = Integer.parseInt(args[5]);
    Map<Candidate, Tally> tallies = new LinkedHashMap<>();
    for (String candidate : List.of(args).subList(7, args.length)) {
      String[] parts = candidate.split("[|]", -1);
      for (String crf : parts[5].split(",", -1)) {
        EncodingSettings settings =
            new EncodingSettings(
                EncodingSettings.X264,
                parts[1],
                "",
                Integer.parseInt(crf),
                2 * timeline.canvas().frameRate(),
                Integer.parseInt(parts[2]),
                Integer.parseInt(parts[3]),
                0,
                0,
                parts[4]);
        tallies.put(new Candidate(parts[0], settings), new Tally());
      }
    }
    SegmentRenderer renderer = new SegmentRenderer();
    List<Segment> segments = SegmentCutter.cut(timeline);
    List<YuvFrame> memory = new ArrayList<>();
    List<YuvFrame> shown = compose(renderer, segments.get(segmentIndex), store, memory, mostFrames);
    for (int round = 0; round < rounds; round++) {
      for (Map.Entry<Candidate, Tally> entry : tallies.entrySet()) {
        encode(entry, timeline, shown, round, work.resolve("frontier-" + segmentIndex + ".mp4"));
      }
    }
    tallies.forEach(
        (candidate, tally) ->
            System.out.printf(
                Locale.ROOT,
                "point %s %d %d %s %.6e %.6f %d%n",
                candidate.name(),
                candidate.settings().crf(),
                tally.bytes,
                String.join(",", tally.cpuNs.stream().map(ns -> "" + ns / 1e9).toList()),
                tally.likeness.errors(),
                tally.likeness.ssim(),
                tally.likeness.frames()));
  }

  private static void encode(
      Map.Entry<Candidate, Tally> entry,
      Timeline timeline,
      List<YuvFrame> shown,
      int round,
      Path file)
      throws Exception {
    Tally tally = entry.getValue();
    long start = cpu();
    try (VideoEncoder encoder =
        VideoEncoder.open(entry.getKey().settings(), timeline.canvas(), file)) {
      for (YuvFrame frame : shown) {
        if (frame == null) {
          encoder.repeat();
        } else {
          encoder.encode(frame);
        }
      }
      encoder.finish();
    }
    long took = cpu() - start;
    if (tally.cpuNs.size() <= round) {
      tally.cpuNs.add(0L);
    }
    tally.cpuNs.set(round, tally.cpuNs.get(round) + took);
    if (round == 0) {
      tally.bytes += Files.size(file);
      tally.likeness = tally.likeness.plus(Likeness.of(file, shown, timeline.canvas().frameRate()));
    }
    Files.delete(file);
  }

  private static List<YuvFrame> compose(
      SegmentRenderer renderer,
      Segment segment,
      ObjectStore store,
      List<YuvFrame> memory,
      int mostFrames)
      throws Exception {
    FrameComposer composer = renderer.composer(segment, store::localFile);
    List<YuvFrame> shown = new ArrayList<>();
    int used = 0;
    for (int number = 0; number < Math.min(mostFrames, segment.frames()); number++) {
      if (!composer.draw(number)) {
        shown.add(null);
        continue;
      }
      if (used == memory.size()) {
        memory.add(new YuvFrame(segment.canvas().width(), segment.canvas().height()));
      }
      memory.get(used).copyFrom(composer.frame());
      shown.add(memory.get(used++));
    }
    return shown;
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
