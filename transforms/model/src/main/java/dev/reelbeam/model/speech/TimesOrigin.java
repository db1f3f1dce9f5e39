package dev.reelbeam.model.speech;

/** How it is known when the words of a speech sound, the most exact first. */
public enum TimesOrigin {
  /** The engine that spoke them says so. */
  ENGINE,
  /** Somebody listened to the audio, and the script was laid over what was heard. */
  TRANSCRIPT,
  /** Guessed from loudness, pauses and the length of the words. */
  ESTIMATE
}
