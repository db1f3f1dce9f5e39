package dev.reelbeam.model.cost;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An amount of something that a provider bills. What it costs, the {@link RateCard} knows.
 *
 * @param provider name of the provider in the settings
 * @param model the model that was used; empty where there is none to choose
 * @param quantity whole units, not negative
 */
public record Charge(String provider, String model, Unit unit, long quantity)
    implements Serializable {
  /** What providers count. */
  public enum Unit {
    /** A token of a prompt that was not found in the provider's cache. */
    INPUT_TOKEN,
    /** A token of a prompt that was found there. */
    CACHED_TOKEN,
    OUTPUT_TOKEN,
    /** A character of a text that is spoken. */
    CHARACTER,
    /** A second of audio that is transcribed. */
    SECOND,
    /** A millisecond of speech that is made; models that count tokens of audio are priced by it. */
    SPOKEN_MILLISECOND,
    PICTURE,
    /** A second of work of a graphics card. */
    GPU_SECOND,
    /** A second of a video that is made. */
    VIDEO_SECOND,
    /** A byte that is kept for a month. */
    BYTE_MONTH,
    /** A millionth of a dollar, where the provider itself says what a call cost. */
    MICRO_DOLLAR
  }

  /** The same charges, those of one kind as one; what comes to nothing is left out. */
  public static List<Charge> merged(List<Charge> charges) {
    Map<Charge, Long> sums = new LinkedHashMap<>();
    for (Charge charge : charges) {
      Charge kind = new Charge(charge.provider(), charge.model(), charge.unit(), 0);
      sums.merge(kind, charge.quantity(), Long::sum);
    }
    List<Charge> merged = new ArrayList<>();
    sums.forEach(
        (kind, sum) -> {
          if (sum > 0) {
            merged.add(new Charge(kind.provider(), kind.model(), kind.unit(), sum));
          }
        });
    return List.copyOf(merged);
  }
}
