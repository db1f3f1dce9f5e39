package dev.reelbeam.pipelines.wiring;

import dev.reelbeam.model.failure.StageException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What is expensive to open, once per JVM and folder, however many workers open it. It ends when
 * the last one closes it. Thread-safe.
 */
final class OneForAll<T extends AutoCloseable> {
  private final Opener<T> opener;
  private final Map<Path, One<T>> open = new HashMap<>();

  /** Opens the one of a folder. */
  @FunctionalInterface
  interface Opener<T> {
    T open(Path folder) throws StageException;
  }

  OneForAll(Opener<T> opener) {
    this.opener = opener;
  }

  private static final class One<T> {
    private final T it;
    private int users;

    One(T it) {
      this.it = it;
    }
  }

  /** A user's hold of it. */
  final class Share {
    private final Path folder;
    private final T it;
    private boolean closed;

    private Share(Path folder, T it) {
      this.folder = folder;
      this.it = it;
    }

    T it() {
      return it;
    }

    /** Lets go of it; doing so again changes nothing. */
    void close() {
      synchronized (open) {
        One<T> one = open.get(folder);
        if (closed || one == null) {
          return;
        }
        closed = true;
        one.users--;
        if (one.users == 0) {
          open.remove(folder);
          try {
            one.it.close();
          } catch (RuntimeException e) {
            throw e;
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        }
      }
    }
  }

  /**
   * Takes part in the one of a folder.
   *
   * @throws StageException if it had to be opened, and could not be
   */
  Share share(Path folder) throws StageException {
    synchronized (open) {
      One<T> one = open.get(folder);
      if (one == null) {
        one = new One<>(opener.open(folder));
        open.put(folder, one);
      }
      one.users++;
      return new Share(folder, one.it);
    }
  }
}
