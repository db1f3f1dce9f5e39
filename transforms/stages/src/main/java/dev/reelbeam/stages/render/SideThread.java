package dev.reelbeam.stages.render;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One thread beside a task's own: works off what it is given, in order, each known by its key until
 * it is forgotten. Used by one task; only the work itself runs on the thread.
 */
final class SideThread<T> implements AutoCloseable {
  /** Work that is interrupted ends within this, or is left to itself. */
  private static final long PATIENCE_S = 20;

  private final ExecutorService executor;
  private final Map<String, Future<T>> works = new HashMap<>();

  SideThread(String name) {
    executor =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread thread = new Thread(work, name);
              thread.setDaemon(true);
              // Where the JVM honours it: the task's own thread has little to do, but at once. The
              // low lane's calls have less still.
              thread.setPriority(Thread.MIN_PRIORITY + 1);
              return thread;
            });
  }

  /** The work of this key, null when there is none. */
  @Nullable Future<T> find(String key) {
    return works.get(key);
  }

  Future<T> begin(String key, Callable<T> work) {
    Future<T> begun = executor.submit(work);
    works.put(key, begun);
    return begun;
  }

  /** How many works have not ended. */
  int pending() {
    return (int) works.values().stream().filter(work -> !work.isDone()).count();
  }

  void forget(String key) {
    works.remove(key);
  }

  /**
   * Whether the work has ended. Timers fire early, again and again, when bounded input has ended:
   * nothing else is left to do then, so it waits a moment.
   */
  static boolean hasEnded(Future<?> work) {
    try {
      work.get(2, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a segment was waited for", e);
    } catch (ExecutionException | CancellationException e) {
      return true;
    }
    return true;
  }

  /** What work that has ended made; what it threw is thrown on. */
  static <T> T resultOf(Future<T> work) {
    try {
      return work.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      if (e.getCause() instanceof RuntimeException exception) {
        throw exception;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a segment was taken", e);
    }
  }

  /** Interrupts the work, forgets what waits, and waits until the thread has let go of it all. */
  @Override
  public void close() {
    executor.shutdownNow();
    try {
      boolean unused = executor.awaitTermination(PATIENCE_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
