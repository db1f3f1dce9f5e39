package dev.reelbeam.stages.step;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The calls to one provider that are out from this worker process: a bounded number at once, as
 * many again in line, and no more. Thread-safe.
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
  private final ThreadPoolExecutor executor;
  private final Map<String, Call<?>> calls = new ConcurrentHashMap<>();
  private final AtomicInteger pending = new AtomicInteger();
  private int users;

  private CallPool(String provider, int inFlight) {
    this.provider = provider;
    this.inFlight = inFlight;
    AtomicInteger number = new AtomicInteger();
    executor =
        new ThreadPoolExecutor(
            Math.max(1, inFlight),
            Math.max(1, inFlight),
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "call-" + provider + "-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
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
    private final AtomicInteger pending;
    private volatile long endedNs;

    Call(Callable<T> work, AtomicInteger pending) {
      super(work);
      this.pending = pending;
    }

    @Override
    public void run() {
      try {
        super.run();
      } finally {
        // Not before the thread is free: a call that was given up may still hold it.
        pending.decrementAndGet();
      }
    }

    @Override
    protected void done() {
      endedNs = System.nanoTime();
    }

    private boolean isForgotten(long nowNs) {
      return isDone() && nowNs - endedNs > FORGET_MS * 1_000_000;
    }
  }

  /** Begins a call, or meets the one that has this id; null when the line is full. */
  <T> @Nullable Call<T> begin(String id, Callable<T> work) {
    Call<T> known = find(id);
    if (known != null) {
      return known;
    }
    if (pending.incrementAndGet() > 2 * Math.max(1, inFlight)) {
      pending.decrementAndGet();
      long nowNs = System.nanoTime();
      calls.values().removeIf(call -> call.isForgotten(nowNs));
      return null;
    }
    Call<T> call = new Call<>(work, pending);
    calls.put(id, call);
    if (inFlight == 0) {
      call.run();
    } else {
      executor.execute(call);
    }
    return call;
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
  int pending() {
    return pending.get();
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
