package dev.reelbeam.bench;

import dev.reelbeam.pipelines.Reelbeam;
import dev.reelbeam.simulators.ComfySimulator;
import dev.reelbeam.simulators.PiperSimulator;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Six scenes of a short video as clips of a simulated ComfyUI with one card: how long they take
 * against the work of the card alone, one submitted after the other and all at once, and what is
 * told meanwhile. What the rest of the run takes is measured by the same run once more, which finds
 * the clips.
 */
final class ClipFigures {
  private static final int JOB_MS = 4_000;
  private static final int ANSWER_MS = 50;
  private static final int ROUNDS = 3;

  private final Path folder;
  private final ComfySimulator comfy;
  private final PiperSimulator voice;

  private ClipFigures(Path folder, ComfySimulator comfy, PiperSimulator voice) {
    this.folder = folder;
    this.comfy = comfy;
    this.voice = voice;
  }

  /** What a first run does that a second one finds. */
  private record Clips(int jobs, double seconds, int again) {}

  static void measure(Path article, Path folder, Path result) throws Exception {
    try (ComfySimulator comfy = ComfySimulator.start();
        PiperSimulator voice = PiperSimulator.start(PiperSimulator.Dialect.SYNTHESIZE)) {
      comfy.jobTime(JOB_MS);
      comfy.latency(ANSWER_MS);
      ClipFigures figures = new ClipFigures(folder, comfy, voice);
      figures.make(article, "warm-up", 6);
      List<String> rows = new ArrayList<>();
      for (int parallel : new int[] {1, 6}) {
        List<Clips> rounds = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
          rounds.add(figures.clips(article, "p" + parallel + "-" + round, parallel));
        }
        double[] seconds = rounds.stream().mapToDouble(Clips::seconds).sorted().toArray();
        Clips one = rounds.get(0);
        double card = one.jobs() * JOB_MS / 1e3;
        rows.add(
            String.format(
                Locale.ROOT,
                "| %d | %d | %.0f s | %.1f s (%s) | %.2f | %d |",
                parallel,
                one.jobs(),
                card,
                seconds[ROUNDS / 2],
                String.join(
                    ", ",
                    Arrays.stream(seconds)
                        .mapToObj(each -> String.format(Locale.ROOT, "%.1f", each))
                        .toList()),
                seconds[ROUNDS / 2] / card,
                one.again()));
      }
      Files.writeString(
          result,
          """
          # Six clips by one graphics card

          From `bench/providers --part clips`: a simulated ComfyUI with one card takes %d ms for a job and %d ms for an
          answer; the bundled workflow for LTX-Video, six scenes of a short video, vertical. Medians of %d runs, each in
          a store of its own; the time of the same run once more, which finds the clips, is taken off.

          | `parallel` | jobs | work of the card | six clips take | of that work | jobs of a second run |
          |---:|---:|---:|---:|---:|---:|
          %s

          One card works on one job at a time, so its work is the least that six clips can take: what is above 1 is the
          card waiting for the next job, and the clips being fetched, looked through and kept. With `parallel: 6` the
          others stand in the server's own line meanwhile.
          """
              .formatted(JOB_MS, ANSWER_MS, ROUNDS, String.join("\n", rows)));
    }
  }

  private Clips clips(Path article, String name, int parallel) throws Exception {
    int jobs = comfy.workflows().size();
    long firstMs = make(article, name, parallel);
    int made = comfy.workflows().size() - jobs;
    long secondMs = make(article, name, parallel);
    return new Clips(
        made,
        (firstMs - secondMs) / 1e3,
        comfy.workflows().size() - jobs - made);
  }

  private long make(Path article, String name, int parallel) throws Exception {
    Path settings =
        Files.writeString(
            folder.resolve(name + ".yaml"),
            """
            speech:
              - {name: own, kind: piper-1.5, base_url: "%s", voice: en_US-lessac-medium, requests_per_minute: 10000}
            visuals:
              - {name: cards, kind: comfyui, base_url: "%s", model: ltx-video-2b-v0.9.5.safetensors,
                 workflow: {template: ltx-video, seconds: 2}, long_side: 768, parallel: %d, requests_per_minute: 10000}
            """
                .formatted(voice.baseUrl(), comfy.baseUrl(), parallel));
    StringWriter said = new StringWriter();
    long startedNs = System.nanoTime();
    int code =
        Reelbeam.commandLine(new PrintWriter(said, true), new PrintWriter(said, true))
            .execute(
                "make",
                article.toString(),
                "--settings",
                settings.toString(),
                "--presets",
                "youtube_short",
                "--out",
                folder.resolve(name).resolve("out").toString(),
                "--store",
                folder.resolve(name).resolve("store").toString(),
                "--stop-after",
                "visuals");
    if (code != 0) {
      throw new IllegalStateException(said.toString());
    }
    return (System.nanoTime() - startedNs) / 1_000_000;
  }
}
