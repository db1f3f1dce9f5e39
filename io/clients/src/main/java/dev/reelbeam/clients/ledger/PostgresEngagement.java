package dev.reelbeam.clients.ledger;

import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.clients.database.OwnIds;
import dev.reelbeam.model.engagement.Counter;
import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.LateSnapshot;
import dev.reelbeam.model.engagement.Measures;
import dev.reelbeam.model.engagement.WindowRow;
import dev.reelbeam.model.port.EngagementTables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

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

  /** Behind those of {@link #SUMS}, in the order of their columns. */
  private static final String[] OTHERS = {
    "revenue_videos",
    "watched_seconds",
    "clicked",
    "viewed_cost_micros",
    "viewed_credits",
    "generation",
    "version"
  };

  private static final int REVENUE_KNOWN = Measures.KNOWN + Counter.REVENUE_MICROS.ordinal();
  private static final String[] SNAPSHOT_COUNTERS = {
    "views",
    "likes",
    "comments",
    "shares",
    "watch_time_seconds",
    "impressions",
    "clicks",
    "avg_view_duration",
    "revenue"
  };
  private static final String UPSERT = upsert();
  private static final String KEEP = keep();

  /** One order for all writers: two of them that wait for each other's rows would never end. */
  private static final Comparator<WindowRow> ORDER =
      Comparator.comparing(WindowRow::dimension)
          .thenComparing(WindowRow::kind)
          .thenComparing(WindowRow::key)
          .thenComparingLong(WindowRow::startS)
          .thenComparingLong(WindowRow::generation)
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
    String[] dimensions = new String[size];
    String[] keys = new String[size];
    String[] kinds = new String[size];
    Long[] starts = new Long[size];
    Boolean[] provisional = new Boolean[size];
    Long[][] others = new Long[OTHERS.length][size];
    Long[][] sums = new Long[COUNTERS.length + SUMS.length][size];
    for (int i = 0; i < size; i++) {
      WindowRow row = rows.get(i);
      long[] measures = row.measures();
      dimensions[i] = row.dimension().label();
      keys[i] = row.key();
      kinds[i] = row.kind().label();
      starts[i] = row.startS();
      provisional[i] = measures[Measures.PROVISIONAL] > 0;
      others[0][i] = measures[REVENUE_KNOWN];
      others[1][i] = measures[Measures.WATCHED_SECONDS];
      others[2][i] = measures[Measures.CLICKED];
      others[3][i] = measures[Measures.VIEWED_COST_MICROS];
      others[4][i] = measures[Measures.VIEWED_CREDITS];
      others[5][i] = row.generation();
      others[6][i] = row.version();
      for (int c = 0; c < COUNTERS.length; c++) {
        sums[c][i] = measures[Measures.KNOWN + c] == 0 ? null : Long.valueOf(measures[c]);
      }
      for (int c = 0; c < SUMS.length; c++) {
        sums[COUNTERS.length + c][i] = measures[Measures.ENGAGEMENTS + c];
      }
    }
    return new Columns()
        .add(dimensions)
        .add(keys)
        .add(kinds)
        .add(starts)
        .addAll(sums)
        .addAll(others)
        .add(provisional)
        .execute(handle, UPSERT);
  }

  /** Arrays of equal length, in the order of a statement's question marks. */
  private static final class Columns {
    private final List<Object[]> columns = new ArrayList<>();

    Columns add(Object[] column) {
      columns.add(column);
      return this;
    }

    Columns addAll(Object[][] more) {
      columns.addAll(List.of(more));
      return this;
    }

    /** True, for whoever has to return something. */
    boolean execute(Handle handle, String sql) {
      Connection connection = handle.getConnection();
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        for (int i = 0; i < columns.size(); i++) {
          Object[] column = columns.get(i);
          statement.setArray(i + 1, connection.createArrayOf(type(column), column));
        }
        statement.executeUpdate();
        return true;
      } catch (SQLException e) {
        // As Jdbi wraps it, so that the database's patience knows it.
        throw new UnableToExecuteStatementException(e, null);
      }
    }

    private static String type(Object[] column) {
      return column instanceof Long[] ? "int8" : column instanceof Boolean[] ? "bool" : "text";
    }
  }

  private static String upsert() {
    List<String> names = new ArrayList<>(List.of("dimension", "key", "kind", "window_start"));
    names.addAll(List.of(COUNTERS));
    names.addAll(List.of(SUMS));
    names.addAll(List.of(OTHERS));
    names.add("provisional");
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
        + ", updated_at = now() where (old.generation, old.version)"
        + " <= (excluded.generation, excluded.version)";
  }

  @Override
  public void keep(List<EngagementSnapshot> snapshots) {
    List<EngagementSnapshot> single = single(snapshots);
    if (!single.isEmpty()) {
      database.with(handle -> keep(handle, single));
    }
  }

  /** One snapshot of a video and a moment, in one order for all writers. */
  private static List<EngagementSnapshot> single(List<EngagementSnapshot> snapshots) {
    Map<String, EngagementSnapshot> single = new TreeMap<>();
    for (EngagementSnapshot each : snapshots) {
      single.merge(each.videoKey() + "@" + each.fetchedAtMs(), each, PostgresEngagement::larger);
    }
    return List.copyOf(single.values());
  }

  private static EngagementSnapshot larger(EngagementSnapshot one, EngagementSnapshot other) {
    return new EngagementSnapshot(
        one.videoId(),
        one.platform(),
        one.siteId(),
        one.fetchedAtMs(),
        larger(one.views(), other.views()),
        larger(one.likes(), other.likes()),
        larger(one.comments(), other.comments()),
        larger(one.shares(), other.shares()),
        larger(one.watchTimeSeconds(), other.watchTimeSeconds()),
        larger(one.impressions(), other.impressions()),
        larger(one.clicks(), other.clicks()),
        larger(one.avgViewDurationMs(), other.avgViewDurationMs()),
        larger(one.revenueMicros(), other.revenueMicros()),
        other.rawRef() == null ? one.rawRef() : other.rawRef(),
        false);
  }

  private static @Nullable Long larger(@Nullable Long one, @Nullable Long other) {
    return one == null ? other : other == null ? one : Long.valueOf(Math.max(one, other));
  }

  private static boolean keep(Handle handle, List<EngagementSnapshot> snapshots) {
    int size = snapshots.size();
    String[] keys = new String[size];
    Long[] moments = new Long[size];
    String[] refs = new String[size];
    Long[][] counters = new Long[SNAPSHOT_COUNTERS.length][size];
    for (int i = 0; i < size; i++) {
      EngagementSnapshot snapshot = snapshots.get(i);
      keys[i] = snapshot.videoKey();
      moments[i] = snapshot.fetchedAtMs();
      refs[i] = snapshot.rawRef();
      counters[0][i] = snapshot.views();
      counters[1][i] = snapshot.likes();
      counters[2][i] = snapshot.comments();
      counters[3][i] = snapshot.shares();
      counters[4][i] = snapshot.watchTimeSeconds();
      counters[5][i] = snapshot.impressions();
      counters[6][i] = snapshot.clicks();
      counters[7][i] = snapshot.avgViewDurationMs();
      counters[8][i] = snapshot.revenueMicros();
    }
    return new Columns().add(keys).add(moments).addAll(counters).add(refs).execute(handle, KEEP);
  }

  private static String keep() {
    List<String> counters = List.of(SNAPSHOT_COUNTERS);
    List<String> values = new ArrayList<>();
    List<String> changes = new ArrayList<>();
    for (String name : counters) {
      values.add("s." + name + (name.equals("avg_view_duration") ? " / 1000.0" : ""));
      changes.add("%1$s = greatest(old.%1$s, excluded.%1$s)".formatted(name));
    }
    String names = String.join(", ", counters);
    return "insert into video_engagement as old (video_key, published_video_id, fetched_at, "
        + names
        + ", raw_ref) select s.video_key, v.id, timestamptz 'epoch' + s.at * interval '1 ms', "
        + String.join(", ", values)
        + ", s.raw_ref from unnest("
        + String.join(", ", Collections.nCopies(counters.size() + 3, "?"))
        + ") as s (video_key, at, "
        + names
        + ", raw_ref) left join published_video v"
        // Own ids are UUIDs, those of lists are anything.
        + " on v.public_id = case when pg_input_is_valid(substr(s.video_key,"
        + " strpos(s.video_key, '/') + 1), 'uuid')"
        + " then substr(s.video_key, strpos(s.video_key, '/') + 1)::uuid end"
        + " and v.platform = split_part(s.video_key, '/', 1)"
        + " where v.id is not null or exists (select 1 from imported_video i"
        + " where i.platform = split_part(s.video_key, '/', 1)"
        + " and i.video_id = substr(s.video_key, strpos(s.video_key, '/') + 1))"
        + " on conflict (video_key, fetched_at) do update set "
        + String.join(", ", changes)
        + ", raw_ref = coalesce(excluded.raw_ref, old.raw_ref)";
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
    mark(
        videoKey,
        atMs,
        "update published_video set status = 'removed', updated_at = :at"
            + " where platform = :platform and public_id = :id and status <> 'removed'",
        "update imported_video set removed_at = :at"
            + " where platform = :platform and video_id = :id and removed_at is null");
  }

  @Override
  public void markReturned(String videoKey, long atMs) {
    mark(
        videoKey,
        atMs,
        "update published_video set status = 'published', updated_at = :at where platform ="
            + " :platform and public_id = :id and status = 'removed' and updated_at < :at",
        "update imported_video set removed_at = null"
            + " where platform = :platform and video_id = :id and removed_at < :at");
  }

  /** Own ids are UUIDs, those of lists are anything: a key may name a video of either kind. */
  private void mark(String videoKey, long atMs, String published, String imported) {
    int slash = videoKey.indexOf('/');
    String platform = videoKey.substring(0, slash);
    String id = videoKey.substring(slash + 1);
    Timestamp at = new Timestamp(atMs);
    database.change(
        handle -> {
          OwnIds.of(id)
              .ifPresent(
                  own ->
                      handle
                          .createUpdate(published)
                          .bind("at", at)
                          .bind("platform", platform)
                          .bind("id", own)
                          .execute());
          handle
              .createUpdate(imported)
              .bind("at", at)
              .bind("platform", platform)
              .bind("id", id)
              .execute();
        });
  }

  /**
   * Notes that a replay has counted all there was when its generation began: what had come too late
   * is applied, and windows that it did not write belong to nothing that is known any more.
   *
   * @return how many snapshots that had come too late
   */
  public int settle(long generation) {
    return database.inTransaction(
        handle -> {
          handle.execute("delete from engagement_window where generation < ?", generation);
          return handle.execute(
              "update engagement_late set applied_at = now()"
                  + " where applied_at is null and counted_in <= ?",
              generation);
        });
  }

  @Override
  public void close() {
    database.close();
  }
}
