package dev.reelbeam.media.render;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.ShortMemory;
import dev.reelbeam.model.failure.StageException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Does native work on threads of its own and gives up what does not come back: a decoder that hangs
 * inside one call cannot be ended, but nobody has to wait for it. Threads that do come back are
 * used again. Thread-safe.
 *
 * <p>A thread that was given up keeps what it holds until its call returns; then it frees
 * everything.
 */
public final class NativeWatch implements AutoCloseable {
  /** Between two looks at a clock that may stand still. */
  private static final long SHORTEST_WAIT_NANOS = 10_000_000;

  private final RenderThreads threads = new RenderThreads();

  /** Work that calls native code. */
  @FunctionalInterface
  public interface Work<T> {
    T run() throws StageException;
  }

  /**
   * Does some work and waits for it.
   *
   * @param doing what it does, and to what, for messages
   * @param deadlineMs when it is given up
   * @throws StageException of the work, 3035 if it does not come back, 5003 if there is not enough
   *     memory for it; memory that is the process's ({@link ShortMemory}) is thrown as it is
   * @throws CancellationException if the calling thread is interrupted; it stays interrupted
   */
  public <T> T run(String doing, long deadlineMs, Work<T> work) throws StageException {
    SegmentClock clock = new SegmentClock(deadlineMs, 0, 0, System::nanoTime);
    clock.doing(doing);
    return run(clock, work);
  }

  /** The same with a clock that others look at, too. */
  <T> T run(SegmentClock clock, Work<T> work) throws StageException {
    try {
      return watched(clock, work::run);
    } catch (OutOfMemoryError e) {
      if (!ShortMemory.isOfElement(e)) {
        throw e;
      }
      throw new StageException(
          FailureCode.MEMORY_SHORT, "not enough memory while " + clock.doing(), e);
    }
  }

  private <T> T watched(SegmentClock clock, Callable<T> work) throws StageException {
    ExecutorService thread = threads.take();
    Future<T> running = thread.submit(work);
    try {
      return awaitEnd(running, clock);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("rendering was cancelled");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof StageException failure) {
        throw failure;
      }
      if (cause instanceof RuntimeException failure) {
        throw failure;
      }
      if (cause instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException(cause);
    } finally {
      if (running.isDone()) {
        threads.giveBack(thread);
      } else {
        running.cancel(true);
        thread.shutdown();
      }
    }
  }

  /** Waits as long as the work has time, which may grow meanwhile. */
  private static <T> T awaitEnd(Future<T> running, SegmentClock clock)
      throws InterruptedException, ExecutionException, StageException {
    while (true) {
      // One more look after the last moment, so that who ended in it has ended.
      long leftNanos = clock.leftNanos();
      try {
        return running.get(Math.max(SHORTEST_WAIT_NANOS, leftNanos), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        if (leftNanos <= 0) {
          throw new StageException(
              FailureCode.SEGMENT_STUCK,
              "native code did not come back within "
                  + clock.longestMs()
                  + " ms while "
                  + clock.doing());
        }
      }
    }
  }

  /** Ends the idle threads, and those in use when their work comes back. */
  @Override
  public void close() {
    threads.close();
  }
}
