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
      ProjectRow first = ProjectRow.draft(entry, 1, ProjectEdits.NONE);
      return new Change<>(
          withRow(first).accepted(entry, first.epoch(), DeliveryState.IN_PROGRESS, null),
          Admitted.unchanged(Admitted.Verdict.NEW, first));
    }
    int revision = known.entry().key().revision();
    if (entry.key().revision() < revision) {
      return new Change<>(
          accepted(
              entry, known.epoch(), DeliveryState.SUPERSEDED, "revision " + revision + " is known"),
          Admitted.unchanged(Admitted.Verdict.OLDER, known));
    }
    if (entry.key().revision() == revision) {
      boolean same = entry.content().sha256().equals(known.entry().content().sha256());
      return new Change<>(
          this,
          Admitted.unchanged(same ? Admitted.Verdict.SAME : Admitted.Verdict.CONFLICT, known));
    }
    ProjectEdits kept = known.edits().carriedOver(known.entry().request(), entry.request());
    ProjectRow newer = ProjectRow.draft(entry, known.epoch() + 1, kept);
    return new Change<>(
        ended(known.entry().key(), known.epoch(), DeliveryState.SUPERSEDED, "newer revision")
            .withWaiting(List.of())
            .withRow(newer)
            .accepted(entry, newer.epoch(), DeliveryState.IN_PROGRESS, null),
        new Admitted(Admitted.Verdict.NEWER, newer, known.edits()));
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
    ProjectRow amended = ProjectRow.draft(entry, known.epoch(), edits);
    List<DeliveryOutcome> all = new ArrayList<>();
    for (DeliveryOutcome outcome : outcomes) {
      if (!asksFor(entry, outcome)) {
        all.add(
            outcome.state().terminal()
                ? outcome
                : new DeliveryOutcome(
                    outcome.key(),
                    outcome.preset(),
                    known.epoch(),
                    DeliveryState.SUPERSEDED,
                    null,
                    "no longer asked for"));
      }
    }
    return new Change<>(
        withOutcomes(all)
            .withRow(amended)
            .accepted(entry, known.epoch(), DeliveryState.IN_PROGRESS, null),
        new Applied(Applied.Verdict.APPLIED, amended));
  }

  private static boolean asksFor(ProjectEntry entry, DeliveryOutcome outcome) {
    return outcome.key().equals(entry.key())
        && entry.request().presets().contains(outcome.preset());
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
    boolean cancels = event.type().equals(ControlType.CANCEL.label());
    if (cancels && known.status().ended()) {
      return new Change<>(this, new Applied(Applied.Verdict.ENDED, known));
    }
    ProjectBook book =
        cancels
            ? ended(known.entry().key(), known.epoch(), DeliveryState.CANCELLED, event.eventId())
            : this;
    ProjectStatus after =
        cancels ? ProjectStatus.atEnd(book.states(known.entry().key())).orElse(status) : status;
    ProjectRow raised =
        new ProjectRow(known.entry(), known.epoch() + 1, edits, after, begunAs(after, known));
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
    if (known != null && !decision.replaces(known)) {
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

  /** Sets the status; fenced. What becomes a draft has been begun by nobody. */
  public ProjectBook status(long epoch, ProjectStatus status) {
    ProjectRow known = row;
    if (known == null || epoch < known.epoch() || known.status() == status) {
      return this;
    }
    return withRow(
        new ProjectRow(
            known.entry(), known.epoch(), known.edits(), status, begunAs(status, known)));
  }

  private static @Nullable Begun begunAs(ProjectStatus status, ProjectRow before) {
    return status == ProjectStatus.DRAFT ? null : before.begun();
  }

  /** Notes who sent the project into the job; fenced. */
  public ProjectBook begin(long epoch, Begun begun) {
    ProjectRow known = row;
    return known == null || epoch < known.epoch() ? this : withRow(known.withBegun(begun));
  }

  /** Puts the project in line once more: a draft that nobody has begun; fenced. */
  public ProjectBook inLine(long epoch) {
    ProjectRow known = row;
    return known == null || epoch < known.epoch()
        ? this
        : withRow(
            new ProjectRow(known.entry(), known.epoch(), known.edits(), ProjectStatus.DRAFT, null));
  }

  /** Whether workers are busy with the project. */
  public boolean isActive() {
    return row != null && row.status().active();
  }

  /** Whether the project holds a place: it is active, or a draft that somebody has begun. */
  public boolean hasPlace() {
    return isActive()
        || (row != null && row.status() == ProjectStatus.DRAFT && row.begun() != null);
  }

  /** Whether the project stands in line: a draft that nobody has begun. */
  public boolean isInLine() {
    return row != null && row.status() == ProjectStatus.DRAFT && row.begun() == null;
  }

  /** Whether the project was begun by one of these hands, as far as each is remembered. */
  public boolean begunBy(Map<String, Long> hands) {
    return row != null && row.begun() != null && row.begun().knownTo(hands);
  }

  /** Whether a job should have it in hand: at work on it, or holding an artifact at a gate. */
  public boolean inHand() {
    ProjectRow known = row;
    if (known == null || known.status() == ProjectStatus.DRAFT) {
      return false;
    }
    return known.status().active()
        || waiting.stream().anyMatch(artifact -> !artifact.parked())
        || states(known.entry().key()).contains(DeliveryState.IN_PROGRESS);
  }

  /** Notes the deliveries that an epoch will bring; fenced. */
  public ProjectBook expect(RecordKey key, long epoch, List<String> presets) {
    if (epoch < epoch()) {
      return this;
    }
    ProjectBook book = this;
    for (String preset : presets) {
      DeliveryOutcome known = outcome(key, preset);
      if (known == null || known.epoch() < epoch) {
        book =
            book.put(
                new DeliveryOutcome(key, preset, epoch, DeliveryState.IN_PROGRESS, null, null));
      }
    }
    return book;
  }

  /** Nothing is made of a revision; fenced. */
  public ProjectBook skip(RecordKey key, long epoch) {
    return epoch < epoch()
        ? this
        : ended(key, epoch, DeliveryState.SKIPPED, null).status(epoch, ProjectStatus.SKIPPED);
  }

  /** Notes what became of a delivery; fenced. */
  public ProjectBook settle(DeliveryOutcome outcome) {
    if (outcome.epoch() < epoch()) {
      return this;
    }
    ProjectBook book = put(outcome);
    ProjectRow known = row;
    if (known == null) {
      return book;
    }
    return ProjectStatus.atEnd(book.states(known.entry().key()))
        .map(status -> book.status(outcome.epoch(), status))
        .orElse(book);
  }

  private List<DeliveryState> states(RecordKey key) {
    return outcomes.stream()
        .filter(one -> one.key().equals(key))
        .map(DeliveryOutcome::state)
        .toList();
  }

  private @Nullable DeliveryOutcome outcome(RecordKey key, String preset) {
    return outcomes.stream()
        .filter(one -> one.key().equals(key) && one.preset().equals(preset))
        .findFirst()
        .orElse(null);
  }

  /** Deliveries that nobody knew of are in this state now. */
  private ProjectBook accepted(
      ProjectEntry entry, long epoch, DeliveryState state, @Nullable String detail) {
    ProjectBook book = this;
    for (String preset : entry.request().presets()) {
      if (outcome(entry.key(), preset) == null) {
        book = book.put(new DeliveryOutcome(entry.key(), preset, epoch, state, null, detail));
      }
    }
    return book;
  }

  /** What is under way of a revision comes to this end. */
  private ProjectBook ended(
      RecordKey key, long epoch, DeliveryState state, @Nullable String detail) {
    ProjectBook book = this;
    for (DeliveryOutcome outcome : outcomes) {
      if (outcome.key().equals(key) && !outcome.state().terminal()) {
        book = book.put(new DeliveryOutcome(key, outcome.preset(), epoch, state, null, detail));
      }
    }
    return book;
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

  /** The outcome in the place of the one that is known, where it may follow that. */
  private ProjectBook put(DeliveryOutcome outcome) {
    DeliveryOutcome before = outcome(outcome.key(), outcome.preset());
    return DeliveryState.follows(before, outcome)
        ? withOutcomes(
            replaced(
                outcomes,
                known ->
                    known.key().equals(outcome.key()) && known.preset().equals(outcome.preset()),
                DeliveryState.kept(before, outcome)))
        : this;
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
