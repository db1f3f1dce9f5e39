package dev.reelbeam.clients.ledger;

import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.model.engagement.OperationsEvent;
import dev.reelbeam.model.engagement.OperationsEvent.Kind;
import dev.reelbeam.model.port.OperationsBooks;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** What Postgres knows about money and about what waits. */
public final class PostgresOperationsBooks implements OperationsBooks {
  private static final long QUARTER_MS = Duration.ofMinutes(15).toMillis();

  private final Database database;

  private PostgresOperationsBooks(Database database) {
    this.database = database;
  }

  public static PostgresOperationsBooks open(PostgresSettings settings) {
    return new PostgresOperationsBooks(Database.open(settings));
  }

  /** Records without a site bear their costs as {@code none}. */
  @Override
  public List<OperationsEvent> look(long nowMs) {
    return database.with(
        handle -> {
          List<OperationsEvent> events = new ArrayList<>(costs(handle, nowMs));
          events.add(new OperationsEvent(Kind.QUEUE, ALL, nowMs, waiting(handle)));
          return events;
        });
  }

  /**
   * The quarter that has begun, and the one before it: some of it was booked since the last look.
   */
  private static List<OperationsEvent> costs(Handle handle, long nowMs) {
    return handle
        .createQuery(
            "select case when altogether then :all else site end as bearer, window_start,"
                + " money_micros from cost_quarter where window_start > :from"
                + " and window_start <= :now order by window_start, bearer")
        .bind("all", ALL)
        .bind("from", new Timestamp(nowMs - 2 * QUARTER_MS))
        .bind("now", new Timestamp(nowMs))
        .map(
            (row, context) ->
                new OperationsEvent(
                    Kind.COST,
                    row.getString("bearer"),
                    row.getTimestamp("window_start").getTime(),
                    row.getLong("money_micros")))
        .list();
  }

  /** A render waits from when it is in line until the first of its segments is there. */
  private static long waiting(Handle handle) {
    return handle
        .createQuery(
            "select (select count(*) from video_project where status = 'draft')"
                + " + (select count(*) from video_project p join project_progress g"
                + " on g.project_id = p.id and g.epoch = p.epoch where p.status in "
                + PostgresProjectLedger.ACTIVE
                + " and g.queue_position is not null)")
        .mapTo(Long.class)
        .one();
  }

  @Override
  public void close() {
    database.close();
  }
}
