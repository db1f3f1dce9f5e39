package dev.reelbeam.stages.flow;

import dev.reelbeam.model.failure.Stage;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.Fence;
import dev.reelbeam.model.port.Lease;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Finds results before they are made: the one way in which stages use the store. What two workers,
 * or two processes with one store, want at the same time is made by one of them.
 */
public final class Artifacts {
  private final ObjectStore store;
  private final Progress progress;

  public Artifacts(ObjectStore store, Progress progress) {
    this.store = store;
    this.progress = progress;
  }

  /** Makes a result; only called when it was not found. */
  @FunctionalInterface
  public interface Maker<T> {
    T make() throws StageException;
  }

  /** A result and whether it was found. */
  public record Outcome<T>(T value, MediaRef ref, boolean found) {}

  public ObjectStore store() {
    return store;
  }

  /** A record stored as JSON under the key, made when it is not there. */
  public <T> Outcome<T> record(Stage stage, String kind, StepKey key, Class<T> type, Maker<T> maker)
      throws StageException {
    return record(stage, kind, key, type, maker, made -> true);
  }

  /** The same, kept only if it is worth it; else it is made anew the next time. */
  public <T> Outcome<T> record(
      Stage stage, String kind, StepKey key, Class<T> type, Maker<T> maker, Predicate<T> worthIt)
      throws StageException {
    Optional<MediaRef> there = store.find(key);
    if (there.isPresent()) {
      progress.artifact(stage, kind, true);
      return new Outcome<>(read(there.get(), type), there.get(), true);
    }
    try (Lease alone = Fence.within(store.lease(key))) {
      there = store.find(key);
      if (there.isEmpty()) {
        alone.requireHarmless();
        T made = maker.make();
        progress.artifact(stage, kind, false);
        MediaRef stored = putRecord(made);
        MediaRef ref = worthIt.test(made) ? store.putIfAbsent(key, stored) : stored;
        // The loser of a race reads the winner's result, so that everybody goes on with the same.
        return new Outcome<>(read(ref, type), ref, false);
      }
    }
    // Somebody else made it while this one waited.
    progress.artifact(stage, kind, true);
    return new Outcome<>(read(there.get(), type), there.get(), true);
  }

  /** Bytes stored under the key, made when they are not there. */
  public Outcome<MediaRef> bytes(Stage stage, String kind, StepKey key, Maker<MediaRef> maker)
      throws StageException {
    Optional<MediaRef> there = store.find(key);
    if (there.isEmpty()) {
      try (Lease alone = Fence.within(store.lease(key))) {
        there = store.find(key);
        if (there.isEmpty()) {
          alone.requireHarmless();
          progress.artifact(stage, kind, false);
          MediaRef ref = store.putIfAbsent(key, maker.make());
          return new Outcome<>(ref, ref, false);
        }
      }
    }
    progress.artifact(stage, kind, true);
    return new Outcome<>(there.get(), there.get(), true);
  }

  /** Stores a record as canonical JSON. */
  public MediaRef putRecord(Object value) {
    return store.put(RecordJson.canonicalBytes(value), "application/json");
  }

  /** Reads a record stored as JSON. */
  public <T> T read(MediaRef ref, Class<T> type) {
    return RecordJson.read(store.read(ref), type);
  }
}
