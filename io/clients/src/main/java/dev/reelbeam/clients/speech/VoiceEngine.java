package dev.reelbeam.clients.speech;

import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.SpeechSynthesizer.Speeds;
import dev.reelbeam.model.speech.HeardWord;
import dev.reelbeam.model.speech.Voice;
import java.util.List;

/**
 * Speaks what fits into one call of a provider; {@link ProvidedSpeech} does the rest. Thread-safe.
 */
interface VoiceEngine extends AutoCloseable {
  /** Name in the settings, and before the colon in the ids of its voices. */
  String name();

  /** Everything that changes how the same text sounds, in one line without secrets. */
  String identity();

  /** The same for texts of one language, where that changes more than the text. */
  default String identity(String language) {
    return identity();
  }

  /** The voice that {@code default} stands for, without the provider's name. */
  String defaultVoice();

  /**
   * The language of a voice as a tag of BCP 47, without asking a server; empty where its name does
   * not tell it, and of one that speaks many.
   *
   * @throws StageException if the files of the voice cannot be read
   */
  default String language(String voice) throws StageException {
    return "";
  }

  /** The voices that it can name; others may be there. */
  List<Voice> voices() throws StageException;

  /** Longest text of one call, in characters. */
  int maxChars();

  /** Slowest and fastest speed on offer. */
  Speeds speeds();

  /** Whether it has a way to speak in such a mood. */
  default boolean takes(String emotion) {
    return false;
  }

  /**
   * One call.
   *
   * @throws StageException {@code PROVIDER_*}, {@code VOICE_MISSING}
   */
  Spoken speak(Piece piece) throws StageException;

  @Override
  default void close() {
    // Connections belong to the process.
  }

  /**
   * A text of at most {@link #maxChars} characters.
   *
   * @param before what was said before it in the same text, empty at the start
   * @param after what comes behind it, empty at the end
   * @param voice without the provider's name
   * @param emotion a mood that it {@link #takes}; empty for none
   */
  record Piece(
      String text,
      String before,
      String after,
      String language,
      String voice,
      int speedPermille,
      String emotion) {}

  /**
   * What came back.
   *
   * @param words in any order and quality; empty if the engine reports none
   */
  record Spoken(PcmAudio audio, List<HeardWord> words) {}
}
