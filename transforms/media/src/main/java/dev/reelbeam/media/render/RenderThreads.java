package dev.reelbeam.media.render;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Threads for native work that may hang: as many as are in use at once, each used again as soon as
 * its work has come back.
 *
 * <p>A new thread each time would do the same, but the C library gives new threads memory from
 * another of its arenas (up to eight for each core), and every arena keeps what its busiest moment
 * took: resident memory would wander up with the segments rendered, far above what one of them
 * needs. A cached thread pool would not do either: it may start a second thread in the moment
 * between the end of a task and its thread's return to the pool.
 */
final class RenderThreads implements AutoCloseable {
  private final Deque<ExecutorService> idle = new ArrayDeque<>();
  private boolean closed;

  /** A thread that nobody else uses; the one used last if there is one, its memory is warm. */
  synchronized ExecutorService take() {
    ExecutorService latest = idle.pollFirst();
    return latest != null ? latest : Executors.newSingleThreadExecutor(RenderThreads::daemon);
  }

  /** Takes back a thread whose work has ended. */
  synchronized void giveBack(ExecutorService thread) {
    if (closed) {
      thread.shutdown();
    } else {
      idle.addFirst(thread);
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "render-segment");
    // A native call that never returns must not keep the process alive.
    thread.setDaemon(true);
    return thread;
  }

  /** Ends the idle threads, and those in use when they are given back. */
  @Override
  public synchronized void close() {
    closed = true;
    idle.forEach(ExecutorService::shutdown);
    idle.clear();
  }
}
