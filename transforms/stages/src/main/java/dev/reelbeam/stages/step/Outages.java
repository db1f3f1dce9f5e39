package dev.reelbeam.stages.step;

import java.util.HashMap;
import java.util.Map;

/**
 * Since when providers are away, as the bounded runs of this process find them. Thread-safe.
 *
 * <p>Bundles come one after the other: were each patient for itself, a provider that stays away
 * would be waited for as often as there are bundles.
 */
final class Outages {
  /** Nobody has asked for so long: what comes now is another outage. */
  static final long FORGET_MS = 600_000;

  private static final Map<String, Outage> OPEN = new HashMap<>();

  private Outages() {}

  private record Outage(long sinceMs, long seenMs) {}

  /** A provider is found away; since when it is, by the clock of the caller. */
  static long since(String provider, long nowMs) {
    synchronized (OPEN) {
      Outage before = OPEN.get(provider);
      long sinceMs =
          before == null || nowMs - before.seenMs() > FORGET_MS ? nowMs : before.sinceMs();
      OPEN.put(provider, new Outage(sinceMs, nowMs));
      return sinceMs;
    }
  }

  /** It has answered. */
  static void over(String provider) {
    synchronized (OPEN) {
      OPEN.remove(provider);
    }
  }
}
