package dev.reelbeam.stages.project;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The projects that hold a place of a lane.
 *
 * @param taken epoch by project
 * @param backlog whether drafts wait in the ledger
 */
record Places(Map<String, Long> taken, boolean backlog) {
  static final Places EMPTY = new Places(Map.of(), false);

  Places with(String project, long epoch) {
    Map<String, Long> more = new TreeMap<>(taken);
    more.put(project, epoch);
    return new Places(Collections.unmodifiableMap(more), backlog);
  }

  /** Only those that still hold their place. */
  Places onlyOf(Set<String> projects) {
    Map<String, Long> rest = new TreeMap<>(taken);
    rest.keySet().retainAll(projects);
    return new Places(Collections.unmodifiableMap(rest), backlog);
  }

  Places withBacklog(boolean newBacklog) {
    return new Places(taken, newBacklog);
  }

  boolean isEmpty() {
    return taken.isEmpty() && !backlog;
  }
}
