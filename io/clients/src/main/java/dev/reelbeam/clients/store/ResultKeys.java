package dev.reelbeam.clients.store;

import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import java.util.Optional;

/** The upper level of a store: step key to reference, insert-if-absent. Thread-safe. */
public interface ResultKeys extends AutoCloseable {
  Optional<MediaRef> find(StepKey key);

  /** Keeps the reference unless there is one; returns the one that is there now. */
  MediaRef putIfAbsent(StepKey key, MediaRef ref);

  /** Puts a reference in place of one whose bytes are lost, unless somebody else just did. */
  MediaRef replace(StepKey key, MediaRef lost, MediaRef ref);

  @Override
  void close();
}
