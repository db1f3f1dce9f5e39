package dev.reelbeam.clients.store;

import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The upper level of a store: step key to reference, insert-if-absent. Thread-safe. */
public interface ResultKeys extends AutoCloseable {
  Optional<MediaRef> find(StepKey key);

  /** Those of many that are there. */
  default Map<StepKey, MediaRef> findAll(Collection<StepKey> keys) {
    Map<StepKey, MediaRef> found = new HashMap<>();
    for (StepKey key : keys) {
      find(key).ifPresent(ref -> found.put(key, ref));
    }
    return found;
  }

  /** Keeps the reference unless there is one; returns the one that is there now. */
  MediaRef putIfAbsent(StepKey key, MediaRef ref);

  /** Puts a reference in place of one whose bytes are lost, unless somebody else just did. */
  MediaRef replace(StepKey key, MediaRef lost, MediaRef ref);

  @Override
  void close();
}
