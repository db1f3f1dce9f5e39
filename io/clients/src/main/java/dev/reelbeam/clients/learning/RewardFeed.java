package dev.reelbeam.clients.learning;

import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.clients.database.OwnIds;
import dev.reelbeam.model.engagement.WindowRow;
import dev.reelbeam.model.learning.ArmKind;
import dev.reelbeam.model.learning.ArmReward;
import dev.reelbeam.model.learning.ArmReward.Earned;
import dev.reelbeam.model.learning.PostingHours;
import dev.reelbeam.model.port.ArmLedger;
import dev.reelbeam.model.port.ArmTeacher;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Puts engagement down to the arms that videos show. Of own ones: from a published video over its
 * rendered one to what was chosen for record, revision and variant; where the row of the published
 * video says what it really shows, that is paid, and what somebody edited pays nobody. Of videos of
 * lists: what the list says. When it was published is an arm whoever chose it.
 */
public final class RewardFeed implements ArmTeacher {
  private static final String OF_VIDEO =
      " from published_video v join rendered_video r on r.id = v.rendered_video_id"
          + " join video_project p on p.id = r.project_id";

  private static final String ASKED = " where v.public_id = any(:own::uuid[])";

  /** Somebody wrote another script for the variant. */
  private static final String EDITED =
      "coalesce(p.revision = r.revision and jsonb_exists(p.edits -> 'scripts', r.variant), false)";

  private static final String TAKEN =
      "select v.platform || '/' || v.public_id as key, c.kind, case c.kind"
          + " when 'hook_style' then coalesce(v.hook_style, case when "
          + EDITED
          + " then '' else c.arm end)"
          + " when 'title_style' then coalesce(v.title_style, case when "
          + EDITED
          + " then '' else c.arm end)"
          // The voice that was drawn may have been away: only who spoke is paid.
          + " when 'voice' then coalesce(v.voice, '')"
          + " when 'duration' then case when "
          + EDITED
          + " then '' else c.arm end"
          + " else c.arm end as arm, c.site_id, coalesce(v.published_at, v.updated_at)"
          + " as published, 'UTC' as zone"
          + OF_VIDEO
          + " join arm_choice c on c.record_id = p.record_id"
          + " and c.revision = r.revision and c.variant = r.variant"
          + ASKED
          + " union all select v.platform || '/' || v.public_id, 'posting_hour', 'any',"
          + " coalesce(p.site_id, ''), v.published_at, coalesce(z.time_zone, 'UTC')"
          + OF_VIDEO
          + " left join site_time_zone z on z.site_id = p.site_id"
          + ASKED
          + " and v.published_at is not null"
          + " union all select i.platform || '/' || i.video_id, k.kind, coalesce(k.arm, ''),"
          + " i.site_id, i.published_at, coalesce(i.time_zone, z.time_zone, 'UTC')"
          + " from imported_video i left join site_time_zone z on z.site_id = i.site_id"
          + " cross join lateral (values ('hook_style', i.hook_style), ('voice', i.voice),"
          + " ('title_style', i.title_style), ('posting_hour', 'any')) as k (kind, arm)"
          + " where i.video_id = any(:ids)";

  private final Database database;
  private final ArmLedger arms;

  private RewardFeed(Database database, ArmLedger arms) {
    this.database = database;
    this.arms = arms;
  }

  public static RewardFeed open(PostgresSettings settings) {
    return new RewardFeed(Database.open(settings), PostgresArms.open(settings));
  }

  private record Taken(String key, ArmKind kind, String arm, String site, long publishedAtMs) {}

  @Override
  public void teach(List<WindowRow> firstWeeks) {
    Map<String, Earned> earned = new HashMap<>();
    for (WindowRow row : firstWeeks) {
      Earned week = Earned.of(row);
      if (week != null) {
        earned.merge(
            row.key(), week, (one, other) -> one.version() >= other.version() ? one : other);
      }
    }
    if (earned.isEmpty()) {
      return;
    }
    List<ArmReward> rewards = new ArrayList<>();
    for (Taken taken : taken(earned.keySet())) {
      Earned week = earned.get(taken.key());
      if (week != null && !taken.arm().isEmpty()) {
        rewards.add(
            new ArmReward(
                taken.kind(),
                taken.arm(),
                taken.site(),
                platform(taken.key()),
                id(taken.key()),
                week.interactions(),
                week.views(),
                taken.publishedAtMs(),
                week.version()));
      }
    }
    arms.reward(rewards);
  }

  private List<Taken> taken(Collection<String> keys) {
    List<String> ids = keys.stream().map(RewardFeed::id).toList();
    List<String> own = ids.stream().filter(id -> OwnIds.of(id).isPresent()).toList();
    return database.with(
        handle ->
            handle
                .createQuery(TAKEN)
                .bindArray("own", String.class, own)
                .bindArray("ids", String.class, ids)
                .map((row, context) -> taken(row))
                .list());
  }

  private static Taken taken(ResultSet row) throws SQLException {
    ArmKind kind = ArmKind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT));
    long publishedAtMs = row.getTimestamp("published").getTime();
    return new Taken(
        row.getString("key"),
        kind,
        kind == ArmKind.POSTING_HOUR
            ? PostingHours.of(publishedAtMs, PostingHours.zone(row.getString("zone")))
            : row.getString("arm"),
        row.getString("site_id"),
        publishedAtMs);
  }

  private static String platform(String key) {
    return key.substring(0, key.indexOf('/'));
  }

  private static String id(String key) {
    return key.substring(key.indexOf('/') + 1);
  }

  @Override
  public void close() {
    arms.close();
    database.close();
  }
}
