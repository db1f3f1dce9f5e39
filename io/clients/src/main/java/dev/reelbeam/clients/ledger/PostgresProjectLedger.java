package dev.reelbeam.clients.ledger;

import dev.reelbeam.clients.config.PostgresSettings;
import dev.reelbeam.clients.database.Database;
import dev.reelbeam.model.content.Delivery;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.project.Admitted;
import dev.reelbeam.model.project.Applied;
import dev.reelbeam.model.project.AuditEntry;
import dev.reelbeam.model.project.Begun;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.model.project.ControlType;
import dev.reelbeam.model.project.Decision;
import dev.reelbeam.model.project.DeliveryOutcome;
import dev.reelbeam.model.project.DeliveryState;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.project.Lane;
import dev.reelbeam.model.project.MadeVideo;
import dev.reelbeam.model.project.ProjectEdits;
import dev.reelbeam.model.project.ProjectEntry;
import dev.reelbeam.model.project.ProjectRow;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.model.project.WaitingArtifact;
import dev.reelbeam.model.store.MediaRef;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.generic.GenericType;
import org.jspecify.annotations.Nullable;

/**
 * The project ledger in Postgres.
 *
 * <p>Everything about one project is serialised by a lock on its row, so the fence by epoch holds
 * between workers, and a project's status changes together with the delivery that ended it. Rows of
 * {@code rendered_video} follow the deliveries in the same transaction.
 */
public final class PostgresProjectLedger implements ProjectLedger {
  /** Found by the index of the few early lines, and those of their events by another. */
  static final String EARLY =
      "select * from audit_log e where decision = 'early' and not exists"
          + " (select 1 from audit_log a where a.project = e.project"
          + " and a.event_id = e.event_id"
          + " and a.decision not in ('early', 'past', 'repeated')) order by id";

  private static final String COLUMNS = "id, epoch, entry, edits, status, begun_by, begun_number";

  private static final String ROW = "select " + COLUMNS + " from video_project ";
  private static final String OPEN = "('in_progress', 'waiting')";

  /** Statuses of projects that workers are busy with, as a list of SQL. */
  static final String ACTIVE =
      Arrays.stream(ProjectStatus.values())
          .filter(ProjectStatus::active)
          .map(status -> "'" + status.label() + "'")
          .collect(Collectors.joining(", ", "(", ")"));

  /** Whether hands that are remembered have begun a project. */
  private static final String BEGUN_BY =
      "exists (select 1 from unnest(cast(:hands as text[]), cast(:numbers as bigint[]))"
          + " as known (hand, number) where hand = begun_by and number >= begun_number)";

  private final PostgresSettings settings;
  private final Database database;

  private PostgresProjectLedger(PostgresSettings settings) {
    this.settings = settings;
    this.database = Database.open(settings);
  }

  /** The ledger in the database of these settings; its tables are there already. */
  public static PostgresProjectLedger open(PostgresSettings settings) {
    return new PostgresProjectLedger(settings);
  }

  @Override
  public Object identity() {
    return settings;
  }

  @Override
  public Admitted admit(ProjectEntry entry) {
    return database.inTransaction(
        handle -> {
          Admitted admitted = admit(handle, entry);
          admitted.givenUp(System.currentTimeMillis()).forEach(line -> audit(handle, line));
          return admitted;
        });
  }

  private static Admitted admit(Handle handle, ProjectEntry entry) {
    Optional<Locked> inserted =
        handle
            .createQuery(
                "insert into video_project (record_id, revision, content_sha256, title, type,"
                    + " target_platforms, settings, site_id, user_id, status, lane, priority,"
                    + " epoch, entry, edits) values (:record, :revision, :content, :title, :type,"
                    + " :presets, cast(:settings as jsonb), :site, :user, :status, :lane,"
                    + " :priority, 1, cast(:entry as jsonb), cast(:edits as jsonb))"
                    + " on conflict (record_id) do nothing"
                    + " returning "
                    + COLUMNS)
            .bindMap(columns(entry))
            .bindArray("presets", String.class, entry.request().presets())
            .map((result, context) -> Locked.of(result))
            .findOne();
    if (inserted.isPresent()) {
      accept(handle, inserted.get(), entry, DeliveryState.IN_PROGRESS, null);
      return Admitted.unchanged(Admitted.Verdict.NEW, inserted.get().row());
    }
    Locked known = locked(handle, entry.project()).orElseThrow();
    ProjectEntry before = known.row().entry();
    int revision = entry.key().revision();
    if (revision < before.key().revision()) {
      String newer = "revision " + before.key().revision() + " is known";
      accept(handle, known, entry, DeliveryState.SUPERSEDED, newer);
      return Admitted.unchanged(Admitted.Verdict.OLDER, known.row());
    }
    if (revision == before.key().revision()) {
      boolean same = entry.content().sha256().equals(before.content().sha256());
      return Admitted.unchanged(
          same ? Admitted.Verdict.SAME : Admitted.Verdict.CONFLICT, known.row());
    }
    endOpen(handle, known, before.key(), DeliveryState.SUPERSEDED, "newer revision");
    handle.execute("delete from waiting_artifact where project_id = ?", known.id());
    ProjectEdits edits = known.row().edits();
    Locked newer =
        put(
            handle,
            entry,
            known.row().epoch() + 1,
            edits.carriedOver(before.request(), entry.request()));
    accept(handle, newer, entry, DeliveryState.IN_PROGRESS, null);
    return new Admitted(Admitted.Verdict.NEWER, newer.row(), edits);
  }

