package dev.reelbeam.clients.script;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;

/** An answer that had no room: what the model thinks before it writes counts, too. */
final class CutOffException extends StageException {
  private static final long serialVersionUID = 1L;

  CutOffException(String message) {
    super(FailureCode.PROVIDER_REPLY_INVALID, message);
  }
}
