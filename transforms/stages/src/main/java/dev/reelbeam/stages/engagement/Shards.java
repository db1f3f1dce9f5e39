package dev.reelbeam.stages.engagement;

/**
 * Keys of the keyed state. Videos and days share a few keys, and what goes to one of them travels
 * as one block of bytes: a shuffle then costs by the bundle and not by the snapshot, and one timer
 * serves thousands of videos.
 */
final class Shards {
  /** For ever: state is found by it. Bounds the parallelism, too. */
  static final int COUNT = 128;

  private Shards() {}

  static int of(String key, int count) {
    int hash = key.hashCode();
    // Ids that differ in their last characters only would otherwise meet.
    hash ^= hash >>> 16;
    hash *= 0x45d9f3b;
    hash ^= hash >>> 16;
    return Math.floorMod(hash, count);
  }
}
