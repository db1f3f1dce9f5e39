package dev.reelbeam.fakes;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.project.Admitted;
import dev.reelbeam.model.project.Applied;
import dev.reelbeam.model.project.AuditEntry;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.model.project.ControlType;
import dev.reelbeam.model.project.Decision;
import dev.reelbeam.model.project.DeliveryOutcome;
import dev.reelbeam.model.project.DeliveryState;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.project.Lane;
import dev.reelbeam.model.project.ProjectEdits;
import dev.reelbeam.model.project.ProjectEntry;
import dev.reelbeam.model.project.ProjectRow;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.model.project.WaitingArtifact;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A ledger in memory, with the semantics of the real one. Thread-safe. */
public final class FakeProjectLedger implements ProjectLedger {
  private final Map<String, ProjectRow> rows = new LinkedHashMap<>();
  private final Map<String, Long> epochOfEvent = new LinkedHashMap<>();
  private final Map<String, AuditEntry> audit = new LinkedHashMap<>();
  private final Map<List<String>, WaitingArtifact> waiting = new LinkedHashMap<>();
  private final Map<List<String>, Decision> decisions = new LinkedHashMap<>();
  private final Map<List<Object>, DeliveryOutcome> outcomes = new LinkedHashMap<>();

  @Override
  public synchronized Admitted admit(ProjectEntry entry) {
    ProjectRow known = rows.get(entry.project());
    if (known != null) {
      int revision = known.entry().key().revision();
      if (entry.key().revision() < revision) {
        return new Admitted(Admitted.Verdict.OLDER, known);
      }
      if (entry.key().revision() == revision) {
        boolean same = entry.content().sha256().equals(known.entry().content().sha256());
        return new Admitted(same ? Admitted.Verdict.SAME : Admitted.Verdict.CONFLICT, known);
      }
      endOpen(known.entry().key(), known.epoch(), DeliveryState.SUPERSEDED, "newer revision");
      waiting.values().removeIf(row -> row.key().recordId().equals(entry.project()));
    }
    ProjectRow row =
        new ProjectRow(
            entry, known == null ? 1 : known.epoch() + 1, ProjectEdits.NONE, ProjectStatus.DRAFT);
    rows.put(entry.project(), row);
    return new Admitted(known == null ? Admitted.Verdict.NEW : Admitted.Verdict.NEWER, row);
  }

  @Override
  public synchronized Optional<ProjectRow> find(String project) {
    return Optional.ofNullable(rows.get(project));
  }

  @Override
  public synchronized long epoch(String project) {
    ProjectRow row = rows.get(project);
    return row == null ? 0 : row.epoch();
  }

  @Override
  public synchronized Applied apply(
      ControlEvent event, long expectedEpoch, ProjectEdits edits, ProjectStatus status) {
    ProjectRow row = rows.get(event.project());
    if (row == null) {
      return new Applied(Applied.Verdict.UNKNOWN_PROJECT, null);
    }
    Long before = epochOfEvent.get(event.eventId());
    if (before != null) {
      return new Applied(
          before == row.epoch() ? Applied.Verdict.APPLIED : Applied.Verdict.REPEATED, row);
    }
    if (expectedEpoch != row.epoch()) {
      return new Applied(Applied.Verdict.STALE, row);
    }
    if (event.type().equals(ControlType.CANCEL.label())) {
      endOpen(row.entry().key(), row.epoch(), DeliveryState.CANCELLED, event.eventId());
    }
    waiting.values().removeIf(artifact -> artifact.key().recordId().equals(event.project()));
    ProjectRow raised = new ProjectRow(row.entry(), row.epoch() + 1, edits, status);
    rows.put(event.project(), raised);
    epochOfEvent.put(event.eventId(), raised.epoch());
    return new Applied(Applied.Verdict.APPLIED, raised);
  }

  private void endOpen(RecordKey key, long epoch, DeliveryState state, String detail) {
    outcomes.replaceAll(
        (id, outcome) ->
            outcome.key().equals(key) && !outcome.state().terminal()
                ? new DeliveryOutcome(key, outcome.preset(), epoch, state, null, detail)
                : outcome);
  }

  @Override
  public synchronized void audit(AuditEntry entry) {
    audit.putIfAbsent(entry.id(), entry);
  }

  @Override
  public synchronized List<AuditEntry> audited(String project) {
    return audit.values().stream().filter(entry -> entry.project().equals(project)).toList();
  }

  @Override
  public synchronized void park(WaitingArtifact artifact) {
    String project = artifact.key().recordId();
    if (artifact.epoch() >= epoch(project)) {
      waiting.put(List.of(project, artifact.gate().label(), artifact.variant()), artifact);
    }
  }

