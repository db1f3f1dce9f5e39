package dev.reelbeam.clients.ledger;

import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.project.ProgressBoard;
import dev.reelbeam.model.project.ProgressEvent;
import dev.reelbeam.model.project.ProgressEvent.ProgressError;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.model.store.MediaRef;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What people see of projects, in Postgres: one row each, newest epoch, never falling within it.
 * Thread-safe.
 */
public final class PostgresProgress implements AutoCloseable {
  private static final int MOST_UNTOLD = 1_000;

  /** A second's worth for a large cluster; the rest comes with the next call. */
  public static final int MOST_TOLD = 500;

  /** The advisory lock of whoever tells. */
  private static final long TELLS = 0x7265_656c_7072_6f67L;

  private final Database database;

  private PostgresProgress(Database database) {
    this.database = database;
  }

  public static PostgresProgress open(PostgresSettings settings) {
    return new PostgresProgress(Database.open(settings));
  }

  /**
   * Takes an event in; what is older than what is shown changes nothing.
   *
   * @return what is shown now; empty for a project that is unknown or in a newer epoch
   */
  public Optional<ProgressEvent> take(ProgressEvent event) {
    return database.inTransaction(handle -> take(handle, event));
  }

  private record Project(long id, long epoch, ProjectStatus status) {}

  private static Optional<ProgressEvent> take(Handle handle, ProgressEvent event) {
    // The project's row is locked, so that two workers' events are merged one after the other.
    Optional<Project> project =
        handle
            .createQuery(
                "select id, epoch, status from video_project where record_id = :id for update")
            .bind("id", event.project())
            .map(
                (result, context) ->
                    new Project(
                        result.getLong("id"),
                        result.getLong("epoch"),
                        ProjectStatus.valueOf(result.getString("status").toUpperCase(Locale.ROOT))))
            .findOne();
    if (project.isEmpty() || event.epoch() < project.get().epoch()) {
      return Optional.empty();
    }
    long id = project.get().id();
    ProgressEvent shown =
        handle
            .createQuery("select * from project_progress where project_id = :id")
            .bind("id", id)
            .map((result, context) -> event(event.project(), result))
            .findOne()
            .orElse(null);
    ProgressEvent merged = shown == null ? event : ProgressBoard.merge(shown, event);
    if (project.get().status().ended() && merged.epoch() == project.get().epoch()) {
      // How it ended is known better than any stage can see.
      merged = merged.withStatus(project.get().status());
    }
    if (merged.equals(shown)) {
      return Optional.of(merged);
    }
    ProgressError error = merged.error();
    handle
        .createUpdate(
            "insert into project_progress (project_id, revision, epoch, status, current_stage,"
                + " progress, deliveries, queue_position, estimated_time_remaining_s, refs, error,"
                + " at, version) values (:id, :revision, :epoch, :status, :stage, :progress,"
                + " cast(:deliveries as jsonb), :queue, :remaining, cast(:refs as jsonb),"
                + " cast(:error as jsonb), :at, 1) on conflict (project_id) do update set"
                + " revision = excluded.revision, epoch = excluded.epoch,"
                + " status = excluded.status, current_stage = excluded.current_stage,"
                + " progress = excluded.progress, deliveries = excluded.deliveries,"
                + " queue_position = excluded.queue_position,"
                + " estimated_time_remaining_s = excluded.estimated_time_remaining_s,"
                + " refs = excluded.refs, error = excluded.error, at = excluded.at,"
                + " version = project_progress.version + 1")
        .bind("id", id)
        .bind("revision", merged.revision())
        .bind("epoch", merged.epoch())
        .bind("status", merged.status())
        .bind("stage", merged.currentStage())
        .bind("progress", merged.progress())
        .bind("deliveries", RecordJson.canonical(Percentages.of(merged)))
        .bind("queue", merged.queuePosition())
        .bind("remaining", merged.estimatedTimeRemainingS())
        .bind("refs", RecordJson.canonical(new PostgresProjectLedger.Refs(merged.refs())))
        .bind("error", error == null ? null : RecordJson.canonical(error))
        .bind("at", new Timestamp(merged.atMs()))
        .execute();
    event.deliveries().forEach((preset, progress) -> renders(handle, id, event, preset, progress));
    return Optional.of(merged);
  }

