package dev.reelbeam.clients.store;

import dev.reelbeam.clients.config.S3Settings;
import dev.reelbeam.model.json.RecordJson;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What this process saw of the objects of a bucket: which are there, and what small ones hold.
 *
 * <p>Bytes are named by their hash, so what was seen stays right; nothing removes an object while a
 * job runs, and one that is missed all the same is forgotten. One for all stores of the same
 * settings: each stage opens its own, and reads what the one before it wrote. Bounded. Thread-safe.
 */
final class SeenObjects {
  private static final int MOST_KNOWN = 100_000;
  private static final int MOST_BYTES_OF_ONE = 128 << 10;
  private static final long MOST_BYTES = 16L << 20;

  private static final Map<String, SeenObjects> OPEN = new HashMap<>();

  // Guarded by this.
  private final Map<String, Boolean> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > MOST_KNOWN;
        }
      };

  private final LinkedHashMap<String, byte[]> small = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  SeenObjects() {}

  static SeenObjects of(S3Settings settings) {
    String id = RecordJson.sha256(List.of(settings.toString()));
    synchronized (OPEN) {
      return OPEN.computeIfAbsent(id, unused -> new SeenObjects());
    }
  }

  synchronized boolean isThere(String sha256) {
    return known.containsKey(sha256);
  }

  synchronized void saw(String sha256) {
    known.put(sha256, true);
  }

  /** It is there and holds this. */
  synchronized void saw(String sha256, byte[] content) {
    saw(sha256);
    if (content.length > MOST_BYTES_OF_ONE) {
      return;
    }
    byte[] before = small.put(sha256, content.clone());
    bytes += content.length - (before == null ? 0 : before.length);
    var eldest = small.entrySet().iterator();
    while (bytes > MOST_BYTES) {
      bytes -= eldest.next().getValue().length;
      eldest.remove();
    }
  }

  /** A copy of what it holds, null when that is not kept here. */
  synchronized byte @Nullable [] content(String sha256) {
    byte[] content = small.get(sha256);
    return content == null ? null : content.clone();
  }

  synchronized void missed(String sha256) {
    known.remove(sha256);
    byte[] content = small.remove(sha256);
    bytes -= content == null ? 0 : content.length;
  }
}
