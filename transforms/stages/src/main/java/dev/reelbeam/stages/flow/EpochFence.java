package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.port.Lease;
import dev.reelbeam.model.port.ProjectLedger;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Knows whether an element's epoch is over, and so whether it is worth any more work.
 *
 * <p>Asks the ledger at most once a second and project, for all fences of the process that look at
 * the same one ({@link ProjectLedger#identity}): a project passes some twenty of them. Thread-safe;
 * opened on each worker, with a ledger that stays the caller's own.
 */
public final class EpochFence implements AutoCloseable {
  /** For so long an answer of the ledger is believed: a cancel is seen at the latest after it. */
  public static final long CACHE_MS = 1_000;

  private static final int MAX_PROJECTS = 10_000;

  private static final Map<Object, Answers> OPEN = new HashMap<>();

  private final ProjectLedger ledger;
  private final Object identity;
  private final LongSupplier clockMs;
  private final Answers seen;
  private boolean closed;

  private record Seen(long epoch, long atMs) {}

  /** What a ledger answered last; its own lock guards it. */
  private static final class Answers extends LinkedHashMap<String, Seen> {
    private static final long serialVersionUID = 1L;
    private int users; // Guarded by OPEN.

    Answers() {
      super(16, 0.75f, /* accessOrder= */ true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) {
      return size() > MAX_PROJECTS;
    }
  }

  private EpochFence(ProjectLedger ledger, LongSupplier clockMs) {
    this.ledger = ledger;
    this.identity = ledger.identity();
    this.clockMs = clockMs;
    synchronized (OPEN) {
      seen = OPEN.computeIfAbsent(identity, unused -> new Answers());
      seen.users++;
    }
  }

  /** A fence that asks this ledger, which has to be open until the fence is closed. */
  public static EpochFence open(ProjectLedger ledger) {
    return open(ledger, () -> System.nanoTime() / 1_000_000);
  }

  static EpochFence open(ProjectLedger ledger, LongSupplier clockMs) {
    return new EpochFence(ledger, clockMs);
  }

  @Override
  public void close() {
    synchronized (OPEN) {
      if (!closed) {
        closed = true;
        seen.users--;
        if (seen.users == 0) {
          OPEN.remove(identity);
        }
      }
    }
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
