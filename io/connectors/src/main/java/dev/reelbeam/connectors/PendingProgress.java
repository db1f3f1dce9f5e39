package dev.reelbeam.connectors;

import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.project.ProgressBoard;
import dev.reelbeam.model.project.ProgressEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Progress that is still to be told: one merged event of each project. Not thread-safe. */
final class PendingProgress {
  /** Far more than a worker has under way; what is kept for a service that is away is bounded. */
  static final int MOST_KEPT = 10_000;

  private static final Logger log = LoggerFactory.getLogger(PendingProgress.class);

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

  /**
   * Tells of events, each for itself.
   *
   * @param take takes one into what is shown, and returns that
   * @param send says it to whoever listens, without waiting
   * @param flush until what was said is there
   * @return those to be told once more, because a service was away; what is refused is given up
   */
  static List<ProgressEvent> tell(
      List<ProgressEvent> events,
      Function<ProgressEvent, Optional<ProgressEvent>> take,
      Consumer<ProgressEvent> send,
      Runnable flush) {
    List<ProgressEvent> untold = new ArrayList<>();
    List<ProgressEvent> said = new ArrayList<>();
    for (ProgressEvent event : events) {
      try {
        take.apply(event).ifPresent(send);
        said.add(event);
      } catch (RuntimeException e) {
        boolean later = e instanceof StoreException away && !away.isOfOneElement();
        // Progress is worth less than the work; but an event may be the last of its project.
        log.warn(
            "progress of {} is not shown{}: {}",
            event.project(),
            later ? " yet" : "",
            e.getMessage());
        if (later) {
          untold.add(event);
        }
      }
    }
    try {
      flush.run();
    } catch (RuntimeException e) {
      log.warn("progress of {} projects is not told yet: {}", said.size(), e.getMessage());
      untold.addAll(said);
    }
    return untold;
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
