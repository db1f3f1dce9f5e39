package dev.reelbeam.model.port;

import dev.reelbeam.model.engagement.WindowRow;
import java.util.List;

/** Puts what videos earned down to the arms that they show. Thread-safe. */
public interface ArmTeacher extends AutoCloseable {
  /**
   * Takes in the first weeks of videos; may be repeated, in any order.
   *
   * @param firstWeeks rows that {@code ArmReward.Earned} can be made of; others teach nothing
   * @throws StoreException when it cannot be kept
   */
  void teach(List<WindowRow> firstWeeks);

  @Override
  void close();
}
