package dev.reelbeam.media.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;

/** Puts together what the groups of a video showed: stretches end where the picture says so. */
final class PictureStretches {
  private static final long SHORTEST_BLACK_US = 100_000;
  private static final long SHORTEST_FROZEN_US = 1_000_000;

  private PictureStretches() {}

  /**
   * Black stretches.
   *
   * @param startUs time at which a frame starts; one beyond the last, the end
   */
  static List<Stretch> black(List<GroupLook> looks, LongUnaryOperator startUs) {
    List<Stretch> result = new ArrayList<>();
    int offset = 0;
    int from = -1;
    int to = -1;
    for (GroupLook look : looks) {
      List<Integer> runs = look.blackRuns();
      for (int i = 0; i + 1 < runs.size(); i += 2) {
        int start = offset + runs.get(i);
        if (start != to) {
          add(result, from, to, startUs, SHORTEST_BLACK_US);
          from = start;
        }
        to = offset + runs.get(i + 1);
      }
      offset += look.frames();
    }
    add(result, from, to, startUs, SHORTEST_BLACK_US);
    return List.copyOf(result);
  }

  /** Stretches in which the picture stands still. */
  static List<Stretch> frozen(List<GroupLook> looks, LongUnaryOperator startUs) {
    List<Stretch> result = new ArrayList<>();
    int offset = 0;
    int since = -1;
    String before = "";
    for (GroupLook look : looks) {
      for (int frame : look.stillSince()) {
        boolean goesOn = frame == 0 && since >= 0 && PictureWatch.still(before, look.first());
        if (!goesOn) {
          add(result, since, offset + frame, startUs, SHORTEST_FROZEN_US);
          since = offset + frame;
        }
      }
      // While one stands through a whole group, its first picture stays what others are held to.
      if (look.stillSince().size() != 1 || since == offset) {
        before = look.last();
      }
      offset += look.frames();
    }
    add(result, since, offset, startUs, SHORTEST_FROZEN_US);
    return List.copyOf(result);
  }

  private static void add(
      List<Stretch> stretches, int from, int to, LongUnaryOperator startUs, long shortestUs) {
    if (from < 0) {
      return;
    }
    Stretch stretch = new Stretch(startUs.applyAsLong(from), startUs.applyAsLong(to));
    if (stretch.lengthUs() >= shortestUs) {
      stretches.add(stretch);
    }
  }
}
