package dev.reelbeam.clients.ledger;

import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.engagement.SnapshotCodec;
import dev.reelbeam.model.json.EngagementJson;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All snapshots that are kept: of the topic, and what came too late for the running job. */
public final class PostgresEngagementHistory implements AutoCloseable {
  /** Rows of one trip to the database; they are never in memory together. */
  private static final int FETCH = 5_000;

  private final Database database;

  private PostgresEngagementHistory(Database database) {
    this.database = database;
  }

  public static PostgresEngagementHistory open(PostgresSettings settings) {
    return new PostgresEngagementHistory(Database.open(settings));
  }

  /**
   * Gives each snapshot in its binary form. When the database goes away in the middle all of them
   * are given again: measuring takes each once.
   */
  public void read(Consumer<byte[]> taker) {
    database.change(
        handle -> {
          try (Stream<byte[]> polled =
                  handle
                      .createQuery("select * from video_engagement")
                      .setFetchSize(FETCH)
                      .map((result, context) -> SnapshotCodec.encode(snapshot(result)))
                      .stream();
              Stream<String> late =
                  handle
                      .createQuery("select snapshot::text from engagement_late")
                      .setFetchSize(FETCH)
                      .mapTo(String.class)
                      .stream()) {
            polled.forEach(taker);
            late.map(json -> json.getBytes(StandardCharsets.UTF_8))
                .map(json -> SnapshotCodec.encode(EngagementJson.readSnapshot(json)))
                .forEach(taker);
          }
        });
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
