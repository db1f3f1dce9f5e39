package dev.reelbeam.model.cost;

import java.io.Serializable;
import java.util.List;

/**
 * What providers ask, as of a day.
 *
 * @param date the day as of which it holds, {@code yyyy-mm-dd}; empty for a card without rates
 * @param rates the first that fits a charge counts
 */
public record RateCard(String date, List<Rate> rates) implements Serializable {
  /** A model of this name stands for every model of the provider. */
  public static final String ANY_MODEL = "*";

  /** Knows no prices; everything costs nothing by it. */
  public static final RateCard NONE = new RateCard("", List.of());

  private static final long MILLION = 1_000_000;

  /**
   * One price.
   *
   * @param provider name of the provider in the settings
   * @param model the model it is for, or {@link #ANY_MODEL}
   * @param microDollarsPerMillion for a million of the unit: 2.50 USD for a million tokens are
   *     2,500,000, 0.04 USD for a picture are 40,000,000,000
   */
  public record Rate(String provider, String model, Charge.Unit unit, long microDollarsPerMillion)
      implements Serializable {
    boolean fits(Charge charge) {
      return provider.equals(charge.provider())
          && unit == charge.unit()
          && (model.equals(ANY_MODEL) || model.equals(charge.model()));
    }
  }

  public RateCard {
    rates = List.copyOf(rates);
  }

  /** Whether a charge has a price here. What a provider bills itself needs none. */
  public boolean knows(Charge charge) {
    return charge.unit() == Charge.Unit.MICRO_DOLLAR
        || rates.stream().anyMatch(rate -> rate.fits(charge));
  }

  /** What a charge costs, rounded up; 0 if there is no price for it. */
  public long microDollars(Charge charge) {
    if (charge.unit() == Charge.Unit.MICRO_DOLLAR) {
      return charge.quantity();
    }
    for (Rate rate : rates) {
      if (rate.fits(charge)) {
        return (charge.quantity() * rate.microDollarsPerMillion() + MILLION - 1) / MILLION;
      }
    }
    return 0;
  }

  /** What charges cost together. */
  public long microDollars(List<Charge> charges) {
    return charges.stream().mapToLong(this::microDollars).sum();
  }
}
