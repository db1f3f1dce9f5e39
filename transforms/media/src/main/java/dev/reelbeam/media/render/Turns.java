package dev.reelbeam.media.render;

import dev.reelbeam.model.failure.StageException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * Work of which each kind is done by one thread at a time. Unlike a lock, a turn ends by itself
 * when the segment that has it is past all its time: a decoder that hangs keeps its own segment
 * from its end, not those of everybody else. Thread-safe.
 */
final class Turns<K> {
  private final Map<K, Turn<K>> taken = new HashMap<>();

  /**
   * A turn that somebody has.
   *
   * @param clock of the segment that has it
   * @param ended opens when it is given back
   */
  record Turn<K>(K key, SegmentClock clock, CountDownLatch ended) {}

  /**
   * Waits until nobody has the turn, or whoever has it does not come back.
   *
   * @param clock of the segment that wants it
   * @return to be given to {@link #end}
   * @throws StageException 3032 if the segment's time was over before
   */
  Turn<K> take(K key, SegmentClock clock) throws StageException {
    while (true) {
      Turn<K> other;
      synchronized (this) {
        other = taken.get(key);
        if (other == null || other.clock().leftNanos() < 0) {
          Turn<K> own = new Turn<>(key, clock, new CountDownLatch(1));
          taken.put(key, own);
          return own;
        }
      }
      clock.await(other.ended());
    }
  }

  /** Gives a turn back; without effect for one that was taken over meanwhile. */
  void end(Turn<K> turn) {
    synchronized (this) {
      if (taken.get(turn.key()) == turn) {
        taken.remove(turn.key());
      }
    }
    turn.ended().countDown();
  }
}
