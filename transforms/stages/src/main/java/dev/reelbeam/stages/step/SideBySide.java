package dev.reelbeam.stages.step;

import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.meter.WorkMeter;
import dev.reelbeam.model.port.Fence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Several calls at once, their results in the order of the calls. */
public final class SideBySide {
  private SideBySide() {}

  /** A value or a failure. */
  public record Result<T>(@Nullable T value, @Nullable StageException failure) {
    /** The value. */
    public T get() throws StageException {
      if (failure != null) {
        throw failure;
      }
      return Objects.requireNonNull(value);
    }
  }

  /** Threads that end with the process; the caller shuts them down. */
  public static ExecutorService pool(int threads, String name) {
    return Executors.newFixedThreadPool(
        Math.max(1, threads),
        task -> {
          Thread thread = new Thread(task, name);
          thread.setDaemon(true);
          return thread;
        });
  }

  /**
   * Calls them all and waits for all of them; each logs and is metered for the record that the
   * caller works on, and buys under the caller's leases alone. What is no {@link StageException} is
   * thrown.
   */
  public static <T> List<Result<T>> all(List<Callable<T>> calls, ExecutorService pool) {
    Map<String, String> context = MDC.getCopyOfContextMap();
    List<Future<T>> futures = new ArrayList<>();
    for (Callable<T> call : calls) {
      Callable<T> fenced = Fence.carried(call);
      futures.add(
          pool.submit(
              WorkMeter.onBehalf(
                  () -> {
                    if (context != null) {
                      MDC.setContextMap(context);
                    }
                    try {
                      return fenced.call();
                    } finally {
                      MDC.clear(); // The thread is the next one's, too.
                    }
                  })));
    }
    List<Result<T>> results = new ArrayList<>();
    for (Future<T> future : futures) {
      results.add(result(future));
    }
    return results;
  }

  private static <T> Result<T> result(Future<T> future) {
    try {
      return new Result<>(future.get(), null);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof StageException failure) {
        return new Result<>(null, failure);
      }
      if (cause instanceof RuntimeException ours) {
        throw ours;
      }
      if (cause instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("waiting for calls was cancelled");
    }
  }
}
