package dev.reelbeam.media.effect;

import dev.reelbeam.media.frame.PackedPlane;
import dev.reelbeam.media.frame.Plane;
import dev.reelbeam.media.frame.Plate;
import dev.reelbeam.media.frame.Window;
import dev.reelbeam.media.frame.YuvFrame;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Resamples a window of a plate to a whole frame: bilinear, in 1/256 pixel, first along the rows
 * (four rows at once), then down the columns (eight pixels at once).
 *
 * <p>One instance serves one frame size and one thread; it keeps its scratch memory.
 */
public final class Warp {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long LOW_BYTES = 0x00FF00FF00FF00FFL;
  private static final long HALVES = 0x0080008000800080L;
  private static final int WORD = 8;

  private final int[] columns;
  private final int[] columnWeights;
  private final int[] rows;
  private final int[] rowWeights;
  private byte[] scratch = new byte[0];

  public Warp(int width, int height) {
    columns = new int[width];
    columnWeights = new int[width];
    rows = new int[height];
    rowWeights = new int[height];
  }

  /** Fills the frame with the window of the plate. */
  public void resample(Plate plate, Window window, YuvFrame target) {
    double stepX = window.width() / target.width();
    double stepY = window.height() / target.height();
    // Centres of the first pixel: luma in plate luma pixels, chroma in plate chroma pixels.
    double lumaX = window.left() + 0.5 * stepX - 0.5;
    double lumaY = window.top() + 0.5 * stepY - 0.5;
    // Left-sited chroma lies on even luma columns, and between two luma rows.
    double chromaX = lumaX / 2;
    double chromaY = (window.top() + stepY) / 2 - 0.5;

    locate(lumaX, stepX, plate.luma().width(), columns, columnWeights, target.width());
    locate(lumaY, stepY, plate.luma().height(), rows, rowWeights, target.height());
    resample(plate.luma(), target.luma());

    locate(chromaX, stepX, plate.u().width(), columns, columnWeights, target.u().width());
    locate(chromaY, stepY, plate.u().height(), rows, rowWeights, target.u().height());
    resample(plate.u(), target.u());
    resample(plate.v(), target.v());
  }

  private static void locate(
      double first, double step, int length, int[] positions, int[] weights, int count) {
    double end = length - 1;
    for (int i = 0; i < count; i++) {
      double position = Math.min(end, Math.max(0, first + i * step));
      int fixed = (int) (position * 256 + 0.5);
      positions[i] = fixed >> 8;
      weights[i] = fixed & 0xFF;
    }
  }

  private void resample(PackedPlane source, Plane target) {
    int width = target.width();
    int height = target.height();
    int stride = target.stride();
    int firstGroup = rows[0] / PackedPlane.LANES;
    int lastGroup = (rows[height - 1] + 1) / PackedPlane.LANES;
    int needed = (lastGroup - firstGroup + 1) * PackedPlane.LANES * stride;
    if (scratch.length < needed) {
      scratch = new byte[needed];
    }
    for (int group = firstGroup; group <= lastGroup; group++) {
      alongRows(
          source.groups(),
          group * source.groupStride(),
          columns,
          columnWeights,
          width,
          scratch,
          (group - firstGroup) * PackedPlane.LANES * stride,
          stride);
    }
    int firstRow = firstGroup * PackedPlane.LANES;
    for (int y = 0; y < height; y++) {
      int upper = (rows[y] - firstRow) * stride;
      downColumns(scratch, upper, upper + stride, rowWeights[y], target.bytes(), y * stride, width);
    }
  }

  private static void alongRows(
      long[] groups,
      int groupStart,
      int[] columns,
      int[] weights,
      int width,
      byte[] scratch,
      int row0,
      int stride) {
    int row1 = row0 + stride;
    int row2 = row1 + stride;
    int row3 = row2 + stride;
    for (int x = 0; x < width; x++) {
      int i = groupStart + columns[x];
      long left = groups[i];
      long right = groups[i + 1];
      // Borrows between lanes cancel out: each lane ends at left*(256-w) + right*w, under 2^16.
      long mixed = ((left << 8) + (right - left) * weights[x] + HALVES) >>> 8;
      scratch[row0 + x] = (byte) mixed;
      scratch[row1 + x] = (byte) (mixed >>> 16);
      scratch[row2 + x] = (byte) (mixed >>> 32);
      scratch[row3 + x] = (byte) (mixed >>> 48);
    }
  }

  private static void downColumns(
      byte[] scratch, int upper, int lower, int weight, byte[] target, int start, int width) {
    if (weight == 0) {
      System.arraycopy(scratch, upper, target, start, width);
      return;
    }
    for (int x = 0; x < width; x += WORD) {
      long a = (long) LONGS.get(scratch, upper + x);
      long b = (long) LONGS.get(scratch, lower + x);
      LONGS.set(target, start + x, mix(a, b, weight));
    }
  }

  /** Eight bytes of {@code a} and {@code b}, mixed as a*(256-weight) + b*weight. */
  static long mix(long a, long b, int weight) {
    long aEven = a & LOW_BYTES;
    long bEven = b & LOW_BYTES;
    long aOdd = (a >>> 8) & LOW_BYTES;
    long bOdd = (b >>> 8) & LOW_BYTES;
    long even = (((aEven << 8) + (bEven - aEven) * weight + HALVES) >>> 8) & LOW_BYTES;
    long odd = ((aOdd << 8) + (bOdd - aOdd) * weight + HALVES) & ~LOW_BYTES;
    return even | odd;
  }
}
