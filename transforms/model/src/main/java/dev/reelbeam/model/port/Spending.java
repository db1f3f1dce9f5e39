package dev.reelbeam.model.port;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.cost.CostItem;
import org.jspecify.annotations.Nullable;

/** Hands out purses. Thread-safe. */
public interface Spending extends AutoCloseable {
  /** What a record's work on an item is paid from. */
  Purse purse(RecordKey key, @Nullable String site, CostItem item);

  @Override
  void close();
}
