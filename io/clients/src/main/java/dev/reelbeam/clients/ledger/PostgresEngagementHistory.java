package dev.reelbeam.clients.ledger;

import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.SnapshotCodec;
import dev.reelbeam.model.json.EngagementJson;
import dev.reelbeam.model.port.EngagementHistory;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** All snapshots that are kept: of the topic, and what came too late for the running job. */
public final class PostgresEngagementHistory implements EngagementHistory {
  /** Rows of one trip to the database; they are never in memory together. */
  private static final int FETCH = 5_000;

  private static final char POLLED = 'p';
  private static final char LATE = 'l';
  private static final String FROM_THE_FIRST = POLLED + "0|";

  private final Database database;

  private PostgresEngagementHistory(Database database) {
    this.database = database;
  }

  public static PostgresEngagementHistory open(PostgresSettings settings) {
    return new PostgresEngagementHistory(Database.open(settings));
  }

  @Override
  public long generation(String rates) {
    return database.inTransaction(
        handle ->
            handle
                .createQuery("select generation from engagement_generation where rates = :rates")
                .bind("rates", rates)
                .mapTo(Long.class)
                .findOne()
                .orElseGet(() -> raise(handle, rates)));
  }

  /** What came too late until now counts from the new generation on. */
  @Override
  public long raise(String rates) {
    return database.inTransaction(handle -> raise(handle, rates));
  }

  private static long raise(Handle handle, String rates) {
    long generation =
        handle
            .createQuery(
                "update engagement_generation set generation = generation + 1, rates = :rates"
                    + " returning generation")
            .bind("rates", rates)
            .mapTo(Long.class)
            .one();
    handle.execute(
        "update engagement_late set counted_in = ?"
            + " where counted_in is null and applied_at is null",
        generation);
    return generation;
  }

  /** A place is the table, the moment in ms and the video of the last row that was read. */
  @Override
  public Page read(String place, int most) {
    String at = place.equals(BEGIN) ? FROM_THE_FIRST : place;
    char table = at.charAt(0);
    int bar = at.indexOf('|');
    long ms = Long.parseLong(at.substring(1, bar));
    String video = at.substring(bar + 1);
    List<Row> some =
        database.with(
            handle ->
                handle
                    .createQuery(
                        "select * from "
                            + (table == POLLED ? "video_engagement" : "engagement_late")
                            + " where (video_key, fetched_at) > (:video, :at)"
                            + " order by video_key, fetched_at limit :most")
                    .bind("video", video)
                    .bind("at", new Timestamp(ms))
                    .bind("most", most)
                    .map((result, context) -> row(table, result))
                    .list());
    List<EngagementSnapshot> snapshots = some.stream().map(Row::snapshot).toList();
    if (some.size() == most) {
      return new Page(snapshots, some.get(most - 1).place());
    }
    return new Page(snapshots, table == POLLED ? LATE + "0|" : null);
  }

  private record Row(EngagementSnapshot snapshot, String place) {}

  private static Row row(char table, ResultSet result) throws SQLException {
    return new Row(
        table == POLLED ? snapshot(result) : late(result),
        table
            + Long.toString(result.getTimestamp("fetched_at").getTime())
            + '|'
            + result.getString("video_key"));
  }

  @Override
  public List<EngagementSnapshot> of(Collection<String> videoKeys) {
    return database.with(
        handle ->
            handle
                .createQuery("select * from video_engagement where video_key = any(:keys)")
                .bindArray("keys", String.class, videoKeys)
                .map((result, context) -> snapshot(result))
                .list());
  }

  /**
   * Gives each snapshot in its binary form. When the database goes away in the middle all of them
   * are given again: measuring takes each once.
   */
  public void read(Consumer<byte[]> taker) {
    database.change(
        handle -> {
          try (Stream<EngagementSnapshot> polled =
                  handle
                      .createQuery("select * from video_engagement")
                      .setFetchSize(FETCH)
                      .map((result, context) -> snapshot(result))
                      .stream();
              Stream<EngagementSnapshot> late =
                  handle
                      .createQuery("select * from engagement_late")
                      .setFetchSize(FETCH)
                      .map((result, context) -> late(result))
                      .stream()) {
            polled.map(SnapshotCodec::encode).forEach(taker);
            late.map(SnapshotCodec::encode).forEach(taker);
          }
        });
  }

  private static EngagementSnapshot late(ResultSet result) throws SQLException {
    return EngagementJson.readSnapshot(
        result.getString("snapshot").getBytes(StandardCharsets.UTF_8));
  }

  private static EngagementSnapshot snapshot(ResultSet result) throws SQLException {
    String key = result.getString("video_key");
    int slash = key.indexOf('/');
    BigDecimal averageSeconds = result.getBigDecimal("avg_view_duration");
    return new EngagementSnapshot(
        key.substring(slash + 1),
        key.substring(0, slash),
        null,
        result.getTimestamp("fetched_at").getTime(),
        whole(result, "views"),
        whole(result, "likes"),
        whole(result, "comments"),
        whole(result, "shares"),
        whole(result, "watch_time_seconds"),
        whole(result, "impressions"),
        whole(result, "clicks"),
        averageSeconds == null ? null : Long.valueOf(averageSeconds.movePointRight(3).longValue()),
        whole(result, "revenue"),
        null,
        false);
  }

  private static @Nullable Long whole(ResultSet result, String column) throws SQLException {
    long value = result.getLong(column);
    return result.wasNull() ? null : Long.valueOf(value);
  }

  @Override
  public void close() {
    database.close();
  }
}
