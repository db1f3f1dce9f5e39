package dev.reelbeam.media.effect;

import dev.reelbeam.media.frame.Plane;
import dev.reelbeam.media.frame.YuvFrame;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The camera is thrown over to the new picture: a push, smeared along its way. */
public final class Whip implements TransitionEffect {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGH_SEVEN = 0x7F7F7F7F7F7F7F7FL;
  private static final int WORD = 8;

  /** Longest smear as a share of the way. */
  private static final int SMEAR = 6;

  private static final int MOST_ROUNDS = 8;

  private final Direction direction;

  public Whip(Direction direction) {
    this.direction = direction;
  }

  @Override
  public void mix(YuvFrame frame, YuvFrame incoming, Progress progress) {
    int length = direction.across(frame.width(), frame.height());
    int shift = Move.evenShift(length, progress.eased());
    Move.within(frame, direction, shift);
    Move.onto(frame, incoming, direction, shift - length);
    // The mean of pictures 2 apart, then of such means 4 apart, and so on: each round doubles the
    // smear. Rounding up and down in turn keeps the brightness.
    int smear = (int) (length * progress.swell() / SMEAR);
    int rounds = 0;
    while (rounds < MOST_ROUNDS && 4 << rounds <= smear) {
      rounds++;
    }
    for (int round = 0; round < rounds; round++) {
      boolean up = (round & 1) == 0;
      smear(frame.luma(), 2 << round, up);
      smear(frame.u(), 1 << round, up);
      smear(frame.v(), 1 << round, up);
    }
  }

  private void smear(Plane plane, int distance, boolean up) {
    byte[] bytes = plane.bytes();
    int width = plane.width();
    int stride = plane.stride();
    int last = plane.height() - 1;
    for (int y = 0; y <= last; y++) {
      int start = y * stride;
      if (!direction.sideways()) {
        int other = Math.min(last, y + distance) * stride;
        for (int x = 0; x < width; x += WORD) {
          LONGS.set(
              bytes,
              start + x,
              mean((long) LONGS.get(bytes, start + x), (long) LONGS.get(bytes, other + x), up));
        }
        continue;
      }
      int x = 0;
      // Only whole words whose partners all lie within the row.
      for (; x + distance + WORD <= width; x += WORD) {
        LONGS.set(
            bytes,
            start + x,
            mean(
                (long) LONGS.get(bytes, start + x),
                (long) LONGS.get(bytes, start + x + distance),
                up));
      }
      for (; x < width; x++) {
        int other = bytes[start + Math.min(width - 1, x + distance)] & 0xFF;
        bytes[start + x] = (byte) ((bytes[start + x] & 0xFF) + other + (up ? 1 : 0) >> 1);
      }
    }
  }

  /** The means of eight pairs of bytes. */
  private static long mean(long a, long b, boolean up) {
    long half = ((a ^ b) >>> 1) & HIGH_SEVEN;
    return up ? (a | b) - half : (a & b) + half;
  }
}
