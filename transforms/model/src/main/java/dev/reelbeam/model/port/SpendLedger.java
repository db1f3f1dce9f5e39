package dev.reelbeam.model.port;

import dev.reelbeam.model.cost.Budgets;
import dev.reelbeam.model.cost.Priced;
import dev.reelbeam.model.cost.Purchase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Counts what was spent and what is set aside, by run, project, site and day, for all who share it.
 * Thread-safe. All methods throw {@link StoreException} when the ledger itself fails.
 */
public interface SpendLedger extends AutoCloseable {
  /**
   * How long a price stays set aside when nobody says what became of it: longer than a call with
   * all its attempts.
   */
  Duration HELD = Duration.ofMinutes(30);

  /**
   * A budget in which a price found no room.
   *
   * @param budget {@code run}, {@code project}, {@code site} or {@code day}
   * @param spent micro-dollars spent and set aside already
   */
  record Full(String budget, long spent, long limit) {}

  /**
   * Sets a price aside, in one step with the look at every budget; empty if there was room in all
   * of them.
   */
  Optional<Full> reserve(Purchase purchase, Budgets budgets);

  /** The bill takes the place of what was set aside, also when that has run out; once by its id. */
  void settle(Purchase purchase, List<Priced> billed);

  /** Gives back what was set aside. */
  void release(Purchase purchase);

  @Override
  void close();
}
