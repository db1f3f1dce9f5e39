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
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Purses within the budgets of the settings, counted by a ledger that all workers share and priced
 * by a rate card. What has no price on the card is not held back by any budget.
 */
public final class BudgetedSpending implements Spending {
  private static final Logger log = LoggerFactory.getLogger(BudgetedSpending.class);

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

  @Override
  public Purse purse(RecordKey key, @Nullable String site, CostItem item) {
    return (provider, price) -> {
      if (price.isEmpty()) {
        return Purse.Hold.NOTHING;
      }
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
        // What was bought is not thrown away for its bill; until its hold ends it is counted as
        // that.
        log.error("{} is paid for and not booked as {}", purchase, bill, e);
      }
    }

    @Override
    public void release() {
      ledger.release(purchase);
    }
  }

  @Override
  public void close() {
    ledger.close();
  }
}
