package dev.reelbeam.clients.ledger;

import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.model.project.DeliveryState;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Counts by key what became of every delivery, and names what does not add up. */
public final class PostgresAudit implements AutoCloseable {
  private final Database database;

  private PostgresAudit(Database database) {
    this.database = database;
  }

  public static PostgresAudit open(PostgresSettings settings) {
    return new PostgresAudit(Database.open(settings));
  }

  /**
   * The books at one moment.
   *
   * @param accepted deliveries that were taken in, counted where each was written once and for ever
   * @param unparsed open letters of input that never became a record
   * @param violations what breaks the identity, in words; empty when all adds up
   */
  public record Books(
      Map<DeliveryState, Long> states, long accepted, long unparsed, List<String> violations) {}

  private static final String MISSING =
      "select p.record_id || '@' || a.revision || '/' || a.preset || ' was accepted and is in no"
          + " state' from accepted_delivery a join video_project p on p.id = a.project_id"
          + " left join delivery d on d.project_id = a.project_id and d.revision = a.revision"
          + " and d.preset = a.preset where d.project_id is null";

  private static final String UNASKED =
      "select p.record_id || '@' || d.revision || '/' || d.preset || ' is ' || d.state || ' and was"
          + " never accepted' from delivery d join video_project p on p.id = d.project_id"
          + " left join accepted_delivery a on a.project_id = d.project_id"
          + " and a.revision = d.revision and a.preset = d.preset where a.project_id is null";

  private static final String UNENDED =
      "select p.record_id || '@' || d.revision || '/' || d.preset || ' is ' || d.state || ' but its"
          + " project is ' || p.status from delivery d join video_project p on p.id ="
          + " d.project_id where d.state = 'in_progress' and (d.revision <> p.revision or p.status"
          + " in ('completed', 'published', 'failed', 'rejected', 'cancelled', 'skipped'))";

  private static final String WITHOUT_VIDEO =
      "select p.record_id || '@' || d.revision || '/' || d.preset || ' is completed but has no"
          + " finished video' from delivery d join video_project p on p.id = d.project_id"
          + " left join rendered_video v on v.project_id = d.project_id and v.revision ="
          + " d.revision and v.preset = d.preset where d.state = 'completed'"
          + " and (v.status is distinct from 'completed' or d.delivery is null)";

  private static final String WITHOUT_LETTER =
      "select p.record_id || '@' || d.revision || '/' || d.preset || ' is dead but has no letter'"
          + " from delivery d join video_project p on p.id = d.project_id where d.state = 'dead'"
          + " and not exists (select 1 from dead_letter l where l.record_id = p.record_id"
          + " and l.revision = d.revision and (l.preset is null or l.preset = d.preset))";

  /** Looks at the books; one snapshot, so that what moves meanwhile is not half seen. */
  public Books look() {
    return database.inTransaction(
        handle -> {
          handle.execute("set transaction isolation level repeatable read read only");
          Map<DeliveryState, Long> states = new EnumMap<>(DeliveryState.class);
          for (DeliveryState state : DeliveryState.values()) {
            states.put(state, 0L);
          }
          handle
              .createQuery("select state, count(*) as number from delivery group by state")
              .map(
                  (result, context) ->
                      states.put(
                          DeliveryState.valueOf(result.getString("state").toUpperCase(Locale.ROOT)),
                          result.getLong("number")))
              .list();
          long accepted =
              handle.createQuery("select count(*) from accepted_delivery").mapTo(Long.class).one();
          long unparsed =
              handle
                  .createQuery(
                      "select count(*) from dead_letter where state = 'open' and revision = 0")
                  .mapTo(Long.class)
                  .one();
          List<String> violations = new java.util.ArrayList<>();
          for (String query : List.of(MISSING, UNASKED, UNENDED, WITHOUT_VIDEO, WITHOUT_LETTER)) {
            violations.addAll(handle.createQuery(query + " limit 100").mapTo(String.class).list());
          }
          long counted = states.values().stream().mapToLong(Long::longValue).sum();
          if (counted != accepted) {
            violations.add("accepted " + accepted + " is not the sum of the states, " + counted);
          }
          return new Books(states, accepted, unparsed, List.copyOf(violations));
        });
  }

  @Override
  public void close() {
    database.close();
  }
}
