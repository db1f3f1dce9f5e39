package dev.reelbeam.clients.visual;

import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.Lease;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import dev.reelbeam.model.visual.Visual;
import java.io.Serializable;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Results of searches for 24 hours, as providers of stock ask for. An empty result is not kept:
 * somebody may upload what is missing. Equal searches at the same time are made once.
 */
public final class SearchCache {
  /** Raised whenever the same reply would be read differently. */
  private static final int VERSION = 1;

  private static final long DAY_MS = 86_400_000;

  private final ObjectStore store;
  private final Clock clock;

  /** Kept in the store, beside everything else that was found. */
  public SearchCache(ObjectStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Where it is kept. */
  ObjectStore store() {
    return store;
  }

  /** By which it forgets. */
  Clock clock() {
    return clock;
  }

  /** A search. */
  @FunctionalInterface
  interface Search {
    List<Visual> run() throws StageException;
  }

  /** What is stored. */
  record Found(long atMs, List<Visual> visuals) implements Serializable {}

  /**
   * What the search gave within the last 24 hours, else what it gives now.
   *
   * @param question everything that the result depends on
   */
  List<Visual> find(List<String> question, Search search) throws StageException {
    long nowMs = clock.millis();
    Optional<List<Visual>> known = known(question, nowMs);
    if (known.isPresent()) {
      return known.get();
    }
    StepKey key = key(question, nowMs / DAY_MS);
    try (Lease alone = store.lease(key)) {
      known = known(question, nowMs);
      if (known.isPresent()) {
        return known.get();
      }
      List<Visual> visuals = List.copyOf(search.run());
      if (!visuals.isEmpty()) {
        byte[] found = RecordJson.canonicalBytes(new Found(nowMs, visuals));
        MediaRef unused = store.putIfAbsent(key, store.put(found, "application/json"));
      }
      return visuals;
    }
  }

  /** Keys are for a day of the calendar, so that what is older is never looked at. */
  private Optional<List<Visual>> known(List<String> question, long nowMs) {
    for (long day = nowMs / DAY_MS; day >= nowMs / DAY_MS - 1; day--) {
      Optional<MediaRef> stored = store.find(key(question, day));
      if (stored.isPresent()) {
        Found found = RecordJson.read(store.read(stored.get()), Found.class);
        if (nowMs - found.atMs() < DAY_MS) {
          return Optional.of(found.visuals());
        }
      }
    }
    return Optional.empty();
  }

  private static StepKey key(List<String> question, long day) {
    return StepKey.of("search-visuals", VERSION, question, day);
  }
}
