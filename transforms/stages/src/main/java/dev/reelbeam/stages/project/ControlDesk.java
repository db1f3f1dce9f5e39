package dev.reelbeam.stages.project;

import dev.reelbeam.model.content.Script;
import dev.reelbeam.model.content.TextOverlay;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.project.Applied;
import dev.reelbeam.model.project.AssetSwap;
import dev.reelbeam.model.project.AuditEntry;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.model.project.ControlType;
import dev.reelbeam.model.project.Decision;
import dev.reelbeam.model.project.DeliveryOutcome;
import dev.reelbeam.model.project.DeliveryState;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.project.OverlayChange;
import dev.reelbeam.model.project.ProjectEdits;
import dev.reelbeam.model.project.ProjectRow;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.model.project.ScriptEdit;
import dev.reelbeam.model.project.VoiceChange;
import dev.reelbeam.model.project.WaitingArtifact;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.stages.review.Audits;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a control event does to a project. A streaming job's {@link ProjectDesk} hears them from a
 * topic; where no job runs, whoever has one carries it out here.
 *
 * <p>Events are fenced: by the epoch that they name, if they name one, and by the hash of the
 * artifact that the person saw. What is unknown, stale, repeated or unreadable changes nothing and
 * leaves a line in the audit log. The same event carried out twice, because a bundle failed after
 * the ledger had taken it, has the same outcome again and no further line. Thread-safe.
 */
public final class ControlDesk {
  /** An edit that meets another one is derived anew; more than this is no accident. */
  private static final int MAX_COLLISIONS = 5;

  /** The answer to an event that was applied before, and the project has moved on since. */
  static final String DUPLICATE = "duplicate";

  /** Answers that hold when the event is carried out once more. */
  private static final Set<String> FINAL = Set.of("unknown", "invalid", "stale");

  /** No epoch of any project: what the ledger is asked to apply at it, it has applied before. */
  private static final long NEVER = -1;

  /** Largest picture or clip that takes the place of another. */
  private static final long MAX_ASSET_BYTES = 250_000_000;

  private static final int MAX_SCRIPT_BYTES = 5_000_000;

  private final ProjectLedger ledger;
  private final ObjectStore store;

  public ControlDesk(ProjectLedger ledger, ObjectStore store) {
    this.ledger = ledger;
    this.store = store;
  }

  /** What came of an event. */
  public enum Effect {
    /** The project changed, or the decision is kept. */
    DONE,
    /** Nothing: the audit log says why. */
    NOTHING,
    /** A decision about something that is not parked: a gate of the job may hold it. */
    ELSEWHERE
  }

  /**
   * What came of an event.
   *
   * @param decision as the audit log says it: {@code applied}, {@code approved}, {@code stale}, …
   * @param row the project as it stands now, null when it is unknown
   * @param goesOn whether the record goes through again, with what stands now
   * @param reason why nothing was done
   */
  public record Outcome(
      Effect effect,
      String decision,
      @Nullable ProjectRow row,
      boolean goesOn,
      @Nullable String reason) {}

  /**
   * Carries an event out. What the ledger refuses of it, or the store has lost, is the event's own
   * fault: it would be refused for ever, and everybody else would wait.
   */
  public Outcome carryOut(ControlEvent event) {
    Optional<ControlType> type = event.knownType();
    if (type.isEmpty()) {
      return nothing(event, "unknown", null, "no event type '" + event.type() + "'");
    }
    ProjectRow row = ledger.find(event.project()).orElse(null);
    try {
      return carryOut(event, type.get(), row);
    } catch (StoreException e) {
      if (!e.isOfOneElement()) {
        throw e;
      }
      return nothing(event, "invalid", row, e.code().name() + ": " + e.getMessage());
    }
  }

