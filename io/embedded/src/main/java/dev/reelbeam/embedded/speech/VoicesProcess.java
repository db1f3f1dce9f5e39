package dev.reelbeam.embedded.speech;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process that speaks: started at the first call, kept for all calls, one call at a time.
 *
 * <p>A child that died or does not answer in time is replaced; after {@link #MAX_STARTS_IN_A_ROW}
 * without an answer the call fails. The child ends with this object, with this JVM, or when its
 * input closes, whichever comes first. Thread-safe.
 */
final class VoicesProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(VoicesProcess.class);

  static final int MAX_STARTS_IN_A_ROW = 3;

  private static final String MAIN_CLASS = "dev.reelbeam.voices.SpeechHost";
  private static final int ERROR_TAIL_BYTES = 600;
  private static final Duration END_PATIENCE = Duration.ofMillis(500);

  private final List<String> command;
  private final ReentrantLock oneCall = new ReentrantLock();
  private final Thread atShutdown = new Thread(this::abandon, "end-voices");
  private @Nullable Child child;
  private @Nullable Path workFolder;
  private boolean closed;
  private long lastId;

  private VoicesProcess(List<String> command) {
    this.command = List.copyOf(command);
  }

  /**
   * The process over the jars of {@code classPathFolder}.
   *
   * @throws StageException {@code SPEECH_FAILED} if there are none
   */
  static VoicesProcess over(Path classPathFolder) throws StageException {
    String classPath;
    try (Stream<Path> files = Files.list(classPathFolder.toAbsolutePath())) {
      classPath =
          files
              .filter(file -> file.toString().endsWith(".jar"))
              .sorted()
              .map(Path::toString)
              .collect(Collectors.joining(File.pathSeparator));
    } catch (IOException e) {
      throw new StageException(
          FailureCode.SPEECH_FAILED, "the voices' jars cannot be read: " + classPathFolder, e);
    }
    if (classPath.isEmpty()) {
      throw new StageException(
          FailureCode.SPEECH_FAILED,
          "no voices' jars in " + classPathFolder + ": build them first");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx256m",
            "-Xss2m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.awt.headless=true",
            "-Dfile.encoding=UTF-8",
            // The engines format numbers in the default locale, and mean English ones.
            "-Duser.language=en",
            "-Duser.country=US",
            "-cp",
            classPath,
            MAIN_CLASS));
    return new VoicesProcess(command);
  }

  /** For tests of the protocol's failures: any program that reads and writes the same lines. */
  static VoicesProcess ofCommand(List<String> command) {
    return new VoicesProcess(command);
  }

  /**
   * Sends a request and waits for its answer; the answer is ok, everything else is thrown.
   *
   * @param deadline for one try, the start of a fresh child included
   * @throws StageException {@code SPEECH_TIMEOUT}, {@code VOICE_MISSING}, {@code MODEL_UNUSABLE},
   *     {@code NATIVE_MISSING} or {@code SPEECH_FAILED}
   */
  JsonNode call(ObjectNode request, Duration deadline) throws StageException {
    try {
      oneCall.lockInterruptibly();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    try {
      return callWithRestarts(request, deadline);
    } finally {
      oneCall.unlock();
    }
  }

  /** Speaks into a file that this object owns; returns its bytes with the answer. */
  Spoken speak(ObjectNode request, Duration deadline) throws StageException {
    try {
      oneCall.lockInterruptibly();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    try {
      Path wav = workFolder().resolve("speech-" + (lastId + 1) + ".wav");
      request.put("wav", wav.toString());
      JsonNode answer = callWithRestarts(request, deadline);
      try {
        return new Spoken(answer, WavAudio.parse(Files.readAllBytes(wav)));
      } finally {
        Files.deleteIfExists(wav);
      }
    } catch (IOException e) {
      throw new StageException(
          FailureCode.SPEECH_FAILED, "the spoken audio cannot be read: " + e.getMessage(), e);
    } finally {
      oneCall.unlock();
    }
  }

  /**
   * Puts a file where the child may read it; it goes away with this object.
   *
   * @throws StageException {@code SPEECH_FAILED} if it cannot be written
   */
  Path put(String name, byte[] content) throws StageException {
    try {
      oneCall.lockInterruptibly();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    try {
      return Files.write(workFolder().resolve(name), content);
    } catch (IOException e) {
      throw new StageException(
          FailureCode.SPEECH_FAILED, "a file for the voices' process: " + e.getMessage(), e);
    } finally {
      oneCall.unlock();
    }
  }

  /** Removes what was {@link #put}; what cannot be removed goes away with this object. */
  void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.debug("{} stays until the voices' process ends.", file, e);
    }
  }

  /** An answer and the audio that came with it. */
  record Spoken(JsonNode answer, WavAudio audio) {}

  private JsonNode callWithRestarts(ObjectNode request, Duration deadline) throws StageException {
    if (closed) {
      throw new StageException(FailureCode.SPEECH_FAILED, "speech was closed");
    }
    StageException last = null;
    for (int start = 0; start < MAX_STARTS_IN_A_ROW; start++) {
      try {
        JsonNode answer = exchange(request, deadline);
        if (!answer.path("code").asText().equals("full")) {
          return checked(answer);
        }
        // It holds as many models as it may; a fresh one has room.
      } catch (IOException e) {
        StageException failure =
            new ProcessEndedException("the voices' process ended: " + errorTail(), e);
        if (last != null) {
          failure.addSuppressed(last);
        }
        last = failure;
        LOG.warn("The voices' process ended, starting it again: {}", e.getMessage());
      }
      endChild();
    }
    throw last == null ? new StageException(FailureCode.SPEECH_FAILED, "no voices") : last;
  }

  private JsonNode exchange(ObjectNode request, Duration deadline)
      throws IOException, StageException {
    long deadlineNanos = System.nanoTime() + deadline.toNanos();
    Child running = child;
    if (running == null || !running.process.isAlive()) {
      endChild();
      running = startChild();
    }
    long id = ++lastId;
    request.put("id", id);
    running.requests.write(request.toString());
    running.requests.newLine();
    running.requests.flush();
    while (true) {
      Optional<String> line;
      try {
        line = running.answers.poll(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        endChild();
        throw interrupted(e);
      }
      if (line == null) {
        endChild();
        throw new StageException(
            FailureCode.SPEECH_TIMEOUT,
            "the voice did not answer within " + deadline.toSeconds() + " s");
      }
      if (line.isEmpty()) {
        throw new IOException("its output closed");
      }
      JsonNode answer = parse(line.get());
      // An answer to an earlier request that was given up is passed over.
      if (answer.path("id").asLong() == id) {
        return answer;
      }
    }
  }

  private static JsonNode parse(String line) throws IOException {
    try {
      return RecordJson.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IOException("it wrote something that is no answer", e);
    }
  }

  private static JsonNode checked(JsonNode answer) throws StageException {
    if (answer.path("ok").asBoolean()) {
      return answer;
    }
    FailureCode code =
        switch (answer.path("code").asText()) {
          case "no_voice" -> FailureCode.VOICE_MISSING;
          case "bad_model" -> FailureCode.MODEL_UNUSABLE;
          case "no_library" -> FailureCode.NATIVE_MISSING;
          default -> FailureCode.SPEECH_FAILED;
        };
    throw new StageException(code, answer.path("message").asText("the voice failed"));
  }

  private Child startChild() throws IOException {
    Path folder = workFolder();
    Path unpacked = Files.createTempDirectory(folder, "child-");
    List<String> full = new ArrayList<>(command);
    // Whatever the child unpacks goes away with it, however it ends.
    full.add(1, "-Djava.io.tmpdir=" + unpacked);
    full.add(2, "-XX:ErrorFile=" + folder.resolve("crash.log"));
    ProcessBuilder builder =
        new ProcessBuilder(full)
            .directory(folder.toFile())
            .redirectError(folder.resolve("errors.log").toFile());
    builder
        .environment()
        .keySet()
        .removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
    Child started = new Child(builder.start(), unpacked);
    child = started;
    return started;
  }

  private Path workFolder() throws IOException {
    Path folder = workFolder;
    if (folder == null) {
      folder = Files.createTempDirectory("reelbeam-speech-");
      workFolder = folder;
      Runtime.getRuntime().addShutdownHook(atShutdown);
    }
    return folder;
  }

  private String errorTail() {
    Path folder = workFolder;
    if (folder == null) {
      return "";
    }
    try {
      String errors = Files.readString(folder.resolve("errors.log"), StandardCharsets.UTF_8);
      return errors.substring(Math.max(0, errors.length() - ERROR_TAIL_BYTES)).strip();
    } catch (IOException | UncheckedIOException e) {
      return "";
    }
  }

  private void endChild() {
    Child running = child;
    child = null;
    if (running != null) {
      running.process.destroyForcibly();
      // While it lives it may unpack a library into the folder that is just being removed.
      awaitEnd(running.process);
      delete(running.unpacked);
    }
  }

  private static void awaitEnd(Process process) {
    try {
      if (!process.waitFor(END_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("The voices' process does not end.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets the child end by itself for a moment, then ends it, and removes its files. */
  @Override
  public void close() {
    oneCall.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      Child running = child;
      if (running != null) {
        try {
          running.requests.close();
        } catch (IOException e) {
          LOG.debug("The voices' process had closed its input.", e);
        }
        awaitEnd(running.process);
      }
      abandon();
      removeShutdownHook();
    } finally {
      oneCall.unlock();
    }
  }

  private void removeShutdownHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(atShutdown);
    } catch (IllegalStateException e) {
      LOG.debug("The JVM is already ending.", e);
    }
  }

  /** Runs in the shutdown hook too, where a lock held by a stuck caller must not be waited for. */
  private void abandon() {
    endChild();
    Path folder = workFolder;
    if (folder != null) {
      delete(folder);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).collect(Collectors.toList())) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("Some files of the voices' process could not be removed: {}", folder, e);
    }
  }

  private static StageException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new StageException(FailureCode.SPEECH_FAILED, "speaking was interrupted", cause);
  }

  /** A running child; its answers are read by a thread of their own, empty at the end. */
  private static final class Child {
    final Process process;
    final BufferedWriter requests;
    final BlockingQueue<Optional<String>> answers = new LinkedBlockingQueue<>();
    final Path unpacked;

    Child(Process process, Path unpacked) {
      this.process = process;
      this.unpacked = unpacked;
      this.requests =
          new BufferedWriter(
              new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
      Thread reader = new Thread(this::readAnswers, "voices-answers");
      reader.setDaemon(true);
      reader.start();
    }

    private void readAnswers() {
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          answers.add(Optional.of(line));
        }
      } catch (IOException e) {
        LOG.debug("The voices' process ended while it answered.", e);
      } finally {
        answers.add(Optional.empty());
      }
    }
  }
}
