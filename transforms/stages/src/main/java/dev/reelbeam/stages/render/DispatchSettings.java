package dev.reelbeam.stages.render;

import java.io.Serializable;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the dispatcher releases segments.
 *
 * @param slots segments that the usual pool renders at once
 * @param slotsOf the same of the other pools by their names
 * @param perSlot requests released per slot: one is rendered, the others wait at the worker
 * @param lowEvery while the low lane waits, at the latest every so manieth request is one of its
 * @param pollMs how often credits are asked for while requests are out
 * @param ticketPatienceMs a ticket that was not given back for so long is taken as lost
 */
public record DispatchSettings(
    int slots,
    int perSlot,
    int lowEvery,
    long pollMs,
    long ticketPatienceMs,
    Map<String, Integer> slotsOf)
    implements Serializable {
  /** Two per slot; an eighth for the low lane; credits asked for four times a second. */
  public static DispatchSettings of(int slots) {
    return new DispatchSettings(slots, 2, 8, 250, 600_000, Map.of());
  }

  public DispatchSettings {
    slotsOf = Map.copyOf(slotsOf);
  }

  /** The same with pools beside the usual one. */
  public DispatchSettings withPools(Map<String, Integer> slotsByPool) {
    return new DispatchSettings(slots, perSlot, lowEvery, pollMs, ticketPatienceMs, slotsByPool);
  }

  /** The same for one slot of each pool, however many there are. */
  DispatchSettings ofOneSlot() {
    return new DispatchSettings(1, perSlot, lowEvery, pollMs, ticketPatienceMs, Map.of());
  }

  /** Requests of this line that are out at once; a line of no other pool is the usual one's. */
  int outAtOnce(@Nullable String line) {
    Integer own = line == null ? null : slotsOf.get(line);
    return (own == null ? slots : own) * perSlot;
  }
}
