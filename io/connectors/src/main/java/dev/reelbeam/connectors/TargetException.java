package dev.reelbeam.connectors;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.port.StoreException;
import java.io.IOException;

/**
 * The folder that files are to be written to does not take them: it is full, or another user's, or
 * a file lies in its place. The store that they come from is well.
 */
public final class TargetException extends StoreException {
  private static final long serialVersionUID = 1L;

  /** {@code STORAGE_FULL} or {@code STORAGE_UNAVAILABLE}. */
  TargetException(FailureCode code, String message, IOException cause) {
    super(code, message, cause);
  }
}
