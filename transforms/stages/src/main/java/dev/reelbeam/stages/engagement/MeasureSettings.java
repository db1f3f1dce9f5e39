package dev.reelbeam.stages.engagement;

import dev.reelbeam.model.video.Platform;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

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

  /**
   * Rates as settings write them: {@code tiktok=21000,x=15000}.
   *
   * @throws IllegalArgumentException saying what is wrong with them
   */
  public static Map<String, Long> parseRates(String text) {
    Map<String, Long> rates = new TreeMap<>();
    for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
      String[] sides = part.strip().split("=", -1);
      String platform = sides[0].strip();
      if (Arrays.stream(Platform.values()).noneMatch(each -> each.id().equals(platform))) {
        throw new IllegalArgumentException("'" + part.strip() + "' names no platform");
      }
      try {
        if (sides.length == 2
            && rates.put(platform, Long.valueOf(sides[1].strip())) == null
            && rates.get(platform) >= 0
            && rates.get(platform) <= HIGHEST_RATE) {
          continue;
        }
      } catch (NumberFormatException e) {
        // Told below.
      }
      throw new IllegalArgumentException(
          "'"
              + part.strip()
              + "' is not platform=micros, from 0 to "
              + HIGHEST_RATE
              + ", once each");
    }
    return rates;
  }

  /** Rates as {@link #parseRates} takes them, in one order: equal texts are equal rates. */
  public String ratesText() {
    return rates.entrySet().stream()
        .map(rate -> rate.getKey() + "=" + rate.getValue())
        .collect(Collectors.joining(","));
  }

  long rate(String platform) {
    return rates.getOrDefault(platform, 0L);
  }

  long latenessS() {
    return bounded ? FoldSnapshots.NO_LATENESS : FoldSnapshots.LATENESS_S;
  }
}