  /**
   * Accepts the deliveries of an entry: those that nobody knew of are in this state from now on.
   */
  private static void accept(
      Handle handle,
      Locked project,
      ProjectEntry entry,
      DeliveryState state,
      @Nullable String detail) {
    int revision = entry.key().revision();
    for (String preset : entry.request().presets()) {
      handle.execute(
          "insert into accepted_delivery (project_id, revision, preset) values (?, ?, ?)"
              + " on conflict do nothing",
          project.id(),
          revision,
          preset);
      handle.execute(
          "insert into delivery (project_id, revision, preset, epoch, state, detail)"
              + " values (?, ?, ?, ?, ?, ?) on conflict do nothing",
          project.id(),
          revision,
          preset,
          project.row().epoch(),
          state.label(),
          detail);
    }
  }

  /** Puts an entry in the place of the one that stands; its row is locked. */
  private static Locked put(Handle handle, ProjectEntry entry, long epoch, ProjectEdits edits) {
    Map<String, @Nullable Object> columns = columns(entry);
    columns.put("edits", RecordJson.canonical(edits));
    columns.put("epoch", epoch);
    return handle
        .createQuery(
            "update video_project set revision = :revision, content_sha256 = :content,"
                + " title = :title, type = :type, target_platforms = :presets,"
                + " settings = cast(:settings as jsonb), site_id = :site, user_id = :user,"
                + " status = :status, lane = :lane, priority = :priority, epoch = :epoch,"
                + " entry = cast(:entry as jsonb), edits = cast(:edits as jsonb),"
                + " begun_by = null, updated_at = now() where record_id = :record"
                + " returning "
                + COLUMNS)
        .bindMap(columns)
        .bindArray("presets", String.class, entry.request().presets())
        .map((result, context) -> Locked.of(result))
        .one();
  }

  @Override
  public Applied amend(
      ProjectEntry entry, long expectedEpoch, ProjectEdits edits, List<AuditEntry> notes) {
    return database.inTransaction(
        handle -> {
          Locked known = locked(handle, entry.project()).orElse(null);
          if (known == null) {
            return new Applied(Applied.Verdict.UNKNOWN_PROJECT, null);
          }
          if (known.row().epoch() != expectedEpoch) {
            return new Applied(Applied.Verdict.STALE, known.row());
          }
          Locked amended = put(handle, entry, expectedEpoch, edits);
          handle
              .createUpdate(
                  "delete from delivery where project_id = :id"
                      + " and revision = :revision and preset = any (:presets)")
              .bind("id", known.id())
              .bind("revision", entry.key().revision())
              .bindArray("presets", String.class, entry.request().presets())
              .execute();
          handle
              .createUpdate(
                  "update delivery set state = 'superseded', epoch = :epoch, delivery = null,"
                      + " detail = 'no longer asked for', updated_at = now()"
                      + " where project_id = :id and state in "
                      + OPEN)
              .bind("epoch", expectedEpoch)
              .bind("id", known.id())
              .execute();
          accept(handle, amended, entry, DeliveryState.IN_PROGRESS, null);
          notes.forEach(line -> audit(handle, line));
          return new Applied(Applied.Verdict.APPLIED, amended.row());
        });
  }

