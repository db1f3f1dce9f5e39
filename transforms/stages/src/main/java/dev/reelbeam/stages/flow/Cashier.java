package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.cost.CostItem;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.Purse;
import dev.reelbeam.model.port.Spending;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pays for what is made: the one way in which stages spend, so that no bill is told by nobody.
 * Whatever a purse settles is told as spent at that moment, whether something comes of it or not.
 * What was made carries its bill itself; when nothing comes of it, the bill is kept with the record
 * ({@link LooseBills}). Thread-safe.
 */
public final class Cashier {
  private final Spending spending;
  private final LooseBills loose;
  private final Progress progress;

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

  /** A purse for one thing that is made, and what it has settled so far. Thread-safe. */
  public static final class Till implements Purse {
    private final Purse purse;
    private final Progress progress;
    private final Tracked element;
    private final CostItem item;
    private final List<Charge> bill = new ArrayList<>();

    private Till(Purse purse, Progress progress, Tracked element, CostItem item) {
      this.purse = purse;
      this.progress = progress;
      this.element = element;
      this.item = item;
    }

    @Override
    public Hold reserve(String provider, List<Charge> price) throws StageException {
      Hold hold = purse.reserve(provider, price);
      return new Hold() {
        @Override
        public void settle(List<Charge> billed) {
          hold.settle(billed);
          synchronized (bill) {
            bill.addAll(billed);
          }
          if (!billed.isEmpty()) {
            progress.spent(element, item, billed);
          }
        }

        @Override
        public void release() {
          hold.release();
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
    Till till = new Till(spending.purse(element.recordKey(), site, item), progress, element, item);
    boolean borne = false;
    try {
      T made = making.make(till);
      borne = carried;
      return made;
    } finally {
      if (!borne) {
        loose.keep(element.recordKey(), item, till.bill());
      }
    }
  }
}
