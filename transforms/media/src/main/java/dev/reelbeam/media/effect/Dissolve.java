package dev.reelbeam.media.effect;

import dev.reelbeam.media.frame.Plane;
import dev.reelbeam.media.frame.YuvFrame;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** One picture through another. */
public final class Dissolve implements TransitionEffect {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int WORD = 8;

  @Override
  public void mix(YuvFrame frame, YuvFrame incoming, Progress progress) {
    into(frame, incoming, Progress.weight(progress.share()));
  }

  /**
   * Mixes a second picture into the first.
   *
   * @param frame the first picture, which becomes the mixture
   * @param weight share of the second, 0 to 256
   */
  public static void into(YuvFrame frame, YuvFrame second, int weight) {
    for (int plane = 0; plane < 3; plane++) {
      into(frame.plane(plane), second.plane(plane), weight);
    }
  }

  private static void into(Plane first, Plane second, int weight) {
    byte[] a = first.bytes();
    byte[] b = second.bytes();
    // Strides are whole words: padding is mixed along, which is cheaper than leaving it out.
    for (int i = 0; i < a.length; i += WORD) {
      LONGS.set(a, i, Warp.mix((long) LONGS.get(a, i), (long) LONGS.get(b, i), weight));
    }
  }
}
