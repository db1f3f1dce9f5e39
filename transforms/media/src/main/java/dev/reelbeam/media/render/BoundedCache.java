package dev.reelbeam.media.render;

import dev.reelbeam.model.failure.StageException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the most recently used values up to a number of bytes. Thread-safe; a value is made once
 * even if several threads ask for it at the same time, and a failure is not kept. Who waits for a
 * value waits for that value alone, and no longer than the segment that makes it has time.
 */
final class BoundedCache<K, V> {
  /** Makes a value. */
  interface Loader<K, V> {
    V load(K key) throws StageException;
  }

  private final long capacityBytes;
  private final ToLongFunction<V> weigher;
  private final Map<K, V> values = new LinkedHashMap<>(16, 0.75f, true);
  private final Turns<K> loading = new Turns<>();
  private long heldBytes;

  BoundedCache(long capacityBytes, ToLongFunction<V> weigher) {
    this.capacityBytes = capacityBytes;
    this.weigher = weigher;
  }

  /**
   * The value, made if it is not there.
   *
   * @param clock of the segment that asks
   */
  V get(K key, SegmentClock clock, Loader<K, V> loader) throws StageException {
    V known = find(key);
    if (known != null) {
      return known;
    }
    Turns.Turn<K> turn = loading.take(key, clock);
    try {
      known = find(key);
      if (known != null) {
        return known;
      }
      V made = loader.load(key);
      keep(key, made);
      return made;
    } finally {
      loading.end(turn);
    }
  }

  private synchronized @Nullable V find(K key) {
    return values.get(key);
  }

  private synchronized void keep(K key, V value) {
    long bytes = weigher.applyAsLong(value);
    if (bytes > capacityBytes) {
      return;
    }
    V before = values.put(key, value);
    // Who was given up may come back after all.
    heldBytes += before == null ? bytes : bytes - weigher.applyAsLong(before);
    Iterator<V> oldest = values.values().iterator();
    while (heldBytes > capacityBytes && oldest.hasNext()) {
      heldBytes -= weigher.applyAsLong(oldest.next());
      oldest.remove();
    }
  }

  synchronized void clear() {
    values.clear();
    heldBytes = 0;
  }
}
