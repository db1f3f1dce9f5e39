package dev.reelbeam.pipelines;

import dev.reelbeam.media.codec.Encoders;
import dev.reelbeam.media.codec.NvidiaGpus;
import dev.reelbeam.media.codec.VideoEncoder;
import dev.reelbeam.media.composition.Canvas;
import dev.reelbeam.media.composition.EncodingSettings;
import dev.reelbeam.media.text.FontBook;
import dev.reelbeam.media.text.FontWeight;
import dev.reelbeam.media.text.TextStyle;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.SpeechSynthesizer;
import dev.reelbeam.model.speech.Speech;
import dev.reelbeam.model.speech.SpeechRequest;
import dev.reelbeam.pipelines.watch.Amounts;
import dev.reelbeam.pipelines.wiring.Installation;
import dev.reelbeam.pipelines.wiring.LocalProviders;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One question to this machine. */
record MachineCheck(String name, Question question) {
  private static final int LEAST_JAVA = 17;
  private static final long MEGABYTE = 1_000_000;
  private static final long LEAST_HEAP = 400 * MEGABYTE;
  private static final long LEAST_MEMORY = 1_500 * MEGABYTE;
  private static final long GOOD_MEMORY = 3_000 * MEGABYTE;
  private static final long LEAST_DISK = 300 * MEGABYTE;
  private static final long GOOD_DISK = 2_000 * MEGABYTE;

  /** How a check came out. */
  enum Grade {
    OK,
    WARN,
    FAIL
  }

  /**
   * What a check found.
   *
   * @param remedy what to do about it, empty when all is well
   * @param cause of a failure
   */
  record Finding(Grade grade, String fact, String remedy, @Nullable Throwable cause) {
    static Finding ok(String fact) {
      return new Finding(Grade.OK, fact, "", null);
    }

    static Finding warn(String fact, String remedy) {
      return new Finding(Grade.WARN, fact, remedy, null);
    }

    static Finding fail(String fact, String remedy, @Nullable Throwable cause) {
      return new Finding(Grade.FAIL, fact, remedy, cause);
    }
  }

  /** Looks; a native part that cannot be loaded is an {@link Error}, hence the throwable. */
  @FunctionalInterface
  interface Question {
    Finding look() throws Exception;
  }

  /** Every check, the basic ones first. */
  static List<MachineCheck> all(Path out) {
    return List.of(
        new MachineCheck("Java", MachineCheck::java),
        new MachineCheck("processor", MachineCheck::processor),
        new MachineCheck("memory", MachineCheck::memory),
        new MachineCheck("disk for videos", () -> disk(out.toAbsolutePath())),
        new MachineCheck("temporary files", MachineCheck::temporary),
        new MachineCheck("native media", MachineCheck::nativeMedia),
        new MachineCheck("GPU encoder", MachineCheck::gpu),
        new MachineCheck("fonts", MachineCheck::fonts),
        new MachineCheck("voices", MachineCheck::voices));
  }

  /** Looks; whatever goes wrong is a finding. */
  Finding look() {
    try {
      return question.look();
    } catch (StageException e) {
      return Finding.fail(e.code().label() + ": " + e.getMessage(), e.code().remedy(), e);
    } catch (Exception | LinkageError e) {
      return Finding.fail(String.valueOf(e), "run again with -v and report what it says", e);
    }
  }

  private static Finding java() {
    Runtime.Version version = Runtime.version();
    String fact = version + ", " + System.getProperty("java.vendor", "unknown vendor");
    return version.feature() >= LEAST_JAVA
        ? Finding.ok(fact)
        : Finding.fail(fact, "install a JDK " + LEAST_JAVA + " or newer", null);
  }

  private static Finding processor() {
    int cores = Runtime.getRuntime().availableProcessors();
    String arch = System.getProperty("os.arch", "");
    String fact = Amounts.count(cores, "core") + ", " + arch;
    if (!arch.equals("amd64") || !System.getProperty("os.name", "").equals("Linux")) {
      return Finding.fail(
          fact + ", " + System.getProperty("os.name"),
          "the native parts are for Linux on x86-64: use such a machine or a container",
          null);
    }
    boolean avx2 = firstLine("/proc/cpuinfo", "flags").map(f -> f.contains(" avx2")).orElse(false);
    if (!avx2) {
      return Finding.warn(fact + ", no AVX2", "it works, but rendering takes several times longer");
    }
    return cores == 1
        ? Finding.warn(fact + ", AVX2", "two cores or more render faster")
        : Finding.ok(fact + ", AVX2");
  }

  private static Finding memory() {
    long heap = Runtime.getRuntime().maxMemory();
    long available =
        firstLine("/proc/meminfo", "MemAvailable").map(MachineCheck::kilobytes).orElse(0L);
    String fact = Amounts.bytes(available) + " available, Java's heap up to " + Amounts.bytes(heap);
    if (heap < LEAST_HEAP) {
      return Finding.fail(fact, "set REELBEAM_JAVA_OPTS=-Xmx1g", null);
    }
    if (available == 0) {
      return Finding.ok("Java's heap up to " + Amounts.bytes(heap));
    }
    if (available < LEAST_MEMORY) {
      return Finding.fail(
          fact, "free " + Amounts.bytes(LEAST_MEMORY) + " of memory, or use --workers 1", null);
    }
    return available < GOOD_MEMORY
        ? Finding.warn(fact, "use --workers 1 for videos in full size")
        : Finding.ok(fact);
  }

