package dev.reelbeam.clients.http;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The turns of one key within this process: so many calls in any minute, so many at once, given to
 * those who came first. Thread-safe.
 *
 * <p>Who finds no turn in time goes, and its place stays: it holds the others up for some seconds
 * more, in which whoever comes again is back, and keeps its rank for an hour. So nobody waits for
 * the ones that never return, and who does return stands before all that came later.
 *
 * <p>Not resilience4j's rate limiter and bulkhead: their lines know nobody who was there before.
 */
final class TurnLine {
  /** Who was told to come again is back by then. */
  static final Duration LATE = Duration.ofSeconds(10);

  /** How long the rank of somebody who is not back is remembered. */
  static final Duration REMEMBERED = Duration.ofHours(1);

  private static final long MINUTE_NS = Duration.ofMinutes(1).toNanos();

  private final LongSupplier clockNs;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private final TreeMap<Long, Standing> line = new TreeMap<>();
  private final Map<UUID, Standing> standing = new HashMap<>();
  private final Map<UUID, Long> out = new HashMap<>();
  private final Deque<Long> begunNs = new ArrayDeque<>();
  private long arrivals;

  /** What is said to who asked for a turn. */
  enum Answer {
    GIVEN,
    TOO_MANY_IN_A_MINUTE,
    TOO_MANY_AT_ONCE
  }

  /** A place in the line. */
  private static final class Standing {
    private final long number;

    /** Whether a thread waits on it now. */
    private boolean here;

    /** Until when others wait for it although nobody is here. */
    private long untilNs;

    Standing(long number) {
      this.number = number;
    }
  }

  TurnLine() {
    this(since(System.nanoTime()));
  }

  TurnLine(LongSupplier clockNs) {
    this.clockNs = clockNs;
  }

  private static LongSupplier since(long startNs) {
    return () -> System.nanoTime() - startNs;
  }

  /**
   * Stands in line from now on, whoever else comes while there is something to wait for first.
   *
   * @param away how long it is not worth asking; others wait for it so long and a moment more
   */
  void enter(UUID place, Duration away) {
    lock.lock();
    try {
      Standing mine = standingOf(place);
      mine.untilNs = Math.max(mine.untilNs, clockNs.getAsLong() + away.plus(LATE).toNanos());
    } finally {
      lock.unlock();
    }
  }

  /** Nobody gets a turn for so long: who waits has its place still when that is over. */
  void closedFor(Duration time) {
    lock.lock();
    try {
      long untilNs = clockNs.getAsLong() + time.plus(LATE).toNanos();
      line.values().stream()
          .filter(each -> each.here || each.untilNs > clockNs.getAsLong())
          .forEach(each -> each.untilNs = Math.max(each.untilNs, untilNs));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a turn; who gets one gives it back.
   *
   * @param limits how many calls of all there may be for this one to begin, in a minute and at once
   * @param patience how long it waits at the most
   */
  Answer take(UUID place, CallPolicy limits, Duration patience) throws InterruptedException {
    lock.lockInterruptibly();
    Standing mine = standingOf(place);
    mine.here = true;
    try {
      long endNs = clockNs.getAsLong() + patience.toNanos();
      while (true) {
        long nowNs = clockNs.getAsLong();
        forget(nowNs);
        int ahead = ahead(mine, nowNs);
        boolean full = out.size() + ahead >= limits.parallel();
        long turnNs = turnNs(limits.requestsPerMinute(), ahead, nowNs);
        if (!full && turnNs <= nowNs) {
          remove(place, mine);
          out.put(place, mine.number);
          begunNs.add(nowNs);
          changed.signalAll();
          return Answer.GIVEN;
        }
        if (nowNs >= endNs) {
          mine.untilNs = nowNs + LATE.toNanos();
          return turnNs > nowNs ? Answer.TOO_MANY_IN_A_MINUTE : Answer.TOO_MANY_AT_ONCE;
        }
        long nextNs = full ? endNs : Math.min(endNs, turnNs);
        // Somebody before it who is not here may be given up before.
        nextNs = Math.min(nextNs, nextGivenUpNs(mine, nowNs));
        long unused = changed.awaitNanos(Math.max(1_000_000, nextNs - nowNs));
      }
    } catch (InterruptedException e) {
      remove(place, mine);
      throw e;
    } finally {
      mine.here = false;
      changed.signalAll();
      lock.unlock();
    }
  }

  /** A call has come to its end. */
  void giveBack(UUID place) {
    lock.lock();
    try {
      out.remove(place);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Nothing was called in this turn: it counts for nobody, and its place is there again. */
  void giveBackUnused(UUID place) {
    lock.lock();
    try {
      Long number = out.remove(place);
      if (number != null) {
        boolean unused = begunNs.pollLast() != null;
        Standing mine = new Standing(number);
        mine.untilNs = clockNs.getAsLong() + LATE.toNanos();
        line.put(number, mine);
        standing.put(place, mine);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Nobody comes for this place again. */
  void leave(UUID place) {
    lock.lock();
    try {
      Standing mine = standing.get(place);
      if (mine != null) {
        remove(place, mine);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private Standing standingOf(UUID place) {
    return standing.computeIfAbsent(
        place,
        unused -> {
          Standing last = new Standing(arrivals++);
          line.put(last.number, last);
          return last;
        });
  }

  private void remove(UUID place, Standing mine) {
    standing.remove(place);
    line.remove(mine.number);
  }

  private void forget(long nowNs) {
    while (!begunNs.isEmpty() && begunNs.getFirst() + MINUTE_NS <= nowNs) {
      begunNs.removeFirst();
    }
    if (standing.values().removeIf(each -> isForgotten(each, nowNs))) {
      line.values().removeIf(each -> isForgotten(each, nowNs));
    }
  }

  private static boolean isForgotten(Standing each, long nowNs) {
    return !each.here && each.untilNs + REMEMBERED.toNanos() < nowNs;
  }

  private int ahead(Standing mine, long nowNs) {
    int ahead = 0;
    for (Standing each : line.headMap(mine.number).values()) {
      if (each.here || each.untilNs > nowNs) {
        ahead++;
      }
    }
    return ahead;
  }

  private long nextGivenUpNs(Standing mine, long nowNs) {
    long next = Long.MAX_VALUE;
    for (Standing each : line.headMap(mine.number).values()) {
      if (!each.here && each.untilNs > nowNs) {
        next = Math.min(next, each.untilNs);
      }
    }
    return next;
  }

  /** When the calls in a minute leave a turn behind so many others; not after now if they do. */
  private long turnNs(int perMinute, int ahead, long nowNs) {
    if (begunNs.size() + ahead < perMinute) {
      return nowNs;
    }
    List<Long> turns = new ArrayList<>(begunNs);
    for (int i = 0; i <= ahead; i++) {
      int before = turns.size() - perMinute;
      turns.add(before < 0 ? nowNs : Math.max(nowNs, turns.get(before) + MINUTE_NS));
    }
    return turns.get(turns.size() - 1);
  }
}
