package dev.reelbeam.clients.shared;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What is expensive to open, once per JVM and key, however many workers open it. It ends when the
 * last one closes it. Thread-safe.
 *
 * @param <K> settings that it is opened by
 * @param <T> what is opened
 * @param <X> why it may not open
 */
public final class OneForAll<K, T, X extends Exception> {
  private final Opener<K, T, X> opener;
  private final Consumer<T> closer;
  private final Map<K, One<T>> open = new HashMap<>();

  /** Opens the one of a key. */
  @FunctionalInterface
  public interface Opener<K, T, X extends Exception> {
    T open(K key) throws X;
  }

  public OneForAll(Opener<K, T, X> opener, Consumer<T> closer) {
    this.opener = opener;
    this.closer = closer;
  }

  private static final class One<T> {
    private final T it;
    private int users;

    One(T it) {
      this.it = it;
    }
  }

  /** A user's hold of it. */
  public final class Share implements AutoCloseable {
    private final K key;
    private final T it;
    private boolean closed;

    private Share(K key, T it) {
      this.key = key;
      this.it = it;
    }

    public T it() {
      return it;
    }

    /** Lets go of it; doing so again changes nothing. */
    @Override
    public void close() {
      synchronized (open) {
        One<T> one = open.get(key);
        if (closed || one == null) {
          return;
        }
        closed = true;
        one.users--;
        if (one.users == 0) {
          open.remove(key);
          closer.accept(one.it);
        }
      }
    }
  }

  /**
   * Takes part in the one of a key.
   *
   * @throws X if it had to be opened, and could not be
   */
  public Share share(K key) throws X {
    synchronized (open) {
      One<T> one = open.get(key);
      if (one == null) {
        one = new One<>(opener.open(key));
        open.put(key, one);
      }
      one.users++;
      return new Share(key, one.it);
    }
  }
}
