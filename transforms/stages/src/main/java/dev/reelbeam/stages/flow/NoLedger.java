package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.project.Admitted;
import dev.reelbeam.model.project.Applied;
import dev.reelbeam.model.project.AuditEntry;
import dev.reelbeam.model.project.Begun;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.model.project.Decision;
import dev.reelbeam.model.project.DeliveryOutcome;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.project.Lane;
import dev.reelbeam.model.project.ProjectEdits;
import dev.reelbeam.model.project.ProjectEntry;
import dev.reelbeam.model.project.ProjectRow;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.model.project.WaitingArtifact;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Nobody keeps a ledger: every record is new, no epoch is ever over, nothing is remembered. */
public final class NoLedger implements ProjectLedger {
  @Override
  public Admitted admit(ProjectEntry entry) {
    return Admitted.unchanged(Admitted.Verdict.NEW, ProjectRow.draft(entry, 0, ProjectEdits.NONE));
  }

  @Override
  public Applied amend(
      ProjectEntry entry, long expectedEpoch, ProjectEdits edits, List<AuditEntry> notes) {
    return new Applied(Applied.Verdict.UNKNOWN_PROJECT, null);
  }

  @Override
  public Optional<ProjectRow> find(String project) {
    return Optional.empty();
  }

  @Override
  public long epoch(String project) {
    return 0;
  }

  @Override
  public Applied apply(
      ControlEvent event, long expectedEpoch, ProjectEdits edits, ProjectStatus status) {
    return new Applied(Applied.Verdict.UNKNOWN_PROJECT, null);
  }

  @Override
  public void audit(AuditEntry entry) {}

  @Override
  public List<AuditEntry> audited(String project) {
    return List.of();
  }

  @Override
  public List<AuditEntry> audited(String project, String eventId) {
    return List.of();
  }

  @Override
  public void park(WaitingArtifact waiting) {}

  @Override
  public void unpark(String project, Gate gate, String variant, String artifact) {}

  @Override
  public List<WaitingArtifact> waiting(String project) {
    return List.of();
  }

  @Override
  public List<WaitingArtifact> inbox(int limit) {
    return List.of();
  }

  @Override
  public Decision decide(Decision decision) {
    return decision;
  }

  @Override
  public Optional<Decision> decision(String project, Gate gate, String artifact) {
    return Optional.empty();
  }

  @Override
  public void status(String project, long epoch, ProjectStatus status) {}

  @Override
  public void expect(RecordKey key, long epoch, List<String> presets) {}

  @Override
  public void settle(DeliveryOutcome outcome) {}

  @Override
  public List<DeliveryOutcome> outcomes(String project) {
    return List.of();
  }

  @Override
  public List<ProjectRow> queued(Lane lane, int limit, Set<String> except) {
    return List.of();
  }

  @Override
  public void skip(RecordKey key, long epoch) {}

  @Override
  public void begin(String project, long epoch, Begun begun) {}

  @Override
  public List<ProjectRow> astray(
      Lane lane, Map<String, Long> hands, int limit, Set<String> except) {
    return List.of();
  }

  @Override
  public boolean resume(String project, long epoch, int places, ProjectStatus status) {
    return true;
  }

  @Override
  public Set<String> inHand(Lane lane, Map<String, Long> hands) {
    return Set.of();
  }

  @Override
  public Set<String> busy(Collection<String> projects) {
    return Set.of();
  }

  @Override
  public void close() {}
}
