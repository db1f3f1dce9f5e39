package dev.reelbeam.bench;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The two loops of a camera move in three ways; started by {@code bench/vector-loops}. */
public final class VectorLoops {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VectorSpecies<Integer> SPECIES = IntVector.SPECIES_PREFERRED;
  private static final int LOW = 0x00FF00FF;
  private static final int HALF = 0x00800080;
  private static final int COLUMNS = 1080;
  private static final int ROWS = 1920;
  private static final int STRIDE = 305;
  private static final int FRAMES = 150;
  private static final int ROUNDS = 7;

  private enum Way {
    DIRECT("called directly"),
    HANDLE("called by a handle, as `Warp` does"),
    VECTOR_API("Vector API");

    private final String label;

    Way(String label) {
      this.label = label;
    }
  }

  private final MethodHandle columnsHandle = handle("mixColumns");
  private final MethodHandle rowsHandle = handle("mixRows");
  private final int[][] source = new int[COLUMNS + 2][ROWS / 4 + 1];
  private final int[] scratch;
  private final int[] mixed = new int[ROWS / 4 + 1];
  private final byte[] frame = new byte[COLUMNS * ROWS];

  private VectorLoops() {
    Random random = new Random(1);
    for (int[] column : source) {
      Arrays.setAll(column, i -> random.nextInt());
    }
    scratch = random.ints((ROWS + 1) * STRIDE).toArray();
  }

