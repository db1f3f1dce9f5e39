package dev.reelbeam.stages.render;

import java.io.Serializable;

/**
 * How the dispatcher releases segments.
 *
 * @param slots segments that a pool renders at once
 * @param perSlot requests released per slot: one is rendered, the others wait at the worker
 * @param lowEvery while the low lane waits, at the latest every so manieth request is one of its
 * @param pollMs how often credits are asked for while requests are out
 * @param ticketPatienceMs a ticket that was not given back for so long is taken as lost
 */
public record DispatchSettings(
    int slots, int perSlot, int lowEvery, long pollMs, long ticketPatienceMs)
    implements Serializable {
  /** Two per slot; an eighth for the low lane; credits asked for four times a second. */
  public static DispatchSettings of(int slots) {
    return new DispatchSettings(slots, 2, 8, 250, 600_000);
  }

  /** The same for one slot, however many there are. */
  DispatchSettings ofOneSlot() {
    return new DispatchSettings(1, perSlot, lowEvery, pollMs, ticketPatienceMs);
  }

  /** Requests that are out at once. */
  int outAtOnce() {
    return slots * perSlot;
  }
}
