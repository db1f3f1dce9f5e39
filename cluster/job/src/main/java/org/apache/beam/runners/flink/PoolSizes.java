package org.apache.beam.runners.flink;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.NullMarked;

/** Pools and their slots, as an option tells them: {@code general:4,gpu:2}. */
@NullMarked
public final class PoolSizes {
  /** The pool of everything that is not marked. */
  public static final String GENERAL = "general";

  private PoolSizes() {}

  /**
   * Slots by pool, in the order given.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  public static Map<String, Integer> parse(String text) {
    Map<String, Integer> slots = new LinkedHashMap<>();
    for (String part : text.split(",", -1)) {
      String[] fields = part.strip().split(":", -1);
      if (fields.length != 2 || !fields[0].matches("[a-z][a-z0-9-]*")) {
        throw new IllegalArgumentException("--pools: '" + part + "' is not name:slots");
      }
      int number;
      try {
        number = Integer.parseInt(fields[1]);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("--pools: '" + part + "' is not name:slots", e);
      }
      if (number < 1 || slots.put(fields[0], number) != null) {
        throw new IllegalArgumentException("--pools: '" + part + "': at least one slot, and once");
      }
    }
    if (!slots.containsKey(GENERAL)) {
      throw new IllegalArgumentException("--pools: no pool " + GENERAL + " in '" + text + "'");
    }
    return Collections.unmodifiableMap(slots);
  }
}
