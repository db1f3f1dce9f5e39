package dev.reelbeam.model.failure;

import dev.reelbeam.model.cost.Charge;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one checked failure that crosses a port or leaves a step: a number, a message about this
 * record, and the cause.
 */
public class StageException extends Exception {
  private static final long serialVersionUID = 1L;

  private final FailureCode code;
  private @Nullable Long retryAfterMs;
  private @Nullable String provider;
  private List<Charge> charges = List.of();
  private boolean chargesKnown;
  private boolean triedOut;
  private boolean onceMore;

  public StageException(FailureCode code, String message) {
    this(code, message, null);
  }

  public StageException(FailureCode code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public FailureCode code() {
    return code;
  }

  /** The same failure with what the provider said about when to come again. */
  public StageException withRetryAfterMs(long milliseconds) {
    retryAfterMs = Math.max(0, milliseconds);
    return this;
  }

  /** How long the provider asked to be left alone, null when it said nothing. */
  public @Nullable Long retryAfterMs() {
    return retryAfterMs;
  }

  /** The same failure with who failed, by its name in the settings. */
  public StageException withProvider(String name) {
    provider = name;
    return this;
  }

  /** The provider of this failure, or of what caused it; null where none of the settings did. */
  public @Nullable String provider() {
    for (Throwable cause = this; cause != null; cause = cause.getCause()) {
      if (cause instanceof StageException failure && failure.provider != null) {
        return failure.provider;
      }
    }
    return null;
  }

  /**
   * What counts of this failure and of one before it, whose work this one's was to do instead: the
   * earlier if that is worth waiting for, else this. It carries the other as suppressed.
   */
  public StageException insteadOf(@Nullable StageException before) {
    if (before == null) {
      return this;
    }
    StageException counts = before.code().away() ? before : this;
    counts.addSuppressed(counts == this ? before : this);
    return counts;
  }

  /** The same failure of something that was tried as often as it may be, where it failed. */
  public StageException afterAllTries() {
    triedOut = true;
    return this;
  }

  /** Whether who hears of it has no reason to try again: the same failure would come back. */
  public boolean isTriedOut() {
    return triedOut;
  }

  /** The same failure with what was billed although nothing came of it. */
  public StageException withCharges(List<Charge> billed) {
    charges = List.copyOf(billed);
    chargesKnown = true;
    return this;
  }

  /** Whether somebody said what was billed, be it nothing. */
  public boolean chargesKnown() {
    return chargesKnown;
  }

  /**
   * The same failure of a call that may have been carried out, and may be made once more: somebody
   * said so, who pays for both.
   */
  public StageException withOnceMore(boolean allowed) {
    onceMore = allowed;
    return this;
  }

  /** Whether what may have been bought may be bought once more. */
  public boolean onceMore() {
    return onceMore;
  }

  /** What was billed although nothing came of it, as far as anybody knows; mostly nothing. */
  public List<Charge> charges() {
    return charges;
  }

  /** The message as a person reads it: number, name, what happened. */
  public String describe() {
    return code.label() + ": " + getMessage();
  }
}
