package dev.reelbeam.stages.review;

import dev.reelbeam.model.project.ControlEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * Decisions about artifacts that have not come yet.
 *
 * @param untilMs when they are given up
 */
record EarlyEvents(List<ControlEvent> events, long untilMs) {
  /** More than these, and the oldest is given up. */
  static final int MOST = 16;

  static final EarlyEvents NONE = new EarlyEvents(List.of(), 0);

  EarlyEvents with(ControlEvent event, long newUntilMs) {
    List<ControlEvent> more = new ArrayList<>(events);
    more.add(event);
    if (more.size() > MOST) {
      more.remove(0);
    }
    return new EarlyEvents(List.copyOf(more), newUntilMs);
  }

  EarlyEvents without(String artifact) {
    return new EarlyEvents(
        events.stream().filter(event -> !artifact.equals(event.artifact())).toList(), untilMs);
  }

  boolean holds(String eventId) {
    return events.stream().anyMatch(event -> event.eventId().equals(eventId));
  }
}
