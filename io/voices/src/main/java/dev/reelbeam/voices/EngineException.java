package dev.reelbeam.voices;

import org.jspecify.annotations.Nullable;

/** A speech engine could not do what was asked; the code crosses the pipe, the cause does not. */
final class EngineException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String code;

  EngineException(String code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  EngineException(String code, String message) {
    this(code, message, null);
  }

  /** One of the codes named in {@link SpeechHost}. */
  String code() {
    return code;
  }
}
