package dev.reelbeam.model.cost;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;

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
  private static final Set<Charge.Unit> TOKENS =
      EnumSet.of(Charge.Unit.INPUT_TOKEN, Charge.Unit.CACHED_TOKEN, Charge.Unit.OUTPUT_TOKEN);

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

  /**
   * Whether a charge has a price here. What a provider bills itself needs none. Speech is told in
   * characters and in time, because some bill the one and some the other: a price for either will
   * do.
   */
  public boolean knows(Charge charge) {
    return charge.unit() == Charge.Unit.MICRO_DOLLAR
        || hasRate(charge)
        || (charge.unit() == Charge.Unit.CACHED_TOKEN
            && hasRate(inUnit(charge, Charge.Unit.INPUT_TOKEN)))
        || (charge.unit() == Charge.Unit.CHARACTER
            && hasRate(inUnit(charge, Charge.Unit.SPOKEN_MILLISECOND)))
        || (charge.unit() == Charge.Unit.SPOKEN_MILLISECOND
            && hasRate(inUnit(charge, Charge.Unit.CHARACTER)));
  }

  private boolean hasRate(Charge charge) {
    return rates.stream().anyMatch(rate -> rate.fits(charge));
  }

  private static Charge inUnit(Charge charge, Charge.Unit unit) {
    return new Charge(charge.provider(), charge.model(), unit, charge.quantity());
  }

  /**
   * The charges of a call before it is made, one way of telling each: a picture that is told as a
   * picture and as its tokens will be billed as one of them, and the dearer is meant.
   */
  public List<Charge> dearest(List<Charge> charges) {
    return oneWay(
        charges, (picture, tokens) -> microDollars(List.of(picture)) < microDollars(tokens));
  }

  /**
   * The charges of a call that was made, one way of telling each: by its tokens, which the provider
   * counted, or as a picture where the card prices pictures alone.
   */
  public List<Charge> billed(List<Charge> charges) {
    return oneWay(
        charges, (picture, tokens) -> !knows(picture) || tokens.stream().anyMatch(this::knows));
  }

  private List<Charge> oneWay(List<Charge> charges, BiPredicate<Charge, List<Charge>> tokensCount) {
    List<Charge> told = new ArrayList<>(charges);
    for (Charge picture : charges) {
      if (picture.unit() == Charge.Unit.PICTURE) {
        List<Charge> tokens =
            charges.stream()
                .filter(
                    each ->
                        TOKENS.contains(each.unit())
                            && each.provider().equals(picture.provider())
                            && each.model().equals(picture.model()))
                .toList();
        if (!tokens.isEmpty()) {
          told.removeAll(tokensCount.test(picture, tokens) ? List.of(picture) : tokens);
        }
      }
    }
    return List.copyOf(told);
  }

  /**
   * What a charge costs, rounded up; 0 if there is no price for it. A cached token without a price
   * of its own costs what any token of a prompt does.
   */
  public long microDollars(Charge charge) {
    if (charge.unit() == Charge.Unit.MICRO_DOLLAR) {
      return charge.quantity();
    }
    for (Rate rate : rates) {
      if (rate.fits(charge)) {
        return (charge.quantity() * rate.microDollarsPerMillion() + MILLION - 1) / MILLION;
      }
    }
    return charge.unit() == Charge.Unit.CACHED_TOKEN
        ? microDollars(inUnit(charge, Charge.Unit.INPUT_TOKEN))
        : 0;
  }

  /** What charges cost together. */
  public long microDollars(List<Charge> charges) {
    return charges.stream().mapToLong(this::microDollars).sum();
  }
}
