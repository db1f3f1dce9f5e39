package dev.reelbeam.clients.ledger;

import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.clients.database.OwnIds;
import dev.reelbeam.model.engagement.VideoFacts;
import dev.reelbeam.model.port.VideoCatalog;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The videos that this house has published, and those of imported lists. What own videos cost is
 * told by {@link CostShare}.
 */
public final class PostgresVideoCatalog implements VideoCatalog {
  private static final String PUBLISHED =
      "select v.public_id::text as video_id, v.platform, r.preset, coalesce(p.site_id, '') as"
          + " site_id, coalesce(z.time_zone, 'UTC') as time_zone, v.hook_style,"
          + " coalesce(v.voice, p.settings ->> 'voice_id') as voice,"
          + " coalesce(v.duration_class, p.type) as duration_class, v.topic,"
          + " p.record_id as project, v.published_at,"
          + " c.cost_micros, c.credits"
          + " from published_video v"
          + " join rendered_video r on r.id = v.rendered_video_id"
          + " join video_project p on p.id = r.project_id"
          + " left join site_time_zone z on z.site_id = p.site_id"
          + CostShare.SQL
          + " where v.published_at is not null and v.public_id = any(:uuids::uuid[])";

  private static final String IMPORTED =
      "select i.video_id, i.platform, i.preset, i.site_id, coalesce(i.time_zone, z.time_zone,"
          + " 'UTC') as time_zone, i.hook_style, i.voice, i.duration_class, i.topic, i.project,"
          + " i.published_at, i.cost_micros, i.credits from imported_video i left join"
          + " site_time_zone z on z.site_id = i.site_id where i.video_id = any(:ids)";

  private final Database database;

  private PostgresVideoCatalog(Database database) {
    this.database = database;
  }

  public static PostgresVideoCatalog open(PostgresSettings settings) {
    return new PostgresVideoCatalog(Database.open(settings));
  }

  @Override
  public Map<String, VideoFacts> find(Collection<String> videoKeys) {
    List<String> ids = new ArrayList<>();
    List<String> own = new ArrayList<>();
    for (String key : videoKeys) {
      String id = key.substring(key.indexOf('/') + 1);
      ids.add(id);
      OwnIds.of(id).ifPresent(uuid -> own.add(id));
    }
    List<VideoFacts> found =
        database.with(
            handle ->
                handle
                    .createQuery(PUBLISHED + " union all " + IMPORTED)
                    .bind("ids", ids.toArray(new String[0]))
                    .bindArray("uuids", String.class, own)
                    .map((result, context) -> facts(result))
                    .list());
    Map<String, VideoFacts> facts = new HashMap<>();
    for (VideoFacts each : found) {
      if (videoKeys.contains(each.videoKey())) {
        facts.put(each.videoKey(), each);
      }
    }
    return facts;
  }

  /** Takes videos of a list that this house did not publish; those that are there are replaced. */
  public void put(List<VideoFacts> videos) {
    put(videos, Map.of());
  }

  /**
   * The same with the forms of their titles.
   *
   * @param titleStyles by video key, as far as they are known
   */
  public void put(List<VideoFacts> videos, Map<String, String> titleStyles) {
    database.change(
        handle -> {
          for (VideoFacts video : videos) {
            handle
                .createUpdate(
                    "insert into imported_video (platform, video_id, preset, site_id, time_zone,"
                        + " hook_style, voice, duration_class, topic, project, published_at,"
                        + " cost_micros, credits, title_style) values (:platform, :video, :preset, :site, :zone,"
                        + " :hook, :voice, :class, :topic, :project, :published, :cost, :credits,"
                        + " :title)"
                        + " on conflict (platform, video_id) do update set preset ="
                        + " excluded.preset, site_id = excluded.site_id, time_zone ="
                        + " excluded.time_zone, hook_style = excluded.hook_style, voice ="
                        + " excluded.voice, duration_class = excluded.duration_class, topic ="
                        + " excluded.topic, project = excluded.project, published_at ="
                        + " excluded.published_at, cost_micros = excluded.cost_micros, credits ="
                        + " excluded.credits, title_style = excluded.title_style")
                .bind("platform", video.platform())
                .bind("video", video.videoId())
                .bind("preset", video.preset())
                .bind("site", video.siteId())
                .bind("zone", video.timeZone())
                .bind("hook", video.hookStyle())
                .bind("voice", video.voice())
                .bind("class", video.durationClass())
                .bind("topic", video.topic())
                .bind("project", video.project())
                .bind("published", new Timestamp(video.publishedAtMs()))
                .bind("cost", video.costMicros())
                .bind("credits", video.credits())
                .bind("title", titleStyles.get(video.videoKey()))
                .execute();
          }
        });
  }

  private static VideoFacts facts(ResultSet result) throws SQLException {
    return new VideoFacts(
        result.getString("video_id"),
        result.getString("platform"),
        result.getString("preset"),
        result.getString("site_id"),
        result.getString("time_zone"),
        result.getString("hook_style"),
        result.getString("voice"),
        result.getString("duration_class"),
        result.getString("topic"),
        result.getString("project"),
        result.getTimestamp("published_at").getTime(),
        result.getLong("cost_micros"),
        result.getLong("credits"));
  }

  @Override
  public void close() {
    database.close();
  }
}
