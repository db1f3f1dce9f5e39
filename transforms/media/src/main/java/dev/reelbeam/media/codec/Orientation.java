package dev.reelbeam.media.codec;

import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.IntPointer;

/**
 * How a stored picture comes to stand upright, always by quarter turns.
 *
 * @param clockwise degrees by which it is turned: 0, 90, 180 or 270
 * @param mirrored whether left and right change places before that
 */
record Orientation(int clockwise, boolean mirrored) {
  static final Orientation UPRIGHT = new Orientation(0, false);

  /**
   * As players read it.
   *
   * @param matrix nine numbers as in MP4: a point (x, y) is shown at (m0 x + m3 y, m1 x + m4 y)
   */
  static Orientation of(IntPointer matrix) {
    long determinant = (long) matrix.get(0) * matrix.get(4) - (long) matrix.get(1) * matrix.get(3);
    boolean mirrored = determinant < 0;
    try (IntPointer turn = new IntPointer(9)) {
      for (int i = 0; i < 9; i++) {
        turn.put(i, mirrored && i < 2 ? -matrix.get(i) : matrix.get(i));
      }
      double anticlockwise = avutil.av_display_rotation_get(turn);
      return Double.isNaN(anticlockwise)
          ? UPRIGHT
          : new Orientation(
              Math.floorMod((int) Math.rint(-anticlockwise / 90) * 90, 360), mirrored);
    }
  }

  /** Whether width and height change places. */
  boolean sideways() {
    return clockwise % 180 != 0;
  }
}
