package dev.reelbeam.model.meter;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one piece of work amounted to.
 *
 * @param found results that were there under their keys
 * @param bought results that had to be made
 * @param providers who was called and paid, by the name in the settings
 */
public record Work(long found, long bought, Map<String, Use> providers) {
  /** Nothing at all. */
  public static final Work NONE = new Work(0, 0, Map.of());

  /** Sorted, so that two equal ones print alike. */
  public Work {
    providers = Collections.unmodifiableMap(new TreeMap<>(providers));
  }

  /**
   * What one provider was asked.
   *
   * @param calls attempts; one that was repeated counts twice
   * @param errors those of them that gave no result
   * @param waitedMs how long they waited for their turn and between attempts, in ms
   * @param costMicros what it asks for them, in millionths of a dollar
   */
  public record Use(long calls, long errors, long waitedMs, long costMicros) {
    static final Use NONE = new Use(0, 0, 0, 0);

    Use plus(Use other) {
      return new Use(
          calls + other.calls,
          errors + other.errors,
          waitedMs + other.waitedMs,
          costMicros + other.costMicros);
    }
  }

  /** What all providers ask together, in millionths of a dollar. */
  public long costMicros() {
    return providers.values().stream().mapToLong(Use::costMicros).sum();
  }
}
