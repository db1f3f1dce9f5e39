package dev.reelbeam.clients.store;

import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Step keys as rows of {@code artifact}: the arbiter between workers, one indexed look-up each, and
 * the base of retention.
 */
public final class PostgresResultKeys implements ResultKeys {
  private final Database database;

  private PostgresResultKeys(Database database) {
    this.database = database;
  }

  public static PostgresResultKeys open(PostgresSettings settings) {
    return new PostgresResultKeys(Database.open(settings));
  }

  @Override
  public Optional<MediaRef> find(StepKey key) {
    return database.with(
        handle -> {
          Optional<Row> row =
              handle
                  .createQuery(
                      "select *, last_used_at < now() - interval '1 day' as stale from artifact"
                          + " where step_key = :key")
                  .bind("key", key.hex())
                  .map((result, context) -> new Row(ref(result), result.getBoolean("stale")))
                  .findOne();
          if (row.isPresent() && row.get().stale()) {
            handle.execute(
                "update artifact set last_used_at = now() where step_key = ?", key.hex());
          }
          return row.map(Row::ref);
        });
  }

  @Override
  public Map<StepKey, MediaRef> findAll(Collection<StepKey> keys) {
    Map<StepKey, MediaRef> found = new HashMap<>();
    database.change(
        handle -> {
          found.clear(); // It may be asked again.
          List<String> names = keys.stream().map(StepKey::hex).toList();
          handle
              .createUpdate(
                  "update artifact set last_used_at = now() where step_key = any (:keys)"
                      + " and last_used_at < now() - interval '1 day'")
              .bindArray("keys", String.class, names)
              .execute();
          handle
              .createQuery("select * from artifact where step_key = any (:keys)")
              .bindArray("keys", String.class, names)
              .map(
                  (result, context) ->
                      found.put(new StepKey(result.getString("step_key")), ref(result)))
              .list();
        });
    return found;
  }

  @Override
  public MediaRef putIfAbsent(StepKey key, MediaRef ref) {
    return database.inTransaction(
        handle -> {
          handle.execute(
              "insert into artifact (step_key, sha256, size_bytes, content_type)"
                  + " values (?, ?, ?, ?) on conflict (step_key) do nothing",
              key.hex(),
              ref.sha256(),
              ref.sizeBytes(),
              ref.contentType());
          return present(handle, key, ref);
        });
  }

  @Override
  public MediaRef replace(StepKey key, MediaRef lost, MediaRef ref) {
    return database.inTransaction(
        handle -> {
          handle.execute(
              "update artifact set sha256 = ?, size_bytes = ?, content_type = ?,"
                  + " last_used_at = now() where step_key = ? and sha256 = ?",
              ref.sha256(),
              ref.sizeBytes(),
              ref.contentType(),
              key.hex(),
              lost.sha256());
          return present(handle, key, ref);
        });
  }

  private static MediaRef present(Handle handle, StepKey key, MediaRef fallback) {
    return handle
        .createQuery("select * from artifact where step_key = :key")
        .bind("key", key.hex())
        .map((result, context) -> ref(result))
        .findOne()
        .orElse(fallback);
  }

  private static MediaRef ref(ResultSet result) throws SQLException {
    return new MediaRef(
        result.getString("sha256"), result.getLong("size_bytes"), result.getString("content_type"));
  }

  private record Row(MediaRef ref, boolean stale) {}

  @Override
  public void close() {
    database.close();
  }
}
