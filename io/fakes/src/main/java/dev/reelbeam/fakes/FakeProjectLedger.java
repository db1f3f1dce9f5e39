package dev.reelbeam.fakes;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.BookLedger;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.project.Begun;
import dev.reelbeam.model.project.MadeVideo;
import dev.reelbeam.model.project.ProjectBook;
import dev.reelbeam.model.project.ProjectRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A ledger in memory, with the semantics of the real one: also a text with a NUL is refused, as
 * Postgres does. Thread-safe.
 */
public final class FakeProjectLedger extends BookLedger {
  private final Map<String, ProjectBook> books = new LinkedHashMap<>();
  private final List<MadeVideo> described = new ArrayList<>();
  private final Set<String> silent = new HashSet<>();

  /** A NUL in JSON, and not a backslash that is followed by its name. */
  private static final Pattern NUL = Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*\\\\u0000");

  @Override
  protected synchronized ProjectBook read(String project) {
    return books.getOrDefault(project, ProjectBook.empty(project));
  }

  @Override
  protected synchronized Collection<ProjectBook> readAll() {
    return List.copyOf(books.values());
  }

  @Override
  protected synchronized <T> T change(
      String project, Function<ProjectBook, ProjectBook.Change<T>> change) {
    ProjectBook.Change<T> done = change.apply(read(project));
    if (NUL.matcher(RecordJson.canonical(done.book())).find()) {
      throw new StoreException(
          FailureCode.VALUE_REFUSED, "a text holds a NUL", new IllegalArgumentException(project));
    }
    books.put(project, done.book());
    return done.answer();
  }

  @Override
  public synchronized void describe(MadeVideo made) {
    described.add(made);
  }

  /** What it was told that videos are made of. */
  public synchronized List<MadeVideo> described() {
    return List.copyOf(described);
  }

  /** From now on nothing was heard of the project for long, until somebody begins it. */
  public synchronized void silent(String project) {
    silent.add(project);
  }

  @Override
  public synchronized List<ProjectRow> idle(Collection<String> projects, Duration silence) {
    return projects.stream().filter(silent::contains).map(one -> find(one).orElseThrow()).toList();
  }

  @Override
  public synchronized void begin(String project, long epoch, Begun begun) {
    silent.remove(project);
    super.begin(project, epoch, begun);
  }

  @Override
  public void close() {
    // What was written stays: a test opens the same ledger again.
  }
}
