package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.port.Lease;
import dev.reelbeam.model.port.ProjectLedger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Knows whether an element's epoch is over, and so whether it is worth any more work.
 *
 * <p>Asks the ledger at most once a second and project. Thread-safe; opened on each worker.
 */
public final class EpochFence {
  /** For so long an answer of the ledger is believed: a cancel is seen at the latest after it. */
  public static final long CACHE_MS = 1_000;

  private static final int MAX_PROJECTS = 1_000;

  private final ProjectLedger ledger;
  private final LongSupplier clockMs;
  private final Map<String, Seen> seen =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) {
          return size() > MAX_PROJECTS;
        }
      };

  private record Seen(long epoch, long atMs) {}

  public EpochFence(ProjectLedger ledger) {
    this(ledger, () -> System.nanoTime() / 1_000_000);
  }

  EpochFence(ProjectLedger ledger, LongSupplier clockMs) {
    this.ledger = ledger;
    this.clockMs = clockMs;
  }

  /** Whether the element belongs to an epoch that is over. */
  public boolean isOver(Tracked element) {
    return isOver(element.recordKey().recordId(), element.epoch());
  }

  /** Held as long as the element's epoch is not over; for {@link dev.reelbeam.model.port.Fence}. */
  public Lease during(Tracked element) {
    return new Lease() {
      @Override
      public boolean held() {
        return !isOver(element);
      }

      @Override
      public void close() {}
    };
  }

  /** Whether this epoch of a project is over; 0 never is. */
  public boolean isOver(String project, long epoch) {
    if (epoch == 0) {
      return false;
    }
    long nowMs = clockMs.getAsLong();
    synchronized (seen) {
      Seen last = seen.get(project);
      if (last != null && (last.epoch() > epoch || nowMs - last.atMs() < CACHE_MS)) {
        return last.epoch() > epoch;
      }
    }
    long current = ledger.epoch(project);
    synchronized (seen) {
      seen.put(project, new Seen(current, nowMs));
    }
    return current > epoch;
  }
}
