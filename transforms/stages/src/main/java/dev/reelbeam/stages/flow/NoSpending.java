package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.cost.CostItem;
import dev.reelbeam.model.port.Purse;
import dev.reelbeam.model.port.Spending;
import org.jspecify.annotations.Nullable;

/** Nobody counts what is spent: nothing costs anything, or nothing is limited. */
public final class NoSpending implements Spending {
  @Override
  public Purse purse(RecordKey key, @Nullable String site, CostItem item) {
    return Purse.OPEN;
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
