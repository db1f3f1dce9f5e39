package dev.reelbeam.media.effect;

import dev.reelbeam.media.frame.OverlayRaster;
import dev.reelbeam.media.frame.Plane;
import dev.reelbeam.media.frame.YuvFrame;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** A transparent raster over a picture. */
public final class BlendOverlay {
  /** The opacity at which a raster shows as it was drawn. */
  public static final int OPAQUE = 256;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int WORD = 8;

  private BlendOverlay() {}

  /**
   * Draws the raster over the frame; what lies outside is left out.
   *
   * @param x left edge on the frame, of the raster's parity
   * @param y top edge on the frame, of the raster's parity
   * @param opacity 0 to {@value #OPAQUE}
   */
  public static void over(YuvFrame frame, OverlayRaster raster, int x, int y, int opacity) {
    if ((x & 1) != raster.parityX() || (y & 1) != raster.parityY()) {
      throw new IllegalArgumentException("the raster was made for another parity");
    }
    over(frame.luma(), raster.layer(0), x & ~1, y & ~1, opacity);
    over(frame.u(), raster.layer(1), x >> 1, y >> 1, opacity);
    over(frame.v(), raster.layer(2), x >> 1, y >> 1, opacity);
  }

  private static void over(
      Plane plane, OverlayRaster.Layer layer, int originX, int originY, int opacity) {
    int left = originX + layer.left();
    int top = originY + layer.top();
    int fromRow = Math.max(0, -top);
    int toRow = Math.min(layer.height(), plane.height() - top);
    for (int row = fromRow; row < toRow; row++) {
      int from = Math.max(layer.first(row), -left);
      int to = Math.min(layer.end(row), plane.width() - left);
      if (from < to) {
        span(
            plane.bytes(),
            (top + row) * plane.stride() + left + from,
            layer.alpha(),
            layer.colour(),
            row * layer.width() + from,
            to - from,
            opacity);
      }
    }
  }

  private static void span(
      byte[] target, int at, byte[] alpha, byte[] colour, int from, int count, int opacity) {
    int i = 0;
    while (i < count) {
      if (i + WORD <= count) {
        // Most of a caption is either not there or hides what is below.
        long word = (long) LONGS.get(alpha, from + i);
        if (word == 0) {
          i += WORD;
          continue;
        }
        if (word == -1 && opacity == OPAQUE) {
          LONGS.set(target, at + i, (long) LONGS.get(colour, from + i));
          i += WORD;
          continue;
        }
      }
      int end = Math.min(count, i + WORD);
      for (; i < end; i++) {
        int a = (alpha[from + i] & 0xFF) * opacity;
        int c = (colour[from + i] & 0xFF) * opacity;
        int below = target[at + i] & 0xFF;
        // Division by 255 * 256, rounded: exact for the range that occurs.
        int sum = below * (255 * OPAQUE - a) + c * 255 + 255 * OPAQUE / 2;
        target[at + i] = (byte) (sum / (255 * OPAQUE));
      }
    }
  }
}
