package dev.reelbeam.media.render;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How much of its time a segment has used. What it waits for the picture of another segment does
 * not count: that one has a clock of its own; nor what a store takes to bring it one. Written by
 * the thread that renders, read by any.
 */
final class SegmentClock {
  /** How long it waits before it looks whether there is still something to wait for. */
  private static final long SLICE_MS = 50;

  private static final long NEVER = Long.MAX_VALUE / 4_000_000;

  private final LongSupplier nanoTime;
  private final long startNanos;
  private final long graceMs;
  private final int frames;
  private final AtomicLong deadlineMs;
  private final AtomicLong waitedNanos = new AtomicLong();
  private volatile long pausedSinceNanos;
  private volatile boolean paused;
  private volatile String doing = "beginning";
  private volatile int frame;

  /**
   * @param deadlineMs when it is to end
   * @param graceMs how long after that native code may still be at work
   * @param frames of the segment, for messages
   * @param nanoTime the time, as {@link System#nanoTime}
   */
  SegmentClock(long deadlineMs, long graceMs, int frames, LongSupplier nanoTime) {
    this.deadlineMs = new AtomicLong(deadlineMs);
    this.graceMs = graceMs;
    this.frames = frames;
    this.nanoTime = nanoTime;
    this.startNanos = nanoTime.getAsLong();
  }

  /** For single frames without a deadline. */
  static SegmentClock unlimited() {
    return new SegmentClock(NEVER, 0, 0, System::nanoTime);
  }

  /** More work than was known at the beginning. */
  void allow(long moreMs) {
    long ignored = deadlineMs.updateAndGet(before -> Math.min(NEVER, before + moreMs));
  }

  /** Something that others keep the time of. */
  interface Elsewhere<T> {
    T run() throws StageException;
  }

  /**
   * Does something that does not count, because whoever does it has a patience of its own: a store
   * that fetches, perhaps from far away.
   */
  <T> T uncounted(Elsewhere<T> work) throws StageException {
    pausedSinceNanos = nanoTime.getAsLong();
    paused = true;
    try {
      return work.run();
    } finally {
      // Others may look between these two and see too much time left, never too little.
      long ignored = waitedNanos.addAndGet(nanoTime.getAsLong() - pausedSinceNanos);
      paused = false;
    }
  }

  /** What is being done from now on, to be told if it never ends. */
  void doing(String what) {
    doing = what;
  }

  String doing() {
    return doing;
  }

  /** The frame that is being made from now on. */
  void at(int newFrame) throws StageException {
    frame = newFrame;
    goOn();
  }

  /**
   * Looks whether there is time left.
   *
   * @throws StageException 3032 if there is none
   * @throws CancellationException if the thread is interrupted; it stays interrupted
   */
  void goOn() throws StageException {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("rendering was cancelled");
    }
    if (usedNanos() > deadlineMs.get() * 1_000_000L) {
      throw new StageException(
          FailureCode.SEGMENT_TIMEOUT,
          "a segment took longer than "
              + deadlineMs.get()
              + " ms (frame "
              + frame
              + " of "
              + frames
              + ", "
              + doing
              + ")");
    }
  }

  /** Waits a moment for something that another segment does. */
  void await(CountDownLatch other) throws StageException {
    goOn();
    long began = nanoTime.getAsLong();
    try {
      boolean opened = other.await(SLICE_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("rendering was cancelled");
    } finally {
      long ignored = waitedNanos.addAndGet(nanoTime.getAsLong() - began);
    }
  }

  /** What is left of deadline and grace; nothing left means that it does not come back. */
  long leftNanos() {
    return longestMs() * 1_000_000L - usedNanos();
  }

  /** Deadline and grace together. */
  long longestMs() {
    return deadlineMs.get() + graceMs;
  }

  private long usedNanos() {
    long now = nanoTime.getAsLong();
    long pausedNanos = paused ? now - pausedSinceNanos : 0;
    return now - startNanos - waitedNanos.get() - pausedNanos;
  }
}