  private static Map<String, @Nullable Object> columns(ProjectEntry entry) {
    Map<String, @Nullable Object> columns = new LinkedHashMap<>();
    columns.put("record", entry.project());
    columns.put("revision", entry.key().revision());
    columns.put("content", entry.content().sha256());
    columns.put("title", entry.title());
    columns.put("type", entry.request().type() == null ? null : entry.request().type().id());
    columns.put("settings", RecordJson.canonical(entry.request().settings()));
    columns.put("site", entry.siteId());
    columns.put("user", entry.userId());
    columns.put("status", ProjectStatus.DRAFT.label());
    columns.put("lane", Lane.of(entry.request().priority()).name().toLowerCase(Locale.ROOT));
    columns.put("priority", priority(entry.request().priority()));
    columns.put("entry", RecordJson.canonical(entry));
    columns.put("edits", RecordJson.canonical(ProjectEdits.NONE));
    return columns;
  }

  private static int priority(String name) {
    return switch (name) {
      case "high" -> 0;
      case "low" -> 2;
      default -> 1;
    };
  }

  @Override
  public Optional<ProjectRow> find(String project) {
    return database.with(
        handle ->
            handle
                .createQuery(ROW + "where record_id = :project")
                .bind("project", project)
                .map((result, context) -> Locked.of(result).row())
                .findOne());
  }

  @Override
  public long epoch(String project) {
    return database.with(
        handle ->
            handle
                .createQuery("select epoch from video_project where record_id = :project")
                .bind("project", project)
                .mapTo(Long.class)
                .findOne()
                .orElse(0L));
  }

  @Override
  public Map<String, Long> epochs(Collection<String> projects) {
    return database.with(
        handle ->
            handle
                .createQuery(
                    "select record_id, epoch from video_project where record_id = any (:projects)")
                .bindArray("projects", String.class, List.copyOf(projects))
                .setMapKeyColumn("record_id")
                .setMapValueColumn("epoch")
                .collectInto(new GenericType<Map<String, Long>>() {}));
  }

  @Override
  public Applied apply(
      ControlEvent event, long expectedEpoch, ProjectEdits edits, ProjectStatus status) {
    return database.inTransaction(handle -> apply(handle, event, expectedEpoch, edits, status));
  }

  private static Applied apply(
      Handle handle,
      ControlEvent event,
      long expectedEpoch,
      ProjectEdits edits,
      ProjectStatus status) {
    Optional<Locked> found = locked(handle, event.project());
    if (found.isEmpty()) {
      return new Applied(Applied.Verdict.UNKNOWN_PROJECT, null);
    }
    Locked known = found.get();
    long epoch = known.row().epoch();
    Optional<Long> before =
        handle
            .createQuery(
                "select epoch from applied_event where project_id = :id and event_id = :event")
            .bind("id", known.id())
            .bind("event", event.eventId())
            .mapTo(Long.class)
            .findOne();
    if (before.isPresent()) {
      return new Applied(
          before.get() == epoch ? Applied.Verdict.APPLIED : Applied.Verdict.REPEATED, known.row());
    }
    if (expectedEpoch != epoch) {
      return new Applied(Applied.Verdict.STALE, known.row());
    }
    ProjectStatus after = status;
    if (event.type().equals(ControlType.CANCEL.label())) {
      if (known.row().status().ended()) {
        return new Applied(Applied.Verdict.ENDED, known.row());
      }
      RecordKey newest = known.row().entry().key();
      endOpen(handle, known, newest, DeliveryState.CANCELLED, event.eventId());
      after = ProjectStatus.atEnd(states(handle, known)).orElse(status);
    }
    handle.execute("delete from waiting_artifact where project_id = ?", known.id());
    Locked raised =
        handle
            .createQuery(
                "update video_project set epoch = epoch + 1, edits = cast(:edits as jsonb),"
                    + " status = :status, updated_at = now(),"
                    + " begun_by = case when :status = 'draft' then null else begun_by end"
                    + " where id = :id"
                    + " returning "
                    + COLUMNS)
            .bind("edits", RecordJson.canonical(edits))
            .bind("status", after.label())
            .bind("id", known.id())
            .map((result, context) -> Locked.of(result))
            .one();
    handle.execute(
        "insert into applied_event (event_id, project_id, epoch) values (?, ?, ?)",
        event.eventId(),
        known.id(),
        raised.row().epoch());
    return new Applied(Applied.Verdict.APPLIED, raised.row());
  }

