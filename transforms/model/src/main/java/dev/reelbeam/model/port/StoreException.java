package dev.reelbeam.model.port;

import dev.reelbeam.model.failure.FailureCode;

/** The store itself failed: the bundle fails and is tried again, no record is to blame. */
public class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final FailureCode code;

  public StoreException(FailureCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** {@code STORAGE_FULL} or {@code STORAGE_UNAVAILABLE}. */
  public FailureCode code() {
    return code;
  }
}
