package dev.reelbeam.stages.engagement;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * How engagement is measured.
 *
 * @param bounded whether all there is comes at once: nothing is late, nothing is forgotten
 * @param updateMs how often changed windows are told, in ms
 * @param trends whether trends are looked for; a replay tells none, they were yesterday's
 * @param rates what a thousand views are taken to earn, in micro-dollars by platform, for platforms
 *     that do not tell revenue. None for one that does: it would count twice
 * @param generation that its rows are of; a job that is seeded from the history has that of its
 *     seeds
 * @param shards keys of the state: {@link Shards#COUNT} in every job whose state is kept
 */
public record MeasureSettings(
    boolean bounded,
    long updateMs,
    boolean trends,
    Map<String, Long> rates,
    long generation,
    int shards)
    implements Serializable {
  /** Readers see what changed within two minutes. */
  public static final long USUAL_UPDATE_MS = 120_000;

  private static final long HIGHEST_RATE = 30_000_000;

  public MeasureSettings {
    if (updateMs < 1) {
      throw new IllegalArgumentException("an update every " + updateMs + " ms");
    }
    rates = new TreeMap<>(rates);
    rates.forEach(
        (platform, rate) -> {
          if (rate < 0 || rate > HIGHEST_RATE) {
            throw new IllegalArgumentException(
                "a rate of " + rate + " micro-dollars for " + platform);
          }
        });
  }

  /** A job that runs on. */
  public static MeasureSettings streaming() {
    return new MeasureSettings(false, USUAL_UPDATE_MS, true, Map.of(), 0, Shards.COUNT);
  }

  /** A replay of the whole history. */
  public static MeasureSettings replay() {
    return new MeasureSettings(true, USUAL_UPDATE_MS, false, Map.of(), 0, Shards.COUNT);
  }

  public MeasureSettings withUpdateMs(long newUpdateMs) {
    return new MeasureSettings(bounded, newUpdateMs, trends, rates, generation, shards);
  }

  public MeasureSettings withRates(Map<String, Long> newRates) {
    return new MeasureSettings(bounded, updateMs, trends, newRates, generation, shards);
  }

  public MeasureSettings withGeneration(long newGeneration) {
    return new MeasureSettings(bounded, updateMs, trends, rates, newGeneration, shards);
  }

  /** Fewer for tests, where each costs. */
  MeasureSettings withShards(int newShards) {
    return new MeasureSettings(bounded, updateMs, trends, rates, generation, newShards);
  }

  /** The same for who wants windows only. */
  public MeasureSettings withoutTrends() {
    return new MeasureSettings(bounded, updateMs, false, rates, generation, shards);
  }

  long rate(String platform) {
    return rates.getOrDefault(platform, 0L);
  }

  long latenessS() {
    return bounded ? FoldSnapshots.NO_LATENESS : FoldSnapshots.LATENESS_S;
  }
}
