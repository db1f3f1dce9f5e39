package dev.reelbeam.voices;

import io.github.givimad.piperjni.PiperJNI;
import io.github.givimad.piperjni.PiperVoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
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

  /** A voice at its usual pace and at the one that makes a narration fit. */
  private static final int MOST_LOADED = 2;

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

  private final Map<Model, PiperVoice> loaded = new LinkedHashMap<>(8, 0.75f, true);
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
    PiperVoice known = loaded.get(model);
    if (known != null) {
      return known;
    }
    for (Path file : List.of(model.model(), model.config())) {
      if (!Files.isReadable(file) || Files.isDirectory(file)) {
        throw new EngineException("bad_model", file + " is not there, or may not be read");
      }
    }
    PiperJNI library = library();
    if (loaded.size() == MOST_LOADED) {
      loaded.remove(loaded.keySet().iterator().next()).close();
    }
    try {
      PiperVoice voice = library.loadVoice(model.model(), model.config(), model.speaker());
      loaded.put(model, voice);
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
