package dev.reelbeam.model.port;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.project.Admitted;
import dev.reelbeam.model.project.Applied;
import dev.reelbeam.model.project.AuditEntry;
import dev.reelbeam.model.project.Begun;
import dev.reelbeam.model.project.ControlEvent;
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
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known about projects, for ever: epochs, edits, decisions, what waits, what became of each
 * delivery. Thread-safe.
 *
 * <p>Every method may be repeated with the same arguments and then changes nothing more: a bundle
 * that failed runs again. Writes that carry an epoch are fenced: one that is older than the
 * project's changes nothing, and what becomes of a delivery is for {@link DeliveryState#follows} to
 * allow. All methods throw {@link StoreException} when the ledger itself fails.
 */
public interface ProjectLedger extends AutoCloseable {
  /**
   * Takes a record in, atomically by project: a first or newer revision becomes the project's row
   * with a raised epoch, the edits that it leaves standing ({@link ProjectEdits#carriedOver}) and
   * the status {@code draft}, and deliveries of the older one that are under way become {@code
   * superseded}. Its deliveries are accepted: in progress from now on. Those of an older revision
   * are superseded at once, unless they are known. Any other record changes nothing. What is given
   * up of the edits stands in the audit log with it ({@link Admitted#givenUp}).
   */
  Admitted admit(ProjectEntry entry);

  /**
   * Puts a record in the place of the project's, whatever its revision, with the edits that go on;
   * the epoch stays. Deliveries that it asks for are begun anew, those under way that it does not
   * ask for are superseded. For runs in which a record is always its newest text.
   *
   * @param expectedEpoch the epoch that {@code edits} was derived from; when it is over, the answer
   *     is {@code STALE} with the row as it stands
   * @param notes lines for the audit log, written if and only if the record takes the place
   */
  Applied amend(ProjectEntry entry, long expectedEpoch, ProjectEdits edits, List<AuditEntry> notes);

  /** Ledgers of equal identity keep the same books, so what one answers all would. */
  default Object identity() {
    return this;
  }

  /** The project as it stands. */
  Optional<ProjectRow> find(String project);

  /** The project's epoch, 0 when it is unknown. Cheap: the renderer asks before each segment. */
  long epoch(String project);

  /** The epochs of projects, asked for at once; those that are unknown are left out. */
  default Map<String, Long> epochs(Collection<String> projects) {
    Map<String, Long> epochs = new HashMap<>();
    for (String project : projects) {
      long epoch = epoch(project);
      if (epoch > 0) {
        epochs.put(project, epoch);
      }
    }
    return epochs;
  }

  /**
   * Takes an event that raises the epoch, atomically and once by its id: raises the epoch, keeps
   * the edits, sets the status. A repeated call with the same event and the project unmoved since
   * gives the same answer; {@code CANCEL} makes what is under way {@code cancelled}, and of a
   * project that has come to its end the answer is {@code ENDED}.
   *
   * @param expectedEpoch the epoch that {@code edits} was derived from; when it is over, the answer
   *     is {@code STALE} with the row as it stands, and the caller derives anew
   */
  Applied apply(ControlEvent event, long expectedEpoch, ProjectEdits edits, ProjectStatus status);

  /** Writes to the audit log; insert-if-absent by {@link AuditEntry#id}. */
  void audit(AuditEntry entry);

  /** The project's audit log, oldest first. */
  List<AuditEntry> audited(String project);

  /**
   * The lines of the project's audit log that one event left, oldest first. As cheap for a project
   * with a long history as for a new one: it is asked for each event.
   */
  List<AuditEntry> audited(String project, String eventId);

  /** Notes that an artifact waits; fenced; one row by project, gate and variant, newest wins. */
  void park(WaitingArtifact waiting);

  /** Takes the row of an artifact that waits no longer away; without effect if it is not there. */
  void unpark(String project, Gate gate, String variant, String artifact);

  /** What waits, of one project. */
  List<WaitingArtifact> waiting(String project);

  /** What waits, of all projects, the oldest first. */
  List<WaitingArtifact> inbox(int limit);

  /**
   * Keeps a decision about an artifact and returns the one that holds: the one that was known,
   * unless this one {@linkplain Decision#replaces replaces} it.
   */
  Decision decide(Decision decision);

  /** The decision about an artifact, if there is one. */
  Optional<Decision> decision(String project, Gate gate, String artifact);

  /** Sets the project's status; fenced. What becomes a draft has been begun by nobody. */
  void status(String project, long epoch, ProjectStatus status);

  /** Notes the deliveries that an epoch will bring: in progress, whatever they were; fenced. */
  void expect(RecordKey key, long epoch, List<String> presets);

  /** Nothing is made of a revision: what is under way of it and the project are skipped; fenced. */
  void skip(RecordKey key, long epoch);

  /**
   * Notes what became of a delivery; fenced. When the last of a project's came to an end, its
   * status becomes completed, failed, rejected, cancelled or skipped in the same transaction.
   */
  void settle(DeliveryOutcome outcome);

  /**
   * Keeps what a video was made of, where the ledger has tables for it; fenced. Told before its
   * deliveries are {@linkplain #settle settled}.
   */
  default void describe(MadeVideo made) {}

  /** What became of the deliveries of a project, all revisions. */
  List<DeliveryOutcome> outcomes(String project);

  /**
   * Drafts of a lane that wait to be begun: high priority first, then the oldest.
   *
   * @param except projects that were begun already
   */
  List<ProjectRow> queued(Lane lane, int limit, Set<String> except);

  /** Notes who sent a project into the job; fenced. */
  void begin(String project, long epoch, Begun begun);

  /**
   * Takes a project up again that waited for a decision. It gets this status and a place if it has
   * one already, active or as a draft that somebody has begun, or if its lane has room for one more
   * and nobody stands in line before it, by priority and age. Else it becomes, or stays, a draft
   * that nobody has begun, and stands in line with the others ({@link #queued}): all of it comes
   * through again. Fenced. Of those who come in the same moment, a few more than there are places
   * may get one.
   *
   * @param places how many projects of its lane may have a place
   * @return whether it goes on now; true also of an epoch that is over, which others will drop
   */
  boolean resume(String project, long epoch, int places, ProjectStatus status);

  /**
   * The active projects of a lane that were begun by somebody who is remembered: those that hold a
   * place, also if a gate has let them go on since, or an edit has.
   *
   * @param hands newest number of each {@link Begun#by} that is remembered
   */
  Set<String> inHand(Lane lane, Map<String, Long> hands);

  /**
   * Of these projects, those that hold a place although nothing was heard of them for so long: no
   * change, no progress, no delivery. A ledger that keeps no times knows of none.
   */
  default List<ProjectRow> idle(Collection<String> projects, Duration silence) {
    return List.of();
  }

  /**
   * Projects of a lane that no job has in hand although they were begun: workers should be busy
   * with them, or a gate of the job should hold their artifact, and they were begun by nobody who
   * is remembered. Drafts are none of them. High priority first, then the oldest.
   *
   * @param hands newest number of each {@link Begun#by} that is remembered
   */
  List<ProjectRow> astray(Lane lane, Map<String, Long> hands, int limit, Set<String> except);

  /**
   * Of these, the projects that still hold a place: drafts that somebody has begun, and those
   * workers are busy with.
   */
  Set<String> busy(Collection<String> projects);

  @Override
  void close();
}
