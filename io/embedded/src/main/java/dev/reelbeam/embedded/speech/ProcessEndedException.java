package dev.reelbeam.embedded.speech;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;

/** The process ended in the middle of a call, as often as it was started anew for it. */
final class ProcessEndedException extends StageException {
  private static final long serialVersionUID = 1L;

  ProcessEndedException(String message, Throwable cause) {
    super(FailureCode.SPEECH_FAILED, message, cause);
  }
}
