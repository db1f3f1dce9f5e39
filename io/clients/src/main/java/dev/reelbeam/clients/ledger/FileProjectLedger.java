package dev.reelbeam.clients.ledger;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.BookLedger;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.project.ProjectBook;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A ledger in a folder, for runs on one machine: a JSON file for each project, replaced whole, so
 * that a reader or a crash never sees half a change. Several threads and processes may share it.
 */
public final class FileProjectLedger extends BookLedger {
  private static final String LOCK = ".lock";

  /**
   * Names of books, one a line, in the order in which they were begun: what the clock of a file
   * system cannot say, which moves in steps of milliseconds.
   */
  private static final String ORDER = ".order";

  private static final String ENDING = ".json";

  /** Locks on files are the process's; its threads take turns here. */
  private static final Object TURN = new Object();

  private final Path folder;

  private FileProjectLedger(Path folder) {
    this.folder = folder;
  }

  /** Opens a ledger; its folder is made with the first thing that is written. */
  public static FileProjectLedger open(Path folder) {
    return new FileProjectLedger(folder);
  }

  @Override
  protected ProjectBook read(String project) {
    Path file = file(project);
    try {
      return RecordJson.read(Files.readAllBytes(file), ProjectBook.class);
    } catch (NoSuchFileException e) {
      return ProjectBook.empty(project);
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(file, e);
    }
  }

  @Override
  protected Collection<ProjectBook> readAll() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> file.getFileName().toString().endsWith(ENDING)).toList();
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
    List<ProjectBook> books = new ArrayList<>();
    try {
      Map<String, Integer> order = order();
      List<Path> sorted = new ArrayList<>(files);
      sorted.sort(
          Comparator.comparingInt(
                  (Path file) ->
                      order.getOrDefault(file.getFileName().toString(), Integer.MAX_VALUE))
              .thenComparing(file -> file));
      for (Path file : sorted) {
        books.add(RecordJson.read(Files.readAllBytes(file), ProjectBook.class));
      }
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(folder, e);
    }
    return books;
  }

  @Override
  protected <T> T change(String project, Function<ProjectBook, ProjectBook.Change<T>> change) {
    synchronized (TURN) {
      try {
        Files.createDirectories(folder);
        try (FileChannel channel =
                FileChannel.open(
                    folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock alone = channel.lock()) {
          ProjectBook before = read(project);
          ProjectBook.Change<T> done = change.apply(before);
          if (!done.book().equals(before)) {
            write(done.book());
          }
          return done.answer();
        }
      } catch (IOException e) {
        throw new StoreException(
            FailureCode.STORAGE_UNAVAILABLE, "cannot write to the ledger in " + folder, e);
      }
    }
  }

  /** Each name with its place; a name whose book was never written does no harm. */
  private Map<String, Integer> order() throws IOException {
    Path file = folder.resolve(ORDER);
    Map<String, Integer> order = new HashMap<>();
    if (Files.exists(file)) {
      for (String name : Files.readAllLines(file)) {
        order.putIfAbsent(name, order.size());
      }
    }
    return order;
  }

  private void write(ProjectBook book) throws IOException {
    Path file = file(book.project());
    if (!Files.exists(file)) {
      // The line break comes first: one that was cut off by a crash spoils no other.
      Files.writeString(
          folder.resolve(ORDER),
          "\n" + file.getFileName(),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
    Path part = Files.createTempFile(folder, "book", ".part");
    try {
      Files.write(part, RecordJson.canonicalBytes(book));
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Ids come from outside: their hash is a name that is always allowed. */
  private Path file(String project) {
    return folder.resolve(
        RecordJson.sha256(project.getBytes(StandardCharsets.UTF_8)).substring(0, 32) + ENDING);
  }

  private static StoreException unreadable(Path file, Exception e) {
    return new StoreException(
        FailureCode.STORAGE_UNAVAILABLE, "cannot read the ledger's " + file, e);
  }

  @Override
  public void close() {
    // Nothing is held between two calls.
  }
}