  /** Ends what is under way of a revision; by {@link DeliveryState#kept}, what was made stays. */
  private static void endOpen(
      Handle handle, Locked known, RecordKey key, DeliveryState state, @Nullable String detail) {
    int revision = key.revision();
    handle
        .createUpdate(
            "update delivery set"
                + " state = case when delivery is null then cast(:state as text)"
                + " else 'completed' end,"
                + " detail = case when delivery is null then cast(:detail as text)"
                + " else concat_ws(': ', cast(:state as text), cast(:detail as text)) end,"
                + " epoch = :epoch, updated_at = now() where project_id = :id"
                + " and revision = :revision and state in "
                + OPEN)
        .bind("state", state.label())
        .bind("epoch", known.row().epoch())
        .bind("detail", detail)
        .bind("id", known.id())
        .bind("revision", revision)
        .execute();
    handle
        .createUpdate(
            "update rendered_video v set"
                + " status = case when d.state = 'completed' then 'completed' else 'failed' end,"
                + " progress = case when d.state = 'completed' then 100 else v.progress end"
                + " from delivery d where v.project_id = :id and v.revision = :revision"
                + " and v.status in ('queued', 'rendering') and d.project_id = v.project_id"
                + " and d.revision = v.revision and d.preset = v.preset")
        .bind("id", known.id())
        .bind("revision", revision)
        .execute();
  }

  @Override
  public void audit(AuditEntry entry) {
    int unused = database.with(handle -> audit(handle, entry));
  }

  private static int audit(Handle handle, AuditEntry entry) {
    return handle
        .createUpdate(
            "insert into audit_log (entry_id, project, gate, event_id, event_type, who, at,"
                + " version, epoch, decision, reason) values (:id, :project, :gate, :event,"
                + " :type, :who, :at, :version, :epoch, :decision, :reason)"
                + " on conflict (entry_id) do nothing")
        .bind("id", entry.id())
        .bind("project", entry.project())
        .bind("gate", entry.gate())
        .bind("event", entry.eventId())
        .bind("type", entry.eventType())
        .bind("who", entry.who())
        .bind("at", new Timestamp(entry.atMs()))
        .bind("version", entry.version())
        .bind("epoch", entry.epoch())
        .bind("decision", entry.decision())
        .bind("reason", entry.reason())
        .execute();
  }

  @Override
  public List<AuditEntry> audited(String project) {
    return database.with(
        handle ->
            handle
                .createQuery("select * from audit_log where project = :project order by id")
                .bind("project", project)
                .map((result, context) -> line(result))
                .list());
  }

  @Override
  public List<AuditEntry> audited(String project, String eventId) {
    return database.with(
        handle ->
            handle
                .createQuery(
                    "select * from audit_log where project = :project and event_id = :event"
                        + " order by id")
                .bind("project", project)
                .bind("event", eventId)
                .map((result, context) -> line(result))
                .list());
  }

  /**
   * The lines of decisions whose artifacts have not come yet, of all projects: a gate of the job
   * keeps them in its state, and nothing else has come of them.
   */
  public List<AuditEntry> early() {
    return database.with(
        handle -> handle.createQuery(EARLY).map((result, context) -> line(result)).list());
  }

  private static AuditEntry line(ResultSet result) throws SQLException {
    return new AuditEntry(
        result.getString("entry_id"),
        result.getString("project"),
        result.getString("gate"),
        result.getString("event_id"),
        result.getString("event_type"),
        result.getString("who"),
        result.getTimestamp("at").getTime(),
        result.getString("version"),
        result.getLong("epoch"),
        result.getString("decision"),
        result.getString("reason"));
  }

  @Override
  public void park(WaitingArtifact waiting) {
    database.change(
        handle -> {
          Optional<Locked> known = locked(handle, waiting.key().recordId());
          if (known.isEmpty() || waiting.epoch() < known.get().row().epoch()) {
            return;
          }
          Long deadline = waiting.deadlineMs();
          handle
              .createUpdate(
                  "insert into waiting_artifact (project_id, gate, variant, revision, presets,"
                      + " artifact, epoch, refs, since, deadline, parked) values (:id, :gate,"
                      + " :variant, :revision, :presets, :artifact, :epoch, cast(:refs as jsonb),"
                      + " :since, :deadline, :parked) on conflict (project_id, gate, variant) do"
                      + " update set revision = excluded.revision, presets = excluded.presets,"
                      + " artifact = excluded.artifact, epoch = excluded.epoch,"
                      + " refs = excluded.refs, since = excluded.since,"
                      + " deadline = excluded.deadline, parked = excluded.parked")
              .bind("id", known.get().id())
              .bind("gate", waiting.gate().label())
              .bind("variant", waiting.variant())
              .bind("revision", waiting.key().revision())
              .bindArray("presets", String.class, waiting.presets())
              .bind("artifact", waiting.artifact())
              .bind("epoch", waiting.epoch())
              .bind("refs", RecordJson.canonical(new Refs(waiting.refs())))
              .bind("since", new Timestamp(waiting.sinceMs()))
              .bind("deadline", deadline == null ? null : new Timestamp(deadline))
              .bind("parked", waiting.parked())
              .execute();
        });
  }

