package dev.reelbeam.clients.ledger;

import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.database.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.postgresql.PGConnection;

/**
 * Writes the tables that notebooks read, as CSV: videos of the last twelve weeks, their days, and
 * what records of that time cost. Weeks are numbered from 0, the oldest. What no platform told is
 * empty, which is not zero.
 */
public final class PostgresTableExport implements AutoCloseable {
  /** Weeks that are written, the current one included. */
  public static final int WEEKS = 12;

  /** Days of a video that are written, from the day of publishing. */
  public static final int AGE_DAYS = 28;

  /** Where a date comes first: before it is there, no site has it. */
  private static final ZoneOffset FURTHEST_EAST = ZoneOffset.ofHours(14);

  /** Stands for the Monday of the first week in queries. */
  private static final String FIRST_WEEK = "timestamp '@'";

  private static final String END = "(" + FIRST_WEEK + " + interval '" + WEEKS + " weeks')";

  /** Own videos and those of lists, with the key that windows know them by. */
  private static final String PUBLISHED =
      "select v.platform || '/' || v.public_id as key, v.public_id::text as video, v.platform,"
          + " coalesce(p.site_id, '') as site, v.hook_style, v.published_at at time zone"
          + " coalesce(z.time_zone, 'UTC') as published, (select bool_or(a.holdout) from"
          + " arm_choice a where a.record_id = p.record_id and a.revision = r.revision"
          + " and a.variant = r.variant and a.kind = 'hook_style') as holdout, c.cost_micros"
          + " from published_video v join rendered_video r on r.id = v.rendered_video_id"
          + " join video_project p on p.id = r.project_id"
          + " left join site_time_zone z on z.site_id = p.site_id"
          + CostShare.SQL
          + " where v.published_at is not null"
          + " union all select i.platform || '/' || i.video_id, i.video_id, i.platform, i.site_id,"
          + " i.hook_style, i.published_at at time zone coalesce(i.time_zone, z.time_zone, 'UTC'),"
          + " null::boolean, i.cost_micros from imported_video i"
          + " left join site_time_zone z on z.site_id = i.site_id";

  private static final String DAYS =
      "engagement_window w where w.dimension = 'video' and w.kind = 'day' and w.key = v.key";

  /** Days of which views and something to set against them are known: missing is not zero. */
  private static final String ENGAGING =
      " filter (where w.views is not null and coalesce(w.likes, w.comments, w.shares) is not null)";

  private static final Map<String, String> TABLES = new LinkedHashMap<>();

  static {
    String recent =
        "with v as (select *, floor(extract(epoch from published - "
            + FIRST_WEEK
            + ") / 604800)::int as week from ("
            + PUBLISHED
            + ") all_videos where published >= "
            + FIRST_WEEK
            + " and published < "
            + END
            + ") ";
    TABLES.put(
        "videos",
        recent
            + "select v.video, v.platform, v.site, coalesce(v.hook_style, 'unknown') as hook_style,"
            + " v.holdout::text as holdout, v.published::date as published_on, v.week, d.views,"
            + " d.interactions, d.engagement_views, d.watch_s, v.cost_micros"
            + " from v cross join lateral (select sum(w.views) as views, sum(w.engagements)"
            + ENGAGING
            + " as interactions, sum(w.engagement_views)"
            + ENGAGING
            + " as engagement_views, sum(w.watch_time_seconds) as watch_s from "
            + DAYS
            + ") d order by v.published, v.key");
    TABLES.put(
        "engagement_day",
        recent
            + "select v.video, v.platform, v.week, (w.window_start::date - v.published::date)"
            + " as age_day, w.views from v join "
            + DAYS.replace(" where ", " on ")
            + " where w.views is not null and w.window_start::date - v.published::date between 0 and "
            + (AGE_DAYS - 1)
            + " order by v.published, v.key, 4");
    TABLES.put(
        "cost_entry",
        "select p.record_id as record, floor(extract(epoch from (e.at at time zone 'UTC') - "
            + FIRST_WEEK
            + ") / 604800)::int as week, e.kind, e.state, e.money_micros from cost_entry e"
            + " join video_project p on p.id = e.project_id where e.state in ('charged', 'found')"
            // What was made is booked in credits; the table is about money.
            + " and e.unit <> 'operation'"
            + " and e.at at time zone 'UTC' >= "
            + FIRST_WEEK
            + " and e.at at time zone 'UTC' < "
            + END
            + " order by e.id");
  }

  private final Database database;

  private PostgresTableExport(Database database) {
    this.database = database;
  }

  public static PostgresTableExport open(PostgresSettings settings) {
    return new PostgresTableExport(Database.open(settings));
  }

  /**
   * Writes {@code videos.csv}, {@code engagement_day.csv} and {@code cost_entry.csv}; each takes
   * the place of an older one when it is whole.
   *
   * @return lines by file, without the header
   */
  public Map<String, Long> write(Path folder) throws IOException {
    return write(folder, Instant.now());
  }

  /** The same as of a moment. */
  Map<String, Long> write(Path folder, Instant now) throws IOException {
    String monday = firstWeek(now).toString();
    Files.createDirectories(folder);
    Map<String, Long> written = new LinkedHashMap<>();
    for (Map.Entry<String, String> table : TABLES.entrySet()) {
      Path file = folder.resolve(table.getKey() + ".csv");
      Path part = folder.resolve(table.getKey() + ".csv.part");
      try {
        String query = table.getValue().replace(FIRST_WEEK, "timestamp '" + monday + "'");
        written.put(table.getKey(), database.with(handle -> copy(handle, query, part)));
      } catch (UncheckedIOException e) {
        throw new IOException(e.getMessage(), e.getCause());
      }
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }
    return written;
  }

  /** Sites' dates are local ones: the newest week has begun as soon as it has begun for anybody. */
  private static LocalDate firstWeek(Instant now) {
    return now.atOffset(FURTHEST_EAST)
        .toLocalDate()
        .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))
        .minusWeeks(WEEKS - 1);
  }

  private static long copy(Handle handle, String query, Path file) {
    try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      return handle
          .getConnection()
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyOut("copy (" + query + ") to stdout with (format csv, header)", writer);
    } catch (SQLException e) {
      // As Jdbi wraps it, so that the database's patience knows it.
      throw new UnableToExecuteStatementException(e, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
