package dev.reelbeam.model.port;

import dev.reelbeam.model.cost.Charge;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A call that was interrupted after it was sent: nobody waits for its answer, and it may be billed
 * all the same.
 */
public final class LostCallException extends CancellationException {
  private static final long serialVersionUID = 1L;

  private transient @Nullable List<Charge> charges;

  public LostCallException(String message) {
    super(message);
  }

  /** The same with what it is billed as, be it nothing: somebody saw how far it came. */
  public LostCallException withCharges(List<Charge> billed) {
    charges = List.copyOf(billed);
    return this;
  }

  /** What it is billed as; null where nobody knows, and its whole price counts. */
  public @Nullable List<Charge> charges() {
    return charges;
  }
}