  @Override
  public void unpark(String project, Gate gate, String variant, String artifact) {
    database.with(
        handle ->
            handle
                .createUpdate(
                    "delete from waiting_artifact w using video_project p where p.id = w.project_id"
                        + " and p.record_id = :project and w.gate = :gate and w.variant = :variant"
                        + " and w.artifact = :artifact")
                .bind("project", project)
                .bind("gate", gate.label())
                .bind("variant", variant)
                .bind("artifact", artifact)
                .execute());
  }

  @Override
  public List<WaitingArtifact> waiting(String project) {
    return database.with(
        handle ->
            handle
                .createQuery(
                    "select p.record_id, w.* from waiting_artifact w join video_project p"
                        + " on p.id = w.project_id where p.record_id = :project"
                        + " order by w.since, w.gate, w.variant")
                .bind("project", project)
                .map((result, context) -> waiting(result))
                .list());
  }

  @Override
  public List<WaitingArtifact> inbox(int limit) {
    return database.with(
        handle ->
            handle
                .createQuery(
                    "select p.record_id, w.* from waiting_artifact w join video_project p"
                        + " on p.id = w.project_id order by w.since, p.record_id limit :limit")
                .bind("limit", limit)
                .map((result, context) -> waiting(result))
                .list());
  }

  private static WaitingArtifact waiting(ResultSet result) throws SQLException {
    Timestamp deadline = result.getTimestamp("deadline");
    return new WaitingArtifact(
        new RecordKey(result.getString("record_id"), result.getInt("revision")),
        Gate.find(result.getString("gate")).orElseThrow(),
        result.getString("variant"),
        strings(result.getArray("presets")),
        result.getString("artifact"),
        result.getLong("epoch"),
        refs(result.getString("refs")),
        result.getTimestamp("since").getTime(),
        deadline == null ? null : deadline.getTime(),
        result.getBoolean("parked"));
  }

  @Override
  public Decision decide(Decision decision) {
    return database.inTransaction(
        handle -> {
          Optional<Locked> project = locked(handle, decision.project());
          if (project.isEmpty()) {
            return decision;
          }
          Optional<Decision> known =
              decision(handle, decision.project(), decision.gate(), decision.artifact());
          if (known.isPresent() && !decision.replaces(known.get())) {
            return known.get();
          }
          handle
              .createUpdate(
                  "insert into decision (project_id, gate, artifact, approved, event_id, who, at,"
                      + " reason, epoch) values (:id, :gate, :artifact, :approved, :event, :who,"
                      + " :at, :reason, :epoch) on conflict (project_id, gate, artifact) do update"
                      + " set approved = excluded.approved, event_id = excluded.event_id,"
                      + " who = excluded.who, at = excluded.at, reason = excluded.reason,"
                      + " epoch = excluded.epoch")
              .bind("id", project.get().id())
              .bind("gate", decision.gate().label())
              .bind("artifact", decision.artifact())
              .bind("approved", decision.approved())
              .bind("event", decision.eventId())
              .bind("who", decision.who())
              .bind("at", new Timestamp(decision.atMs()))
              .bind("reason", decision.reason())
              .bind("epoch", decision.epoch())
              .execute();
          return decision;
        });
  }

  @Override
  public Optional<Decision> decision(String project, Gate gate, String artifact) {
    return database.with(handle -> decision(handle, project, gate, artifact));
  }

  private static Optional<Decision> decision(
      Handle handle, String project, Gate gate, String artifact) {
    return handle
        .createQuery(
            "select d.* from decision d join video_project p on p.id = d.project_id"
                + " where p.record_id = :project and d.gate = :gate and d.artifact = :artifact")
        .bind("project", project)
        .bind("gate", gate.label())
        .bind("artifact", artifact)
        .map(
            (result, context) ->
                new Decision(
                    project,
                    gate,
                    artifact,
                    result.getBoolean("approved"),
                    result.getString("event_id"),
                    result.getString("who"),
                    result.getTimestamp("at").getTime(),
                    result.getString("reason"),
                    result.getLong("epoch")))
        .findOne();
  }

