package dev.reelbeam.clients.engagement;

import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.clients.database.OwnIds;
import dev.reelbeam.model.engagement.PublishedPost;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * Which video is asked about when, and what is left of quotas. It is all that a poller knows, so
 * one that starts again goes on, and several may work at once: what one has claimed the others pass
 * over until the claim ends.
 */
public final class PostgresPollBook implements AutoCloseable {
  private static final long CLOCKS_DIFFER_MS = 3_600_000;

  private final Database database;

  /** When it last looked for what was published; what lies before was taken in. */
  private long adoptedMs = Long.MIN_VALUE;

  private PostgresPollBook(Database database) {
    this.database = database;
  }

  public static PostgresPollBook open(PostgresSettings settings) {
    return new PostgresPollBook(Database.open(settings));
  }

  /**
   * A video that is due.
   *
   * @param missed times in a row that the platform did not know it
   */
  record Due(PublishedPost post, int missed) {}

  /** Takes in what was published since, due at once; returns how many videos are new. */
  public synchronized int adopt(long nowMs) {
    // The first time all there are: a poller may not have run for weeks.
    long sinceMs = adoptedMs == Long.MIN_VALUE ? 0 : adoptedMs - CLOCKS_DIFFER_MS;
    int adopted = adoptSince(sinceMs, nowMs);
    adoptedMs = nowMs;
    return adopted;
  }

  private int adoptSince(long sinceMs, long nowMs) {
    return database.with(
        handle ->
            handle
                .createUpdate(
                    "insert into engagement_poll (platform, video_id, platform_video_id, site_id,"
                        + " account, published_at, next_poll_at)"
                        + " select v.platform, v.public_id::text, v.platform_video_id, a.site_id,"
                        + " a.account_ref, coalesce(v.published_at, v.updated_at), :now"
                        + " from published_video v join social_account a"
                        + " on a.id = v.social_account_id"
                        + " where v.status = 'published' and v.platform_video_id is not null"
                        + " and v.updated_at >= :since and not exists (select 1"
                        + " from engagement_poll e where e.platform = v.platform"
                        + " and e.video_id = v.public_id::text)"
                        + " on conflict do nothing")
                .bind("now", at(nowMs))
                .bind("since", at(sinceMs))
                .execute());
  }

  /** Takes in videos of a list, due at once; those that are known stay as they are. */
  public int add(Collection<PublishedPost> posts, long nowMs) {
    return database.inTransaction(
        handle -> {
          PreparedBatch batch =
              handle.prepareBatch(
                  "insert into engagement_poll (platform, video_id, platform_video_id, site_id,"
                      + " account, published_at, next_poll_at) values (:platform, :video,"
                      + " :platformVideo, :site, :account, :published, :now)"
                      + " on conflict do nothing");
          for (PublishedPost post : posts) {
            batch
                .bind("platform", post.platform())
                .bind("video", post.videoId())
                .bind("platformVideo", post.platformVideoId())
                .bind("site", post.siteId())
                .bind("account", post.account())
                .bind("published", at(post.publishedAtMs()))
                .bind("now", at(nowMs))
                .add();
          }
          int added = 0;
          for (int one : posts.isEmpty() ? new int[0] : batch.execute()) {
            added += one;
          }
          return added;
        });
  }

  /**
   * Makes one video due before all others, a removed one, too, also where somebody claimed it and
   * went away; false when it is not known.
   */
  public boolean demand(String videoId) {
    return database.with(
            handle ->
                handle.execute(
                    // Who is longest overdue goes first.
                    "update engagement_poll set next_poll_at = 'epoch', state = 'active',"
                        + " claimed_until = null where video_id = ?",
                    videoId))
        > 0;
  }

  /**
   * Claims due videos of one account, the longest overdue first; empty when none is due.
   *
   * @param except accounts that are passed over
   */
  List<Due> claim(String platform, int most, Collection<String> except, long nowMs, long untilMs) {
    return database.inTransaction(
        handle -> {
          String account = nextAccount(handle, platform, except, nowMs);
          if (account == null) {
            return List.of();
          }
          return handle
              .createQuery(
                  "update engagement_poll p set claimed_until = :until from (select platform,"
                      + " video_id from engagement_poll where platform = :platform"
                      + " and account = :account and state = 'active' and next_poll_at <= :now"
                      + " and (claimed_until is null or claimed_until <= :now)"
                      + " order by next_poll_at, video_id limit :most for update skip locked) d"
                      + " where p.platform = d.platform and p.video_id = d.video_id returning p.*")
              .bind("platform", platform)
              .bind("account", account)
              .bind("now", at(nowMs))
              .bind("until", at(untilMs))
              .bind("most", most)
              .map((row, context) -> due(row))
              .list();
        });
  }

