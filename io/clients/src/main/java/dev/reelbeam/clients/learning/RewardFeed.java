package dev.reelbeam.clients.learning;

import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.model.engagement.EngagementRate;
import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.learning.ArmKind;
import dev.reelbeam.model.learning.ArmReward;
import dev.reelbeam.model.learning.PostingHours;
import dev.reelbeam.model.port.ArmLedger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * Puts engagement down to the arms that its videos were drawn: from a published video over its
 * rendered one to what was chosen for record, revision and variant. Where the row of the published
 * video says what it really shows, that is paid. When it was published is an arm whoever chose it.
 * Videos that took no arm, and snapshots without views or interactions, teach nothing.
 */
public final class RewardFeed implements AutoCloseable {
  private static final String OF_VIDEO =
      " from published_video v join rendered_video r on r.id = v.rendered_video_id"
          + " join video_project p on p.id = r.project_id";

  private static final String ASKED = " where v.public_id = any(:ids::uuid[])";

  private final Database database;
  private final ArmLedger arms;

  private RewardFeed(Database database, ArmLedger arms) {
    this.database = database;
    this.arms = arms;
  }

  public static RewardFeed open(PostgresSettings settings) {
    return new RewardFeed(Database.open(settings), PostgresArms.open(settings));
  }

  private record Taken(
      String videoId, ArmKind kind, String arm, String site, String platform, long publishedAtMs) {}

  /** Takes in what these snapshots say; may be repeated, in any order. */
  public void take(List<EngagementSnapshot> snapshots) {
    Map<String, EngagementSnapshot> newest = new HashMap<>();
    for (EngagementSnapshot snapshot : snapshots) {
      if (!snapshot.removed() && snapshot.views() != null && isUuid(snapshot.videoId())) {
        newest.merge(
            snapshot.videoId(),
            snapshot,
            (one, other) -> one.fetchedAtMs() >= other.fetchedAtMs() ? one : other);
      }
    }
    if (newest.isEmpty()) {
      return;
    }
    List<ArmReward> rewards = new ArrayList<>();
    for (Taken taken : taken(newest.keySet())) {
      EngagementSnapshot snapshot = newest.get(taken.videoId());
      if (snapshot == null || snapshot.views() == null) {
        continue;
      }
      Long interactions =
          EngagementRate.interactions(snapshot.likes(), snapshot.comments(), snapshot.shares());
      if (interactions != null) {
        rewards.add(
            new ArmReward(
                taken.kind(),
                taken.arm(),
                taken.site(),
                taken.platform(),
                taken.videoId(),
                interactions,
                snapshot.views(),
                taken.publishedAtMs(),
                snapshot.fetchedAtMs()));
      }
    }
    arms.reward(rewards);
  }

  private List<Taken> taken(Collection<String> videoIds) {
    return database.with(
        handle ->
            handle
                .createQuery(
                    "select v.public_id::text as video, c.kind, case c.kind"
                        + " when 'hook_style' then coalesce(v.hook_style, c.arm)"
                        + " when 'title_style' then coalesce(v.title_style, c.arm)"
                        + " else c.arm end as arm, c.site_id, v.platform,"
                        + " coalesce(v.published_at, v.updated_at) as published,"
                        + " 'UTC' as zone"
                        + OF_VIDEO
                        + " join arm_choice c on c.record_id = p.record_id"
                        + " and c.revision = r.revision and c.variant = r.variant"
                        + ASKED
                        + " union all select v.public_id::text, 'posting_hour', '',"
                        + " coalesce(p.site_id, ''), v.platform, v.published_at,"
                        + " coalesce(z.time_zone, 'UTC')"
                        + OF_VIDEO
                        + " left join site_time_zone z on z.site_id = p.site_id"
                        + ASKED
                        + " and v.published_at is not null")
                .bindArray("ids", String.class, videoIds)
                .map((row, context) -> taken(row))
                .stream()
                .filter(taken -> !taken.arm().isEmpty())
                .toList());
  }

  private static Taken taken(ResultSet row) throws SQLException {
    ArmKind kind = ArmKind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT));
    long publishedAtMs = row.getTimestamp("published").getTime();
    return new Taken(
        row.getString("video"),
        kind,
        kind == ArmKind.POSTING_HOUR
            ? PostingHours.of(publishedAtMs, PostingHours.zone(row.getString("zone")))
            : row.getString("arm"),
        row.getString("site_id"),
        row.getString("platform"),
        publishedAtMs);
  }

  /** Ids of imported lists may be anything; what was published here has one of these. */
  private static boolean isUuid(String id) {
    try {
      return id.length() == 36 && UUID.fromString(id).toString().equals(id);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Override
  public void close() {
    arms.close();
    database.close();
  }
}
