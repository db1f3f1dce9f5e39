package dev.reelbeam.media.effect;

import dev.reelbeam.media.frame.Bt709;
import dev.reelbeam.media.frame.Plane;
import dev.reelbeam.media.frame.YuvFrame;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The old picture goes into a plain colour, the new one comes out of it. */
public final class FadeColour implements TransitionEffect {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long EVERY_BYTE = 0x0101010101010101L;
  private static final int WORD = 8;

  private final int rgb;

  /**
   * @param rgb the colour, 0xRRGGBB
   */
  public FadeColour(int rgb) {
    this.rgb = rgb;
  }

  @Override
  public boolean showsOld(Progress progress) {
    return progress.share() < 0.5;
  }

  @Override
  public boolean showsNew(Progress progress) {
    return !showsOld(progress);
  }

  @Override
  public void mix(YuvFrame frame, YuvFrame incoming, Progress progress) {
    double away = showsOld(progress) ? progress.share() : 1 - progress.share();
    into(frame, rgb, Progress.weight(2 * away));
  }

  /**
   * Mixes a colour into the picture.
   *
   * @param rgb the colour, 0xRRGGBB
   * @param weight share of the colour, 0 to 256
   */
  public static void into(YuvFrame frame, int rgb, int weight) {
    int r = rgb >> 16 & 0xFF;
    int g = rgb >> 8 & 0xFF;
    int b = rgb & 0xFF;
    into(frame.luma(), Bt709.luma(r, g, b), weight);
    into(frame.u(), 128 + Bt709.blueDifference(r, g, b), weight);
    into(frame.v(), 128 + Bt709.redDifference(r, g, b), weight);
  }

  private static void into(Plane plane, int value, int weight) {
    byte[] bytes = plane.bytes();
    long colour = value * EVERY_BYTE;
    for (int i = 0; i < bytes.length; i += WORD) {
      LONGS.set(bytes, i, Warp.mix((long) LONGS.get(bytes, i), colour, weight));
    }
  }
}
