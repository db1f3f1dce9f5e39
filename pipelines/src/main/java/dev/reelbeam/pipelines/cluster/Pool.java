package dev.reelbeam.pipelines.cluster;

import java.util.regex.Pattern;

/**
 * A named pool of workers: on one machine, one TaskManager.
 *
 * @param name its tag, which Flink knows as an external resource
 * @param slots how many tasks of each transform it runs at once
 * @param memoryMb memory of its TaskManager's JVM, heap and off-heap together
 */
public record Pool(String name, int slots, int memoryMb) {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,30}");
  private static final int MOST_SLOTS = 512;
  private static final int LEAST_MEMORY_MB = 1000;

  public Pool {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'" + name + "' is no name of a pool: small letters, digits and dashes");
    }
    if (slots < 1 || slots > MOST_SLOTS) {
      throw new IllegalArgumentException(
          "pool " + name + " has " + slots + " slots, not 1 to " + MOST_SLOTS);
    }
    if (memoryMb < LEAST_MEMORY_MB) {
      throw new IllegalArgumentException(
          "pool " + name + " has " + memoryMb + " MB; it needs at least " + LEAST_MEMORY_MB);
    }
  }
}
