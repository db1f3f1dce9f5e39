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

  /** {@code STORAGE_FULL}, {@code STORAGE_UNAVAILABLE}, ... */
  public FailureCode code() {
    return code;
  }

  /** Whether the store is well and only lacks, or refuses, what one element needs. */
  public boolean isOfOneElement() {
    return code == FailureCode.CONTENT_MISSING
        || code == FailureCode.CONTENT_DAMAGED
        || code == FailureCode.VALUE_REFUSED;
  }
}
