package dev.reelbeam.bench;

import dev.reelbeam.media.render.IdentityInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The same video again and again, under other circumstances each time: see {@code bench/identity}. */
public final class Identity {
  /** glibc and its mathematics as on a machine with SSE2 and no more. */
  private static final Map<String, String> OLD_GLIBC =
      Map.of(
          "GLIBC_TUNABLES",
          "glibc.cpu.hwcaps=-AVX512F,-AVX2,-AVX,-FMA,-FMA4,-BMI2,-SSE4_2,-SSE4_1,-SSSE3"
              + ",-AVX2_Usable,-AVX_Usable,-FMA_Usable");

  private static final List<String> OLD_JAVA = List.of("-XX:UseAVX=0", "-XX:UseSSE=2");
  private static final List<String> QUICK_COMPILER = List.of("-XX:TieredStopAtLevel=1");

  private final Path root;
  private final Path work;
  private final Path input;
  private final String presets;
  private final String classPath;
  private final List<String> lines = new ArrayList<>();
  private String expected = "";
  private int equal;
  private int runs;

  private Identity(Path root, Path work, Path input, String presets) {
    this.root = root;
    this.work = work;
    this.input = input;
    this.presets = presets;
    this.classPath = work.resolve("classes") + ":" + root + "/pipelines/target/reelbeam/lib/*";
  }

  /** Root of the clone, work folder, input or nothing, presets, runs, result file. */
  public static void main(String[] args) throws Exception {
    Path root = Path.of(args[0]);
    Path work = Path.of(args[1]);
    boolean own = args[2].isEmpty();
    Path input =
        own
            ? IdentityInput.write(root.resolve("examples"), work.resolve("input"))
            : Path.of(args[2]);
    Identity bench = new Identity(root, work, input, args[3]);
    String machine = Machine.describe();
    bench.measure(Integer.parseInt(args[4]));
    List<String> text = new ArrayList<>();
    text.add("# The same bytes, whatever the circumstances");
    text.add("");
    text.add("`bench/identity`; " + machine);
    text.add("");
    text.add(
        "Input: "
            + (own
                ? "an article with photos, a diagram, a clip and an inset that plays"
                : "`" + bench.root.relativize(bench.input) + "`")
            + "; presets `"
            + bench.presets
            + "`, quality `standard`.");
    text.add("");
    text.add(
        "*make* goes the whole way from the article. *Rendered again* makes the pictures of the first"
            + " run's timeline anew, decoding, scaling, drawing and encoding, and joins them with its"
            + " sound: it leaves out planning, layout, the drawing of text and the mix.");
    text.add("");
    text.add("**" + bench.equal + " of " + bench.runs + " runs gave the same final mp4.**");
    text.add("");
    text.add("| run | what | workers | order | instructions | sha256 of video.mp4 |");
    text.add("|---|---|---|---|---|---|");
    text.addAll(bench.lines);
    Files.writeString(Path.of(args[5]), String.join("\n", text) + "\n");
    System.out.println(String.join("\n", text));
    System.exit(bench.equal == bench.runs ? 0 : 1);
  }

  private void measure(int wanted) throws Exception {
    make("make, cold store", "first", 2, "all", List.of(), Map.of(), false);
    make("make again, warm store", "first", 2, "all", List.of(), Map.of(), false);
    make("make, cold store", "one", 1, "all", QUICK_COMPILER, Map.of(), false);
    make("make, cold store", "old", 2, "SSE2: Java, C library, FFmpeg", OLD_JAVA, OLD_GLIBC, true);
    interrupted();
    make("make, cold store", "many", 4, "SSE2: C library", List.of(), OLD_GLIBC, false);
    for (int seed = 0; runs < wanted; seed++) {
      again(seed);
    }
  }

  private void make(
      String what,
      String name,
      int workers,
      String instructions,
      List<String> javaOptions,
      Map<String, String> environment,
      boolean plain)
      throws Exception {
    run(makeCommand(name, workers, javaOptions, plain), environment, name);
    report(what, workers, "as they come", instructions, sha256(delivered(name)));
  }

  /** Killed when a third of the segments are there, then started again. */
  private void interrupted() throws Exception {
    long all = segments("first");
    Process process =
        start(makeCommand("broken", 2, List.of(), false), Map.of(), work.resolve("broken.log"));
    while (process.isAlive() && segments("broken") < all / 3) {
      Thread.sleep(20);
    }
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor();
    long left = segments("broken");
    run(makeCommand("broken", 2, List.of(), false), Map.of(), "broken");
    report(
        "make, killed with " + left + " of " + all + " segments, then make",
        2,
        "as they come",
        "all",
        sha256(delivered("broken")));
  }

