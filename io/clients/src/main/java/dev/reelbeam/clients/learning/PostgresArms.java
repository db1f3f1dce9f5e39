package dev.reelbeam.clients.learning;

import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.learning.ArmChoice;
import dev.reelbeam.model.learning.ArmEvidence;
import dev.reelbeam.model.learning.ArmKind;
import dev.reelbeam.model.learning.ArmReward;
import dev.reelbeam.model.learning.PostingHours;
import dev.reelbeam.model.port.ArmLedger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * Arms in Postgres. Evidence is summed up where the rows are: one row comes back for each site,
 * platform and arm.
 */
public final class PostgresArms implements ArmLedger {
  /** Videos that count for less than a thousandth are left out, so that the table may grow. */
  private static final int HALF_LIVES = 10;

  private final Database database;

  private PostgresArms(Database database) {
    this.database = database;
  }

  public static PostgresArms open(PostgresSettings settings) {
    return new PostgresArms(Database.open(settings));
  }

  @Override
  public ArmChoice keep(ArmChoice choice) {
    return database.inTransaction(
        handle -> {
          handle
              .createUpdate(
                  "insert into arm_choice (record_id, revision, variant, kind, site_id, platforms,"
                      + " options, arm, probability_ppm, holdout) values (:record, :revision,"
                      + " :variant, :kind, :site, :platforms, :options, :arm, :probability,"
                      + " :holdout) on conflict do nothing")
              .bind("record", choice.key().recordId())
              .bind("revision", choice.key().revision())
              .bind("variant", choice.variant())
              .bind("kind", choice.kind().id())
              .bind("site", choice.site())
              .bindArray("platforms", String.class, choice.platforms())
              .bindArray("options", String.class, choice.options())
              .bind("arm", choice.arm())
              .bind("probability", choice.probabilityPpm())
              .bind("holdout", choice.holdout())
              .execute();
          return choices(handle, choice.key()).stream()
              .filter(kept -> kept.kind() == choice.kind())
              .filter(kept -> kept.variant().equals(choice.variant()))
              .findFirst()
              .orElseThrow();
        });
  }

  @Override
  public List<ArmChoice> choices(RecordKey key) {
    return database.with(handle -> choices(handle, key));
  }

  private static List<ArmChoice> choices(Handle handle, RecordKey key) {
    return handle
        .createQuery(
            "select * from arm_choice where record_id = :record and revision = :revision"
                + " order by kind, variant")
        .bind("record", key.recordId())
        .bind("revision", key.revision())
        .map((row, context) -> choice(row))
        .list();
  }

  private static ArmChoice choice(ResultSet row) throws SQLException {
    return new ArmChoice(
        ArmKind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
        new RecordKey(row.getString("record_id"), row.getInt("revision")),
        row.getString("variant"),
        row.getString("site_id"),
        List.of((String[]) row.getArray("platforms").getArray()),
        List.of((String[]) row.getArray("options").getArray()),
        row.getString("arm"),
        row.getInt("probability_ppm"),
        row.getBoolean("holdout"));
  }

  @Override
  public void reward(Collection<ArmReward> rewards) {
    if (rewards.isEmpty()) {
      return;
    }
    database.change(
        handle -> {
          PreparedBatch batch =
              handle.prepareBatch(
                  "insert into arm_reward as r (kind, platform, video_id, arm, site_id,"
                      + " interactions, views, log_rate, weight, published_at, version)"
                      + " values (:kind, :platform, :video, :arm, :site, :interactions, :views,"
                      + " :rate, :weight, :published, :version)"
                      + " on conflict (kind, platform, video_id) do update set arm = excluded.arm,"
                      + " site_id = excluded.site_id, interactions = excluded.interactions,"
                      + " views = excluded.views, log_rate = excluded.log_rate,"
                      + " weight = excluded.weight, published_at = excluded.published_at,"
                      + " version = excluded.version where excluded.version > r.version");
          // Rows are locked in one order, so that two writers do not wait for each other.
          rewards.stream()
              .sorted(Arms.BY_KEY)
              .forEach(
                  reward ->
                      batch
                          .bind("kind", reward.kind().id())
                          .bind("platform", reward.platform())
                          .bind("video", reward.videoId())
                          .bind("arm", reward.arm())
                          .bind("site", reward.site())
                          .bind("interactions", reward.interactions())
                          .bind("views", reward.views())
                          .bind("rate", reward.logRate())
                          .bind("weight", reward.weight())
                          .bind("published", at(reward.publishedAtMs()))
                          .bind("version", reward.version())
                          .add());
          batch.execute();
        });
  }

  @Override
  public ArmEvidence evidence(ArmKind kind, int halfLifeDays, long nowMs) {
    return ArmEvidence.of(
        database.with(
            handle ->
                handle
                    .createQuery(
                        "select site_id, platform, arm, sum(w) as weight, sum(w * log_rate) as y,"
                            + " sum(w * log_rate * log_rate) as yy from (select site_id, platform,"
                            + " arm, log_rate, weight * power(0.5, greatest(0, extract(epoch from"
                            + " :now::timestamptz - published_at)) / (86400.0 * :half)) as w from"
                            + " arm_reward where kind = :kind and published_at > :oldest) as faded"
                            + " group by site_id, platform, arm")
                    .bind("kind", kind.id())
                    .bind("now", at(nowMs))
                    .bind("half", halfLifeDays)
                    .bind("oldest", at(nowMs - HALF_LIVES * halfLifeDays * 86_400_000L))
                    .map(
                        (row, context) ->
                            new ArmEvidence.Cell(
                                row.getString("site_id"),
                                row.getString("platform"),
                                row.getString("arm"),
                                row.getDouble("weight"),
                                row.getDouble("y"),
                                row.getDouble("yy")))
                    .list()));
  }

  @Override
  public Map<String, ZoneId> zones() {
    return database.with(
        handle ->
            handle
                .createQuery("select site_id, time_zone from site_time_zone")
                .map(
                    (row, context) ->
                        Map.entry(
                            row.getString("site_id"),
                            PostingHours.zone(row.getString("time_zone"))))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  private static Timestamp at(long ms) {
    return Timestamp.from(Instant.ofEpochMilli(ms));
  }

  @Override
  public void close() {
    database.close();
  }
}
