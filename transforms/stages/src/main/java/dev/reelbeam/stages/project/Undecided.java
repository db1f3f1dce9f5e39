package dev.reelbeam.stages.project;

import dev.reelbeam.model.project.ControlEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * Decisions that were left to a gate of the job, and are looked at again.
 *
 * @param events oldest first
 * @param looks how often they were looked at since the last of them came
 */
record Undecided(List<ControlEvent> events, int looks) {
  /** More than these, and the oldest is left to the gate alone. */
  static final int MOST = 16;

  /**
   * For an hour and a half altogether. A gate hears an event as soon as the desk, unless it is
   * behind, as after a long restart; mostly it has answered by the first look, which is the last
   * one then.
   */
  static final int MOST_LOOKS = 7;

  private static final long FIRST_PAUSE_MS = 5_000;

  static final Undecided NONE = new Undecided(List.of(), 0);

  /** How long to wait for the next look: three times as long as for the one before. */
  long pauseMs() {
    long pauseMs = FIRST_PAUSE_MS;
    for (int i = 0; i < looks; i++) {
      pauseMs *= 3;
    }
    return pauseMs;
  }

  /** What is left to be looked at once more. */
  Undecided lookedAt(List<ControlEvent> left) {
    return new Undecided(List.copyOf(left), looks + 1);
  }

  /** With one more; an event that comes again is the same event. */
  Undecided with(ControlEvent event) {
    List<ControlEvent> more = new ArrayList<>();
    for (ControlEvent known : events) {
      if (!known.eventId().equals(event.eventId())) {
        more.add(known);
      }
    }
    more.add(event);
    if (more.size() > MOST) {
      more.remove(0);
    }
    return new Undecided(List.copyOf(more), 0);
  }
}
