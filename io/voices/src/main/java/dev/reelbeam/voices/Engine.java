package dev.reelbeam.voices;

import java.util.List;

/** A speech engine inside this process. Not thread-safe; the host calls it from one thread. */
interface Engine {
  /** The voices this engine can load on this machine. */
  List<VoiceInfo> voices() throws EngineException;

  /**
   * Speaks {@code text}.
   *
   * @param voice the engine's own name of the voice
   * @param text what to say, numbers already in words
   * @param speedPermille 1000 is the voice's base rate, 2000 twice as fast
   * @throws EngineException if there is no such voice or the engine failed
   */
  Utterance speak(String voice, String text, int speedPermille) throws EngineException;
}
