package dev.reelbeam.model.port;

import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * Bytes by their content, and results by the key of their step. Thread-safe.
 *
 * <p>Two levels: sha256 to bytes is immutable; step key to reference is insert-if-absent. All
 * methods throw {@link StoreException} when the store itself fails: that is not the record's fault.
 */
public interface ObjectStore extends AutoCloseable {
  /** Stores bytes; storing the same bytes twice costs nothing. */
  MediaRef put(byte[] bytes, String contentType);

  /** Stores a file's bytes; the file is left where it is. */
  MediaRef put(Path file, String contentType);

  /** Opens stored bytes. */
  InputStream open(MediaRef ref);

  /** Reads stored bytes whole; only for small things. */
  byte[] read(MediaRef ref);

  /** A local file that holds the bytes; read-only, there as long as the store is open. */
  Path localFile(MediaRef ref);

  /**
   * Whether these very bytes are here. For references that somebody outside sent: those of our own
   * are read, and a store that lacks them is damaged.
   */
  boolean holds(MediaRef ref);

  /** The result stored under the key, if it is there and its bytes are, too. */
  Optional<MediaRef> find(StepKey key);

  /**
   * Those of many results that are there: one question, where a store can ask it. Not a loop by
   * default: a store around another one would loop where that one asks once.
   */
  Map<StepKey, MediaRef> findAll(Collection<StepKey> keys);

  /** Stores a result under its key unless one is there; returns the one that is there now. */
  MediaRef putIfAbsent(StepKey key, MediaRef ref);

  /**
   * Waits until nobody else works on the step, then keeps others waiting until the lease is closed.
   * Who gets it looks the key up once more: the work may be done by now.
   *
   * <p>A lease saves work and decides nothing; results stay insert-if-absent. So a store that knows
   * no leases gives one at once, and one that is held for too long is not waited for any longer:
   * what is given then is not {@link Lease#held}, and nothing is bought under it. It ends with the
   * process that holds it, however that ends. Leases are taken from the outer step to the inner
   * one, never the other way round.
   */
  default Lease lease(StepKey key) {
    return () -> {};
  }

  @Override
  void close();
}