  private static @Nullable String nextAccount(
      Handle handle, String platform, Collection<String> except, long nowMs) {
    return handle
        .createQuery(
            "select p.account from engagement_poll p where p.platform = :platform"
                + " and p.state = 'active' and p.next_poll_at <= :now"
                + " and (p.claimed_until is null or p.claimed_until <= :now)"
                + " and not p.account = any(:except)"
                + " and not exists (select 1 from engagement_quota q where q.platform = p.platform"
                + " and q.account in (p.account, :everybody) and q.blocked_until > :now)"
                + " order by p.next_poll_at limit 1")
        .bind("platform", platform)
        .bind("everybody", PollSettings.EVERYBODY)
        .bind("now", at(nowMs))
        .bindArray("except", String.class, except)
        .mapTo(String.class)
        .findOne()
        .orElse(null);
  }

  private static Due due(ResultSet row) throws SQLException {
    return new Due(
        new PublishedPost(
            row.getString("video_id"),
            row.getString("platform"),
            row.getString("platform_video_id"),
            row.getString("site_id"),
            row.getString("account"),
            row.getTimestamp("published_at").getTime()),
        row.getInt("missed"));
  }

  /** Takes units of an account's day; false, and nothing is taken, when they are not left. */
  boolean spend(String platform, String account, LocalDate day, int units, long limit) {
    return database.with(
            handle ->
                handle
                    .createUpdate(
                        "insert into engagement_quota as q (platform, account, day, used)"
                            + " select :platform, :account, :day, :units where :units <= :limit"
                            + " on conflict (platform, account, day) do update"
                            + " set used = q.used + :units where q.used + :units <= :limit")
                    .bind("platform", platform)
                    .bind("account", account)
                    .bind("day", day)
                    .bind("units", units)
                    .bind("limit", limit)
                    .execute())
        > 0;
  }

  /** Notes units that were taken beside those that had been foreseen. */
  void spent(String platform, String account, LocalDate day, int units) {
    database.with(
        handle ->
            handle.execute(
                "insert into engagement_quota as q (platform, account, day, used)"
                    + " values (?, ?, ?, ?) on conflict (platform, account, day) do update"
                    + " set used = q.used + excluded.used",
                platform,
                account,
                day,
                units));
  }

  /** Leaves an account alone until then. */
  void block(String platform, String account, LocalDate day, long untilMs) {
    database.with(
        handle ->
            handle
                .createUpdate(
                    "insert into engagement_quota (platform, account, day, blocked_until)"
                        + " values (:platform, :account, :day, :until) on conflict"
                        + " (platform, account, day) do update set blocked_until = :until")
                .bind("platform", platform)
                .bind("account", account)
                .bind("day", day)
                .bind("until", at(untilMs))
                .execute());
  }

  /**
   * Notes that a video was read.
   *
   * @param wasMissed whether the platform had not known it the last time
   */
  void read(PublishedPost post, boolean wasMissed, long nowMs, long nextMs) {
    database.change(
        handle -> {
          handle.execute(
              "update engagement_poll set last_polled_at = ?, next_poll_at = ?, missed = 0,"
                  + " claimed_until = null, last_error = null"
                  + " where platform = ? and video_id = ?",
              at(nowMs),
              at(nextMs),
              post.platform(),
              post.videoId());
          if (wasMissed) {
            Optional<UUID> own = OwnIds.of(post.videoId());
            if (own.isPresent()) {
              handle.execute(
                  "update published_video set status = 'published', updated_at = now()"
                      + " where public_id = ? and platform = ? and status = 'removed'",
                  own.get(),
                  post.platform());
            }
            handle.execute(
                "update imported_video set removed_at = null where video_id = ? and platform = ?",
                post.videoId(),
                post.platform());
          }
        });
  }

  /** Notes that the platform did not know a video; for good, or for once. */
  void missed(PublishedPost post, int times, boolean removed, long nowMs, long nextMs) {
    database.change(
        handle -> {
          handle.execute(
              "update engagement_poll set last_polled_at = ?, next_poll_at = ?, missed = ?,"
                  + " state = ?, claimed_until = null where platform = ? and video_id = ?",
              at(nowMs),
              at(nextMs),
              times,
              removed ? "removed" : "active",
              post.platform(),
              post.videoId());
          Optional<UUID> own = OwnIds.of(post.videoId());
          if (removed && own.isPresent()) {
            handle.execute(
                "update published_video set status = 'removed', updated_at = now()"
                    + " where public_id = ? and platform = ?",
                own.get(),
                post.platform());
          }
        });
  }

  /** Notes that videos could not be read; they are due again then. */
  void failed(List<PublishedPost> posts, String error, long nextMs) {
    database.change(
        handle -> {
          for (PublishedPost post : posts) {
            handle.execute(
                "update engagement_poll set next_poll_at = ?, claimed_until = null,"
                    + " last_error = ? where platform = ? and video_id = ?",
                at(nextMs),
                error.replace('\0', '\uFFFD'),
                post.platform(),
                post.videoId());
          }
        });
  }

  /** Gives claimed videos back as they were. */
  void unclaim(List<PublishedPost> posts) {
    database.change(
        handle -> {
          for (PublishedPost post : posts) {
            handle.execute(
                "update engagement_poll set claimed_until = null"
                    + " where platform = ? and video_id = ?",
                post.platform(),
                post.videoId());
          }
        });
  }

  private static Timestamp at(long ms) {
    return Timestamp.from(Instant.ofEpochMilli(ms));
  }

  @Override
  public void close() {
    database.close();
  }
}
