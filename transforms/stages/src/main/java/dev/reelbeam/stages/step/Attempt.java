package dev.reelbeam.stages.step;

import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.ShortMemory;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.meter.TurnWaits;
import dev.reelbeam.model.meter.Work;
import dev.reelbeam.model.meter.WorkMeter;
import dev.reelbeam.model.port.Fence;
import dev.reelbeam.model.port.Lease;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.stages.flow.EpochFence;
import dev.reelbeam.stages.flow.Progress;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What came of one application of a step: exactly one of value, failure and outage is there.
 *
 * @param failure the element's fault, or a provider's: one of the first three lanes
 * @param outage the store or the ledger is away: no element is to blame
 * @param work what it found, made, asked of others and paid, failed or not
 */
record Attempt<OutputT>(
    @Nullable OutputT value,
    @Nullable StageException failure,
    @Nullable StoreException outage,
    Work work) {
  private static final Logger log = LoggerFactory.getLogger(Attempt.class);

  /**
   * Applies a step and sorts what happens into its lane. Memory or stack that one element uses up
   * is its own failure: what it held is free again, and a restart would begin with it once more.
   * Any other {@link Error} is the worker's and not caught, also memory that {@link ShortMemory}
   * says is the worker's. Once the element's epoch is over, the step buys nothing more.
   */
  static <InputT extends Tracked, OutputT> Attempt<OutputT> of(
      Stage stage, Step<InputT, OutputT> step, InputT input, Progress listener, EpochFence fence) {
    return of(stage, step, input, listener, fence, new TurnWaits());
  }

  /**
   * The same.
   *
   * @param turns hears how long turns with providers are waited for
   */
  static <InputT extends Tracked, OutputT> Attempt<OutputT> of(
      Stage stage,
      Step<InputT, OutputT> step,
      InputT input,
      Progress listener,
      EpochFence fence,
      TurnWaits turns) {
    try (WorkMeter meter = WorkMeter.begin(turns, order(input));
        Lease epoch = Fence.within(fence.during(input))) {
      return lane(stage, step, input, listener).having(meter.sum());
    }
  }

  /** Whoever retries a record, or replays its letter, begins another epoch. */
  private static String order(Tracked input) {
    return input.recordKey() + " in epoch " + input.epoch();
  }

  private static <InputT extends Tracked, OutputT> Attempt<OutputT> lane(
      Stage stage, Step<InputT, OutputT> step, InputT input, Progress listener) {
    // Around all of it: what goes wrong is logged under the element's name, too.
    try (LogContext context = LogContext.of(stage, input)) {
      return applied(stage, step, input, listener);
    }
  }

  private static <InputT extends Tracked, OutputT> Attempt<OutputT> applied(
      Stage stage, Step<InputT, OutputT> step, InputT input, Progress listener) {
    long startedNs = System.nanoTime();
    try {
      listener.stageStarted(stage, input);
      OutputT output = step.apply(input);
      ShortMemory.sufficed();
      long elapsedMs = (System.nanoTime() - startedNs) / 1_000_000;
      listener.stageDone(stage, input, elapsedMs);
      listener.outcome(stage, false);
      log.info("{} done in {} ms", stage.label(), elapsedMs);
      return new Attempt<>(output, null, null, Work.NONE);
    } catch (StageException e) {
      return failed(e);
    } catch (StoreException e) {
      return away(e);
    } catch (CancellationException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e; // The task ends; that is nobody's failure.
      }
      return unexpected(stage, input, e);
    } catch (RuntimeException e) {
      StoreException outage = outageIn(e);
      if (outage != null) {
        return away(outage);
      }
      return unexpected(stage, input, e);
    } catch (OutOfMemoryError e) {
      if (!ShortMemory.isOfElement(e)) {
        throw e;
      }
      log.error("no memory for {} of {}", stage.label(), input.recordKey(), e);
      return failed(new StageException(FailureCode.MEMORY_SHORT, e.toString(), e));
    } catch (StackOverflowError e) {
      return unexpected(stage, input, e);
    }
  }

  private static <OutputT> Attempt<OutputT> unexpected(Stage stage, Tracked input, Throwable e) {
    log.error("unexpected failure in {} of {}", stage.label(), input.recordKey(), e);
    String message =
        e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
    return failed(new StageException(FailureCode.UNEXPECTED, message, e));
  }

  /** A store that answers and lacks what this element needs is not away: nobody else waits. */
  private static <OutputT> Attempt<OutputT> away(StoreException e) {
    return e.isOfOneElement()
        ? failed(new StageException(e.code(), String.valueOf(e.getMessage()), e))
        : new Attempt<>(null, null, e, Work.NONE);
  }

  /** An attempt that failed without a step. */
  static <OutputT> Attempt<OutputT> failed(StageException failure) {
    return new Attempt<>(null, failure, null, Work.NONE);
  }

  private Attempt<OutputT> having(Work sum) {
    return new Attempt<>(value, failure, outage, sum);
  }

  /**
   * Whether the same call may succeed if it is made again soon: a provider's passing fault, memory
   * that another element held, or another worker whose result will be found. What may have been
   * bought is not bought again.
   */
  boolean worthAnother() {
    return failure != null
        && failure.code().replayable()
        && !failure.isTriedOut()
        && failure.code() != FailureCode.PROVIDER_OUTCOME_UNKNOWN
        && failure.code() != FailureCode.JOB_OVERDUE
        && (failure.code().number() / 1000 == 2
            || failure.code() == FailureCode.CALL_TIMEOUT
            || failure.code() == FailureCode.MEMORY_SHORT
            || failure.code() == FailureCode.LEASE_LOST);
  }

  /** Whether our own limits left no turn: nobody failed, and it is no attempt. */
  boolean leftWithoutTurn() {
    return failure != null && failure.code() == FailureCode.NO_TURN;
  }

  /**
   * The provider of the settings that is away, or has no time for anybody; null if none is. Whether
   * the call was made does not matter: one that is left alone after many faults is away, too.
   */
  @Nullable String awayProvider() {
    return failure != null && failure.code().away() ? failure.provider() : null;
  }

  private static @Nullable StoreException outageIn(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof StoreException outage) {
        return outage;
      }
    }
    return null;
  }
}