  /** Once a segment is joined, the row of its video tells their share; until then it is queued. */
  private static void renders(
      Handle handle, long project, ProgressEvent event, String preset, int progress) {
    if (progress <= ProgressEvent.BEFORE_RENDER) {
      return;
    }
    int joined = (progress - ProgressEvent.BEFORE_RENDER) * 100 / ProgressEvent.OF_RENDER;
    handle
        .createUpdate(
            "update rendered_video set status = 'rendering',"
                + " progress = greatest(progress, :progress), render_started_at ="
                + " coalesce(render_started_at, :at) where project_id = :id"
                + " and revision = :revision and preset = :preset and epoch <= :epoch"
                + " and status in ('queued', 'rendering')")
        .bind("progress", Math.min(100, joined))
        .bind("at", new Timestamp(event.atMs()))
        .bind("id", project)
        .bind("revision", event.revision())
        .bind("preset", preset)
        .bind("epoch", event.epoch())
        .execute();
  }

  /**
   * The last events of projects that have ended and whose rows do not say so, because whoever was
   * to tell of it died before; at most {@value #MOST_UNTOLD} of the last day, the newest.
   */
  public List<ProgressEvent> untoldEnds(long nowMs) {
    return database.with(
        handle ->
            handle
                .createQuery(
                    "select p.record_id, p.status, g.revision, g.epoch, g.current_stage,"
                        + " g.progress, json_build_object('deliveries', coalesce((select"
                        + " json_object_agg(d.preset, 100) from delivery d where d.project_id ="
                        + " p.id and d.revision = g.revision and d.state = 'completed'), '{}')) as"
                        + " done from video_project p join project_progress g on g.project_id ="
                        + " p.id and g.epoch = p.epoch where p.status = any(:ended) and p.updated_at >"
                        + " now() - interval '1 day' and (g.status"
                        + " is distinct from p.status or exists (select 1 from delivery d where"
                        + " d.project_id = p.id and d.revision = g.revision and d.state ="
                        + " 'completed' and 100 > coalesce(cast(g.deliveries -> 'deliveries' ->>"
                        + " d.preset as int), 0)))"
                        + " order by p.updated_at desc limit "
                        + MOST_UNTOLD)
                .bind(
                    "ended",
                    Arrays.stream(ProjectStatus.values())
                        .filter(ProjectStatus::ended)
                        .map(ProjectStatus::label)
                        .toArray(String[]::new))
                .map(
                    (result, context) -> {
                      Map<String, Integer> done =
                          RecordJson.read(result.getString("done"), Percentages.class).deliveries();
                      return new ProgressEvent(
                          result.getString("record_id"),
                          result.getInt("revision"),
                          result.getLong("epoch"),
                          result.getString("status"),
                          result.getString("current_stage"),
                          done.isEmpty() ? result.getInt("progress") : 100,
                          done,
                          null,
                          null,
                          Map.of(),
                          null,
                          nowMs);
                    })
                .list());
  }

  /**
   * What is shown of a project.
   *
   * @param version of its row: larger whenever it has changed
   */
  public record Standing(ProgressEvent event, long version) {}

  private record Untold(long id, Standing standing) {}

  /**
   * Tells what has changed since it was told last, as it stands now, the oldest first and at most
   * {@value #MOST_TOLD} projects. Workers take turns: what one of them tells is there before
   * another one looks at what stands. So what is heard of a project never falls within an epoch,
   * and it may be heard twice.
   *
   * <p>The turn is a transaction's, so a worker whose connection breaks loses it: to a failover, or
   * to a server that ends transactions which do nothing for a while. What it is saying then may
   * arrive behind what the next one says; by its version it is the older one.
   *
   * @param say returns when what it was given has arrived, or never will; after what it throws all
   *     of it is told again. A connection is held meanwhile, so it is to end in seconds
   * @return how many were told, {@value #MOST_TOLD} if more may be left; empty while another worker
   *     is at it
   */
  public OptionalInt tell(Consumer<List<Standing>> say) {
    // Most rounds end here, in each worker twice a second.
    boolean any =
        database.with(
            handle ->
                handle
                    .createQuery(
                        "select exists (select 1 from project_progress where version > told)")
                    .mapTo(Boolean.class)
                    .one());
    return any ? tellInTurn(say) : OptionalInt.of(0);
  }

