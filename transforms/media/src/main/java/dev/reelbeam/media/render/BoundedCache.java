package dev.reelbeam.media.render;

import dev.reelbeam.model.failure.StageException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the most recently used values up to a number of bytes. Thread-safe; a value is made once
 * even if several threads ask for it at the same time, and a failure is not kept.
 */
final class BoundedCache<K, V> {
  /** Makes a value. */
  interface Loader<K, V> {
    V load(K key) throws StageException;
  }

  private static final int STRIPES = 32;

  private final long capacityBytes;
  private final ToLongFunction<V> weigher;
  private final Map<K, V> values = new LinkedHashMap<>(16, 0.75f, true);
  private final Object[] stripes = new Object[STRIPES];
  private long heldBytes;

  BoundedCache(long capacityBytes, ToLongFunction<V> weigher) {
    this.capacityBytes = capacityBytes;
    this.weigher = weigher;
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new Object();
    }
  }

  V get(K key, Loader<K, V> loader) throws StageException {
    synchronized (stripes[Math.floorMod(key.hashCode(), STRIPES)]) {
      V known = find(key);
      if (known != null) {
        return known;
      }
      V made = loader.load(key);
      keep(key, made);
      return made;
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
    values.put(key, value);
    heldBytes += bytes;
    Iterator<V> oldest = values.values().iterator();
    while (heldBytes > capacityBytes && oldest.hasNext()) {
      heldBytes -= weigher.applyAsLong(oldest.next());
      oldest.remove();
    }
  }

  synchronized long heldBytes() {
    return heldBytes;
  }

  synchronized void clear() {
    values.clear();
    heldBytes = 0;
  }
}
