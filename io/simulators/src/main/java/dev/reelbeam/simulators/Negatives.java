package dev.reelbeam.simulators;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What was drawn before, so that it is not drawn again: equal words give equal pictures, and
 * drawing them is most of what a simulator does. A few that were used last are kept.
 */
final class Negatives {
  private static final int MOST = 24;

  private static final Map<List<Object>, List<byte[]>> KEPT =
      new LinkedHashMap<>(MOST, 0.75f, /* accessOrder= */ true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<Object>, List<byte[]>> eldest) {
          return size() > MOST;
        }
      };

  private Negatives() {}

  /** Pictures of what is asked for; who gets them changes nothing in them. */
  static List<byte[]> of(List<Object> asked, Supplier<List<byte[]>> drawn) {
    synchronized (KEPT) {
      List<byte[]> kept = KEPT.get(asked);
      if (kept != null) {
        return kept;
      }
    }
    List<byte[]> made = drawn.get();
    synchronized (KEPT) {
      KEPT.put(asked, made);
    }
    return made;
  }
}
