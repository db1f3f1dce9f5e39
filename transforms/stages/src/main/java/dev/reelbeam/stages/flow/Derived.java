package dev.reelbeam.stages.flow;

import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.Tracked;
import java.util.List;

/** An element that another one became: it stands for the same deliveries, as urgently. */
public interface Derived extends Tracked {
  /** What it was in the stage before. */
  Tracked origin();

  @Override
  default RecordKey recordKey() {
    return origin().recordKey();
  }

  @Override
  default List<String> presets() {
    return origin().presets();
  }

  @Override
  default long epoch() {
    return origin().epoch();
  }

  @Override
  default String priority() {
    return origin().priority();
  }
}
