package dev.reelbeam.media.effect;

import dev.reelbeam.media.frame.ColumnPlane;
import dev.reelbeam.media.frame.Plane;
import dev.reelbeam.media.frame.Plate;
import dev.reelbeam.media.frame.Window;
import dev.reelbeam.media.frame.YuvFrame;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Method;
import java.nio.ByteOrder;

/**
 * Resamples a window of a plate to a whole frame: bilinear, in 1/256 pixel, first between columns,
 * then between rows.
 *
 * <p>The inner loops are written for the JVM's own vectoriser: whole numbers, four samples in an
 * {@code int}, and what is read and what is written either indexed alike or of different array
 * types (where it cannot tell two arrays apart, and their places differ, it gives up). The one step
 * that is no such loop turns columns into rows again, a few cache lines at a time.
 *
 * <p>One instance serves one frame size and one thread; it keeps its scratch memory.
 */
public final class Warp {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  // Every second byte of four, with room for its product with a weight.
  private static final int LOW = 0x00FF00FF;
  private static final int HALF = 0x00800080;

  // The same for eight bytes.
  private static final long LOW_BYTES = 0x00FF00FF00FF00FFL;
  private static final long HALVES = 0x0080008000800080L;

  private static final int LANES = ColumnPlane.LANES;

  /** Columns that are mixed before they are turned: one cache line of every row. */
  private static final int BLOCK = 64;

  /** Ints of a column that are turned together, so that the rows they reach stay in the cache. */
  private static final int TURNED = 64;

  private static final int INTS_PER_LINE = 16;

  private static final Loops LOOPS = new Loops();

  private final int[] columns;
  private final int[] columnWeights;
  private final int[] rows;
  private final int[] rowWeights;
  private final int[][] mixed = new int[BLOCK][0];
  private int[] scratch = new int[0];

  public Warp(int width, int height) {
    // Whole groups of four: what lies past the edge falls into the padding of the rows.
    int padded = (width + LANES - 1) / LANES * LANES;
    columns = new int[padded];
    columnWeights = new int[padded];
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

    locate(lumaX, stepX, plate.luma().width(), columns, columnWeights);
    locate(lumaY, stepY, plate.luma().height(), rows, rowWeights);
    resample(plate.luma(), target.luma());

    locate(chromaX, stepX, plate.u().width(), columns, columnWeights);
    locate(chromaY, stepY, plate.u().height(), rows, rowWeights);
    resample(plate.u(), target.u());
    resample(plate.v(), target.v());
  }

  private static void locate(
      double first, double step, int length, int[] positions, int[] weights) {
    double end = length - 1;
    for (int i = 0; i < positions.length; i++) {
      double position = Math.min(end, Math.max(0, first + i * step));
      int fixed = (int) (position * 256 + 0.5);
      positions[i] = fixed >> 8;
      weights[i] = fixed & 0xFF;
    }
  }

  private void resample(ColumnPlane source, Plane target) {
    int width = (target.width() + LANES - 1) / LANES * LANES;
    int height = target.height();
    int first = rows[0] / LANES;
    int end = (rows[height - 1] + 1) / LANES + 1;
    // An odd number of cache lines, so that the lines of a column do not all fall into one set.
    int stride = (width / LANES / INTS_PER_LINE | 1) * INTS_PER_LINE + INTS_PER_LINE * 2;
    prepare(stride * LANES * (end - first), end);
    for (int block = 0; block < width; block += BLOCK) {
      int count = Math.min(BLOCK, width - block);
      for (int x = 0; x < count; x += 2) {
        mixPair(source.columns(), block + x, mixed[x], mixed[x + 1], first, end);
      }
      for (int from = first; from < end; from += TURNED) {
        int to = Math.min(end, from + TURNED);
        for (int x = 0; x < count; x += LANES) {
          int at = (from - first) * LANES * stride + (block + x) / LANES;
          turn(mixed[x], mixed[x + 1], mixed[x + 2], mixed[x + 3], from, to, scratch, at, stride);
        }
      }
    }
    int firstRow = first * LANES;
    for (int y = 0; y < height; y++) {
      int upper = (rows[y] - firstRow) * stride;
      mixToRow(
          upper, upper + stride, rowWeights[y], target.bytes(), y * target.stride(), width / LANES);
    }
  }

  private void prepare(int scratchInts, int columnInts) {
    if (scratch.length < scratchInts) {
      scratch = new int[scratchInts];
    }
    if (mixed[0].length < columnInts) {
      for (int i = 0; i < BLOCK; i++) {
        mixed[i] = new int[columnInts];
      }
    }
  }

