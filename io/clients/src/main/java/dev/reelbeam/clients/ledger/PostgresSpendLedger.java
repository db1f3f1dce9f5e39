package dev.reelbeam.clients.ledger;

import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.model.cost.Budgets;
import dev.reelbeam.model.cost.Priced;
import dev.reelbeam.model.cost.Purchase;
import dev.reelbeam.model.port.SpendLedger;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Spending in the table {@code cost_entry}: a row that is {@code reserved} while a call is under
 * way, then a row for each charge.
 *
 * <p>Reservations take turns (an advisory lock for each transaction): sums over several budgets
 * have to be those of one moment, and a reservation takes a millisecond where the call behind it
 * takes seconds.
 */
public final class PostgresSpendLedger implements SpendLedger {
  private static final long LOCK = 0x7265656c63656e74L;

  /** What counts: bought, or set aside and not run out. */
  private static final String COUNTS =
      " (e.state = 'charged' or e.state = 'reserved' and e.expires_at > now())";

  private static final String TODAY =
      " e.at >= date_trunc('day', now() at time zone 'UTC') at time zone 'UTC'";

  private final Database database;

  private PostgresSpendLedger(Database database) {
    this.database = database;
  }

  public static PostgresSpendLedger open(PostgresSettings settings) {
    return new PostgresSpendLedger(Database.open(settings));
  }

  @Override
  public Optional<Full> reserve(Purchase purchase, Budgets budgets) {
    return database.inTransaction(
        handle -> {
          handle.execute("select pg_advisory_xact_lock(?)", LOCK);
          // Repeated by a transaction that was done and not answered.
          forget(handle, purchase);
          Optional<Full> full = full(handle, purchase, budgets);
          if (full.isEmpty()) {
            handle
                .createUpdate(
                    "insert into cost_entry (entry_key, project_id, site_id, kind, provider,"
                        + " quantity, unit, money_micros, credits, state, run_id, expires_at)"
                        + " select :key, (select id from video_project where record_id = :project),"
                        + " nullif(:site, ''), :kind, :provider, 1, 'call', :money, 0, 'reserved',"
                        + " nullif(:run, ''), now() + :ms * interval '1 millisecond'")
                .bind("key", purchase.id())
                .bind("project", purchase.project())
                .bind("site", purchase.site())
                .bind("kind", purchase.item().id())
                .bind("provider", purchase.provider())
                .bind("money", purchase.microDollars())
                .bind("run", purchase.run())
                .bind("ms", HELD.toMillis())
                .execute();
          }
          return full;
        });
  }

  private static Optional<Full> full(Handle handle, Purchase purchase, Budgets budgets) {
    return over(handle, purchase, "run", budgets.run(), "e.run_id = :subject", purchase.run())
        .or(
            () ->
                over(
                    handle,
                    purchase,
                    "project",
                    budgets.project(),
                    "e.project_id = (select id from video_project where record_id = :subject)",
                    purchase.project()))
        .or(
            () ->
                over(
                    handle,
                    purchase,
                    "site",
                    budgets.site(),
                    // The same row for records without a site: it is one, too.
                    "coalesce(e.site_id, '') = :subject and" + TODAY,
                    purchase.site()))
        .or(() -> over(handle, purchase, "day", budgets.day(), ":subject = '' and" + TODAY, ""));
  }

  private static Optional<Full> over(
      Handle handle, Purchase purchase, String budget, long limit, String which, String subject) {
    if (limit == Long.MAX_VALUE) {
      return Optional.empty();
    }
    long spent =
        handle
            .createQuery(
                "select coalesce(sum(e.money_micros), 0)::bigint from cost_entry e where "
                    + which
                    + " and"
                    + COUNTS)
            .bind("subject", subject)
            .mapTo(Long.class)
            .one();
    return purchase.microDollars() > limit - spent
        ? Optional.of(new Full(budget, spent, limit))
        : Optional.empty();
  }

  @Override
  public void settle(Purchase purchase, List<Priced> billed) {
    database.change(
        handle -> {
          for (int i = 0; i < billed.size(); i++) {
            Priced priced = billed.get(i);
            handle
                .createUpdate(
                    "insert into cost_entry (entry_key, project_id, site_id, kind, provider,"
                        + " quantity, unit, money_micros, credits, state, run_id, at)"
                        + " select :key || '/' || :index,"
                        + " (select id from video_project where record_id = :project),"
                        + " nullif(:site, ''), :kind, :provider, :quantity, :unit, :money, 0,"
                        + " 'charged', nullif(:run, ''), coalesce((select at from cost_entry where"
                        + " entry_key = :key), now()) on conflict (entry_key) do nothing")
                .bind("key", purchase.id())
                .bind("index", i)
                .bind("project", purchase.project())
                .bind("site", purchase.site())
                .bind("kind", purchase.item().id())
                .bind("provider", priced.charge().provider())
                .bind("quantity", priced.charge().quantity())
                .bind("unit", priced.charge().unit().name().toLowerCase(Locale.ROOT))
                .bind("money", priced.microDollars())
                .bind("run", purchase.run())
                .execute();
          }
          forget(handle, purchase);
        });
  }

  @Override
  public void release(Purchase purchase) {
    database.change(handle -> forget(handle, purchase));
  }

  private static void forget(Handle handle, Purchase purchase) {
    handle.execute(
        "delete from cost_entry where entry_key = ? and state = 'reserved'", purchase.id());
  }

  @Override
  public void close() {
    database.close();
  }
}
