package dev.reelbeam.model.port;

import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.meter.WorkMeter;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What one record's work is paid from. A price is set aside before a call, and the bill takes its
 * place afterwards; what does not fit is not bought. Thread-safe.
 */
public interface Purse {
  /** Without limits, and nobody counts. */
  Purse OPEN = (provider, price) -> Hold.NOTHING;

  /** A price that is set aside. */
  interface Hold {
    /** Nothing is. */
    Hold NOTHING =
        new Hold() {
          @Override
          public void settle(List<Charge> billed) {}

          @Override
          public void release() {}
        };

    /** It was bought, and billed as this. */
    void settle(List<Charge> billed);

    /** It was not bought. */
    void release();
  }

  /**
   * Sets a price aside. What is neither settled nor released was perhaps bought: it stays set aside
   * for a while.
   *
   * @param price what the call is billed as, at most; nothing is asked where it is empty
   * @throws StageException {@code BUDGET_SPENT} naming the budget
   */
  Hold reserve(String provider, List<Charge> price) throws StageException;

  /** A call that is paid for, made on the thread that it is called on. */
  @FunctionalInterface
  interface Call<T> {
    T make() throws StageException;
  }

  /**
   * Calls, if there is room for the price, and settles the bill. What failed in a way that may have
   * been billed counts as bought, unless it says itself what was billed, and the failure says so
   * ({@link StageException#charges}); so does what was interrupted after it was sent, unless that
   * says what it is billed as ({@link LostCallException#charges}). After any other exception the
   * price is released if this thread has asked no provider ({@link WorkMeter#called}), else it
   * stays set aside.
   *
   * @param billed reads the bill of what came back
   * @throws StageException {@code LEASE_LOST} before anything is sent, if somebody else does the
   *     step by now
   */
  default <T> T buy(
      String provider, List<Charge> price, Call<T> call, Function<T, List<Charge>> billed)
      throws StageException {
    if (!price.isEmpty()) {
      Fence.check();
    }
    Hold hold = reserve(provider, price);
    long callsBefore = WorkMeter.callsOfThread();
    T bought;
    try {
      bought = call.make();
    } catch (StageException e) {
      if (!e.charges().isEmpty()) {
        hold.settle(e.charges());
        throw e;
      }
      if (!e.chargesKnown()
          && (e.code() == FailureCode.PROVIDER_OUTCOME_UNKNOWN
              || e.code() == FailureCode.PROVIDER_REPLY_INVALID
              || e.code() == FailureCode.JOB_OVERDUE)) {
        hold.settle(price);
        throw e.withCharges(price);
      }
      hold.release();
      throw e;
    } catch (LostCallException e) {
      List<Charge> known = e.charges();
      if (known == null || !known.isEmpty()) {
        Uninterrupted.run(() -> hold.settle(known == null ? price : known));
      } else {
        Uninterrupted.run(() -> release(hold, e));
      }
      throw e;
    } catch (RuntimeException e) {
      if (WorkMeter.callsOfThread() == callsBefore) {
        release(hold, e);
      }
      throw e;
    }
    hold.settle(billed.apply(bought));
    return bought;
  }

  /**
   * The same for a call whose result is all that there is: when nobody knows what became of the
   * first one, it counts as bought, and a second one is made where somebody allowed that ({@link
   * StageException#onceMore}); unless nothing came within the time that such a call has, for the
   * second one would take as long and be billed, too.
   *
   * @param lost hears of what the first one may have cost
   */
  default <T> T buyOnceMore(
      String provider,
      List<Charge> price,
      Call<T> call,
      Function<T, List<Charge>> billed,
      Consumer<List<Charge>> lost)
      throws StageException {
    try {
      return buy(provider, price, call, billed);
    } catch (StageException e) {
      if (e.code() != FailureCode.PROVIDER_OUTCOME_UNKNOWN || !e.onceMore() || tookTooLong(e)) {
        throw e;
      }
      lost.accept(e.charges());
      return buy(provider, price, call, billed);
    }
  }

  private static void release(Hold hold, RuntimeException why) {
    try {
      hold.release();
    } catch (StoreException ledger) {
      // Often the same database; the price is free again by itself.
      why.addSuppressed(ledger);
    }
  }

  private static boolean tookTooLong(StageException unknown) {
    return unknown.getCause() instanceof StageException cause
        && cause.code() == FailureCode.PROVIDER_TIMEOUT;
  }
}
