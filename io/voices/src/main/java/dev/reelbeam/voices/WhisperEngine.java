package dev.reelbeam.voices;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import dev.reelbeam.voices.WhisperLibrary.ContextParameters;
import dev.reelbeam.voices.WhisperLibrary.FullParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * whisper.cpp 1.7.1 in this process, from the native library that the whisper-jni artifact carries,
 * with a model of the user's own.
 *
 * <p>The artifact's Java classes tell the times of segments alone. Its library knows those of words
 * (a segment per word), so its C interface is called. Not thread-safe.
 */
final class WhisperEngine {
  static final String NAME = "whisper";

  private static final int SAMPLE_RATE = 16_000;
  private static final int US_PER_TICK = 10_000;

  /** It hears nothing in less than a second; silence makes up for the rest. */
  private static final int LEAST_SAMPLES = SAMPLE_RATE * 5 / 4;

  private static final int MOST_THREADS = 4;

  /**
   * A word as it was heard.
   *
   * @param startUs from the start of the audio
   */
  record Heard(String text, long startUs, long endUs) {}

  private @Nullable WhisperLibrary library;
  private @Nullable Path loaded;
  private @Nullable FileState loadedState;
  private @Nullable Pointer context;

  /** What it said last; held in a field, because the native side keeps a bare pointer to it. */
  private final Log log = new Log();

  /** Whether a model knows other languages than English. */
  boolean multilingual(Path model) throws EngineException {
    return library().whisper_is_multilingual(load(model)) != 0;
  }

  /**
   * The words in what was said.
   *
   * @param language BCP 47 tag; one that the model does not know is found out by listening
   */
  List<Heard> hear(Path model, Utterance said, String language) throws EngineException {
    WhisperLibrary whisper = library();
    Pointer listener = load(model);
    float[] spoken = Resampler.to(SAMPLE_RATE, said);
    float[] samples = Arrays.copyOf(spoken, Math.max(spoken.length, LEAST_SAMPLES));
    FullParameters.ByValue parameters = usual(whisper);
    parameters.threads = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
    parameters.noContext = 1;
    parameters.printProgress = 0;
    parameters.printRealtime = 0;
    parameters.printTimestamps = 0;
    parameters.suppressNonSpeech = 1;
    // A segment for each word.
    parameters.tokenTimestamps = 1;
    parameters.maxLength = 1;
    parameters.splitOnWord = 1;
    String tag = Locale.forLanguageTag(language).getLanguage();
    boolean known = !tag.isEmpty() && whisper.whisper_lang_id(tag) >= 0;
    boolean english = whisper.whisper_is_multilingual(listener) == 0;
    Memory name = text(english ? "en" : known ? tag : "auto");
    parameters.language = name;
    parameters.write();
    int status = whisper.whisper_full(listener, parameters, samples, samples.length);
    if (status != 0) {
      throw new EngineException(
          "engine_failed", "Whisper gave up with status " + status + ": " + log.last());
    }
    List<Heard> words = new ArrayList<>();
    for (int i = 0; i < whisper.whisper_full_n_segments(listener); i++) {
      String text = whisper.whisper_full_get_segment_text(listener, i).getString(0, "UTF-8");
      long startUs = whisper.whisper_full_get_segment_t0(listener, i) * US_PER_TICK;
      long endUs = whisper.whisper_full_get_segment_t1(listener, i) * US_PER_TICK;
      if (!text.isBlank()) {
        words.add(new Heard(text.strip(), startUs, endUs));
      }
    }
    return words;
  }

  private Pointer load(Path model) throws EngineException {
    Pointer known = context;
    FileState now = FileState.of(model);
    if (known != null && model.equals(loaded) && now.equals(loadedState)) {
      return known;
    }
    WhisperLibrary whisper = library();
    if (known != null) {
      whisper.whisper_free(known);
      context = null;
    }
    Pointer defaults = whisper.whisper_context_default_params_by_ref();
    ContextParameters.ByValue parameters = copied(defaults, new ContextParameters.ByValue());
    whisper.whisper_free_context_params(defaults);
    parameters.useGpu = 0;
    parameters.write();
    log.clear();
    Pointer made =
        whisper.whisper_init_from_file_with_params(model.toAbsolutePath().toString(), parameters);
    if (made == null) {
      throw new EngineException(
          "bad_model", model + " is no model of Whisper in ggml's format: " + log.last());
    }
    context = made;
    loaded = model;
    loadedState = now;
    return made;
  }

  private WhisperLibrary library() throws EngineException {
    WhisperLibrary known = library;
    if (known != null) {
      return known;
    }
    String machine = NativeFolder.machine();
    if (machine == null || !machine.startsWith("debian")) {
      throw new EngineException("no_library", "Whisper has no library for this machine");
    }
    try {
      NativeFolder folder = NativeFolder.make("whisper");
      folder.copy(machine + "/" + ggml(machine), "libggml.so");
      // It looks for the other one beside itself.
      Path file = folder.copy(machine + "/libwhisper.so.1", "libwhisper.so.1");
      WhisperLibrary made = Native.load(file.toString(), WhisperLibrary.class);
      made.whisper_log_set(log, null);
      checkLayout(made);
      library = made;
      return made;
    } catch (IOException | LinkageError e) {
      throw new EngineException(
          "no_library", "Whisper's native library does not load: " + e.getMessage(), e);
    }
  }

  /** The artifact's own choice: with AVX2 where the processor has all that comes with it. */
  private static String ggml(String machine) throws IOException {
    Path processor = Path.of("/proc/cpuinfo");
    if (!machine.equals("debian-amd64") || !Files.isReadable(processor)) {
      return "libggml.so";
    }
    List<String> flags = List.of(Files.readString(processor).split("\\s+"));
    return flags.containsAll(List.of("avx", "avx2", "fma", "f16c"))
        ? "libggml+mf16c+mfma+mavx+mavx2.so"
        : "libggml.so";
  }

  /** Values that its own defaults have show whether the structures are those of this release. */
  private static void checkLayout(WhisperLibrary whisper) throws EngineException {
    FullParameters usual = usual(whisper);
    if (usual.maxTextContext != 16_384
        || usual.timestampThreshold != 0.01f
        || usual.noSpeechThreshold != 0.6f
        || usual.grammarPenalty != 100) {
      throw new EngineException("no_library", "Whisper's library is of another release");
    }
  }

  /** The usual parameters, in memory of ours. */
  private static FullParameters.ByValue usual(WhisperLibrary whisper) {
    Pointer defaults = whisper.whisper_full_default_params_by_ref(WhisperLibrary.GREEDY);
    FullParameters.ByValue copy = copied(defaults, new FullParameters.ByValue());
    whisper.whisper_free_params(defaults);
    return copy;
  }

  private static <T extends Structure> T copied(Pointer from, T to) {
    int bytes = to.size();
    to.getPointer().write(0, from.getByteArray(0, bytes), 0, bytes);
    to.read();
    return to;
  }

  private static Memory text(String text) {
    Memory memory = new Memory(text.length() + 1L);
    memory.setString(0, text);
    return memory;
  }

  /** Keeps the last thing that it said about a failure. */
  private static final class Log implements WhisperLibrary.LogCallback {
    private String last = "";

    void clear() {
      last = "";
    }

    String last() {
      return last.strip();
    }

    @Override
    public void invoke(int level, String text, @Nullable Pointer userData) {
      // That it failed to load is what the caller says itself.
      if (!text.isBlank() && !text.contains("failed to load model")) {
        last = text;
      }
    }
  }
}