  private static Finding disk(Path folder) throws IOException {
    Path existing = folder;
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (existing == null || !Files.isDirectory(existing) || !Files.isWritable(existing)) {
      return Finding.fail(folder + " cannot be written", "choose another folder with --out", null);
    }
    return space(existing, "choose another folder with --out, or free some space");
  }

  private static Finding temporary() throws IOException {
    Path folder = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    Path file;
    try {
      file = Files.createTempFile("reelbeam-check-", ".tmp");
    } catch (IOException e) {
      return Finding.fail(
          folder + " cannot be written",
          "set REELBEAM_JAVA_OPTS=-Djava.io.tmpdir=/a/folder/with/space",
          e);
    }
    Files.delete(file);
    return space(folder, "set REELBEAM_JAVA_OPTS=-Djava.io.tmpdir=/a/folder/with/space");
  }

  private static Finding space(Path folder, String remedy) throws IOException {
    FileStore disk = Files.getFileStore(folder);
    long free = disk.getUsableSpace();
    String fact = Amounts.bytes(free) + " free at " + folder;
    if (free < LEAST_DISK) {
      return Finding.fail(fact, remedy, null);
    }
    return free < GOOD_DISK ? Finding.warn(fact, remedy) : Finding.ok(fact);
  }

  private static Finding nativeMedia() throws IOException, StageException {
    long startedNs = System.nanoTime();
    boolean x264 = VideoEncoder.available("libx264");
    boolean openH264 = VideoEncoder.available("libopenh264");
    if (!x264 && !openH264) {
      return Finding.fail(
          "FFmpeg loads but has no H.264 encoder", "build again with ./mvnw package", null);
    }
    String encoder = x264 ? "libx264" : "libopenh264";
    Path file = Files.createTempFile("reelbeam-check-", ".mp4");
    try {
      EncodingSettings trial = EncodingSettings.preview(15).withEncoder(encoder);
      VideoEncoder.open(trial, new Canvas(128, 128, 15), file).close();
    } finally {
      Files.deleteIfExists(file);
    }
    return Finding.ok(
        "FFmpeg, "
            + (x264 && openH264 ? "libx264 and libopenh264" : encoder)
            + ", loaded in "
            + Amounts.time((System.nanoTime() - startedNs) / 1_000_000));
  }

  private static Finding gpu() {
    NvidiaGpus gpus = NvidiaGpus.here();
    Encoders.Trial trial = Encoders.tryOut(EncodingSettings.NVENC);
    String machine =
        gpus.driver() == null
            ? "no NVIDIA driver"
            : "driver "
                + gpus.driver()
                + ", "
                + (gpus.models().isEmpty() ? "no GPU" : String.join(", ", gpus.models()));
    if (trial.works()) {
      return Finding.ok(machine + "; NVENC encodes: --encoder h264_nvenc uses it");
    }
    String fact = machine + "; renders use the processor";
    if (gpus.withoutEncoder()) {
      return Finding.ok(fact + ": GPUs of this class have no NVENC unit (L4, L40S, A10, T4 do)");
    }
    if (gpus.models().isEmpty()) {
      return Finding.ok(fact);
    }
    return Finding.warn(
        fact + ": NVENC does not encode (" + trial.problem() + ")",
        "update the driver, or give the container the capability `video`"
            + " (NVIDIA_DRIVER_CAPABILITIES=compute,utility,video)");
  }

  private static Finding fonts() throws StageException {
    FontBook fonts = FontBook.bundled();
    TextStyle style = new TextStyle(FontBook.DEFAULT_FAMILY, FontWeight.BOLD, 48);
    double width = fonts.width(fonts.drawable("Reelbeam: Schöne Grüße"), style);
    return width > 100
        ? Finding.ok(fonts.families().size() + " families, text is drawn")
        : Finding.fail(
            "text is drawn without width", "use a JDK with the module java.desktop", null);
  }

  private static Finding voices() throws StageException {
    Optional<Path> folder = Installation.voices();
    if (folder.isEmpty()) {
      return Finding.fail("not installed", "in a clone, run ./mvnw package", null);
    }
    long startedNs = System.nanoTime();
    try (SpeechSynthesizer speech = LocalProviders.speech(folder.get()).open()) {
      String voice = speech.resolveVoice("default", "en");
      Speech spoken = speech.synthesize(new SpeechRequest("Ready.", "en", voice, 1000));
      long ms = (System.nanoTime() - startedNs) / 1_000_000;
      if (spoken.samples() == 0 || spoken.words().isEmpty()) {
        return Finding.fail(voice + " stays silent", "run ./mvnw package again", null);
      }
      return Finding.ok(voice + " speaks; " + Amounts.time(ms) + " with its start");
    }
  }

  private static Optional<String> firstLine(String file, String start) {
    try {
      for (String line : Files.readAllLines(Path.of(file))) {
        if (line.startsWith(start)) {
          return Optional.of(line.toLowerCase(Locale.ROOT));
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static long kilobytes(String line) {
    Matcher number = Pattern.compile("\\d+").matcher(line);
    return number.find() ? Long.parseLong(number.group()) * 1024 : 0;
  }
}
