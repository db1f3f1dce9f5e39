package dev.reelbeam.voices;

import io.github.givimad.piperjni.PiperJNI;
import io.github.givimad.piperjni.PiperVoice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Voices of Piper 1.2 from files of the user's own, by the piper-jni artifact.
 *
 * <p>It times no words. The pace stands in the voice's configuration: who wants another one gives a
 * configuration that says so. Not thread-safe.
 */
final class PiperEngine {
  static final String NAME = "piper";

  /**
   * Voices at several paces. The library never lets go of a network: what is loaded stays until
   * this process ends, so a process that is full says so, and its caller starts another.
   */
  private static final int MOST_LOADED = 4;

  /**
   * The files of a voice.
   *
   * @param speaker number of the person, -1 for the model's usual one
   */
  record Model(Path model, Path config, int speaker) {
    static Model of(Wire.Request request) {
      return new Model(Path.of(request.model()), Path.of(request.config()), request.speaker());
    }
  }

  /** A voice as its files are now: one that was replaced is loaded anew. */
  private record Loaded(Model model, FileState network, FileState config) {}

  private final Map<Loaded, PiperVoice> loaded = new HashMap<>();
  private @Nullable PiperJNI piper;

  int sampleRate(Model model) throws EngineException {
    return load(model).getSampleRate();
  }

  /** The text as this voice says it; it reads numbers itself. */
  Utterance speak(Model model, String text) throws EngineException {
    PiperVoice voice = load(model);
    try {
      short[] samples = library().textToAudio(voice, text);
      return new Utterance(samples, samples.length, voice.getSampleRate(), List.of());
    } catch (IOException | RuntimeException | PiperJNI.NotInitialized e) {
      throw new EngineException("engine_failed", "Piper gave up: " + e.getMessage(), e);
    }
  }

  private PiperVoice load(Model model) throws EngineException {
    Loaded now = new Loaded(model, FileState.of(model.model()), FileState.of(model.config()));
    PiperVoice known = loaded.get(now);
    if (known != null) {
      return known;
    }
    if (loaded.size() >= MOST_LOADED) {
      throw new EngineException("full", MOST_LOADED + " voices are loaded");
    }
    PiperJNI library = library();
    try {
      PiperVoice voice = library.loadVoice(model.model(), model.config(), model.speaker());
      loaded.put(now, voice);
      return voice;
    } catch (IOException | RuntimeException | PiperJNI.NotInitialized e) {
      throw new EngineException(
          "bad_model", model.model() + " is no voice of Piper: " + e.getMessage(), e);
    }
  }

  private PiperJNI library() throws EngineException {
    PiperJNI library = piper;
    if (library == null) {
      try {
        library = new PiperJNI();
        library.initialize(/* useESpeakPhonemes= */ true, /* useTashkeelModel= */ false);
      } catch (IOException | RuntimeException | LinkageError e) {
        throw new EngineException(
            "no_library", "Piper's native library does not load: " + e.getMessage(), e);
      }
      piper = library;
    }
    return library;
  }
}