  private OptionalInt tellInTurn(Consumer<List<Standing>> say) {
    return database.inTransaction(
        handle -> {
          boolean alone =
              handle
                  .createQuery("select pg_try_advisory_xact_lock(:lock)")
                  .bind("lock", TELLS)
                  .mapTo(Boolean.class)
                  .one();
          if (!alone) {
            return OptionalInt.empty();
          }
          List<Untold> untold =
              handle
                  .createQuery(
                      "select p.record_id, g.* from project_progress g join video_project p"
                          + " on p.id = g.project_id where g.version > g.told order by g.at limit "
                          + MOST_TOLD)
                  .map(
                      (result, context) ->
                          new Untold(
                              result.getLong("project_id"),
                              new Standing(
                                  event(result.getString("record_id"), result),
                                  result.getLong("version"))))
                  .list();
          if (!untold.isEmpty()) {
            say.accept(untold.stream().map(Untold::standing).toList());
            told(handle, untold);
          }
          return OptionalInt.of(untold.size());
        });
  }

  /** What has changed meanwhile is still to be told. */
  private static void told(Handle handle, List<Untold> untold) {
    handle
        .createUpdate(
            "update project_progress g set told = s.version from unnest(cast(:ids as bigint[]),"
                + " cast(:versions as bigint[])) as s (id, version)"
                + " where g.project_id = s.id and g.told < s.version")
        .bindArray(
            "ids", String.class, untold.stream().map(one -> String.valueOf(one.id())).toList())
        .bindArray(
            "versions",
            String.class,
            untold.stream().map(one -> String.valueOf(one.standing().version())).toList())
        .execute();
  }

  /** What is shown of a project; empty before its first event. */
  public Optional<ProgressEvent> find(String project) {
    return database.with(
        handle ->
            handle
                .createQuery(
                    "select g.* from project_progress g join video_project p"
                        + " on p.id = g.project_id where p.record_id = :project")
                .bind("project", project)
                .map((result, context) -> event(project, result))
                .findOne());
  }

  private static ProgressEvent event(String project, ResultSet result) throws SQLException {
    int queue = result.getInt("queue_position");
    Integer queuePosition = result.wasNull() ? null : Integer.valueOf(queue);
    long remaining = result.getLong("estimated_time_remaining_s");
    Long remainingS = result.wasNull() ? null : Long.valueOf(remaining);
    Percentages percentages = RecordJson.read(result.getString("deliveries"), Percentages.class);
    return new ProgressEvent(
        project,
        result.getInt("revision"),
        result.getLong("epoch"),
        result.getString("status"),
        result.getString("current_stage"),
        result.getInt("progress"),
        percentages.deliveries(),
        queuePosition,
        remainingS,
        refs(result),
        error(result.getString("error")),
        result.getTimestamp("at").getTime(),
        percentages.ended());
  }

  private static Map<String, MediaRef> refs(ResultSet result) throws SQLException {
    return PostgresProjectLedger.refs(result.getString("refs"));
  }

  private static @Nullable ProgressError error(@Nullable String json) {
    return json == null ? null : RecordJson.read(json, ProgressError.class);
  }

  /** Under their names: the reader knows records, not bare maps. */
  record Percentages(Map<String, Integer> deliveries, Set<String> ended) {
    Percentages {
      ended = ended == null ? Set.of() : ended; // Rows of earlier releases have none.
    }

    static Percentages of(ProgressEvent event) {
      return new Percentages(event.deliveries(), event.ended());
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
