package dev.reelbeam.model.port;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.project.Admitted;
import dev.reelbeam.model.project.Applied;
import dev.reelbeam.model.project.AuditEntry;
import dev.reelbeam.model.project.Begun;
import dev.reelbeam.model.project.ControlEvent;
import dev.reelbeam.model.project.Decision;
import dev.reelbeam.model.project.DeliveryOutcome;
import dev.reelbeam.model.project.Gate;
import dev.reelbeam.model.project.Lane;
import dev.reelbeam.model.project.ProjectBook;
import dev.reelbeam.model.project.ProjectEdits;
import dev.reelbeam.model.project.ProjectEntry;
import dev.reelbeam.model.project.ProjectRow;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.model.project.WaitingArtifact;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** A ledger that keeps one book for each project: in memory, in files. */
public abstract class BookLedger implements ProjectLedger {
  /** The project's book, an empty one when it is unknown. */
  protected abstract ProjectBook read(String project);

  /** All books, the oldest first. */
  protected abstract Collection<ProjectBook> readAll();

  /** Reads a book, changes it and writes it, as one step that nobody else comes between. */
  protected abstract <T> T change(
      String project, Function<ProjectBook, ProjectBook.Change<T>> change);

  private void write(String project, UnaryOperator<ProjectBook> change) {
    ProjectBook unused =
        change(
            project,
            book -> {
              ProjectBook changed = change.apply(book);
              return new ProjectBook.Change<>(changed, changed);
            });
  }

  @Override
  public Admitted admit(ProjectEntry entry) {
    return change(
        entry.project(),
        book -> {
          ProjectBook.Change<Admitted> taken = book.admit(entry);
          List<AuditEntry> lines = taken.answer().givenUp(System.currentTimeMillis());
          return new ProjectBook.Change<>(noted(taken.book(), lines), taken.answer());
        });
  }

  @Override
  public Applied amend(
      ProjectEntry entry, long expectedEpoch, ProjectEdits edits, List<AuditEntry> notes) {
    return change(
        entry.project(),
        book -> {
          ProjectBook.Change<Applied> taken = book.amend(entry, expectedEpoch, edits);
          return taken.answer().verdict() == Applied.Verdict.APPLIED
              ? new ProjectBook.Change<>(noted(taken.book(), notes), taken.answer())
              : taken;
        });
  }

  private static ProjectBook noted(ProjectBook book, List<AuditEntry> lines) {
    ProjectBook noted = book;
    for (AuditEntry line : lines) {
      noted = noted.audit(line);
    }
    return noted;
  }

  @Override
  public Optional<ProjectRow> find(String project) {
    return Optional.ofNullable(read(project).row());
  }

  @Override
  public long epoch(String project) {
    return read(project).epoch();
  }

  @Override
  public Applied apply(
      ControlEvent event, long expectedEpoch, ProjectEdits edits, ProjectStatus status) {
    return change(event.project(), book -> book.apply(event, expectedEpoch, edits, status));
  }

  @Override
  public void audit(AuditEntry entry) {
    write(entry.project(), book -> book.audit(entry));
  }

  @Override
  public List<AuditEntry> audited(String project) {
    return read(project).audit();
  }

  @Override
  public List<AuditEntry> audited(String project, String eventId) {
    return read(project).audit().stream().filter(line -> line.eventId().equals(eventId)).toList();
  }

  @Override
  public void park(WaitingArtifact waiting) {
    write(waiting.key().recordId(), book -> book.park(waiting));
  }

  @Override
  public void unpark(String project, Gate gate, String variant, String artifact) {
    write(project, book -> book.unpark(gate, variant, artifact));
  }

  @Override
  public List<WaitingArtifact> waiting(String project) {
    return read(project).waiting();
  }

  @Override
  public List<WaitingArtifact> inbox(int limit) {
    return readAll().stream()
        .flatMap(book -> book.waiting().stream())
        .sorted(Comparator.comparingLong(WaitingArtifact::sinceMs))
        .limit(limit)
        .toList();
  }