  /** Result file. */
  public static void main(String[] args) throws Throwable {
    String machine = Machine.describe();
    VectorLoops loops = new VectorLoops();
    loops.compare();
    List<List<double[]>> measured = new ArrayList<>();
    for (Way way : Way.values()) {
      measured.add(new ArrayList<>());
    }
    for (int round = 0; round <= ROUNDS; round++) {
      for (Way way : Way.values()) {
        double[] one = loops.measure(way);
        if (round > 0) { // The first compiles.
          measured.get(way.ordinal()).add(one);
        }
      }
    }
    StringBuilder text = new StringBuilder();
    text.append("# The loops of a camera move, as vector instructions\n\nWritten by `bench/vector-loops`. ")
        .append("One luma plane of 1080x1920: mixing neighbouring columns (half of that step), and mixing rows to the frame. ")
        .append("CPU time, medians of ").append(ROUNDS).append(", all ways in turn.\n\n").append(machine)
        .append(" Vectors of ").append(SPECIES.vectorBitSize()).append(" bits.\n\n")
        .append("| | columns, ms a plane | rows, ms a plane |\n|---|---:|---:|\n");
    for (Way way : Way.values()) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %.3f | %.3f |%n",
              way.label,
              median(measured.get(way.ordinal()), 0),
              median(measured.get(way.ordinal()), 1)));
    }
    Files.writeString(Path.of(args[0]), text);
    System.out.println(text);
  }

  private static double median(List<double[]> all, int index) {
    List<Double> values = new ArrayList<>(all.stream().map(one -> one[index]).toList());
    Collections.sort(values);
    return values.get(values.size() / 2);
  }

  private double[] measure(Way way) throws Throwable {
    long columns = 0;
    long rows = 0;
    for (int i = 0; i < FRAMES; i++) {
      long began = cpu();
      columns(way, 40 + i);
      long middle = cpu();
      rows(way, 90 + i);
      columns += middle - began;
      rows += cpu() - middle;
    }
    return new double[] {columns / 1e6 / FRAMES, rows / 1e6 / FRAMES};
  }

  private void columns(Way way, int weight) throws Throwable {
    for (int x = 0; x < COLUMNS; x += 2) {
      int[] a = source[x];
      int[] b = source[x + 1];
      int[] c = source[x + 2];
      switch (way) {
        case DIRECT -> mixColumns(a, b, weight, b, c, 31, mixed, 0, mixed.length);
        case HANDLE -> columnsHandle.invokeExact(a, b, weight, b, c, 31, mixed, 0, mixed.length);
        case VECTOR_API -> vectorColumns(a, b, weight, b, c, 31, mixed, 0, mixed.length);
      }
    }
  }

  private void rows(Way way, int weight) throws Throwable {
    for (int y = 0; y < ROWS; y++) {
      int upper = y * STRIDE;
      switch (way) {
        case DIRECT ->
            mixRows(scratch, upper, upper + STRIDE, weight, frame, y * COLUMNS, COLUMNS / 4);
        case HANDLE ->
            rowsHandle.invokeExact(
                scratch, upper, upper + STRIDE, weight, frame, y * COLUMNS, COLUMNS / 4);
        case VECTOR_API ->
            vectorRows(scratch, upper, upper + STRIDE, weight, frame, y * COLUMNS, COLUMNS / 4);
      }
    }
  }

  /** All ways must draw the same. */
  private void compare() throws Throwable {
    byte[] first = null;
    int[] firstMixed = null;
    for (Way way : Way.values()) {
      columns(way, 77);
      rows(way, 99);
      if (first != null && !(Arrays.equals(first, frame) && Arrays.equals(firstMixed, mixed))) {
        throw new IllegalStateException(way.label + " draws something else");
      }
      first = frame.clone();
      firstMixed = mixed.clone();
    }
  }

  private static void mixColumns(
      int[] leftA, int[] rightA, int weightA, int[] leftB, int[] rightB, int weightB, int[] target, int first, int end) {
    for (int i = first; i < end; i++) {
      int a = leftA[i] & LOW;
      int b = leftB[i] & LOW;
      int mixedA = ((a << 8) + ((rightA[i] & LOW) - a) * weightA + HALF) >>> 8 & LOW;
      int mixedB = (b << 8) + ((rightB[i] & LOW) - b) * weightB + HALF & ~LOW;
      target[i] = mixedA | mixedB;
    }
  }

  private static void vectorColumns(
      int[] leftA, int[] rightA, int weightA, int[] leftB, int[] rightB, int weightB, int[] target, int first, int end) {
    int i = first;
    for (; i <= end - SPECIES.length(); i += SPECIES.length()) {
      ShortVector a = shorts(leftA, i).and((short) 0xFF);
      ShortVector b = shorts(leftB, i).and((short) 0xFF);
      ShortVector mixedA =
          mix(a, shorts(rightA, i).and((short) 0xFF), weightA).lanewise(VectorOperators.LSHR, 8);
      ShortVector mixedB =
          mix(b, shorts(rightB, i).and((short) 0xFF), weightB).and((short) 0xFF00);
      mixedA.or(mixedB).reinterpretAsInts().intoArray(target, i);
    }
    mixColumns(leftA, rightA, weightA, leftB, rightB, weightB, target, i, end);
  }

  private static void mixRows(
      int[] from, int upper, int lower, int weight, byte[] target, int start, int count) {
    for (int i = 0; i < count; i++) {
      int a = from[upper + i];
      int b = from[lower + i];
      int aEven = a & LOW;
      int aOdd = a >>> 8 & LOW;
      int even = ((aEven << 8) + ((b & LOW) - aEven) * weight + HALF) >>> 8 & LOW;
      int odd = (aOdd << 8) + ((b >>> 8 & LOW) - aOdd) * weight + HALF & ~LOW;
      INTS.set(target, start + 4 * i, even | odd);
    }
  }

  private static void vectorRows(
      int[] from, int upper, int lower, int weight, byte[] target, int start, int count) {
    int i = 0;
    for (; i <= count - SPECIES.length(); i += SPECIES.length()) {
      ShortVector a = shorts(from, upper + i);
      ShortVector b = shorts(from, lower + i);
      ShortVector even =
          mix(a.and((short) 0xFF), b.and((short) 0xFF), weight).lanewise(VectorOperators.LSHR, 8);
      ShortVector odd =
          mix(a.lanewise(VectorOperators.LSHR, 8), b.lanewise(VectorOperators.LSHR, 8), weight)
              .and((short) 0xFF00);
      even.or(odd).reinterpretAsBytes().intoArray(target, start + 4 * i);
    }
    if (i < count) {
      mixRows(from, upper + i, lower + i, weight, target, start + 4 * i, count - i);
    }
  }

  private static ShortVector shorts(int[] array, int at) {
    return IntVector.fromArray(SPECIES, array, at).reinterpretAsShorts();
  }

  private static ShortVector mix(ShortVector a, ShortVector b, int weight) {
    return a.lanewise(VectorOperators.LSHL, 8).add(b.sub(a).mul((short) weight)).add((short) 128);
  }

  private static MethodHandle handle(String name) {
    for (Method method : VectorLoops.class.getDeclaredMethods()) {
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

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