  /** Two neighbouring columns of the frame: even rows of both in one array, odd rows in another. */
  private void mixPair(int[][] source, int x, int[] even, int[] odd, int first, int end) {
    int a = columns[x];
    int b = columns[x + 1];
    int weightA = columnWeights[x];
    int weightB = columnWeights[x + 1];
    int[] leftA = source[a];
    int[] rightA = source[a + 1];
    int[] leftB = source[b];
    int[] rightB = source[b + 1];
    try {
      LOOPS.mixEven.invokeExact(leftA, rightA, weightA, leftB, rightB, weightB, even, first, end);
      LOOPS.mixOdd.invokeExact(leftA, rightA, weightA, leftB, rightB, weightB, odd, first, end);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  /** A row of the frame from two rows of the scratch memory. */
  private void mixToRow(int upper, int lower, int weight, byte[] target, int start, int count) {
    try {
      LOOPS.mixRows.invokeExact(scratch, upper, lower, weight, target, start, count);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  /** The loops declare nothing: what comes out of one is an error of the program. */
  private static RuntimeException unchecked(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof RuntimeException exception ? exception : new IllegalStateException(e);
  }

  // Borrows between lanes cancel out: each lane ends at left*(256-w) + right*w, under 2^16.

  private static void mixEven(
      int[] leftA,
      int[] rightA,
      int weightA,
      int[] leftB,
      int[] rightB,
      int weightB,
      int[] target,
      int first,
      int end) {
    for (int i = first; i < end; i++) {
      int a = leftA[i] & LOW;
      int b = leftB[i] & LOW;
      int mixedA = ((a << 8) + ((rightA[i] & LOW) - a) * weightA + HALF) >>> 8 & LOW;
      int mixedB = (b << 8) + ((rightB[i] & LOW) - b) * weightB + HALF & ~LOW;
      target[i] = mixedA | mixedB;
    }
  }

  private static void mixOdd(
      int[] leftA,
      int[] rightA,
      int weightA,
      int[] leftB,
      int[] rightB,
      int weightB,
      int[] target,
      int first,
      int end) {
    for (int i = first; i < end; i++) {
      int a = leftA[i] >>> 8 & LOW;
      int b = leftB[i] >>> 8 & LOW;
      int mixedA = ((a << 8) + ((rightA[i] >>> 8 & LOW) - a) * weightA + HALF) >>> 8 & LOW;
      int mixedB = (b << 8) + ((rightB[i] >>> 8 & LOW) - b) * weightB + HALF & ~LOW;
      target[i] = mixedA | mixedB;
    }
  }

  /** Four columns, as two pairs of {@link #mixPair}, become pieces of rows. */
  private static void turn(
      int[] evenA,
      int[] oddA,
      int[] evenB,
      int[] oddB,
      int first,
      int end,
      int[] target,
      int start,
      int stride) {
    int at = start;
    for (int i = first; i < end; i++) {
      int a = evenA[i];
      int b = evenB[i];
      int c = oddA[i];
      int d = oddB[i];
      target[at] = a & 0xFFFF | b << 16;
      target[at + stride] = c & 0xFFFF | d << 16;
      target[at + 2 * stride] = a >>> 16 | b & 0xFFFF0000;
      target[at + 3 * stride] = c >>> 16 | d & 0xFFFF0000;
      at += 4 * stride;
    }
  }

  private static void mixRows(
      int[] source, int upper, int lower, int weight, byte[] target, int start, int count) {
    for (int i = 0; i < count; i++) {
      int a = source[upper + i];
      int b = source[lower + i];
      int aEven = a & LOW;
      int aOdd = a >>> 8 & LOW;
      int even = ((aEven << 8) + ((b & LOW) - aEven) * weight + HALF) >>> 8 & LOW;
      int odd = (aOdd << 8) + ((b >>> 8 & LOW) - aOdd) * weight + HALF & ~LOW;
      INTS.set(target, start + LANES * i, even | odd);
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

  /**
   * The loops by handles that are no constants to the compiler, so that it cannot put them into the
   * loops of their callers: each by itself becomes vector instructions, but inside another loop the
   * JVM's vectoriser gives up, and a frame takes three times as long.
   *
   * <p>One of each for the whole process: the JVM writes code for every handle that is called
   * often. No record: the compiler trusts the fields of records.
   */
  private static final class Loops {
    private final MethodHandle mixEven = loop("mixEven");
    private final MethodHandle mixOdd = loop("mixOdd");
    private final MethodHandle mixRows = loop("mixRows");

    private static MethodHandle loop(String name) {
      for (Method method : Warp.class.getDeclaredMethods()) {
        if (method.getName().equals(name)) {
          try {
            return MethodHandles.lookup().unreflect(method);
          } catch (IllegalAccessException e) {
            throw new LinkageError(name, e);
          }
        }
      }
      throw new NoSuchMethodError(name);
    }
  }
}
