package dev.reelbeam.model.project;

import dev.reelbeam.model.content.RecordKey;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Everything a ledger keeps about one project, and the rules by which it changes. Immutable: each
 * change is a new book, so that a ledger without a database keeps one book per project and replaces
 * it whole. The rules are those of {@code ProjectLedger}.
 *
 * @param row null until the project is admitted
 * @param epochOfEvent the epoch that each event raised the project to
 * @param audit oldest first
 */
public record ProjectBook(
    String project,
    @Nullable ProjectRow row,
    Map<String, Long> epochOfEvent,
    List<AuditEntry> audit,
    List<WaitingArtifact> waiting,
    List<Decision> decisions,
    List<DeliveryOutcome> outcomes)
    implements Serializable {
  public ProjectBook {
    epochOfEvent = Map.copyOf(epochOfEvent);
    audit = List.copyOf(audit);
    waiting = List.copyOf(waiting);
    decisions = List.copyOf(decisions);
    outcomes = List.copyOf(outcomes);
  }

  /** Of a project that nobody has heard of. */
  public static ProjectBook empty(String project) {
    return new ProjectBook(project, null, Map.of(), List.of(), List.of(), List.of(), List.of());
  }

  /** A changed book and what the change answers. */
  public record Change<T>(ProjectBook book, T answer) {}

  public long epoch() {
    return row == null ? 0 : row.epoch();
  }

  /** Takes a record in. */
  public Change<Admitted> admit(ProjectEntry entry) {
    ProjectRow known = row;
    if (known == null) {
      ProjectRow first = new ProjectRow(entry, 1, ProjectEdits.NONE, ProjectStatus.DRAFT);
      return new Change<>(withRow(first), new Admitted(Admitted.Verdict.NEW, first));
    }
    int revision = known.entry().key().revision();
    if (entry.key().revision() < revision) {
      return new Change<>(this, new Admitted(Admitted.Verdict.OLDER, known));
    }
    if (entry.key().revision() == revision) {
      boolean same = entry.content().sha256().equals(known.entry().content().sha256());
      return new Change<>(
          this, new Admitted(same ? Admitted.Verdict.SAME : Admitted.Verdict.CONFLICT, known));
    }
    ProjectRow newer =
        new ProjectRow(entry, known.epoch() + 1, ProjectEdits.NONE, ProjectStatus.DRAFT);
    return new Change<>(
        ended(known, DeliveryState.SUPERSEDED, "newer revision")
            .withWaiting(List.of())
            .withRow(newer),
        new Admitted(Admitted.Verdict.NEWER, newer));
  }

  /** Puts a record in the place of the one that stands. */
  public Change<Applied> amend(ProjectEntry entry, long expectedEpoch, ProjectEdits edits) {
    ProjectRow known = row;
    if (known == null) {
      return new Change<>(this, new Applied(Applied.Verdict.UNKNOWN_PROJECT, null));
    }
    if (expectedEpoch != known.epoch()) {
      return new Change<>(this, new Applied(Applied.Verdict.STALE, known));
    }
    ProjectRow amended = new ProjectRow(entry, known.epoch(), edits, ProjectStatus.DRAFT);
    return new Change<>(withRow(amended), new Applied(Applied.Verdict.APPLIED, amended));
  }

  /** Takes an event that raises the epoch. */
  public Change<Applied> apply(
      ControlEvent event, long expectedEpoch, ProjectEdits edits, ProjectStatus status) {
    ProjectRow known = row;
    if (known == null) {
      return new Change<>(this, new Applied(Applied.Verdict.UNKNOWN_PROJECT, null));
    }
    Long before = epochOfEvent.get(event.eventId());
    if (before != null) {
      return new Change<>(
          this,
          new Applied(
              before == known.epoch() ? Applied.Verdict.APPLIED : Applied.Verdict.REPEATED, known));
    }
    if (expectedEpoch != known.epoch()) {
      return new Change<>(this, new Applied(Applied.Verdict.STALE, known));
    }
    ProjectBook book =
        event.type().equals(ControlType.CANCEL.label())
            ? ended(known, DeliveryState.CANCELLED, event.eventId())
            : this;
    ProjectRow raised = new ProjectRow(known.entry(), known.epoch() + 1, edits, status);
    Map<String, Long> epochs = new TreeMap<>(epochOfEvent);
    epochs.put(event.eventId(), raised.epoch());
    return new Change<>(
        new ProjectBook(project, raised, epochs, audit, List.of(), decisions, book.outcomes),
        new Applied(Applied.Verdict.APPLIED, raised));
  }

  /** Adds a line, once by its id. */
  public ProjectBook audit(AuditEntry entry) {
    return audit.stream().anyMatch(known -> known.id().equals(entry.id()))
        ? this
        : new ProjectBook(
            project, row, epochOfEvent, with(audit, entry), waiting, decisions, outcomes);
  }

  /** Notes that an artifact waits. */
  public ProjectBook park(WaitingArtifact artifact) {
    return artifact.epoch() < epoch()
        ? this
        : withWaiting(
            replaced(
                waiting,
                known ->
                    known.gate() == artifact.gate() && known.variant().equals(artifact.variant()),
                artifact));
  }

  /** Takes the row of an artifact that waits no longer away. */
  public ProjectBook unpark(Gate gate, String variant, String artifact) {
    List<WaitingArtifact> rest = new ArrayList<>(waiting);
    boolean gone =
        rest.removeIf(
            known ->
                known.gate() == gate
                    && known.variant().equals(variant)
                    && known.artifact().equals(artifact));
    return gone ? withWaiting(rest) : this;
  }

  /** Keeps a decision; the answer is the one that holds. */
  public Change<Decision> decide(Decision decision) {
    Decision known = decision(decision.gate(), decision.artifact()).orElse(null);
    if (known != null && (known.approved() || !decision.approved())) {
      return new Change<>(this, known);
    }
    List<Decision> all =
        replaced(
            decisions,
            one -> one.gate() == decision.gate() && one.artifact().equals(decision.artifact()),
            decision);
    return new Change<>(
        new ProjectBook(project, row, epochOfEvent, audit, waiting, all, outcomes), decision);
  }

  /** The decision about an artifact, if there is one. */
  public Optional<Decision> decision(Gate gate, String artifact) {
    return decisions.stream()
        .filter(known -> known.gate() == gate && known.artifact().equals(artifact))
        .findFirst();
  }

  /** Sets the status; fenced. */
  public ProjectBook status(long epoch, ProjectStatus status) {
    ProjectRow known = row;
    return known == null || epoch < known.epoch()
        ? this
        : withRow(new ProjectRow(known.entry(), known.epoch(), known.edits(), status));
  }

  /** Notes the deliveries that an epoch will bring; fenced. */
  public ProjectBook expect(RecordKey key, long epoch, List<String> presets) {
    if (epoch < epoch()) {
      return this;
    }
    ProjectBook book = this;
    for (String preset : presets) {
      boolean known =
          book.outcomes.stream()
              .anyMatch(
                  outcome ->
                      outcome.key().equals(key)
                          && outcome.preset().equals(preset)
                          && outcome.epoch() >= epoch);
      if (!known) {
        book =
            book.withOutcome(
                new DeliveryOutcome(key, preset, epoch, DeliveryState.IN_PROGRESS, null, null));
      }
    }
    return book;
  }

  /** Notes what became of a delivery; fenced. */
  public ProjectBook settle(DeliveryOutcome outcome) {
    if (outcome.epoch() < epoch()) {
      return this;
    }
    ProjectBook book = withOutcome(outcome);
    ProjectRow known = row;
    if (known == null) {
      return book;
    }
    List<DeliveryState> states =
        book.outcomes.stream()
            .filter(one -> one.key().equals(known.entry().key()))
            .map(DeliveryOutcome::state)
            .toList();
    return ProjectStatus.atEnd(states)
        .map(status -> book.status(outcome.epoch(), status))
        .orElse(book);
  }

  /** What is under way of a revision comes to this end. */
  private ProjectBook ended(ProjectRow of, DeliveryState state, String detail) {
    RecordKey key = of.entry().key();
    return withOutcomes(
        outcomes.stream()
            .map(
                outcome ->
                    outcome.key().equals(key) && !outcome.state().terminal()
                        ? new DeliveryOutcome(
                            key, outcome.preset(), of.epoch(), state, null, detail)
                        : outcome)
            .toList());
  }

  private ProjectBook withRow(ProjectRow newRow) {
    return new ProjectBook(project, newRow, epochOfEvent, audit, waiting, decisions, outcomes);
  }

  private ProjectBook withWaiting(List<WaitingArtifact> newWaiting) {
    return new ProjectBook(project, row, epochOfEvent, audit, newWaiting, decisions, outcomes);
  }

  private ProjectBook withOutcomes(List<DeliveryOutcome> newOutcomes) {
    return new ProjectBook(project, row, epochOfEvent, audit, waiting, decisions, newOutcomes);
  }

  private ProjectBook withOutcome(DeliveryOutcome outcome) {
    return withOutcomes(
        replaced(
            outcomes,
            known -> known.key().equals(outcome.key()) && known.preset().equals(outcome.preset()),
            outcome));
  }

  /** In the place of the one that matches, or at the end. */
  private static <T> List<T> replaced(List<T> all, Predicate<T> which, T by) {
    List<T> result = new ArrayList<>();
    boolean found = false;
    for (T one : all) {
      boolean match = which.test(one);
      found |= match;
      result.add(match ? by : one);
    }
    return found ? result : with(result, by);
  }

  private static <T> List<T> with(List<T> all, T more) {
    List<T> result = new ArrayList<>(all);
    result.add(more);
    return result;
  }
}
