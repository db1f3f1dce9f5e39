package dev.reelbeam.media.effect;

import dev.reelbeam.media.frame.Plane;
import dev.reelbeam.media.frame.YuvFrame;
import java.util.Arrays;

/** Pictures moved across the frame, by whole chroma samples so that colour moves with its light. */
final class Move {
  private Move() {}

  /** A share of the way across, in even pixels. */
  static int evenShift(int length, double share) {
    return 2 * (int) (length * share / 2 + 0.5);
  }

  /** Moves a picture within its frame; what it uncovers keeps what was there. */
  static void within(YuvFrame frame, Direction direction, int shift) {
    onto(frame, frame, direction, shift);
  }

  /**
   * Draws a moved picture over another, or over itself.
   *
   * @param shift even, in pixels; negative against the direction
   */
  static void onto(YuvFrame target, YuvFrame source, Direction direction, int shift) {
    int dx = direction.x() * shift;
    int dy = direction.y() * shift;
    onto(target.luma(), source.luma(), dx, dy);
    onto(target.u(), source.u(), dx / 2, dy / 2);
    onto(target.v(), source.v(), dx / 2, dy / 2);
  }

  private static void onto(Plane target, Plane source, int dx, int dy) {
    int from = Math.max(0, dy);
    int to = Math.min(target.height(), target.height() + dy);
    int left = Math.max(0, dx);
    int count = target.width() - Math.abs(dx);
    if (count <= 0) {
      return;
    }
    for (int i = from; i < to; i++) {
      // A picture that moves down over itself is copied from its bottom row upwards.
      int y = dy > 0 ? to - 1 - (i - from) : i;
      System.arraycopy(
          source.bytes(),
          (y - dy) * source.stride() + left - dx,
          target.bytes(),
          y * target.stride() + left,
          count);
    }
  }

  /**
   * Lets an edge that lies across the frame throw a soft shadow on the picture before it.
   *
   * @param edge where the covering picture begins, in even pixels of the way that it has come
   * @param strength 0 to 256 right at the edge
   */
  static void shadow(YuvFrame frame, Direction direction, int edge, int strength) {
    int reach = Math.max(8, Math.min(frame.width(), frame.height()) / 16) & ~1;
    shade(frame.luma(), direction, edge, reach, strength, 16);
    shade(frame.u(), direction, edge / 2, reach / 2, strength, 128);
    shade(frame.v(), direction, edge / 2, reach / 2, strength, 128);
  }

  private static void shade(
      Plane plane, Direction direction, int edge, int reach, int strength, int black) {
    int length = direction.across(plane.width(), plane.height());
    int[] weights = new int[length];
    for (int away = 0; away < reach; away++) {
      int at = edge + away;
      if (at < length) {
        int near = (reach - away) * 256 / reach;
        // Places are counted against the way that things travel.
        int place = direction.x() < 0 || direction.y() < 0 ? length - 1 - at : at;
        weights[place] = (strength * near * near) >> 16;
      }
    }
    byte[] bytes = plane.bytes();
    int[] row = new int[plane.width()];
    for (int y = 0; y < plane.height(); y++) {
      if (direction.sideways()) {
        row = weights;
      } else if (weights[y] == 0) {
        continue;
      } else {
        Arrays.fill(row, weights[y]);
      }
      int start = y * plane.stride();
      for (int x = 0; x < row.length; x++) {
        if (row[x] != 0) {
          int value = bytes[start + x] & 0xFF;
          bytes[start + x] = (byte) (value + (((black - value) * row[x] + 128) >> 8));
        }
      }
    }
  }
}
