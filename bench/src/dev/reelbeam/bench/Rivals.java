package dev.reelbeam.bench;

import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.model.json.RecordJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The same job with other tools; started by {@code bench/rivals}. */
public final class Rivals {
  private static final int DISSOLVE = 12;
  private static final String[] NAMES = {"hero-dripper", "kettle", "pour", "bloom", "scale", "cup"};

  /** Zoom and horizontal centre, from and to, as in the timeline of our own job. */
  private static final double[][] MOVES = {
    {1.0, 1.15, 0.5, 0.5},
    {1.08, 1.11, 0.46, 0.54},
    {1.2, 1.0, 0.5, 0.5},
    {1.04, 1.07, 0.35, 0.65},
    {1.0, 1.09, 0.5, 0.5},
    {1.25, 1.05, 0.5, 0.5}
  };

  private static final String TEXT =
      "Good coffee is mostly patience. Weigh the beans, warm the cup, and let the water rest for half"
          + " a minute after it has boiled. Pour slowly, in circles, from the middle to the rim. The"
          + " grounds will rise and breathe: that is the bloom, and it tells you how fresh they are.";

  private final Path root;
  private final Path work;
  private final Path tools;
  private final int shotFrames;
  private final String java;
  private final Map<String, String> skipped = new LinkedHashMap<>();