  private Outcome carryOut(ControlEvent event, ControlType type, @Nullable ProjectRow row) {
    List<AuditEntry> lines = ledger.audited(event.project(), event.eventId());
    AuditEntry answered = answered(event, lines);
    if (answered != null && FINAL.contains(answered.decision())) {
      // It stays what somebody was told. Read again, as after a restart, it may meet what came
      // behind it in a bundle that failed, or bytes that wait once more.
      return new Outcome(Effect.NOTHING, answered.decision(), row, false, answered.reason());
    }
    if (row == null) {
      return nothing(event, "unknown", null, "no project '" + event.project() + "'");
    }
    if (event.epoch() > row.epoch()) {
      // Nobody can have seen it: the ledger is the first to know of an epoch.
      String why = "epoch " + event.epoch() + " has not begun: it is in epoch " + row.epoch();
      return nothing(event, "invalid", row, why);
    }
    return switch (type) {
      case APPROVED, REJECTED ->
          event.knownGate().isEmpty()
              ? nothing(event, "unknown", row, "no gate '" + event.gate() + "'")
              : parked(event, row, lines);
      case PUBLISH -> {
        boolean recorded = answered != null && answered.decision().equals("recorded");
        if (!recorded && over(event, row)) {
          yield nothing(event, "stale", row, "epoch " + event.epoch() + " is over");
        }
        String bytes = event.artifact();
        if (!recorded && bytes != null && !isDelivered(event.project(), bytes)) {
          yield nothing(event, "stale", row, "artifact " + bytes + " is no delivered video");
        }
        ledger.audit(Audits.of(event, "project", "recorded", row.epoch(), null));
        yield new Outcome(Effect.DONE, "recorded", row, false, null);
      }
      case SCRIPT_EDITED, VOICE_CHANGED, ASSET_SWAPPED, OVERLAY_CHANGED, CANCEL, RETRY ->
          apply(event, type, row);
    };
  }

  /** What was written of this event before; null when it is heard for the first time. */
  private static @Nullable AuditEntry answered(ControlEvent event, List<AuditEntry> lines) {
    for (AuditEntry line : lines) {
      // A gate may have written about the same event: only this desk's lines have this id.
      if (line.id().equals(Audits.of(event, "project", line.decision(), 0, null).id())) {
        return line;
      }
    }
    return null;
  }

  /** What was delivered stays so while a later epoch is under way; only a rejection ends that. */
  private boolean isDelivered(String project, String sha256) {
    return ledger.outcomes(project).stream()
        .filter(outcome -> outcome.state() != DeliveryState.REJECTED)
        .map(DeliveryOutcome::delivery)
        .filter(Objects::nonNull)
        .flatMap(delivery -> delivery.files().values().stream())
        .anyMatch(file -> file.sha256().equals(sha256));
  }

  /** Notes an event that changes nothing. */
  Outcome nothing(
      ControlEvent event, String decision, @Nullable ProjectRow row, @Nullable String reason) {
    ledger.audit(Audits.of(event, "project", decision, row == null ? 0 : row.epoch(), reason));
    return new Outcome(Effect.NOTHING, decision, row, false, reason);
  }

  private static boolean over(ControlEvent event, ProjectRow row) {
    return event.epoch() != 0 && event.epoch() < row.epoch();
  }

  private Outcome apply(ControlEvent event, ControlType type, ProjectRow found) {
    ProjectRow row = found;
    for (int collisions = 0; collisions < MAX_COLLISIONS; collisions++) {
      String fence = fence(event, row);
      ProjectEdits edits = row.edits();
      if (fence == null) {
        try {
          edits = edited(event, type, row.edits());
        } catch (StageException e) {
          return nothing(event, "invalid", row, e.describe());
        }
      }
      // The ledger is asked even so: it may be this very event that has ended the epoch.
      Applied applied =
          ledger.apply(event, fence == null ? row.epoch() : NEVER, edits, statusAfter(type));
      ProjectRow now = applied.row();
      if (applied.verdict() == Applied.Verdict.STALE && now != null) {
        if (fence != null) {
          return nothing(event, "stale", row, fence);
        }
        row = now; // Somebody was quicker: the edit is made on what stands now.
        continue;
      }
      if (applied.verdict() == Applied.Verdict.ENDED && now != null) {
        return nothing(
            event, "stale", now, "nothing is left to cancel: it is " + now.status().label());
      }
      if (applied.verdict() != Applied.Verdict.APPLIED || now == null) {
        // Not for the audit log: it is written there as applied. It is either repeated, or a bundle
        // that failed runs again and what moved the project on since comes again as well.
        return new Outcome(Effect.NOTHING, DUPLICATE, now, false, "it was applied before");
      }
      ledger.audit(Audits.of(event, "project", "applied", now.epoch(), null));
      return new Outcome(Effect.DONE, "applied", now, type != ControlType.CANCEL, null);
    }
    throw new IllegalStateException(
        "event " + event.eventId() + " met another one " + MAX_COLLISIONS + " times");
  }

