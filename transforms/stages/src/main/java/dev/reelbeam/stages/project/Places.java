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
 * @param taken by project the epoch in which it was begun here, or {@link #BEGUN_ELSEWHERE}; of all
 *     active projects, so more than there are places after edits, which wait for none
 * @param backlog whether drafts wait in the ledger
 * @param hands newest number of each {@link Begun#by}, which sort by age; the last {@value
 *     #MOST_HANDS}
 * @param twins how often a project that holds a place was begun again because it was silent; state
 *     of a job from before that has none
 */
record Places(
    Map<String, Long> taken,
    boolean backlog,
    Map<String, Long> hands,
    @Nullable Map<String, Integer> twins) {
  /**
   * A hand is one start of the operator. What was begun so many starts ago and still waits at a
   * gate is taken for lost and sent through once more, which does no harm.
   */
  static final int MOST_HANDS = 64;

  /** In the place of the epoch in which a project was begun: it has its place from elsewhere. */
  static final long BEGUN_ELSEWHERE = 0;

  static final Places EMPTY = new Places(Map.of(), false, Map.of(), null);

  Places(
      Map<String, Long> taken,
      boolean backlog,
      @Nullable Map<String, Long> hands,
      @Nullable Map<String, Integer> twins) {
    this.taken = taken;
    this.backlog = backlog;
    this.hands = hands == null ? Map.of() : hands;
    this.twins = twins == null || twins.isEmpty() ? null : twins;
  }

  /** How often a project was begun again because it was silent. */
  int twinsOf(String project) {
    return twins == null ? 0 : twins.getOrDefault(project, 0);
  }

  Places withTwins(String project, int times) {
    Map<String, Integer> more = new TreeMap<>(twins == null ? Map.of() : twins);
    more.put(project, times);
    return new Places(taken, backlog, hands, Collections.unmodifiableMap(more));
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
        Collections.unmodifiableMap(more), backlog, Collections.unmodifiableMap(counted), twins);
  }

  /**
   * Only those that still hold their place, and those that have one again, because a gate has let
   * them go on, or an edit is about to come.
   */
  Places of(Set<String> still, Set<String> again) {
    Map<String, Long> now = new TreeMap<>(taken);
    now.keySet().retainAll(still);
    again.forEach(project -> now.putIfAbsent(project, BEGUN_ELSEWHERE));
    Map<String, Integer> silent = new TreeMap<>(twins == null ? Map.of() : twins);
    silent.keySet().retainAll(now.keySet());
    return new Places(
        Collections.unmodifiableMap(now), backlog, hands, Collections.unmodifiableMap(silent));
  }

  Places withBacklog(boolean newBacklog) {
    return new Places(taken, newBacklog, hands, twins);
  }

  /** Whether nothing is to be counted. The hands are remembered all the same. */
  boolean isIdle() {
    return taken.isEmpty() && !backlog;
  }
}
