package dev.reelbeam.clients.provider;

import dev.reelbeam.model.cost.Charge;
import dev.reelbeam.model.cost.RateCard;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.VisualFinder;
import dev.reelbeam.model.visual.Scene;
import dev.reelbeam.model.visual.Visual;
import dev.reelbeam.model.visual.VisualFile;
import java.util.List;
import java.util.Locale;

/**
 * What a run may spend on visuals: a price is set aside before anything is bought, and the bill
 * takes its place afterwards. What does not fit any more is not bought. Thread-safe; counts within
 * one process.
 */
public final class Budget {
  private final RateCard rates;
  private final long mostMicroDollars;
  private long spentMicroDollars;

  /**
   * A budget of which nothing is spent.
   *
   * @param mostMicroDollars {@link Long#MAX_VALUE} for no limit
   */
  public Budget(RateCard rates, long mostMicroDollars) {
    this.rates = rates;
    this.mostMicroDollars = mostMicroDollars;
  }

  /** What was spent and set aside so far. */
  public synchronized long spentMicroDollars() {
    return spentMicroDollars;
  }

  private synchronized void reserve(String provider, long price) throws StageException {
    if (price > mostMicroDollars - spentMicroDollars) {
      throw new StageException(
          FailureCode.BUDGET_SPENT,
          String.format(
              Locale.ROOT,
              "%.4f USD of the budget of %.4f USD are spent; %s asks %.4f USD",
              spentMicroDollars / 1e6,
              mostMicroDollars / 1e6,
              provider,
              price / 1e6));
    }
    spentMicroDollars += price;
  }

  private synchronized void correct(long difference) {
    spentMicroDollars += difference;
  }

  /** The same finder, within the budget. */
  public VisualFinder within(VisualFinder finder) {
    return new Bounded(finder);
  }

  private final class Bounded implements VisualFinder {
    private final VisualFinder finder;

    Bounded(VisualFinder finder) {
      this.finder = finder;
    }

    @Override
    public String identity() {
      return finder.identity();
    }

    @Override
    public String provider() {
      return finder.provider();
    }

    @Override
    public int parallel() {
      return finder.parallel();
    }

    @Override
    public int scenes() {
      return finder.scenes();
    }

    @Override
    public List<Visual> find(Scene scene) throws StageException {
      return finder.find(scene);
    }

    @Override
    public VisualFile fetch(Visual visual, Scene scene) throws StageException {
      List<Charge> asked = visual.price();
      long price = rates.microDollars(asked);
      reserve(finder.provider(), price);
      try {
        VisualFile file = finder.fetch(visual, scene);
        correct(rates.microDollars(file.charges()) - price);
        return file;
      } catch (StageException e) {
        // What may have been billed stays set aside.
        if (e.code() != FailureCode.PROVIDER_OUTCOME_UNKNOWN) {
          correct(-price);
        }
        throw e;
      }
    }

    @Override
    public void close() {
      finder.close();
    }
  }
}