  @Override
  public void status(String project, long epoch, ProjectStatus status) {
    database.with(handle -> status(handle, project, epoch, status));
  }

  private static int status(Handle handle, String project, long epoch, ProjectStatus status) {
    return handle
        .createUpdate(
            "update video_project set status = :status, updated_at = now(),"
                + " begun_by = case when :status = 'draft' then null else begun_by end"
                + " where record_id = :project and epoch <= :epoch and status <> :status")
        .bind("status", status.label())
        .bind("project", project)
        .bind("epoch", epoch)
        .execute();
  }

  @Override
  public void expect(RecordKey key, long epoch, List<String> presets) {
    database.change(
        handle -> {
          Optional<Locked> known = locked(handle, key.recordId());
          if (known.isEmpty() || epoch < known.get().row().epoch()) {
            return;
          }
          for (String preset : presets) {
            DeliveryOutcome before = outcome(handle, known.get(), key, preset);
            if (before == null || before.epoch() < epoch) {
              DeliveryOutcome unused =
                  put(
                      handle,
                      known.get(),
                      before,
                      new DeliveryOutcome(
                          key, preset, epoch, DeliveryState.IN_PROGRESS, null, null));
            }
            handle
                .createUpdate(
                    "insert into rendered_video (project_id, revision, preset, epoch, status)"
                        + " values (:id, :revision, :preset, :epoch, 'queued')"
                        + " on conflict (project_id, revision, preset) do update set"
                        + " epoch = excluded.epoch, status = 'queued', progress = 0,"
                        + " render_started_at = null"
                        + " where rendered_video.epoch < excluded.epoch")
                .bind("id", known.get().id())
                .bind("revision", key.revision())
                .bind("preset", preset)
                .bind("epoch", epoch)
                .execute();
          }
        });
  }

  @Override
  public void settle(DeliveryOutcome outcome) {
    database.change(
        handle -> {
          Optional<Locked> known = locked(handle, outcome.key().recordId());
          if (known.isEmpty() || outcome.epoch() < known.get().row().epoch()) {
            return;
          }
          settle(handle, known.get(), outcome);
        });
  }

  private static void settle(Handle handle, Locked known, DeliveryOutcome outcome) {
    DeliveryOutcome before = outcome(handle, known, outcome.key(), outcome.preset());
    DeliveryOutcome kept = put(handle, known, before, outcome);
    if (kept != null && kept.state().terminal()) {
      Delivery delivery = kept.delivery();
      if (delivery != null) {
        RenderedVideos.complete(handle, known.id(), outcome.epoch(), delivery);
      } else {
        RenderedVideos.fail(handle, known.id(), outcome);
      }
    }
    ProjectStatus.atEnd(states(handle, known))
        .ifPresent(status -> status(handle, known.row().project(), outcome.epoch(), status));
  }

  /** States of the newest revision's deliveries. */
  private static List<DeliveryState> states(Handle handle, Locked known) {
    return handle
        .createQuery("select state from delivery where project_id = :id and revision = :revision")
        .bind("id", known.id())
        .bind("revision", known.row().entry().key().revision())
        .map((result, context) -> state(result.getString("state")))
        .list();
  }

  private static @Nullable DeliveryOutcome outcome(
      Handle handle, Locked known, RecordKey key, String preset) {
    return handle
        .createQuery(
            "select * from delivery where project_id = :id and revision = :revision"
                + " and preset = :preset")
        .bind("id", known.id())
        .bind("revision", key.revision())
        .bind("preset", preset)
        .map((result, context) -> outcome(key.recordId(), result))
        .findOne()
        .orElse(null);
  }

  /**
   * Puts the outcome in the place of the one before, where it may follow that; the project is
   * locked.
   *
   * @return what is kept of it, null where it may not
   */
  private static @Nullable DeliveryOutcome put(
      Handle handle, Locked known, @Nullable DeliveryOutcome before, DeliveryOutcome outcome) {
    if (!DeliveryState.follows(before, outcome)) {
      return null;
    }
    DeliveryOutcome next = DeliveryState.kept(before, outcome);
    Delivery delivery = next.delivery();
    handle
        .createUpdate(
            "insert into delivery (project_id, revision, preset, epoch, state, delivery, detail)"
                + " values (:id, :revision, :preset, :epoch, :state, cast(:delivery as jsonb),"
                + " :detail) on conflict (project_id, revision, preset) do update set"
                + " epoch = excluded.epoch, state = excluded.state, delivery = excluded.delivery,"
                + " detail = excluded.detail, updated_at = now()")
        .bind("id", known.id())
        .bind("revision", next.key().revision())
        .bind("preset", next.preset())
        .bind("epoch", next.epoch())
        .bind("state", next.state().label())
        .bind("delivery", delivery == null ? null : RecordJson.canonical(delivery))
        .bind("detail", next.detail())
        .execute();
    return next;
  }

