package dev.reelbeam.stages.project;

import dev.reelbeam.model.project.Begun;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The projects that hold a place of a lane, and how far each hand has counted that began some.
 *
 * @param taken by project the epoch in which it was begun here, or {@link #BEGUN_ELSEWHERE}
 * @param backlog whether drafts wait in the ledger
 * @param hands newest number of each {@link Begun#by}, which sort by age; the last {@value
 *     #MOST_HANDS}
 */
record Places(Map<String, Long> taken, boolean backlog, Map<String, Long> hands) {
  /**
   * A hand is one start of the operator. What was begun so many starts ago and still waits at a
   * gate is taken for lost and sent through once more, which does no harm.
   */
  static final int MOST_HANDS = 64;

  /** In the place of the epoch in which a project was begun: it has its place from elsewhere. */
  static final long BEGUN_ELSEWHERE = 0;

  static final Places EMPTY = new Places(Map.of(), false, Map.of());

  Places(Map<String, Long> taken, boolean backlog, @Nullable Map<String, Long> hands) {
    this.taken = taken;
    this.backlog = backlog;
    this.hands = hands == null ? Map.of() : hands;
  }

  /** The next number of a hand. */
  Begun next(String hand) {
    return new Begun(hand, hands.getOrDefault(hand, 0L) + 1);
  }

  /** With a place for a project that a hand began. */
  Places with(String project, long epoch, Begun begun) {
    Map<String, Long> more = new TreeMap<>(taken);
    more.put(project, epoch);
    TreeMap<String, Long> counted = new TreeMap<>(hands);
    counted.put(begun.by(), begun.number());
    while (counted.size() > MOST_HANDS) {
      counted.pollFirstEntry();
    }
    return new Places(
        Collections.unmodifiableMap(more), backlog, Collections.unmodifiableMap(counted));
  }

  /**
   * Only those that still hold their place, and those that have one again, because a gate has let
   * them go on, or an edit is about to come.
   */
  Places of(Set<String> still, Set<String> again) {
    Map<String, Long> now = new TreeMap<>(taken);
    now.keySet().retainAll(still);
    again.forEach(project -> now.putIfAbsent(project, BEGUN_ELSEWHERE));
    return new Places(Collections.unmodifiableMap(now), backlog, hands);
  }

  Places withBacklog(boolean newBacklog) {
    return new Places(taken, newBacklog, hands);
  }

  /** Whether nothing is to be counted. The hands are remembered all the same. */
  boolean isIdle() {
    return taken.isEmpty() && !backlog;
  }
}
