package dev.reelbeam.clients.provider;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.cost.Budgets;
import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.cost.CostItem;
import dev.reelbeam.model.cost.Priced;
import dev.reelbeam.model.cost.Purchase;
import dev.reelbeam.model.cost.RateCard;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.Purse;
import dev.reelbeam.model.port.SpendLedger;
import dev.reelbeam.model.port.Spending;
import dev.reelbeam.model.port.StoreException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Purses within the budgets of the settings, counted by a ledger that all workers share and priced
 * by a rate card. What has no price on the card is not held back by any budget.
 *
 * <p>A bill that the ledger cannot take while it is away is kept by the process and booked later,
 * by whoever spends for the same run next; until then nobody of this process buys anything more for
 * it. One that the ledger refuses for good is told in the log alone.
 */
public final class BudgetedSpending implements Spending {
  private static final Logger log = LoggerFactory.getLogger(BudgetedSpending.class);

  /**
   * Bills that wait for a ledger, by run: a worker that is restarted because the ledger is away
   * opens another spending.
   */
  private static final Map<String, Queue<Unbooked>> UNBOOKED = new ConcurrentHashMap<>();

  private final SpendLedger ledger;
  private final RateCard rates;
  private final Budgets budgets;
  private final String run;

  /**
   * Spending of a run; closing it closes the ledger.
   *
   * @param run equal for all workers of a run
   */
  public BudgetedSpending(SpendLedger ledger, RateCard rates, Budgets budgets, String run) {
    this.ledger = ledger;
    this.rates = rates;
    this.budgets = budgets;
    this.run = run;
  }

  private record Unbooked(Purchase purchase, List<Priced> bill) {}

  private Queue<Unbooked> unbooked() {
    return UNBOOKED.computeIfAbsent(run, unused -> new ConcurrentLinkedQueue<>());
  }

  /**
   * Books what could not be booked before; a bill that is booked twice counts once.
   *
   * @throws StoreException if the ledger is still away: nothing more is bought on credit
   */
  private void bookLate() {
    Queue<Unbooked> waiting = unbooked();
    for (Unbooked late = waiting.peek(); late != null; late = waiting.peek()) {
      try {
        ledger.settle(late.purchase(), late.bill());
      } catch (StoreException e) {
        if (!e.isOfOneElement()) {
          throw e;
        }
        if (waiting.remove(late)) {
          refused(late, e);
        }
        continue;
      }
      if (waiting.remove(late)) {
        log.info("{} is booked late as {}", late.purchase(), late.bill());
      }
    }
  }

  /** No later try would book it, and all others would wait behind it. */
  private static void refused(Unbooked bill, StoreException e) {
    log.error("{} is paid for, and its bill is refused: {}", bill.purchase(), bill.bill(), e);
  }

  @Override
  public Purse purse(RecordKey key, @Nullable String site, CostItem item) {
    return (provider, price) -> {
      if (price.isEmpty()) {
        return Purse.Hold.NOTHING;
      }
      bookLate();
      Purchase purchase =
          new Purchase(
              UUID.randomUUID().toString(),
              run,
              key.recordId(),
              site == null ? "" : site,
              item,
              provider,
              rates.microDollars(rates.dearest(price)));
      SpendLedger.Full full = ledger.reserve(purchase, budgets).orElse(null);
      if (full != null) {
        throw new StageException(
            FailureCode.BUDGET_SPENT,
            String.format(
                Locale.ROOT,
                "%s asks up to %.4f USD; of the budget of %.4f USD for the %s %.4f USD are spent",
                provider,
                purchase.microDollars() / 1e6,
                full.limit() / 1e6,
                full.budget(),
                full.spent() / 1e6));
      }
      return new Held(purchase);
    };
  }

  private final class Held implements Purse.Hold {
    private final Purchase purchase;

    Held(Purchase purchase) {
      this.purchase = purchase;
    }

    @Override
    public void settle(List<Charge> billed) {
      List<Priced> bill =
          Charge.merged(rates.billed(billed)).stream()
              .map(charge -> new Priced(charge, rates.microDollars(charge)))
              .toList();
      try {
        ledger.settle(purchase, bill);
      } catch (StoreException e) {
        // What was bought is not thrown away for its bill, and the bill is not either.
        Unbooked late = new Unbooked(purchase, bill);
        if (e.isOfOneElement()) {
          refused(late, e);
          return;
        }
        unbooked().add(late);
        log.error("{} is paid for and not booked yet as {}", purchase, bill, e);
      }
    }

    @Override
    public void release() {
      ledger.release(purchase);
    }
  }

  @Override
  public void close() {
    try {
      bookLate();
    } catch (StoreException e) {
      log.error("bills wait for the ledger: {}", unbooked(), e);
    } finally {
      ledger.close();
    }
  }
}
