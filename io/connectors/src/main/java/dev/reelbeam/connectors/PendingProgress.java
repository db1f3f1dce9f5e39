package dev.reelbeam.connectors;

import dev.reelbeam.model.project.ProgressBoard;
import dev.reelbeam.model.project.ProgressEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Progress that is still to be told: one merged event of each project. Not thread-safe. */
final class PendingProgress {
  /** Far more than a worker has under way; what is kept for a service that is away is bounded. */
  static final int MOST_KEPT = 10_000;

  private Map<String, ProgressEvent> waiting = new LinkedHashMap<>();

  void add(ProgressEvent event) {
    waiting.merge(event.project(), event, ProgressBoard::merge);
  }

  /** What was taken and could not be told: it is behind what came since. */
  void putBack(ProgressEvent event) {
    if (waiting.size() < MOST_KEPT || waiting.containsKey(event.project())) {
      waiting.merge(event.project(), event, (newer, older) -> ProgressBoard.merge(older, newer));
    }
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Everything, in the order in which projects were first heard of; nothing is left. */
  List<ProgressEvent> take() {
    List<ProgressEvent> events = new ArrayList<>(waiting.values());
    waiting = new LinkedHashMap<>();
    return events;
  }
}
