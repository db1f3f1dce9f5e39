package dev.reelbeam.clients.ledger;

import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.model.engagement.Counter;
import dev.reelbeam.model.engagement.LateSnapshot;
import dev.reelbeam.model.engagement.Measures;
import dev.reelbeam.model.engagement.WindowRow;
import dev.reelbeam.model.port.EngagementTables;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/** Windows of engagement in Postgres. */
public final class PostgresEngagement implements EngagementTables {
  private static final String[] COUNTERS = {
    "views",
    "likes",
    "comments",
    "shares",
    "watch_time_seconds",
    "impressions",
    "clicks",
    "revenue_micros"
  };
  private static final String[] SUMS = {
    "engagements",
    "engagement_views",
    "watched_views",
    "click_impressions",
    "estimated_revenue_micros",
    "cost_micros",
    "credits",
    "videos"
  };
  private static final int REVENUE_KNOWN = Measures.KNOWN + Counter.REVENUE_MICROS.ordinal();
  private static final String UPSERT = upsert();

  /** One order for all writers: two of them that wait for each other's rows would never end. */
  private static final Comparator<WindowRow> ORDER =
      Comparator.comparing(WindowRow::dimension)
          .thenComparing(WindowRow::kind)
          .thenComparing(WindowRow::key)
          .thenComparingLong(WindowRow::startS)
          .thenComparingLong(WindowRow::version);

  private final Database database;

  private PostgresEngagement(Database database) {
    this.database = database;
  }

  public static PostgresEngagement open(PostgresSettings settings) {
    return new PostgresEngagement(Database.open(settings));
  }

  @Override
  public void put(List<WindowRow> rows) {
    List<WindowRow> newest = newest(rows);
    if (!newest.isEmpty()) {
      database.with(handle -> write(handle, newest));
    }
  }

  /** One form of each row, in order: a statement may touch a row once. */
  private static List<WindowRow> newest(List<WindowRow> rows) {
    List<WindowRow> sorted = new ArrayList<>(rows);
    // Stable: of equal versions the last one told stays.
    sorted.sort(ORDER);
    List<WindowRow> newest = new ArrayList<>(sorted.size());
    for (int i = 0; i < sorted.size(); i++) {
      if (i + 1 == sorted.size() || !sorted.get(i).isOf(sorted.get(i + 1))) {
        newest.add(sorted.get(i));
      }
    }
    return newest;
  }

  /** All rows as columns in one statement: a round trip and a plan for thousands of rows. */
  private static boolean write(Handle handle, List<WindowRow> rows) {
    int size = rows.size();
    try {
      Connection connection = handle.getConnection();
      try (PreparedStatement statement = connection.prepareStatement(UPSERT)) {
        String[] dimensions = new String[size];
        String[] keys = new String[size];
        String[] kinds = new String[size];
        Long[] starts = new Long[size];
        Boolean[] provisional = new Boolean[size];
        Long[] versions = new Long[size];
        Long[] revenueVideos = new Long[size];
        Long[][] columns = new Long[COUNTERS.length + SUMS.length][size];
        for (int i = 0; i < size; i++) {
          WindowRow row = rows.get(i);
          long[] measures = row.measures();
          dimensions[i] = row.dimension().label();
          keys[i] = row.key();
          kinds[i] = row.kind().label();
          starts[i] = row.startS();
          provisional[i] = measures[Measures.PROVISIONAL] > 0;
          versions[i] = row.version();
          revenueVideos[i] = measures[REVENUE_KNOWN];
          for (int c = 0; c < COUNTERS.length; c++) {
            columns[c][i] = measures[Measures.KNOWN + c] == 0 ? null : Long.valueOf(measures[c]);
          }
          for (int c = 0; c < SUMS.length; c++) {
            columns[COUNTERS.length + c][i] = measures[Measures.ENGAGEMENTS + c];
          }
        }
        int at = 1;
        set(statement, connection, at++, "text", dimensions);
        set(statement, connection, at++, "text", keys);
        set(statement, connection, at++, "text", kinds);
        set(statement, connection, at++, "int8", starts);
        for (Long[] column : columns) {
          set(statement, connection, at++, "int8", column);
        }
        set(statement, connection, at++, "int8", revenueVideos);
        set(statement, connection, at++, "bool", provisional);
        set(statement, connection, at, "int8", versions);
        statement.executeUpdate();
      }
      return true;
    } catch (SQLException e) {
      // As Jdbi wraps it, so that the database's patience knows it.
      throw new UnableToExecuteStatementException(e, null);
    }
  }

  private static void set(
      PreparedStatement statement, Connection connection, int at, String type, Object[] values)
      throws SQLException {
    Array array = connection.createArrayOf(type, values);
    statement.setArray(at, array);
  }

  private static String upsert() {
    List<String> names = new ArrayList<>(List.of("dimension", "key", "kind", "window_start"));
    names.addAll(List.of(COUNTERS));
    names.addAll(List.of(SUMS));
    names.addAll(List.of("revenue_videos", "provisional", "version"));
    List<String> values = new ArrayList<>();
    List<String> changes = new ArrayList<>();
    for (String name : names) {
      values.add(
          name.equals("window_start")
              ? "to_timestamp(w.window_start) at time zone 'UTC'"
              : "w." + name);
      if (names.indexOf(name) > 3) {
        changes.add(name + " = excluded." + name);
      }
    }
    return "insert into engagement_window as old ("
        + String.join(", ", names)
        + ") select "
        + String.join(", ", values)
        + " from unnest("
        + String.join(", ", names.stream().map(name -> "?").toList())
        + ") as w ("
        + String.join(", ", names)
        + ") on conflict (dimension, kind, key, window_start) do update set "
        + String.join(", ", changes)
        + ", updated_at = now() where old.version <= excluded.version";
  }

  @Override
  public void putLate(List<LateSnapshot> late) {
    database.change(
        handle -> {
          for (LateSnapshot each : late) {
            handle
                .createUpdate(
                    "insert into engagement_late as old (video_key, fetched_at, too_late_s,"
                        + " snapshot) values (:video, :fetched, :late, :snapshot::jsonb)"
                        + " on conflict (video_key, fetched_at) do update set"
                        + " times = old.times + 1")
                .bind("video", each.videoKey())
                .bind("fetched", new Timestamp(each.fetchedAtMs()))
                .bind("late", each.tooLateS())
                .bind("snapshot", each.snapshotJson())
                .execute();
          }
        });
  }

  @Override
  public void markRemoved(String videoKey, long atMs) {
    int slash = videoKey.indexOf('/');
    String platform = videoKey.substring(0, slash);
    String id = videoKey.substring(slash + 1);
    database.change(
        handle -> {
          handle.execute(
              "update published_video set status = 'removed', updated_at = ?"
                  + " where platform = ? and public_id::text = ? and status <> 'removed'",
              new Timestamp(atMs),
              platform,
              id);
          handle.execute(
              "update imported_video set removed_at = ?"
                  + " where platform = ? and video_id = ? and removed_at is null",
              new Timestamp(atMs),
              platform,
              id);
        });
  }

  /**
   * Notes that a replay has applied what came too late until a moment.
   *
   * @return how many snapshots that were
   */
  public int settleLate(long untilMs) {
    return database.with(
        handle ->
            handle.execute(
                "update engagement_late set applied_at = now()"
                    + " where applied_at is null and received_at <= ?",
                new Timestamp(untilMs)));
  }

  @Override
  public void close() {
    database.close();
  }
}
