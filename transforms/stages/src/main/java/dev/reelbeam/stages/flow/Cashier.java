package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.cost.CostItem;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.meter.WorkMeter;
import dev.reelbeam.model.port.Fence;
import dev.reelbeam.model.port.Purse;
import dev.reelbeam.model.port.Spending;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Pays for what is made: the one way in which stages spend, so that no bill is told by nobody.
 * Whatever a purse settles is told as spent at that moment, whether something comes of it or not.
 * What was made carries its bill itself; when nothing comes of it, the bill is kept with the record
 * ({@link LooseBills}). Thread-safe.
 *
 * <p>What is set aside for a call is the most that it may cost, mostly far more than its bill. So a
 * price for which a budget has no room waits while others of the same record are set aside, and is
 * refused only when the bills are there and leave no room either.
 */
public final class Cashier {
  private final Spending spending;
  private final LooseBills loose;
  private final Progress progress;
  private final Held held = new Held();

  public Cashier(Spending spending, Artifacts artifacts, Progress progress) {
    this.spending = spending;
    this.loose = new LooseBills(artifacts);
    this.progress = progress;
  }

  /** Makes one thing, paying from the till. */
  @FunctionalInterface
  public interface Making<T> {
    T make(Till till) throws StageException;
  }

  /** What is set aside just now, and by whom. */
  private static final class Held {
    private record By(Till till, Thread thread) {}

    // Guarded by this.
    private final Set<By> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private long ended;

    synchronized By add(Till till) {
      By by = new By(till, Thread.currentThread());
      open.add(by);
      return by;
    }

    synchronized void end(By by) {
      if (open.remove(by)) {
        ended++;
        notifyAll();
      }
    }

    /** What nobody knows the end of stays set aside; it is not waited for. */
    synchronized void end(Till till) {
      if (open.removeIf(by -> by.till() == till)) {
        ended++;
        notifyAll();
      }
    }

    synchronized long ended() {
      return ended;
    }

    /**
     * Waits until something of the same record is no longer set aside. Who has set something aside
     * waits for nobody, so no two wait for each other.
     *
     * @param since {@link #ended} before it was asked for
     * @return false at once if there is nothing to wait for
     */
    synchronized boolean await(Till till, long since, String provider) {
      try (WorkMeter.Waiting unused = WorkMeter.forTurn(provider)) {
        while (ended == since) {
          if (!others(till)) {
            return false;
          }
          wait();
        }
        return true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CancellationException("waiting for a bill was cancelled");
      }
    }

    private boolean others(Till till) {
      boolean others = false;
      for (By by : open) {
        if (by.till() == till || by.thread() == Thread.currentThread()) {
          return false;
        }
        others |= by.till().element.recordKey().equals(till.element.recordKey());
      }
      return others;
    }
  }

  /** A purse for one thing that is made, and what it has settled so far. Thread-safe. */
  public static final class Till implements Purse {
    private final Purse purse;
    private final Held held;
    private final Progress progress;
    private final Tracked element;
    private final CostItem item;
    private final List<Charge> bill = new ArrayList<>();

    private Till(Purse purse, Held held, Progress progress, Tracked element, CostItem item) {
      this.purse = purse;
      this.held = held;
      this.progress = progress;
      this.element = element;
      this.item = item;
    }

    @Override
    public Hold reserve(String provider, List<Charge> price) throws StageException {
      while (true) {
        long ended = held.ended();
        try {
          return counted(purse.reserve(provider, price));
        } catch (StageException e) {
          if (e.code() != FailureCode.BUDGET_SPENT || !held.await(this, ended, provider)) {
            throw e;
          }
          // Meanwhile another worker may have begun to do it.
          Fence.check();
        }
      }
    }

    private Hold counted(Hold hold) {
      Held.By by = held.add(this);
      return new Hold() {
        @Override
        public void settle(List<Charge> billed) {
          try {
            hold.settle(billed);
          } finally {
            held.end(by);
          }
          synchronized (bill) {
            bill.addAll(billed);
          }
          if (!billed.isEmpty()) {
            progress.spent(element, item, billed);
          }
        }

        @Override
        public void release() {
          try {
            hold.release();
          } finally {
            held.end(by);
          }
        }
      };
    }

    /** All that was paid for the thing, calls that came to nothing included. */
    public List<Charge> bill() {
      synchronized (bill) {
        return Charge.merged(bill);
      }
    }
  }

  /**
   * Makes something that keeps its {@link Till#bill}; when that fails, the bill is kept with the
   * record.
   *
   * @param site of the record, null for none
   */
  public <T> T pay(Tracked element, @Nullable String site, CostItem item, Making<T> making)
      throws StageException {
    return paid(element, site, item, making, /* carried= */ true);
  }

  /** Makes something that can keep no bill: it is kept with the record in any case. */
  public <T> T payLoose(Tracked element, @Nullable String site, CostItem item, Making<T> making)
      throws StageException {
    return paid(element, site, item, making, /* carried= */ false);
  }

  private <T> T paid(
      Tracked element, @Nullable String site, CostItem item, Making<T> making, boolean carried)
      throws StageException {
    Till till =
        new Till(spending.purse(element.recordKey(), site, item), held, progress, element, item);
    boolean borne = false;
    try {
      T made = making.make(till);
      borne = carried;
      return made;
    } finally {
      held.end(till);
      if (!borne) {
        loose.keep(element.recordKey(), item, till.bill());
      }
    }
  }
}
