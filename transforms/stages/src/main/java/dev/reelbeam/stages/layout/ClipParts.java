package dev.reelbeam.stages.layout;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the parts of a clip begin that a video shows one after the other.
 *
 * <p>Each use has a share of the clip of its own, all of them equally long: how long one of them
 * lasts moves no other, so an edit of one shot leaves the others' pictures, and their segments, as
 * they were. Only where the clip is too short for that, one part begins where the one before it
 * ends.
 */
final class ClipParts {
  private ClipParts() {}

  /**
   * Where each use begins, in microseconds from the clip's first frame.
   *
   * @param inUs where what may be used of the clip begins
   * @param outUs where it ends
   * @param neededUs how much each use shows, none more than there is
   * @param spread whether the parts are to reach the clip's end where they can
   */
  static List<Long> starts(long inUs, long outUs, List<Long> neededUs, boolean spread) {
    long lengthUs = outUs - inUs;
    long shareUs = lengthUs / Math.max(1, neededUs.size());
    if (neededUs.stream().allMatch(needed -> needed <= shareUs)) {
      List<Long> starts = new ArrayList<>();
      for (int i = 0; i < neededUs.size(); i++) {
        starts.add(inUs + i * shareUs);
      }
      return starts;
    }
    return inARow(inUs, outUs, neededUs, spread);
  }

  private static List<Long> inARow(long inUs, long outUs, List<Long> neededUs, boolean spread) {
    long leftUs = outUs - inUs - neededUs.stream().mapToLong(Long::longValue).sum();
    long gapUs = spread && leftUs > 0 ? leftUs / Math.max(1, neededUs.size() - 1) : 0;
    List<Long> starts = new ArrayList<>();
    long nextUs = inUs;
    for (long needed : neededUs) {
      long startUs = outUs - nextUs < needed ? inUs : nextUs;
      starts.add(startUs);
      nextUs = startUs + needed + gapUs;
    }
    return starts;
  }
}
