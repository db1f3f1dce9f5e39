package dev.reelbeam.stages.step;

import dev.reelbeam.model.failure.Stage;
import java.util.HashMap;
import java.util.Map;

/**
 * Since when providers are away for a stage, as the bounded runs of this process find them.
 * Thread-safe.
 *
 * <p>Bundles come one after the other: were each patient for itself, a provider that stays away
 * would be waited for as often as there are bundles. One that speaks may not write: what one stage
 * hears of it says nothing about what another one needs.
 */
final class Outages {
  /** Nobody has asked for so long: what comes now is another outage. */
  static final long FORGET_MS = 600_000;

  private static final Map<Wanted, Outage> OPEN = new HashMap<>();

  private Outages() {}

  private record Wanted(Stage stage, String provider) {}

  private record Outage(long sinceMs, long seenMs) {}

  /** A provider is found away; since when it is, by the clock of the caller. */
  static long since(Stage stage, String provider, long nowMs) {
    Wanted wanted = new Wanted(stage, provider);
    synchronized (OPEN) {
      Outage before = OPEN.get(wanted);
      long sinceMs =
          before == null || nowMs - before.seenMs() > FORGET_MS ? nowMs : before.sinceMs();
      OPEN.put(wanted, new Outage(sinceMs, nowMs));
      return sinceMs;
    }
  }

  /** It has given the stage what it wants. */
  static void over(Stage stage, String provider) {
    synchronized (OPEN) {
      OPEN.remove(new Wanted(stage, provider));
    }
  }
}