  /** Why the event comes too late; null if it does not. */
  private @Nullable String fence(ControlEvent event, ProjectRow row) {
    if (over(event, row)) {
      return "epoch " + event.epoch() + " is over";
    }
    String seen = event.artifact();
    boolean waits =
        seen == null
            || ledger.waiting(event.project()).stream()
                .anyMatch(waiting -> waiting.artifact().equals(seen));
    return waits ? null : "artifact " + seen + " waits no longer";
  }

  private static ProjectStatus statusAfter(ControlType type) {
    return switch (type) {
      // It waits for a place of its lane unless it has one: when a provider was away, or all state
      // is given up, thousands come at once.
      case RETRY -> ProjectStatus.DRAFT;
      case CANCEL -> ProjectStatus.CANCELLED;
      case VOICE_CHANGED -> ProjectStatus.VOICEOVER;
      case ASSET_SWAPPED, OVERLAY_CHANGED -> ProjectStatus.COMPOSING;
      case SCRIPT_EDITED, APPROVED, REJECTED, PUBLISH -> ProjectStatus.SCRIPTING;
    };
  }

  private ProjectEdits edited(ControlEvent event, ControlType type, ProjectEdits before)
      throws StageException {
    return switch (type) {
      case SCRIPT_EDITED -> {
        ScriptEdit edit = payload(event, ScriptEdit.class);
        String fault = edit.fault();
        if (fault != null) {
          throw unreadable(fault, null);
        }
        MediaRef known = before.scripts().get(edit.variant());
        int version =
            known == null ? 1 : RecordJson.read(store.read(known), Script.class).version();
        Script script = edit.script().withVersion(Math.max(edit.script().version(), version + 1));
        yield before.withScript(
            edit.variant(), store.put(RecordJson.canonicalBytes(script), "application/json"));
      }
      case VOICE_CHANGED -> {
        VoiceChange change = payload(event, VoiceChange.class);
        int speed = change.speedPermille();
        if (speed != 0 && !VideoSettings.isSpeed(speed)) {
          throw unreadable("its speed is not between 500 and 2000 per mille", null);
        }
        // Edited scripts stay: only their speech is made anew.
        yield before.withVoice(change);
      }
      case ASSET_SWAPPED -> {
        AssetSwap swap = payload(event, AssetSwap.class);
        if (swap.url() == null || swap.asset() == null) {
          throw unreadable("it names no picture or no replacement", null);
        }
        if (!swap.asset().isNamed()
            || swap.asset().sizeBytes() > MAX_ASSET_BYTES
            || !store.holds(swap.asset())) {
          throw unreadable("its replacement is not in the store, or larger than 250 MB", null);
        }
        yield before.withAsset(swap);
      }
      case OVERLAY_CHANGED -> {
        OverlayChange change = payload(event, OverlayChange.class);
        String fault = change.overlays() == null ? null : TextOverlay.fault(change.overlays());
        if (fault != null) {
          throw unreadable(fault, null);
        }
        yield before.withOverlays(change.overlays());
      }
      case APPROVED, REJECTED, CANCEL, RETRY, PUBLISH -> before;
    };
  }

  private <T> T payload(ControlEvent event, Class<T> type) throws StageException {
    MediaRef ref = event.payload();
    if (ref == null) {
      throw unreadable("the event has no payload", null);
    }
    // A store that lacks it would be asked again and again: who sent the event made it up.
    if (!ref.isNamed() || ref.sizeBytes() > MAX_SCRIPT_BYTES || !store.holds(ref)) {
      throw unreadable("payload " + ref.sha256() + " is not in the store", null);
    }
    try {
      return RecordJson.read(store.read(ref), type);
    } catch (IllegalArgumentException e) {
      throw unreadable("payload " + ref.sha256() + " is " + e.getMessage(), e);
    }
  }

  private static StageException unreadable(String why, @Nullable Throwable cause) {
    return new StageException(FailureCode.EDIT_UNREADABLE, why, cause);
  }

  /** A decision about an artifact that left the flow: nobody else is there to hear it. */
  private Outcome parked(ControlEvent event, ProjectRow row, List<AuditEntry> lines) {
    for (WaitingArtifact waiting : ledger.waiting(event.project())) {
      boolean meant =
          waiting.parked()
              && waiting.gate().label().equals(event.gate())
              && waiting.artifact().equals(event.artifact());
      if (!meant || over(event, row)) {
        continue;
      }
      if (Audits.isSpent(lines, row.epoch())) {
        return repeated(row);
      }
      Decision decision =
          ledger.decide(Decision.of(event, waiting.gate(), waiting.artifact(), row.epoch()));
      String word = decision.approved() == approves(event) ? event.type() : "overruled";
      ledger.audit(Audits.of(event, waiting.gate().label(), word, row.epoch(), null));
      if (!decision.approved()) {
        refuse(waiting, row, event.reason());
      }
      return new Outcome(Effect.DONE, word, row, decision.approved(), null);
    }
    return turned(event, row, lines);
  }

