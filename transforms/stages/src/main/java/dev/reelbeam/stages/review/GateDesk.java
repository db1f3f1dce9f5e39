package dev.reelbeam.stages.review;

import dev.reelbeam.model.content.ReviewMode;
import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.project.AuditEntry;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.model.project.Decision;
import dev.reelbeam.model.project.DeliveryOutcome;
import dev.reelbeam.model.project.DeliveryState;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.model.project.WaitingArtifact;
import dev.reelbeam.stages.flow.Progress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a gate writes down when an element waits, goes on or is refused; opened on each worker. */
final class GateDesk<T extends Tracked> {
  private final Subject<T> subject;
  private final ProjectLedger ledger;
  private final Progress listener;

  GateDesk(Subject<T> subject, ProjectLedger ledger, Progress listener) {
    this.subject = subject;
    this.ledger = ledger;
    this.listener = listener;
  }

  /** Whether these very bytes were approved before, in whatever epoch. */
  boolean isApproved(T element) {
    return decision(element).map(Decision::approved).orElse(false);
  }

  /**
   * The decision that counts for the element. Bytes that were rejected are asked about again in a
   * later epoch: somebody began it. What waited since an earlier release is decided about by the
   * name that it had there, for the epoch in which it waited.
   */
  Optional<Decision> decision(T element) {
    String project = element.recordKey().recordId();
    return ledger
        .decision(project, subject.gate(), subject.artifact(element))
        .filter(decision -> decision.approved() || decision.epoch() >= element.epoch())
        .or(
            () ->
                subject
                    .earlierArtifact(element)
                    .flatMap(earlier -> ledger.decision(project, subject.gate(), earlier))
                    .filter(decision -> decision.epoch() == element.epoch()));
  }

  /** Notes that the element waits. */
  WaitingArtifact hold(T element, ReviewMode mode, long sinceMs, boolean parked) {
    Long deadlineMs = mode.deadlineMs() == null ? null : sinceMs + mode.deadlineMs();
    WaitingArtifact row =
        new WaitingArtifact(
            element.recordKey(),
            subject.gate(),
            subject.variant(element),
            element.presets(),
            subject.artifact(element),
            element.epoch(),
            subject.refs(element),
            sinceMs,
            deadlineMs,
            parked);
    ledger.park(row);
    settle(element, DeliveryState.WAITING, subject.gate().label());
    listener.waiting(element, row);
    return row;
  }

  /** Keeps a person's decision and writes it to the audit log. */
  Decision decide(T element, ControlEvent event) {
    Decision next = Decision.of(event, subject.gate(), subject.artifact(element), element.epoch());
    Decision decision = ledger.decide(next);
    String word = decision.approved() == next.approved() ? event.type() : "overruled";
    ledger.audit(Audits.of(event, subject.gate().label(), word, element.epoch(), null));
    return decision;
  }

  /** What the ledger knows of the element as waiting, empty when it does not. */
  Optional<WaitingArtifact> row(T element) {
    String artifact = subject.artifact(element);
    String earlier = subject.earlierArtifact(element).orElse(artifact);
    String variant = subject.variant(element);
    return ledger.waiting(element.recordKey().recordId()).stream()
        .filter(
            row ->
                row.gate() == subject.gate()
                    && row.variant().equals(variant)
                    && (row.artifact().equals(artifact) || row.artifact().equals(earlier)))
        .findFirst();
  }

  /** Lets the deadline decide that passed then. A person who decided these bytes counts more. */
  Decision decideByDeadline(T element, boolean approve, long deadlineMs) {
    String project = element.recordKey().recordId();
    String artifact = subject.artifact(element);
    String id = "deadline:" + subject.gate().label() + ":" + artifact + ":" + element.epoch();
    Decision decision =
        ledger.decide(
            new Decision(
                project,
                subject.gate(),
                artifact,
                approve,
                id,
                Decision.DEADLINE,
                deadlineMs,
                "nobody decided",
                element.epoch()));
    ledger.audit(
        new AuditEntry(
            id,
            project,
            subject.gate().label(),
            id,
            "deadline",
            Decision.DEADLINE,
            deadlineMs,
            artifact,
            element.epoch(),
            decision.approved() ? "approved" : "rejected",
            decision.reason()));
    return decision;
  }

  /** The element goes on. */
  void pass(T element) {
    listener.stageDone(Stage.GATE, element, 0);
    listener.passed(element, subject.gate(), subject.refs(element));
  }

  /**
   * Whether the element, which was approved, goes on now. If so many projects are under way that
   * there is no place for its own, that is a draft from now on and stands in line with the others.
   *
   * @param places how many may be under way
   */
  boolean resumes(T element, int places) {
    return element.epoch() == 0
        || ledger.resume(element.recordKey().recordId(), element.epoch(), places, statusBehind());
  }

  /**
   * The element was approved and leaves the flow. When its project has a place, its record goes
   * through again, finds what was made, and passes.
   */
  void putOff(T element) {
    unpark(element);
    settle(element, DeliveryState.IN_PROGRESS, null);
    listener.waits(Stage.GATE, element, "it is approved and waits for a place: others go first");
  }

  /** The element waited and goes on. */
  void release(T element) {
    unpark(element);
    settle(element, DeliveryState.IN_PROGRESS, null);
    if (element.epoch() > 0) {
      ledger.status(element.recordKey().recordId(), element.epoch(), statusBehind());
    }
    pass(element);
  }

  /** What a project is busy with when an element has left this gate. */
  private ProjectStatus statusBehind() {
    return switch (subject.gate()) {
      case SCRIPT, VOICE -> ProjectStatus.COMPOSING;
      case VISUALS, FINAL -> ProjectStatus.RENDERING;
    };
  }

  /** The element goes no further. */
  void refuse(T element, Decision decision) {
    unpark(element);
    settle(element, DeliveryState.REJECTED, decision.reason());
    listener.settled(element, DeliveryState.REJECTED, String.valueOf(decision.reason()));
  }

  private void unpark(T element) {
    unpark(element, subject.artifact(element));
    subject.earlierArtifact(element).ifPresent(earlier -> unpark(element, earlier));
  }

  private void unpark(T element, String artifact) {
    ledger.unpark(
        element.recordKey().recordId(), subject.gate(), subject.variant(element), artifact);
  }

  private void settle(T element, DeliveryState state, @Nullable String detail) {
    if (element.epoch() == 0) {
      return; // A run that keeps no projects: its deliveries are what its folder holds.
    }
    for (String preset : element.presets()) {
      ledger.settle(
          new DeliveryOutcome(element.recordKey(), preset, element.epoch(), state, null, detail));
    }
  }
}