  private long segments(String name) throws IOException {
    Path blobs = work.resolve(name).resolve("store/blobs");
    if (!Files.isDirectory(blobs)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(blobs)) {
      return files.filter(Identity::isMp4).count();
    } catch (UncheckedIOException e) {
      return 0; // A file went while it was looked at: next time.
    }
  }

  private static boolean isMp4(Path file) {
    try (var in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(8);
      return head.length == 8 && new String(head, 4, 4, java.nio.charset.StandardCharsets.US_ASCII).equals("ftyp");
    } catch (IOException e) {
      return false;
    }
  }

  /** The timeline of the first run, rendered segment by segment in another order. */
  private void again(int seed) throws Exception {
    int workers = 1 + seed % 4;
    boolean few = seed % 3 == 1;
    boolean oldJava = seed % 4 == 2;
    boolean oldGlibc = few || seed % 5 == 3;
    Path folder = Files.createDirectories(work.resolve("again-" + seed));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(oldJava ? OLD_JAVA : List.of());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx1g", "-Djava.awt.headless=true"));
    command.addAll(List.of("-cp", classPath, "dev.reelbeam.media.render.RenderAgain"));
    command.add(delivered("first").resolveSibling("timeline.json").toString());
    command.add(work.resolve("first/store").toString());
    command.addAll(List.of("standard", presets, delivered("first").toString()));
    command.addAll(List.of(folder.toString(), "" + workers, "" + seed, few ? "few" : "all"));
    String output = run(command, oldGlibc ? OLD_GLIBC : Map.of(), "again-" + seed);
    String hash = output.strip();
    List<String> masked = new ArrayList<>();
    if (few) {
      masked.add("FFmpeg, x264");
    }
    if (oldJava) {
      masked.add("Java");
    }
    if (oldGlibc) {
      masked.add("C library");
    }
    report(
        "segments rendered again, joined",
        workers,
        seed == 0 ? "that of the video" : "shuffled by " + seed,
        masked.isEmpty() ? "all" : "SSE2 or plain C: " + String.join(", ", masked),
        hash);
    delete(folder);
  }

  private void report(String what, int workers, String order, String instructions, String hash) {
    if (expected.isEmpty()) {
      expected = hash;
    }
    runs++;
    equal += hash.equals(expected) ? 1 : 0;
    String shown = hash.equals(expected) ? hash.substring(0, 16) : "**" + hash + "**";
    lines.add(
        String.join(" | ", "| " + runs, what, "" + workers, order, instructions, shown + " |"));
    System.err.println(lines.get(lines.size() - 1));
  }

  private List<String> makeCommand(
      String name, int workers, List<String> javaOptions, boolean plain) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(javaOptions);
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx1500m", "-Djava.awt.headless=true"));
    command.add("-Dfile.encoding=UTF-8");
    command.add("-Dreelbeam.home=" + root.resolve("pipelines/target/reelbeam"));
    command.addAll(List.of("-cp", classPath));
    command.add(plain ? "dev.reelbeam.bench.MakePlain" : "dev.reelbeam.pipelines.Reelbeam");
    command.addAll(List.of("make", input.toString(), "--type", "teaser", "--presets", presets));
    command.addAll(List.of("--quality", "standard"));
    command.addAll(List.of("--out", work.resolve(name).resolve("out").toString()));
    command.addAll(List.of("--store", work.resolve(name).resolve("store").toString()));
    command.addAll(List.of("--workers", "" + workers));
    return command;
  }

  private Path delivered(String name) throws IOException {
    try (Stream<Path> files = Files.walk(work.resolve(name).resolve("out"))) {
      return files
          .filter(file -> file.endsWith("video.mp4"))
          .min(Comparator.naturalOrder())
          .orElseThrow(() -> new IOException(name + " delivered nothing"));
    }
  }

  private String run(List<String> command, Map<String, String> environment, String name)
      throws Exception {
    Path log = work.resolve(name + ".log");
    int status = start(command, environment, log).waitFor();
    String output = Files.readString(log);
    if (status != 0) {
      throw new IOException(name + " ended with " + status + ":\n" + output);
    }
    return output;
  }

  private static Process start(List<String> command, Map<String, String> environment, Path log)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  private static String sha256(Path file) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