  @Override
  public void skip(RecordKey key, long epoch) {
    database.change(
        handle -> {
          Optional<Locked> known = locked(handle, key.recordId());
          if (known.isPresent() && epoch >= known.get().row().epoch()) {
            endOpen(handle, known.get(), key, DeliveryState.SKIPPED, null);
            int unused = status(handle, key.recordId(), epoch, ProjectStatus.SKIPPED);
          }
        });
  }

  @Override
  public void describe(MadeVideo made) {
    database.change(
        handle -> {
          Optional<Locked> known = locked(handle, made.key().recordId());
          if (known.isPresent() && made.epoch() >= known.get().row().epoch()) {
            MadeVideoTables.write(
                handle, known.get().id(), known.get().row().entry().siteId(), made);
          }
        });
  }

  @Override
  public List<DeliveryOutcome> outcomes(String project) {
    return database.with(
        handle ->
            handle
                .createQuery(
                    "select d.* from delivery d join video_project p on p.id = d.project_id"
                        + " where p.record_id = :project order by d.revision, d.preset")
                .bind("project", project)
                .map((result, context) -> outcome(project, result))
                .list());
  }

  private static DeliveryOutcome outcome(String project, ResultSet result) throws SQLException {
    String delivery = result.getString("delivery");
    return new DeliveryOutcome(
        new RecordKey(project, result.getInt("revision")),
        result.getString("preset"),
        result.getLong("epoch"),
        state(result.getString("state")),
        delivery == null ? null : RecordJson.read(delivery, Delivery.class),
        result.getString("detail"));
  }

  @Override
  public List<ProjectRow> queued(Lane lane, int limit, Set<String> except) {
    return database.with(
        handle ->
            handle
                .createQuery(
                    ROW
                        + "where status = 'draft' and lane = :lane and record_id <> all (:except)"
                        + " order by priority, id limit :limit")
                .bind("lane", lane.name().toLowerCase(Locale.ROOT))
                .bindArray("except", String.class, List.copyOf(except))
                .bind("limit", limit)
                .map((result, context) -> Locked.of(result).row())
                .list());
  }

  @Override
  public void begin(String project, long epoch, Begun begun) {
    database.with(
        handle ->
            handle
                .createUpdate(
                    "update video_project set begun_by = :by, begun_number = :number,"
                        + " updated_at = now() where record_id = :project and epoch <= :epoch")
                .bind("by", begun.by())
                .bind("number", begun.number())
                .bind("project", project)
                .bind("epoch", epoch)
                .execute());
  }

  @Override
  public boolean resume(String project, long epoch, int places, ProjectStatus status) {
    return database.inTransaction(
        handle -> {
          Optional<Locked> known = locked(handle, project);
          if (known.isEmpty() || epoch < known.get().row().epoch()) {
            return true;
          }
          ProjectRow row = known.get().row();
          boolean goesOn =
              row.status() == ProjectStatus.DRAFT
                  ? row.begun() != null
                  : row.status().active() || hasRoom(handle, known.get(), places);
          int unused =
              goesOn
                  ? status(handle, project, epoch, status)
                  : handle.execute(
                      "update video_project set status = 'draft', begun_by = null,"
                          + " updated_at = now() where id = ?",
                      known.get().id());
          return goesOn;
        });
  }

  /**
   * Whether nobody stands in line before the project, and less than so many others have a place:
   * who are active, or have been begun.
   */
  private static boolean hasRoom(Handle handle, Locked project, int places) {
    String priority = project.row().entry().request().priority();
    return handle
        .createQuery(
            "select not exists (select 1 from video_project where status = 'draft'"
                + " and lane = :lane and begun_by is null"
                + " and (priority, id) < (:priority, :id)) and :places > (select count(*)"
                + " from (select 1 from video_project where lane = :lane and id <> :id"
                + " and (status in "
                + ACTIVE
                + " or status = 'draft' and begun_by is not null) limit :places) as taken)")
        .bind("lane", Lane.of(priority).name().toLowerCase(Locale.ROOT))
        .bind("priority", priority(priority))
        .bind("id", project.id())
        .bind("places", places)
        .mapTo(Boolean.class)
        .one();
  }

