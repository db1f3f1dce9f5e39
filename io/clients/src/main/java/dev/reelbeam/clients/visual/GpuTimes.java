package dev.reelbeam.clients.visual;

import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.store.StepKey;
import java.io.Serializable;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long clips take on a graphics card: the rate of the settings until clips were measured. A
 * process goes by all that it measured; what it knew after its second clip is kept for the day, for
 * those that begin later (the first clip waits for models to be loaded). Thread-safe.
 */
final class GpuTimes {
  private static final int VERSION = 1;
  private static final long DAY_MS = 86_400_000;
  private static final long PIXELS = 1_000_000;

  /** Loading a text encoder, decoding, saving: what does not grow with the clip. */
  private static final long BESIDES_MS = 3_000;

  private static final long MOST_TIMES = 8;

  private static final Map<String, Measured> MEASURED = new ConcurrentHashMap<>();

  private final ObjectStore store;
  private final Clock clock;
  private final String workflow;
  private final int usualMs;

  /**
   * @param workflow everything that the time depends on, except size and length
   * @param usualMs for a frame of a megapixel, as the settings say
   */
  GpuTimes(ObjectStore store, Clock clock, String workflow, int usualMs) {
    this.store = store;
    this.clock = clock;
    this.workflow = workflow;
    this.usualMs = usualMs;
  }

  /** The mean of so many clips, in microseconds for a frame of a megapixel. */
  record Measured(int clips, long micros) implements Serializable {
    Measured with(long other) {
      // Older ones fade, so that another card is noticed.
      int weight = Math.min(clips, 7);
      return new Measured(clips + 1, (micros * weight + other) / (weight + 1));
    }
  }

  /** By the settings alone: equal for everybody and for ever. */
  long usualSeconds(int width, int height, int frames) {
    return seconds(usualMs * 1_000L, width, height, frames);
  }

  /** By what was measured, if anything was. */
  long expectedSeconds(int width, int height, int frames) {
    return seconds(micros(), width, height, frames);
  }

  /** The time of a clip at so many microseconds for a frame of a megapixel, rounded up. */
  static long seconds(long micros, int width, int height, int frames) {
    long ms = BESIDES_MS + micros * frames / 1_000 * ((long) width * height) / PIXELS;
    return (ms + 999) / 1_000;
  }

  private long micros() {
    Measured known = MEASURED.get(workflow);
    if (known != null) {
      return known.micros();
    }
    long day = clock.millis() / DAY_MS;
    for (long each = day; each >= day - 1; each--) {
      Optional<Measured> kept =
          store.find(key(each)).map(ref -> RecordJson.read(store.read(ref), Measured.class));
      if (kept.isPresent()) {
        return kept.get().micros();
      }
    }
    return usualMs * 1_000L;
  }

  /** A clip took so long; one counts for at most eight times, at least an eighth, of before. */
  void took(long ms, int width, int height, int frames) {
    long micros =
        Math.max(0, ms - BESIDES_MS)
            * 1_000
            / Math.max(1, frames)
            * PIXELS
            / Math.max(1, (long) width * height);
    // One card that was asleep, or one clip that the server had, says little about the next.
    long known = Math.max(MOST_TIMES, micros());
    long one = Math.min(known * MOST_TIMES, Math.max(known / MOST_TIMES, micros));
    Measured now =
        MEASURED.merge(workflow, new Measured(1, one), (before, unused) -> before.with(one));
    if (now.clips() == 2) {
      var unused =
          store.putIfAbsent(
              key(clock.millis() / DAY_MS),
              store.put(RecordJson.canonicalBytes(now), "application/json"));
    }
  }

  private StepKey key(long day) {
    return StepKey.of("gpu-time", VERSION, workflow, day);
  }
}
