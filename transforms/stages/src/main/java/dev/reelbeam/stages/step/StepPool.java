package dev.reelbeam.stages.step;

import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.beam.sdk.util.SerializableUtils;

/**
 * Opened copies of a step, one for each call at a time: a step is never used by two threads at
 * once. Thread-safe.
 */
final class StepPool<InputT, OutputT> implements AutoCloseable {
  private final Step<InputT, OutputT> step;
  private final Deque<Step<InputT, OutputT>> idle = new ArrayDeque<>();
  private boolean closed;

  StepPool(Step<InputT, OutputT> step) {
    this.step = step;
  }

  /** An opened step; give it back. */
  Step<InputT, OutputT> take() {
    synchronized (this) {
      Step<InputT, OutputT> ready = idle.poll();
      if (ready != null) {
        return ready;
      }
    }
    Step<InputT, OutputT> opened = SerializableUtils.clone(step);
    opened.open();
    return opened;
  }

  /** Takes a step back; it is closed at once when the pool was closed meanwhile. */
  void giveBack(Step<InputT, OutputT> opened) {
    synchronized (this) {
      if (!closed) {
        idle.push(opened);
        return;
      }
    }
    opened.close();
  }

  @Override
  public synchronized void close() {
    closed = true;
    idle.forEach(Step::close);
    idle.clear();
  }
}