  @Override
  public Set<String> inHand(Lane lane, Map<String, Long> hands) {
    return database.with(
        handle ->
            new TreeSet<>(
                handle
                    .createQuery(
                        "select record_id from video_project where lane = :lane and status in "
                            + ACTIVE
                            + " and "
                            + BEGUN_BY)
                    .bind("lane", lane.name().toLowerCase(Locale.ROOT))
                    .bindArray("hands", String.class, List.copyOf(hands.keySet()))
                    .bindArray(
                        "numbers",
                        String.class,
                        hands.values().stream().map(String::valueOf).toList())
                    .mapTo(String.class)
                    .list()));
  }

  @Override
  public List<ProjectRow> idle(Collection<String> projects, Duration silence) {
    return database.with(
        handle ->
            handle
                .createQuery(
                    "with last as (select now() - :seconds * interval '1 second' as heard) "
                        + ROW
                        + "p, last where record_id = any (:projects) and (status = 'draft'"
                        + " or status in "
                        + ACTIVE
                        + ") and updated_at < heard and not exists (select 1 from"
                        + " project_progress g where g.project_id = p.id and g.at >= heard)"
                        + " and not exists (select 1 from delivery d where d.project_id = p.id"
                        + " and d.updated_at >= heard) order by priority, id")
                .bind("seconds", silence.toSeconds())
                .bindArray("projects", String.class, List.copyOf(projects))
                .map((result, context) -> Locked.of(result).row())
                .list());
  }

  @Override
  public List<ProjectRow> astray(
      Lane lane, Map<String, Long> hands, int limit, Set<String> except) {
    return database.with(
        handle ->
            handle
                .createQuery(
                    // Three short lists, each of an index, and not all projects that ever were.
                    ROW
                        + "where lane = :lane and status <> 'draft' and record_id <> all (:except)"
                        + " and id in (select id from video_project where status in "
                        + ACTIVE
                        + " union select project_id from waiting_artifact where not parked"
                        + " union select d.project_id from delivery d join video_project p on"
                        + " p.id = d.project_id and p.revision = d.revision"
                        + " where d.state = 'in_progress' and p.status <> 'draft')"
                        + " and not "
                        + BEGUN_BY
                        + " order by priority, id limit :limit")
                .bind("lane", lane.name().toLowerCase(Locale.ROOT))
                .bindArray("except", String.class, List.copyOf(except))
                .bindArray("hands", String.class, List.copyOf(hands.keySet()))
                .bindArray(
                    "numbers", String.class, hands.values().stream().map(String::valueOf).toList())
                .bind("limit", limit)
                .map((result, context) -> Locked.of(result).row())
                .list());
  }

  @Override
  public Set<String> busy(Collection<String> projects) {
    return database.with(
        handle ->
            new TreeSet<>(
                handle
                    .createQuery(
                        "select record_id from video_project where record_id = any (:projects)"
                            + " and ((status = 'draft' and begun_by is not null) or status in "
                            + ACTIVE
                            + ")")
                    .bindArray("projects", String.class, List.copyOf(projects))
                    .mapTo(String.class)
                    .list()));
  }

  @Override
  public void close() {
    database.close();
  }

  /** A project whose row is locked, or was just read. */
  private record Locked(long id, ProjectRow row) {
    static Locked of(ResultSet result) throws SQLException {
      String by = result.getString("begun_by");
      return new Locked(
          result.getLong("id"),
          new ProjectRow(
              RecordJson.read(result.getString("entry"), ProjectEntry.class),
              result.getLong("epoch"),
              RecordJson.read(result.getString("edits"), ProjectEdits.class),
              ProjectStatus.valueOf(result.getString("status").toUpperCase(Locale.ROOT)),
              by == null ? null : new Begun(by, result.getLong("begun_number"))));
    }
  }

  private static Optional<Locked> locked(Handle handle, String project) {
    return handle
        .createQuery(ROW + "where record_id = :project for update")
        .bind("project", project)
        .map((result, context) -> Locked.of(result))
        .findOne();
  }

  private static DeliveryState state(String label) {
    return DeliveryState.valueOf(label.toUpperCase(Locale.ROOT));
  }

  static List<String> strings(Array array) throws SQLException {
    return List.of((String[]) array.getArray());
  }

  static Map<String, MediaRef> refs(String json) {
    return RecordJson.read(json, Refs.class).refs();
  }

  /** A map of references under one name: the reader knows records, not bare maps. */
  record Refs(Map<String, MediaRef> refs) {}
}
