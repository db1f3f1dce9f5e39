package dev.reelbeam.model.port;

import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.speech.Speech;
import dev.reelbeam.model.speech.SpeechRequest;
import dev.reelbeam.model.speech.Voice;
import java.util.List;

/** Speaks text and tells when each word sounds. Thread-safe. */
public interface SpeechSynthesizer extends AutoCloseable {
  /** The provider that is always there and costs nothing. */
  String EMBEDDED = "embedded";

  /** Provider and engine version; part of every key under which speech is stored. */
  String identity();

  /**
   * The same for texts of one language (BCP 47), where it does something for some only; what it
   * spoke of the others is then found under {@link #identity()}.
   */
  default String identity(String language) {
    return identity();
  }

  /** The voices on offer. */
  List<Voice> voices() throws StageException;

  /**
   * Resolves {@code default} and short names to a voice's full id. A voice that is named may be of
   * another language, for whoever named it wants it; {@code default} never is.
   *
   * @throws StageException {@code VOICE_MISSING} if the language has no voice
   */
  String resolveVoice(String voiceId, String language) throws StageException;

  /**
   * Whether a voice is of that language, as far as that is known without a call; {@code default} is
   * the one that would be taken for it.
   */
  default boolean speaks(String voiceId, String language) {
    return true;
  }

  /**
   * Speaks one text.
   *
   * @throws StageException {@code VOICE_MISSING}, {@code SPEECH_FAILED}, {@code SPEECH_TIMEOUT}
   */
  Speech synthesize(SpeechRequest request) throws StageException;

  /**
   * The name by which records ask for it ({@code voice_provider}); what needs no account is {@link
   * #EMBEDDED}.
   */
  default String provider() {
    return EMBEDDED;
  }

  /**
   * Who may speak a narration, the preferred one first. One of them speaks all of it: who narrates
   * begins anew with the next when one cannot, so that no narration mixes voices, and stores what
   * came out under the identity of the one who spoke.
   */
  default List<SpeechSynthesizer> alternatives() {
    return List.of(this);
  }

  /** Whether it can speak in such a mood; who cannot is not told of it. */
  default boolean takes(String emotion) {
    return false;
  }

  /**
   * At which speeds it speaks, as far as {@link SpeechRequest#speedPermille()} goes; it refuses
   * others.
   */
  default Speeds speeds() {
    return new Speeds(500, 2_000);
  }

  /** Slowest and fastest speed in permille of the voice's own pace, inclusive. */
  record Speeds(int slowest, int fastest) {
    /** Whether a speed is on offer. */
    public boolean has(int speedPermille) {
      return speedPermille >= slowest && speedPermille <= fastest;
    }

    /** The nearest that is on offer. */
    public int nearest(int speedPermille) {
      return Math.max(slowest, Math.min(fastest, speedPermille));
    }
  }

  /** How many texts it speaks at once; more would wait for each other. */
  default int parallel() {
    return 1;
  }

  /**
   * The same synthesizer, paying from this purse; one that costs nothing is the same. What it
   * speaks, and its {@link #identity}, do not change; the original is the one to close.
   */
  default SpeechSynthesizer paying(Purse purse) {
    return this;
  }

  /**
   * The same synthesizer, which keeps in this store what it bought of a text before all of it is
   * there: who comes again, because a turn, a budget or a process ended in between, finds it. One
   * that buys nothing is the same.
   */
  default SpeechSynthesizer keeping(ObjectStore store) {
    return this;
  }

  /**
   * What speaking a text is billed as; none for what runs on the user's own machine.
   *
   * @param audioMs length of what was spoken
   */
  default List<Charge> charges(SpeechRequest request, long audioMs) {
    return List.of();
  }

  @Override
  void close();
}
