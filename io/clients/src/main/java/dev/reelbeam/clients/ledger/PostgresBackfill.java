package dev.reelbeam.clients.ledger;

import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.model.content.RecordKey;
import java.util.Map;
import java.util.TreeMap;

/** What a backfill has sent: it goes on behind it, and counts what became of it. */
public final class PostgresBackfill implements AutoCloseable {
  private final Database database;
  private final String name;

  private PostgresBackfill(Database database, String name) {
    this.database = database;
    this.name = name;
  }

  /** The backfill of this name; it is begun when it is not there. */
  public static PostgresBackfill open(PostgresSettings settings, String name, String source) {
    Database database = Database.open(settings);
    database.with(
        handle ->
            handle.execute(
                "insert into backfill (name, source) values (?, ?)"
                    + " on conflict (name) do update set updated_at = now()",
                name,
                source));
    return new PostgresBackfill(database, name);
  }

  /** Whether this revision of a record was sent. */
  public boolean has(RecordKey key) {
    return database.with(
        handle ->
            handle
                .createQuery(
                    "select exists (select 1 from backfill_record where name = :name"
                        + " and record_id = :record and revision = :revision)")
                .bind("name", name)
                .bind("record", key.recordId())
                .bind("revision", key.revision())
                .mapTo(Boolean.class)
                .one());
  }

  /** Notes that a record was sent. */
  public void add(RecordKey key, int deliveries, int credits) {
    database.with(
        handle ->
            handle.execute(
                "insert into backfill_record (name, record_id, revision, deliveries, credits)"
                    + " values (?, ?, ?, ?, ?) on conflict do nothing",
                name,
                key.recordId(),
                key.revision(),
                deliveries,
                credits));
  }

  /** Estimated credits of everything sent so far. */
  public long credits() {
    return sum("credits", "");
  }

  /** Deliveries of what was sent today, in UTC. */
  public long deliveriesToday() {
    return sum("deliveries", " and sent_at >= date_trunc('day', now(), 'UTC')");
  }

  private long sum(String column, String condition) {
    return database.with(
        handle ->
            handle
                .createQuery(
                    "select coalesce(sum("
                        + column
                        + "), 0) from backfill_record where name = :name"
                        + condition)
                .bind("name", name)
                .mapTo(Long.class)
                .one());
  }

  /**
   * What was booked for the projects of everything sent so far.
   *
   * @param credits of what was made
   * @param microDollars of what was bought
   */
  public record Booked(long credits, long microDollars) {}

  /** What was booked since they were sent, also by edits of what was sent; found is free. */
  public Booked booked() {
    return database.with(
        handle ->
            handle
                .createQuery(
                    "select coalesce(sum(e.credits), 0)::bigint as credits,"
                        + " coalesce(sum(e.money_micros), 0)::bigint as money from"
                        + " (select record_id, min(sent_at) as since from backfill_record"
                        + " where name = :name group by record_id) b join video_project p"
                        + " on p.record_id = b.record_id join cost_entry e on e.project_id = p.id"
                        + " and e.state = 'charged' and e.at >= b.since")
                .bind("name", name)
                .map(
                    (result, context) ->
                        new Booked(result.getLong("credits"), result.getLong("money")))
                .one());
  }

  /** Deliveries of this backfill by their state; those not begun yet are not in it. */
  public Map<String, Long> states() {
    Map<String, Long> states = new TreeMap<>();
    database.with(
        handle ->
            handle
                .createQuery(
                    "select d.state, count(*) as number from backfill_record b join video_project p"
                        + " on p.record_id = b.record_id join delivery d on d.project_id = p.id"
                        + " and d.revision = b.revision where b.name = :name group by d.state")
                .bind("name", name)
                .map(
                    (result, context) ->
                        states.put(result.getString("state"), result.getLong("number")))
                .list());
    return states;
  }

  @Override
  public void close() {
    database.close();
  }
}
