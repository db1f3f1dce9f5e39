package dev.reelbeam.clients.ledger;

import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.model.port.Lease;
import dev.reelbeam.model.port.LeaseStore;
import dev.reelbeam.model.port.StepLease;
import dev.reelbeam.model.store.StepKey;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/** Leases in Postgres, timed by its clock alone. */
public final class PostgresLeaseStore implements LeaseStore {
  private static final String UNTIL = "now() + :ms * interval '1 millisecond'";

  /** Who holds a lease that goes to another owner, and had begun, is lost. */
  private static final String LOST_NOW =
      "(case when lease.working and lease.owner <> excluded.owner then 1 else 0 end)";

  private final Database database;

  private PostgresLeaseStore(Database database) {
    this.database = database;
  }

  public static PostgresLeaseStore open(PostgresSettings settings) {
    return new PostgresLeaseStore(Database.open(settings));
  }

  @Override
  public Optional<StepLease> acquire(StepKey key, String owner, Duration time) {
    return database.with(
        handle ->
            handle
                .createQuery(
                    "insert into lease (step_key, owner, token, until) values (:key, :owner,"
                        + " nextval('lease_token'), "
                        + UNTIL
                        + ") on conflict (step_key) do update set owner = excluded.owner,"
                        + " token = case when lease.owner = excluded.owner and lease.until > now()"
                        + " then lease.token else excluded.token end, until = excluded.until,"
                        + " lost = lease.lost + "
                        + LOST_NOW
                        + ", working = case when lease.owner = excluded.owner then lease.working"
                        + " else lease.lost + "
                        + LOST_NOW
                        + " < "
                        + Lease.SUSPECT
                        + " end"
                        + " where lease.until <= now() or lease.owner = excluded.owner"
                        + " returning token, until, lost")
                .bind("key", key.hex())
                .bind("owner", owner)
                .bind("ms", time.toMillis())
                .map(
                    (result, context) ->
                        new StepLease(
                            key,
                            owner,
                            result.getLong("token"),
                            result.getTimestamp("until").getTime(),
                            result.getInt("lost")))
                .findOne());
  }

  @Override
  public void endIf(StepKey key, Predicate<String> hasEnded) {
    Optional<String> owner =
        database.with(
            handle ->
                handle
                    .createQuery("select owner from lease where step_key = :key and until > now()")
                    .bind("key", key.hex())
                    .mapTo(String.class)
                    .findOne());
    if (owner.filter(hasEnded).isPresent()) {
      database.with(
          handle ->
              handle
                  .createUpdate(
                      "update lease set until = now()"
                          + " where step_key = :key and owner = :owner and until > now()")
                  .bind("key", key.hex())
                  .bind("owner", owner.get())
                  .execute());
    }
  }

  @Override
  public boolean renew(StepLease lease, Duration time) {
    int renewed =
        database.with(
            handle ->
                handle
                    .createUpdate(
                        "update lease set until = "
                            + UNTIL
                            + " where step_key = :key and token = :token and until > now()")
                    .bind("key", lease.key().hex())
                    .bind("token", lease.token())
                    .bind("ms", time.toMillis())
                    .execute());
    return renewed == 1;
  }

  @Override
  public void work(StepLease lease) {
    database.with(
        handle ->
            handle
                .createUpdate(
                    "update lease set working = true where step_key = :key and token = :token")
                .bind("key", lease.key().hex())
                .bind("token", lease.token())
                .execute());
  }

  @Override
  public void clear(StepLease lease) {
    database.with(
        handle ->
            handle
                .createUpdate(
                    "update lease set working = false, lost = 0"
                        + " where step_key = :key and token = :token")
                .bind("key", lease.key().hex())
                .bind("token", lease.token())
                .execute());
  }

  @Override
  public void release(StepLease lease) {
    database.with(
        handle ->
            handle
                .createUpdate(
                    "delete from lease where (step_key = :key and token = :token)"
                        + " or until < now() - interval '1 day'")
                .bind("key", lease.key().hex())
                .bind("token", lease.token())
                .execute());
  }

  @Override
  public void close() {
    database.close();
  }
}
