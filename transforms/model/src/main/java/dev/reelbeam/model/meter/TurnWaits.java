package dev.reelbeam.model.meter;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How long a piece of work has waited for turns with providers: time that its callers' own limits
 * take, and in which nothing hangs. Threads of one piece that wait side by side wait once.
 * Thread-safe.
 */
public final class TurnWaits {
  private final LongSupplier clockNs;
  private final @Nullable Places places;

  // Guarded by this.
  private int waiting;
  private boolean givenUp;
  private long sinceNs;
  private long sumNs;
  private String provider = "";

  /** Nothing has waited yet. */
  public TurnWaits() {
    this(System::nanoTime, null);
  }

  /**
   * The same for work that comes again when it gets no turn.
   *
   * @param places of its request, the same for each attempt
   */
  public TurnWaits(Places places) {
    this(System::nanoTime, places);
  }

  TurnWaits(LongSupplier clockNs, @Nullable Places places) {
    this.clockNs = clockNs;
    this.places = places;
  }

  /** Where places are kept for the next attempt; null if there is none. */
  @Nullable Places places() {
    return places;
  }

  synchronized void begin(String name) {
    if (waiting++ == 0) {
      sinceNs = clockNs.getAsLong();
    }
    provider = name;
  }

  synchronized void end() {
    if (--waiting == 0) {
      sumNs += clockNs.getAsLong() - sinceNs;
    }
  }

  /** The work has taken too long, and is interrupted for that. */
  public synchronized void giveUp() {
    givenUp = true;
  }

  /** Whether it took too long. */
  synchronized boolean givenUp() {
    return givenUp;
  }

  /** All of it so far, in ms, what lasts now included. */
  public synchronized long totalMs() {
    return (sumNs + runningNs()) / 1_000_000;
  }

  /** How long the wait that lasts now has lasted, in ms; 0 while nobody waits. */
  public synchronized long currentMs() {
    return runningNs() / 1_000_000;
  }

  /** Whose turn was waited for last; empty before the first wait. */
  public synchronized String provider() {
    return provider;
  }

  private long runningNs() {
    return waiting == 0 ? 0 : clockNs.getAsLong() - sinceNs;
  }
}
