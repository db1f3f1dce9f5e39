package dev.reelbeam.clients.ledger;

import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.database.Database;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.List;

/** What the books say about money. */
public final class PostgresCosts implements AutoCloseable {
  private static final long QUARTER_MS = Duration.ofMinutes(15).toMillis();

  private final Database database;

  private PostgresCosts(Database database) {
    this.database = database;
  }

  public static PostgresCosts open(PostgresSettings settings) {
    return new PostgresCosts(Database.open(settings));
  }

  /**
   * What was bought in a quarter of an hour so far.
   *
   * @param bearer the site, {@code none} for records without one, {@code all} for everybody
   * @param beginMs ms since 1970 UTC
   */
  public record Quarter(String bearer, long beginMs, long moneyMicros) {}

  /** The quarters that were not over at a moment, and those after it. */
  public List<Quarter> quartersSince(long ms) {
    return database.with(
        handle ->
            handle
                .createQuery(
                    "select case when altogether then 'all' else site end as bearer, window_start,"
                        + " money_micros from cost_quarter where window_start > :from"
                        + " order by window_start, bearer")
                .bind("from", new Timestamp(ms - QUARTER_MS))
                .map(
                    (row, context) ->
                        new Quarter(
                            row.getString("bearer"),
                            row.getTimestamp("window_start").getTime(),
                            row.getLong("money_micros")))
                .list());
  }

  @Override
  public void close() {
    database.close();
  }
}