  @Override
  public synchronized void unpark(String project, Gate gate, String variant, String artifact) {
    waiting.computeIfPresent(
        List.of(project, gate.label(), variant),
        (id, row) -> row.artifact().equals(artifact) ? null : row);
  }

  @Override
  public synchronized List<WaitingArtifact> waiting(String project) {
    return waiting.values().stream()
        .filter(artifact -> artifact.key().recordId().equals(project))
        .toList();
  }

  @Override
  public synchronized List<WaitingArtifact> inbox(int limit) {
    return waiting.values().stream()
        .sorted(Comparator.comparingLong(WaitingArtifact::sinceMs))
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized Decision decide(Decision decision) {
    return Objects.requireNonNull(
        decisions.merge(
            List.of(decision.project(), decision.gate().label(), decision.artifact()),
            decision,
            (known, newer) -> newer.approved() && !known.approved() ? newer : known));
  }

  @Override
  public synchronized Optional<Decision> decision(String project, Gate gate, String artifact) {
    return Optional.ofNullable(decisions.get(List.of(project, gate.label(), artifact)));
  }

  @Override
  public synchronized void status(String project, long epoch, ProjectStatus status) {
    ProjectRow row = rows.get(project);
    if (row != null && epoch >= row.epoch()) {
      rows.put(project, new ProjectRow(row.entry(), row.epoch(), row.edits(), status));
    }
  }

  @Override
  public synchronized void expect(RecordKey key, long epoch, List<String> presets) {
    if (epoch < epoch(key.recordId())) {
      return;
    }
    for (String preset : presets) {
      DeliveryOutcome known = outcomes.get(id(key, preset));
      if (known == null || known.epoch() < epoch) {
        outcomes.put(
            id(key, preset),
            new DeliveryOutcome(key, preset, epoch, DeliveryState.IN_PROGRESS, null, null));
      }
    }
  }

  @Override
  public synchronized void settle(DeliveryOutcome outcome) {
    String project = outcome.key().recordId();
    ProjectRow row = rows.get(project);
    if (outcome.epoch() < epoch(project)) {
      return;
    }
    outcomes.put(id(outcome.key(), outcome.preset()), outcome);
    if (row == null) {
      return;
    }
    List<DeliveryState> states =
        outcomes.values().stream()
            .filter(one -> one.key().equals(row.entry().key()))
            .map(DeliveryOutcome::state)
            .toList();
    if (states.contains(DeliveryState.IN_PROGRESS)) {
      return;
    }
    status(project, outcome.epoch(), ended(states));
  }

  private static ProjectStatus ended(List<DeliveryState> states) {
    if (states.contains(DeliveryState.WAITING)) {
      return ProjectStatus.REVIEW;
    }
    if (states.contains(DeliveryState.COMPLETED)) {
      return ProjectStatus.COMPLETED;
    }
    if (states.contains(DeliveryState.DEAD)) {
      return ProjectStatus.FAILED;
    }
    if (states.contains(DeliveryState.REJECTED)) {
      return ProjectStatus.REJECTED;
    }
    return states.contains(DeliveryState.SKIPPED) ? ProjectStatus.SKIPPED : ProjectStatus.CANCELLED;
  }

  private static List<Object> id(RecordKey key, String preset) {
    return List.of(key, preset);
  }

  @Override
  public synchronized List<DeliveryOutcome> outcomes(String project) {
    return outcomes.values().stream()
        .filter(outcome -> outcome.key().recordId().equals(project))
        .toList();
  }

  @Override
  public synchronized List<ProjectRow> queued(Lane lane, int limit, Set<String> except) {
    List<ProjectRow> drafts = new ArrayList<>();
    for (ProjectRow row : rows.values()) {
      if (row.status() == ProjectStatus.DRAFT
          && Lane.of(row.entry().request().priority()) == lane
          && !except.contains(row.project())) {
        drafts.add(row);
      }
    }
    drafts.sort(
        Comparator.comparing(row -> row.entry().request().priority().equals("high") ? 0 : 1));
    return List.copyOf(drafts.subList(0, Math.min(limit, drafts.size())));
  }

  @Override
  public synchronized Set<String> busy(Collection<String> projects) {
    Set<String> busy = new TreeSet<>();
    for (String project : projects) {
      ProjectRow row = rows.get(project);
      if (row != null && (row.status() == ProjectStatus.DRAFT || row.status().active())) {
        busy.add(project);
      }
    }
    return busy;
  }

  @Override
  public void close() {
    // What was written stays: a test opens the same ledger again.
  }
}