  /**
   * A decision that was dealt with in an epoch that is over; the gate writes that it came again.
   */
  private static Outcome repeated(ProjectRow row) {
    return new Outcome(
        Effect.NOTHING, DUPLICATE, row, false, "it was heard in an epoch that is over");
  }

  private static boolean approves(ControlEvent event) {
    return event.type().equals(ControlType.APPROVED.label());
  }

  /**
   * A decision that turns one round which was carried out already: by a deadline that passed before
   * this was heard, or by somebody who sees it otherwise now. The epoch is raised, so that what is
   * under way ends, and the record goes through once more; the gate then finds what holds. What is
   * delivered stays: a rejection counts for what comes later.
   */
  private Outcome turned(ControlEvent event, ProjectRow found, List<AuditEntry> lines) {
    Outcome elsewhere = elsewhere(event, found, lines);
    Gate gate = event.knownGate().orElse(null);
    String artifact = event.artifact();
    if (gate == null || artifact == null || over(event, found)) {
      return elsewhere;
    }
    Decision known = ledger.decision(event.project(), gate, artifact).orElse(null);
    if (known == null || isHeld(event.project(), gate, artifact)) {
      return elsewhere; // The gate decides, now or when the artifact comes.
    }
    if (Audits.isSpent(lines, found.epoch())) {
      return repeated(found);
    }
    ProjectRow row = found;
    boolean turns = Decision.of(event, gate, artifact, row.epoch()).turns(known);
    boolean made = !approves(event) && row.status().ended();
    if (turns && (made || row.status() == ProjectStatus.CANCELLED)) {
      Decision unused = ledger.decide(Decision.of(event, gate, artifact, row.epoch()));
      String why =
          made ? "it counts for what comes later" : "the project is cancelled: retry begins it";
      ledger.audit(Audits.of(event, gate.label(), event.type(), row.epoch(), why));
      return new Outcome(Effect.DONE, event.type(), row, false, why);
    }
    boolean again = known.eventId().equals(event.eventId());
    if (!turns && !again) {
      return elsewhere;
    }
    for (int collisions = 0; collisions < MAX_COLLISIONS; collisions++) {
      // What is decided already is only recognised: the gate carried it out, or this did before its
      // bundle failed.
      Applied applied =
          ledger.apply(event, turns ? row.epoch() : NEVER, row.edits(), ProjectStatus.DRAFT);
      ProjectRow now = applied.row();
      if (applied.verdict() == Applied.Verdict.STALE && turns && now != null) {
        row = now;
        continue;
      }
      if (applied.verdict() != Applied.Verdict.APPLIED || now == null) {
        return elsewhere;
      }
      Decision unused = ledger.decide(Decision.of(event, gate, artifact, now.epoch()));
      ledger.audit(
          Audits.of(
              event, gate.label(), event.type(), now.epoch(), "in place of " + known.who() + "'s"));
      return new Outcome(Effect.DONE, event.type(), now, true, null);
    }
    throw new IllegalStateException(
        "event " + event.eventId() + " met another one " + MAX_COLLISIONS + " times");
  }

  /** A gate's affair, which may be done. */
  private static Outcome elsewhere(ControlEvent event, ProjectRow row, List<AuditEntry> lines) {
    return Audits.answer(lines, event)
        .map(line -> new Outcome(Effect.DONE, line.decision(), row, false, line.reason()))
        .orElse(new Outcome(Effect.ELSEWHERE, "elsewhere", row, false, null));
  }

  private boolean isHeld(String project, Gate gate, String artifact) {
    return ledger.waiting(project).stream()
        .anyMatch(waiting -> waiting.gate() == gate && waiting.artifact().equals(artifact));
  }

  private void refuse(WaitingArtifact waiting, ProjectRow row, @Nullable String reason) {
    for (String preset : waiting.presets()) {
      ledger.settle(
          new DeliveryOutcome(
              waiting.key(), preset, row.epoch(), DeliveryState.REJECTED, null, reason));
    }
    // At the end: as long as it waits, an event that comes again finds what it decides about.
    ledger.unpark(row.project(), waiting.gate(), waiting.variant(), waiting.artifact());
  }
}
