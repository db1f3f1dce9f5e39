package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.Tracked;
import dev.reelbeam.model.port.Lease;
import dev.reelbeam.model.port.ProjectLedger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * Knows whether an element's epoch is over, and so whether it is worth any more work.
 *
 * <p>Asks the ledger at most once a second and project, for all fences of the process that look at
 * the same one ({@link ProjectLedger#identity}): a project passes some twenty of them. Who asks
 * about one whose answer is old asks about all whose answers are and that somebody has asked about
 * lately, so that thousands of projects that wait are a question or two a second. Thread-safe;
 * opened on each worker, with a ledger that stays the caller's own.
 */
public final class EpochFence implements AutoCloseable {
  /** For so long an answer of the ledger is believed: a cancel is seen at the latest after it. */
  public static final long CACHE_MS = 1_000;

  private static final int MAX_PROJECTS = 10_000;

  /** Who was asked about so lately will be again: longer than what waits is left alone. */
  static final long LATELY_MS = 5_000;

  private static final Map<Object, Answers> OPEN = new HashMap<>();

  private final ProjectLedger ledger;
  private final Object identity;
  private final LongSupplier clockMs;
  private final Answers seen;
  private boolean closed;

  /** What was answered, when, and when somebody wanted to know it last. */
  private record Seen(long epoch, long atMs, long askedMs) {
    boolean isOldAt(long nowMs) {
      return nowMs - atMs >= CACHE_MS;
    }
  }

  /** What a ledger answered last; its own lock guards it. */
  private static final class Answers extends LinkedHashMap<String, Seen> {
    private static final long serialVersionUID = 1L;
    private int users; // Guarded by OPEN.

    /** Whom somebody asks about at this moment. */
    private final transient Set<String> beingAsked = new HashSet<>();

    Answers() {
      super(16, 0.75f, /* accessOrder= */ true);
    }

    /** Whose answers are old, and somebody has asked about them lately. */
    Set<String> old(long nowMs) {
      Set<String> old = new TreeSet<>();
      forEach(
          (project, last) -> {
            if (last.isOldAt(nowMs)
                && nowMs - last.askedMs() < LATELY_MS
                && !beingAsked.contains(project)) {
              old.add(project);
            }
          });
      return old;
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
    Set<String> old;
    synchronized (seen) {
      Seen last = seen.get(project);
      if (last != null) {
        seen.put(project, new Seen(last.epoch(), last.atMs(), nowMs));
        if (last.epoch() > epoch || !last.isOldAt(nowMs)) {
          return last.epoch() > epoch;
        }
      }
      old = seen.old(nowMs);
      old.add(project);
      seen.beingAsked.addAll(old);
    }
    boolean isOver = false;
    try {
      Map<String, Long> current = ledger.epochs(old);
      synchronized (seen) {
        for (String one : old) {
          Seen last = seen.get(one);
          long askedMs = last == null || one.equals(project) ? nowMs : last.askedMs();
          // Of two that were asked at once the slower may have the older answer.
          long known = last == null ? 0 : last.epoch();
          long answered = current.getOrDefault(one, 0L);
          long newest = Math.max(known, answered);
          seen.put(one, new Seen(newest, nowMs, askedMs));
          isOver |= one.equals(project) && newest > epoch;
        }
      }
      return isOver;
    } finally {
      synchronized (seen) {
        seen.beingAsked.removeAll(old);
      }
    }
  }
}
