package dev.reelbeam.model.port;

import dev.reelbeam.model.engagement.EngagementSnapshot;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every snapshot that is kept, those that came too late included, and the generation of windows
 * that is counted from them. Thread-safe.
 *
 * <p>Two that count without knowing of each other know different sets of snapshots, and neither's
 * windows are better than the other's. A new generation settles it: whoever counts in it begins
 * with all snapshots that were kept when it began, and the rows of older ones never come back.
 */
public interface EngagementHistory extends AutoCloseable {
  /** Where {@link #read} begins. */
  String BEGIN = "";

  /**
   * The generation that counts. Where the newest one was begun by other rates, the next one begins:
   * what was earned is counted anew rather than by both.
   *
   * @param rates what views are taken to earn, in one order
   */
  long generation(String rates);

  /** Begins the next generation and tells it. */
  long raise(String rates);

  /**
   * Reads some snapshots, in an order that stays.
   *
   * @param place {@link #BEGIN}, or the last answer's {@link Page#next}
   * @param most as many at most
   */
  Page read(String place, int most);

  /** What is kept of some videos, by their keys, in no order. */
  List<EngagementSnapshot> of(Collection<String> videoKeys);

  @Override
  void close();

  /**
   * Some snapshots.
   *
   * @param next where it goes on, null at the end
   */
  record Page(List<EngagementSnapshot> snapshots, @Nullable String next) {
    public Page {
      snapshots = List.copyOf(snapshots);
    }
  }
}
