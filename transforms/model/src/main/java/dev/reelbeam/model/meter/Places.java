package dev.reelbeam.model.meter;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The places that a request has in lines for turns, kept from one attempt to the next: who was told
 * to come again stands where it stood. Thread-safe.
 *
 * <p>Calls of one request are alike to each other: whichever comes first takes the oldest place
 * that is kept.
 */
public final class Places {
  // Guarded by this.
  private final Map<String, TreeMap<Long, UUID>> kept = new HashMap<>();
  private final Map<UUID, Long> ages = new HashMap<>();
  private long next;

  /**
   * The oldest place that is kept at a door; a new one if none is.
   *
   * @param door names whose turns they are
   */
  public synchronized UUID take(String door) {
    TreeMap<Long, UUID> places = kept.get(door);
    Map.Entry<Long, UUID> oldest = places == null ? null : places.pollFirstEntry();
    return oldest == null ? UUID.randomUUID() : oldest.getValue();
  }

  /** A call got no turn: its place is taken again by the next attempt. */
  public synchronized void keep(String door, UUID place) {
    kept.computeIfAbsent(door, name -> new TreeMap<>())
        .put(ages.computeIfAbsent(place, unused -> next++), place);
  }
}
