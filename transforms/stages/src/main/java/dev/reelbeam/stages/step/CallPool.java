package dev.reelbeam.stages.step;

import dev.reelbeam.stages.flow.Urgency;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The calls to one provider that are out from this worker process: a bounded number at once, as
 * many again in line, and no more. Thread-safe.
 *
 * <p>The most urgent in line goes first, and the low lane leaves a quarter of the places to others,
 * where there are four or more: a live call waits for none of it. What is less urgent does not fill
 * the line for what is more urgent either. Threads that work for the low lane have the least
 * priority, where the JVM honours that.
 *
 * <p>One pool per provider, shared by every task of the process; it ends when the last one closes
 * it. A call is known by its id until its result is taken, so that a task which was restored meets
 * a call of its former life instead of making it twice. A result that nobody takes for {@value
 * #FORGET_MS} ms is forgotten: its task lives elsewhere now and asks again.
 */
final class CallPool implements AutoCloseable {
  static final long FORGET_MS = 600_000;

  private static final Map<String, CallPool> OPEN = new HashMap<>();

  private final String provider;
  private final int inFlight;
  private final int lowAtOnce;
  private final ExecutorService executor;
  private final Map<String, Call<?>> calls = new ConcurrentHashMap<>();
  private int users;

  // Guarded by this.
  private final PriorityQueue<Call<?>> line =
      new PriorityQueue<>(
          Comparator.<Call<?>>comparingInt(call -> call.rank)
              .thenComparingLong(call -> call.number));
  private final int[] pending = new int[Urgency.LOW + 1];
  private int running;
  private int lowRunning;
  private long arrivals;

  private CallPool(String provider, int inFlight) {
    this.provider = provider;
    this.inFlight = inFlight;
    this.lowAtOnce = inFlight - inFlight / 4;
    AtomicInteger number = new AtomicInteger();
    executor =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            work -> {
              Thread thread = new Thread(work, "call-" + provider + "-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /** The pool of a provider; whoever opens it closes it. The first one decides on its size. */
  static CallPool open(String provider, int inFlight) {
    synchronized (OPEN) {
      int atOnce =
          inFlight == AwaitSettings.CORES ? Runtime.getRuntime().availableProcessors() : inFlight;
      CallPool pool = OPEN.computeIfAbsent(provider, name -> new CallPool(name, atOnce));
      pool.users++;
      return pool;
    }
  }

  @Override
  public void close() {
    synchronized (OPEN) {
      users--;
      if (users == 0) {
        OPEN.remove(provider);
        executor.shutdownNow();
      }
    }
  }

  /** A call that is out, or whose result waits to be taken. */
  static final class Call<T> extends FutureTask<T> {
    private final int rank;
    private final long number;
    private volatile long endedNs;

    Call(Callable<T> work, int rank, long number) {
      super(work);
      this.rank = rank;
      this.number = number;
    }

    @Override
    protected void done() {
      endedNs = System.nanoTime();
    }

    private boolean isForgotten(long nowNs) {
      return isDone() && nowNs - endedNs > FORGET_MS * 1_000_000;
    }
  }

  /**
   * Begins a call, or meets the one that has this id; null when the line is full.
   *
   * @param rank of its {@link Urgency}
   */
  <T> @Nullable Call<T> begin(String id, int rank, Callable<T> work) {
    Call<T> known = find(id);
    if (known != null) {
      return known;
    }
    Call<T> call;
    synchronized (this) {
      int before = 0;
      for (int urgent = 0; urgent <= rank; urgent++) {
        before += pending[urgent];
      }
      if (before >= 2 * Math.max(1, inFlight)) {
        long nowNs = System.nanoTime();
        calls.values().removeIf(old -> old.isForgotten(nowNs));
        return null;
      }
      pending[rank]++;
      call = new Call<>(work, rank, arrivals++);
      calls.put(id, call);
      if (inFlight > 0) {
        line.add(call);
        fill();
        return call;
      }
    }
    try {
      call.run();
    } finally {
      synchronized (this) {
        pending[rank]--;
      }
    }
    return call;
  }

  /** Starts what there is room for. Under the lock. */
  private void fill() {
    while (running < inFlight) {
      Call<?> next = line.peek();
      if (next == null || (next.rank == Urgency.LOW && lowRunning >= lowAtOnce)) {
        return;
      }
      line.remove();
      running++;
      if (next.rank == Urgency.LOW) {
        lowRunning++;
      }
      executor.execute(() -> run(next));
    }
  }

  private void run(Call<?> call) {
    Thread.currentThread()
        .setPriority(call.rank == Urgency.LOW ? Thread.MIN_PRIORITY : Thread.NORM_PRIORITY);
    try {
      call.run();
    } finally {
      // Not before the thread is free: a call that was given up may still hold it.
      synchronized (this) {
        running--;
        if (call.rank == Urgency.LOW) {
          lowRunning--;
        }
        pending[call.rank]--;
        if (!executor.isShutdown()) {
          fill();
        }
      }
    }
  }

  /** The call of this id; null when there is none here. */
  @SuppressWarnings("unchecked") // An id belongs to one transform, and so to one type.
  <T> @Nullable Call<T> find(String id) {
    return (Call<T>) calls.get(id);
  }

  /** Forgets a call whose result was taken, or gives it up. */
  void forget(String id) {
    Call<?> call = calls.remove(id);
    if (call != null) {
      call.cancel(true);
    }
  }

  /** Calls that run or stand in line. */
  synchronized int pending() {
    int all = 0;
    for (int calls : pending) {
      all += calls;
    }
    return all;
  }

  /** Waits a little for a call; true when it has ended. */
  static boolean endsWithin(Call<?> call, long milliseconds) {
    try {
      call.get(milliseconds, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | java.util.concurrent.CancellationException e) {
      return true;
    }
  }
}
