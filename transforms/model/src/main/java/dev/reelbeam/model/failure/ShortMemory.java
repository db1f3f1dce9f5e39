package dev.reelbeam.model.failure;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tells whose fault it is that memory was short: that of what was worked on, or the worker's.
 *
 * <p>One count for the process, whatever is done in it: steps and segments share its heap.
 * Thread-safe.
 */
public final class ShortMemory {
  /**
   * Of the works beside each other in a worker any may be the one that gets no heap for what
   * another holds; with this many in a row the worker itself is sick, and only a restart heals it.
   */
  public static final int MOST_IN_A_ROW = 16;

  /** Works of this process in a row that got no heap, and none was done between. */
  private static final AtomicInteger IN_A_ROW = new AtomicInteger();

  private ShortMemory() {}

  /**
   * Counts a work that got no memory, and tells whether that is its own failure: what it held is
   * free again, and the others have what they need. It is for heap, and for an array that no heap
   * holds. Classes, threads and native memory are the worker's, and so is heap that {@value
   * #MOST_IN_A_ROW} works in a row do not get: whoever asks then is not to blame, and the error has
   * to go on as it is.
   */
  public static boolean isOfElement(OutOfMemoryError e) {
    String told = String.valueOf(e.getMessage());
    boolean heap = told.startsWith("Java heap space") || told.startsWith("Requested array size");
    return heap && IN_A_ROW.incrementAndGet() <= MOST_IN_A_ROW;
  }

  /** A work had the memory that it needed. */
  public static void sufficed() {
    IN_A_ROW.set(0);
  }
}
