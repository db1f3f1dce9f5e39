package dev.reelbeam.clients.learning;

import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.model.engagement.EngagementRate;
import dev.reelbeam.model.engagement.EngagementSnapshot;
import dev.reelbeam.model.learning.ArmKind;
import dev.reelbeam.model.learning.ArmReward;
import dev.reelbeam.model.port.ArmLedger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * Puts engagement down to the arms that its videos were drawn: from a published video over its
 * rendered one to what was chosen for record, revision and variant. Videos that took no arm, and
 * snapshots without views or interactions, teach nothing.
 */
public final class RewardFeed implements AutoCloseable {
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
                    "select v.public_id::text as video, c.kind, c.arm, c.site_id, v.platform,"
                        + " coalesce(v.published_at, v.updated_at) as published"
                        + " from published_video v"
                        + " join rendered_video r on r.id = v.rendered_video_id"
                        + " join video_project p on p.id = r.project_id"
                        + " join arm_choice c on c.record_id = p.record_id"
                        + " and c.revision = r.revision and c.variant = r.variant"
                        + " where v.public_id = any(:ids::uuid[])")
                .bindArray("ids", String.class, videoIds)
                .map(
                    (row, context) ->
                        new Taken(
                            row.getString("video"),
                            ArmKind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                            row.getString("arm"),
                            row.getString("site_id"),
                            row.getString("platform"),
                            row.getTimestamp("published").getTime()))
                .list());
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
