package dev.reelbeam.model.port;

import java.util.concurrent.CancellationException;

/**
 * A call that was interrupted after it was sent: nobody waits for its answer, and it may be billed
 * all the same.
 */
public final class LostCallException extends CancellationException {
  private static final long serialVersionUID = 1L;

  public LostCallException(String message) {
    super(message);
  }
}
