package dev.reelbeam.connectors;

import dev.reelbeam.clients.ledger.PostgresProgress;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.project.ProgressBoard;
import dev.reelbeam.model.project.ProgressEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Progress that is still to be told: one merged event of each project. Not thread-safe. */
final class PendingProgress {
  /** Far more than a worker has under way; what is kept for a service that is away is bounded. */
  static final int MOST_KEPT = 10_000;

  private static final long REST_MS = 50;

  private static final Logger log = LoggerFactory.getLogger(PendingProgress.class);

  private Map<String, ProgressEvent> waiting = new LinkedHashMap<>();

  void add(ProgressEvent event) {
    if (waiting.size() < MOST_KEPT || waiting.containsKey(event.project())) {
      waiting.merge(event.project(), event, ProgressBoard::merge);
    }
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
   * @param tell takes one into what is shown
   * @return those to be told once more, because a service was away; what is refused is given up
   */
  static List<ProgressEvent> tell(List<ProgressEvent> events, Consumer<ProgressEvent> tell) {
    List<ProgressEvent> untold = new ArrayList<>();
    for (ProgressEvent event : events) {
      try {
        tell.accept(event);
      } catch (RuntimeException e) {
        boolean later = mayPass(e);
        // Progress is worth less than the work; but an event may be the last of its project.
        log.warn(
            "progress of {} is not told{}: {}",
            event.project(),
            later ? " yet" : "",
            e.getMessage());
        if (later) {
          untold.add(event);
        }
      }
    }
    return untold;
  }

  /**
   * Says what stands to whoever listens; it is there when this returns. What the service refuses it
   * refuses again: that is told in one line and given up.
   *
   * @param send says one without waiting
   * @param flush until what was said is there
   * @throws StoreException when the service is away: all of it is to be said once more
   */
  static <T> void say(List<T> standing, Consumer<T> send, Runnable flush) {
    for (T one : standing) {
      orGivenUp(1, () -> send.accept(one));
    }
    orGivenUp(standing.size(), flush);
  }

  /**
   * Tells until nothing is left, or the time is up.
   *
   * @param tell one round: how many it told, empty if another worker is at it or it failed
   */
  static void tellRest(Supplier<OptionalInt> tell, Duration patience) {
    long untilNs = System.nanoTime() + patience.toNanos();
    OptionalInt told = tell.get();
    while (told.orElse(PostgresProgress.MOST_TOLD) >= PostgresProgress.MOST_TOLD
        && System.nanoTime() < untilNs) {
      if (told.isEmpty()) {
        try {
          TimeUnit.MILLISECONDS.sleep(REST_MS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
      told = tell.get();
    }
  }

  private static void orGivenUp(int projects, Runnable saying) {
    try {
      saying.run();
    } catch (RuntimeException e) {
      if (mayPass(e)) {
        throw e;
      }
      log.warn("progress of {} projects is not sent: {}", projects, e.getMessage());
    }
  }

  private static boolean mayPass(RuntimeException e) {
    return e instanceof StoreException failure
        && switch (failure.code()) {
          case KAFKA_REFUSED, TOPIC_MISSING, MESSAGE_TOO_LARGE -> false;
          default -> !failure.isOfOneElement();
        };
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