  private Rivals(Path root, Path work, Path tools, int seconds) {
    this.root = root;
    this.work = work;
    this.tools = tools;
    this.shotFrames = seconds * 30 / NAMES.length;
    this.java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** One run. */
  private record Run(double cpuS, double wallS, int frames, long bytes) {
    double msPerFrame() {
      return cpuS * 1000 / frames;
    }
  }

  /** Something that makes the video, or fewer frames of it. */
  private record Rival(String name, int runs, int frames, List<String> command, Path out) {}

  /** Root, work folder, tools folder, runs, seconds, names to run (comma separated), result. */
  public static void main(String[] args) throws Exception {
    Rivals bench =
        new Rivals(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]), Integer.parseInt(args[4]));
    String text =
        bench.measure(Integer.parseInt(args[3]), List.of(args[5].split(",")), Integer.parseInt(args[4]));
    Files.writeString(Path.of(args[6]), text);
    System.out.println("\n" + text);
  }

  private int frames() {
    return shotFrames * NAMES.length;
  }

  private String measure(int runs, List<String> wanted, int seconds) throws Exception {
    String machine = Machine.describe();
    Files.createDirectories(work);
    writeJob();
    List<Rival> rivals = new ArrayList<>();
    for (Rival rival : rivals(runs)) {
      if (wanted.contains("all") || rival.name().equals("reelbeam") || wanted.contains(rival.name())) {
        rivals.add(rival);
      }
    }
    require(ours("prepare", root.resolve("examples").toString(), Integer.toString(shotFrames)));
    Map<String, List<Run>> results = new LinkedHashMap<>();
    int turns = rivals.stream().mapToInt(Rival::runs).max().orElse(0);
    for (int turn = 0; turn < turns; turn++) {
      for (Rival rival : rivals) {
        if (turn >= rival.runs() || skipped.containsKey(rival.name())) {
          continue;
        }
        Files.deleteIfExists(rival.out());
        ProcessTree.Usage usage = ProcessTree.run(rival.command(), Map.of(), work);
        if (usage.exit() != 0 || !Files.exists(rival.out())) {
          String output = usage.output().strip();
          skipped.put(
              rival.name(),
              "ended with " + usage.exit() + ": " + output.substring(Math.max(0, output.length() - 300)));
          continue;
        }
        Run run =
            new Run(usage.cpuS(), usage.wallS(), rival.frames(), Files.size(rival.out()));
        results.computeIfAbsent(rival.name(), key -> new ArrayList<>()).add(run);
        System.err.printf(
            Locale.ROOT, "rivals: %s %.1f s CPU, %.1f ms a frame%n", rival.name(), run.cpuS(), run.msPerFrame());
      }
    }
    return table(rivals, results, machine, runs, seconds);
  }

  private String table(
      List<Rival> rivals, Map<String, List<Run>> results, String machine, int runs, int seconds)
      throws Exception {
    StringBuilder text = new StringBuilder();
    text.append("# The same job with other tools\n\n");
    text.append(
        String.format(
            Locale.ROOT,
            "Written by `bench/rivals --runs %d --seconds %d`. %d s of 1080x1920 at 30 fps: six photos with"
                + " zooms and pans, dissolves of 12 frames, captions that follow the word where the tool"
                + " can (ours has labels and a watermark besides), x264 veryfast at crf 21, no sound. In"
                + " turn; user and system time of the whole process tree, start-up included; medians.%n%n",
            runs, seconds, seconds));
    text.append(machine).append("\n\n");
    text.append(
        "*Jitter*: root mean square, in pixels, of what a smooth course leaves of the displacements"
            + " from frame to frame in the first shot (phase correlation, three windows, the decoded"
            + " video).\n\n");
    text.append(
        "| tool | runs | frames | CPU, s | CPU ms a frame | against ours | all, ms a frame | wall, s |"
            + " jitter, px | MB |\n|---|---:|---:|---:|---:|---:|---|---:|---:|---:|\n");
    if (!results.containsKey("reelbeam")) {
      throw new IllegalStateException("our own run: " + skipped.get("reelbeam"));
    }
    double base = median(results.get("reelbeam")).msPerFrame();
    for (Rival rival : rivals) {
      List<Run> all = results.get(rival.name());
      if (all == null || skipped.containsKey(rival.name())) {
        continue;
      }
      Run run = median(all);
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %d | %d | %.1f | %.1f | %.2f | %s | %.1f | %s | %.1f |%n",
              rival.name(),
              all.size(),
              run.frames(),
              run.cpuS(),
              run.msPerFrame(),
              run.msPerFrame() / base,
              String.join(
                  ", ", all.stream().map(r -> String.format(Locale.ROOT, "%.1f", r.msPerFrame())).toList()),
              run.wallS(),
              jitter(rival),
              run.bytes() / 1e6));
    }
    if (!skipped.isEmpty()) {
      text.append("\nNot run:\n\n");
      skipped.forEach(
          (name, why) -> text.append("* " + name + ": " + why.replaceAll("\\s+", " ") + "\n"));
    }
    return text.toString();
  }

  private String jitter(Rival rival) throws Exception {
    // Clear of the first frames' key frame and of the dissolve at the end.
    int to = Math.min(shotFrames, rival.frames()) - 4;
    ProcessTree.Usage usage =
        ProcessTree.run(
            javaCommand(
                "dev.reelbeam.media.render.MotionResidual",
                "video",
                rival.out().toString(),
                "2",
                Integer.toString(to)),
            Map.of(),
            work);
    return usage.exit() == 0 ? usage.output().strip().replaceAll("(?s).*jitter=", "") : "unreadable";
  }

  private List<String> javaCommand(String main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(java, "-XX:+UseSerialGC", "-Xmx1g", "-Djava.awt.headless=true", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(main);
    command.addAll(List.of(arguments));
    return command;
  }

  private List<String> ours(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = arguments[0];
    all[1] = work.toString();
    System.arraycopy(arguments, 1, all, 2, arguments.length - 1);
    return javaCommand("dev.reelbeam.media.render.RenderTimeline", all);
  }

  private void require(List<String> command) throws Exception {
    ProcessTree.Usage usage = ProcessTree.run(command, Map.of(), work);
    if (usage.exit() != 0) {
      throw new IllegalStateException(usage.output());
    }
  }

  private List<Rival> rivals(int runs) throws Exception {
    List<Rival> rivals = new ArrayList<>();
    String veryfast =
        RecordJson.canonical(
            new EncodingSettings("libx264", "veryfast", "", 21, 60, 3, 10, 0, 0));
    rivals.add(
        new Rival("reelbeam", runs, frames(), ours("film", veryfast, "film.mp4"), work.resolve("film.mp4")));
    // At this rate factor its XPSNR is that of veryfast at crf 21, or better: encoder-frontier.
    String own = RecordJson.canonical(EncodingSettings.standard(30).withCrf(21).withCap(0, 0));
    rivals.add(
        new Rival(
            "reelbeam-standard",
            runs,
            frames(),
            ours("film", own, "own.mp4"),
            work.resolve("own.mp4")));
    String ffmpeg = tool("ffmpeg", "ffmpeg-zoompan-4x", "ffmpeg-zoompan");
    if (ffmpeg != null) {
      rivals.add(ffmpeg(ffmpeg, "ffmpeg-zoompan-4x", runs, 4));
      rivals.add(ffmpeg(ffmpeg, "ffmpeg-zoompan", 1, 1));
    }
    naive(rivals, runs);
    String melt = tool("melt", "melt");
    if (melt != null) {
      rivals.add(melt(melt));
    }
    remotion(rivals);
    editly(rivals);
    return rivals;
  }

  /** Path of a program, or null, and its users skipped. */
  private String tool(String name, String... users) {
    for (String folder : System.getenv("PATH").split(":", -1)) {
      Path file = Path.of(folder, name);
      if (Files.isExecutable(file)) {
        return file.toString();
      }
    }
    for (String user : users) {
      skipped.put(user, "there is no " + name + " here");
    }
    return null;
  }

  private Path photo(int index) {
    return root.resolve("examples/howto/images/" + NAMES[index] + ".jpg");
  }

  private Rival ffmpeg(String ffmpeg, String name, int runs, int upscale) {
    List<String> command =
        new ArrayList<>(List.of(ffmpeg, "-hide_banner", "-v", "error", "-y"));
    StringBuilder graph = new StringBuilder();
    for (int i = 0; i < NAMES.length; i++) {
      command.addAll(List.of("-i", photo(i).toString()));
      int length = shotFrames + (i + 1 < NAMES.length ? DISSOLVE : 0);
      double[] move = MOVES[i];
      String t = "(on/" + (length - 1) + ")";
      String share = "(" + t + "*" + t + "*(3-2*" + t + "))";
      graph.append(
          String.format(
              Locale.ROOT,
              // Zoompan adds its own zoom to what is before it; the pans need room beside the crop.
              "[%d:v]scale=-2:%d,crop=w='min(iw,%d)':h=%d,setsar=1,zoompan=z='%s':x='iw/2+(%s)*%d-iw/zoom/2':"
                  + "y='ih/2-ih/zoom/2':d=%d:s=1080x1920:fps=30[s%d];",
              i,
              1920 * upscale,
              1080 * upscale,
              1920 * upscale,
              move[0] + "+(" + (move[1] - move[0]) + ")*" + share,
              (move[2] - 0.5) + "+(" + (move[3] - move[2]) + ")*" + share,
              1080 * upscale,
              length,
              i));
    }
    String last = "s0";
    for (int i = 1; i < NAMES.length; i++) {
      graph.append(
          String.format(
              Locale.ROOT,
              "[%s][s%d]xfade=transition=fade:duration=%.4f:offset=%.4f[x%d];",
              last,
              i,
              DISSOLVE / 30.0,
              i * shotFrames / 30.0,
              i));
      last = "x" + i;
    }
    graph.append("[" + last + "]ass=captions.ass,format=yuv420p[v]");
    Path out = work.resolve(name + ".mp4");
    command.addAll(
        List.of(
            "-filter_complex",
            graph.toString(),
            "-map",
            "[v]",
            "-frames:v",
            Integer.toString(frames()),
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-crf",
            "21",
            "-g",
            "60",
            "-threads",
            "1",
            out.toString()));
    return new Rival(name, runs, frames(), command, out);
  }

  private void naive(List<Rival> rivals, int runs) {
    Path jar = tools.resolve("lib/javacv-1.5.13.jar");
    if (!Files.exists(jar)) {
      skipped.put("java2d-recorder", "javacv could not be fetched");
      return;
    }
    Path out = work.resolve("java2d-recorder.mp4");
    String classPath =
        tools.resolve("naive") + ":" + jar + ":" + System.getProperty("java.class.path");
    rivals.add(
        new Rival(
            "java2d-recorder",
            runs,
            frames(),
            List.of(
                java,
                "-XX:+UseSerialGC",
                "-Xmx1g",
                "-Djava.awt.headless=true",
                "-cp",
                classPath,
                "Naive",
                work.resolve("shots.tsv").toString(),
                work.resolve("words.tsv").toString(),
                Integer.toString(shotFrames),
                out.toString()),
            out));
  }

  private Rival melt(String melt) {
    List<String> command = new ArrayList<>(List.of(melt, "-silent", "-profile", "vertical_hd_30"));
    for (int i = 0; i < NAMES.length; i++) {
      int length = shotFrames + (i + 1 < NAMES.length ? DISSOLVE : 0);
      command.addAll(List.of(photo(i).toString(), "in=0", "out=" + (length - 1)));
      command.addAll(
          List.of(
              "-attach-cut",
              "affine",
              "transition.fill=1",
              "transition.rect=0=" + rect(i, 0) + ";" + (length - 1) + "=" + rect(i, 1)));
      if (i > 0) {
        command.addAll(List.of("-mix", Integer.toString(DISSOLVE), "-mixer", "luma"));
      }
    }
    Path out = work.resolve("melt.mp4");
    command.addAll(
        List.of(
            "-consumer",
            "avformat:" + out,
            "vcodec=libx264",
            "preset=veryfast",
            "crf=21",
            "threads=1",
            "an=1",
            "real_time=-1"));
    return new Rival("melt", 1, frames(), command, out);
  }

  /** The whole photo, so placed that the frame shows what the move asks for at one of its ends. */
  private static String rect(int shot, int end) {
    double zoom = MOVES[shot][end];
    double height = 1920 * zoom;
    double width = height * 3 / 2;
    double x = 540 - width / 2 - (MOVES[shot][2 + end] - 0.5) * 1080 * zoom;
    return String.format(Locale.ROOT, "%.2f %.2f %.2f %.2f 1", x, 960 - height / 2, width, height);
  }

  private void remotion(List<Rival> rivals) throws Exception {
    String node = tool("node", "remotion");
    String chromium = node == null ? null : tool("chromium", "remotion");
    Path folder = tools.resolve("remotion");
    if (chromium == null) {
      return;
    }
    if (!Files.exists(folder.resolve("node_modules/@remotion/renderer"))) {
      skipped.put("remotion", "npm could not install it");
      return;
    }
    Path publicFolder = Files.createDirectories(folder.resolve("public"));
    for (int i = 0; i < NAMES.length; i++) {
      Files.copy(
          photo(i),
          publicFolder.resolve(NAMES[i] + ".jpg"),
          StandardCopyOption.REPLACE_EXISTING);
    }
    Files.writeString(folder.resolve("job.json"), remotionJob());
    int few = Math.min(frames(), 150);
    Path out = work.resolve("remotion.mp4");
    rivals.add(
        new Rival(
            "remotion",
            1,
            few,
            List.of(node, folder.resolve("render.mjs").toString(), chromium, "" + few, out.toString()),
            out));
  }

  private void editly(List<Rival> rivals) throws Exception {
    Path cli = tools.resolve("editly/node_modules/.bin/editly");
    if (!Files.exists(cli)) {
      skipped.put(
          "editly",
          "npm could not install it: its canvas and gl packages fetch binaries from elsewhere, or build"
              + " from source with headers that are not here");
      return;
    }
    StringBuilder clips = new StringBuilder();
    for (int i = 0; i < NAMES.length; i++) {
      clips.append(i == 0 ? "" : ",");
      clips.append(
          String.format(
              Locale.ROOT,
              "{\"duration\":%.3f,\"layers\":[{\"type\":\"image\",\"path\":\"%s\",\"zoomDirection\":\"in\","
                  + "\"zoomAmount\":0.15,\"resizeMode\":\"cover\"}]}",
              (shotFrames + DISSOLVE) / 30.0,
              photo(i)));
    }
    Path out = work.resolve("editly.mp4");
    Path spec = work.resolve("editly.json5");
    Files.writeString(
        spec,
        "{\"outPath\":\""
            + out
            + "\",\"width\":1080,\"height\":1920,\"fps\":30,\"defaults\":{\"transition\":{\"name\":\"fade\","
            + "\"duration\":0.4}},\"clips\":["
            + clips
            + "]}");
    rivals.add(new Rival("editly", 1, frames(), List.of(cli.toString(), spec.toString()), out));
  }

  // The captions, as every tool wants them: pages of three words, three words a second.

  private record Word(String text, long startMs, long endMs) {}

  private List<List<Word>> pages() {
    List<List<Word>> pages = new ArrayList<>();
    String[] text = TEXT.split(" ", -1);
    long ms = 0;
    long end = frames() * 1000L / 30;
    for (int i = 0; ms + 400 < end; i++) {
      if (i % 3 == 0) {
        pages.add(new ArrayList<>());
      }
      String word = text[i % text.length];
      long lasts = 180 + 25L * word.length();
      pages.get(pages.size() - 1).add(new Word(word, ms, ms + lasts));
      ms += lasts;
    }
    return pages;
  }

  private void writeJob() throws Exception {
    StringBuilder shots = new StringBuilder();
    for (int i = 0; i < NAMES.length; i++) {
      double[] m = MOVES[i];
      shots.append(photo(i) + "\t" + m[0] + "\t" + m[1] + "\t" + m[2] + "\t" + m[3] + "\n");
    }
    Files.writeString(work.resolve("shots.tsv"), shots);
    StringBuilder lines = new StringBuilder();
    StringBuilder ass = new StringBuilder();
    ass.append(
        "[Script Info]\nScriptType: v4.00+\nPlayResX: 1080\nPlayResY: 1920\n\n[V4+ Styles]\nFormat: Name,"
            + " Fontname, Fontsize, PrimaryColour, OutlineColour, Bold, Outline, Shadow, Alignment, MarginL,"
            + " MarginR, MarginV\nStyle: C,Sans,78,&H00FFFFFF,&H00000000,1,7,0,2,60,140,600\n\n[Events]\n"
            + "Format: Layer, Start, End, Style, Text\n");
    for (List<Word> page : pages()) {
      long end = page.get(page.size() - 1).endMs();
      lines.append(page.get(0).startMs() + "\t" + end);
      for (Word word : page) {
        lines.append("\t" + word.startMs() + "\t" + word.endMs() + "\t" + word.text());
        ass.append("Dialogue: 0," + clock(word.startMs()) + "," + clock(word.endMs()) + ",C,");
        for (Word other : page) {
          boolean spoken = other.equals(word);
          ass.append(spoken ? "{\\c&H3FD2FF&}" : "").append(other.text());
          ass.append(spoken ? "{\\c&HFFFFFF&} " : " ");
        }
        ass.append("\n");
      }
      lines.append("\n");
    }
    Files.writeString(work.resolve("words.tsv"), lines);
    Files.writeString(work.resolve("captions.ass"), ass);
  }

  private static String clock(long ms) {
    return String.format(
        Locale.ROOT, "%d:%02d:%02d.%02d", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000 / 10);
  }

  private String remotionJob() {
    List<String> shots = new ArrayList<>();
    for (int i = 0; i < NAMES.length; i++) {
      double[] m = MOVES[i];
      shots.add(
          String.format(
              Locale.ROOT,
              "{\"file\":\"%s.jpg\",\"from\":%s,\"to\":%s,\"fromX\":%s,\"toX\":%s,\"first\":%b}",
              NAMES[i], m[0], m[1], m[2], m[3], i == 0));
    }
    List<String> pages = new ArrayList<>();
    for (List<Word> page : pages()) {
      List<String> words = new ArrayList<>();
      for (Word word : page) {
        words.add(
            "{\"text\":\"" + word.text() + "\",\"start\":" + word.startMs() + ",\"end\":" + word.endMs() + "}");
      }
      pages.add(
          "{\"start\":"
              + page.get(0).startMs()
              + ",\"end\":"
              + page.get(page.size() - 1).endMs()
              + ",\"words\":["
              + String.join(",", words)
              + "]}");
    }
    return "{\"frames\":"
        + frames()
        + ",\"shotFrames\":"
        + shotFrames
        + ",\"shots\":["
        + String.join(",", shots)
        + "],\"pages\":["
        + String.join(",", pages)
        + "]}";
  }

  private static Run median(List<Run> runs) {
    Run[] sorted = runs.toArray(new Run[0]);
    Arrays.sort(sorted, Comparator.comparingDouble(Run::msPerFrame));
    return sorted[(sorted.length - 1) / 2];
  }
}
