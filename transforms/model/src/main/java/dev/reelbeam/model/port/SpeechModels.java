package dev.reelbeam.model.port;

import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.speech.HeardWord;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Speech models in files of the user's own, run on this machine and apart from it: native code that
 * crashes takes a call with it, not the run. Thread-safe; one call after the other.
 */
public interface SpeechModels extends AutoCloseable {
  /**
   * A voice of Piper.
   *
   * @param model the network, {@code .onnx}
   * @param config what belongs to it, {@code .onnx.json}
   */
  record VoiceFile(Path model, Path config) {}

  /**
   * What a voice's files say.
   *
   * @param language BCP 47 tag, {@code mul} if they do not say
   * @param speakers numbers of the persons in it by their names; empty if it is one
   */
  record VoiceFacts(int sampleRate, String language, Map<String, Integer> speakers) {
    public VoiceFacts {
      speakers = Map.copyOf(speakers);
    }
  }

  /**
   * Loads a voice and tells what it is.
   *
   * @throws StageException {@code MODEL_UNUSABLE}, {@code NATIVE_MISSING}, {@code SPEECH_*}
   */
  VoiceFacts look(VoiceFile voice) throws StageException;

  /**
   * Speaks a text: a WAV file of 16 bit mono, at the voice's own rate. The same text may sound a
   * little different each time: such models draw noise.
   *
   * @param speaker number of the person, -1 for the model's usual one
   * @param speedPermille 1000 = the voice's natural pace
   * @throws StageException as {@link #look}
   */
  byte[] speak(VoiceFile voice, int speaker, String text, int speedPermille) throws StageException;

  /**
   * Loads a model of Whisper.
   *
   * @param model in ggml's format
   * @return whether it knows other languages than English
   * @throws StageException as {@link #look}
   */
  boolean listens(Path model) throws StageException;

  /**
   * The words that are said in a WAV file of 16 bit mono, in order.
   *
   * @param language BCP 47 tag
   * @throws StageException as {@link #look}
   */
  List<HeardWord> hear(Path model, byte[] wav, String language) throws StageException;

  @Override
  void close();
}