  @Override
  public Decision decide(Decision decision) {
    return change(decision.project(), book -> book.decide(decision));
  }

  @Override
  public Optional<Decision> decision(String project, Gate gate, String artifact) {
    return read(project).decision(gate, artifact);
  }

  @Override
  public void status(String project, long epoch, ProjectStatus status) {
    write(project, book -> book.status(epoch, status));
  }

  @Override
  public void expect(RecordKey key, long epoch, List<String> presets) {
    write(key.recordId(), book -> book.expect(key, epoch, presets));
  }

  @Override
  public void settle(DeliveryOutcome outcome) {
    write(outcome.key().recordId(), book -> book.settle(outcome));
  }

  @Override
  public List<DeliveryOutcome> outcomes(String project) {
    return read(project).outcomes();
  }

  @Override
  public void skip(RecordKey key, long epoch) {
    write(key.recordId(), book -> book.skip(key, epoch));
  }

  @Override
  public List<ProjectRow> queued(Lane lane, int limit, Set<String> except) {
    return ofLane(
        lane,
        limit,
        except,
        book -> book.row() != null && book.row().status() == ProjectStatus.DRAFT);
  }

  @Override
  public void begin(String project, long epoch, Begun begun) {
    write(project, book -> book.begin(epoch, begun));
  }

  @Override
  public List<ProjectRow> astray(
      Lane lane, Map<String, Long> hands, int limit, Set<String> except) {
    return ofLane(lane, limit, except, book -> book.inHand() && !book.begunBy(hands));
  }

  @Override
  public Set<String> inHand(Lane lane, Map<String, Long> hands) {
    Set<String> inHand = new TreeSet<>();
    ofLane(lane, Integer.MAX_VALUE, Set.of(), book -> book.isActive() && book.begunBy(hands))
        .forEach(row -> inHand.add(row.project()));
    return inHand;
  }

  @Override
  public boolean resume(String project, long epoch, int places, ProjectStatus status) {
    ProjectRow row = read(project).row();
    if (row == null || epoch < row.epoch()) {
      return true;
    }
    Lane lane = Lane.of(row.entry().request().priority());
    boolean goesOn =
        row.status() == ProjectStatus.DRAFT
            ? row.begun() != null
            : row.status().active()
                || (isNext(project, lane)
                    && ofLane(lane, places, Set.of(project), ProjectBook::hasPlace).size()
                        < places);
    write(project, book -> goesOn ? book.status(epoch, status) : book.inLine(epoch));
    return goesOn;
  }

  /** Whether nobody stands in line before the project, which does not. */
  private boolean isNext(String project, Lane lane) {
    List<ProjectRow> line =
        ofLane(
            lane,
            1,
            Set.of(),
            book ->
                book.isInLine() || (book.row() != null && book.row().project().equals(project)));
    return line.stream().allMatch(first -> first.project().equals(project));
  }

  private List<ProjectRow> ofLane(
      Lane lane, int limit, Set<String> except, Predicate<ProjectBook> which) {
    List<ProjectRow> rows = new ArrayList<>();
    for (ProjectBook book : readAll()) {
      ProjectRow row = book.row();
      if (row != null
          && Lane.of(row.entry().request().priority()) == lane
          && !except.contains(row.project())
          && which.test(book)) {
        rows.add(row);
      }
    }
    rows.sort(Comparator.comparing(row -> row.entry().request().priority().equals("high") ? 0 : 1));
    return List.copyOf(rows.subList(0, Math.min(limit, rows.size())));
  }

  @Override
  public Set<String> busy(Collection<String> projects) {
    Set<String> busy = new TreeSet<>();
    for (String project : projects) {
      if (read(project).hasPlace()) {
        busy.add(project);
      }
    }
    return busy;
  }
}
