package dev.reelbeam.media.effect;

import dev.reelbeam.media.frame.Plane;
import dev.reelbeam.media.frame.YuvFrame;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The old picture goes out of focus and comes back into focus as the new one. */
public final class Blur implements TransitionEffect {
  /** Strongest blur: box filters of this share of the shorter side, in 1/1000. */
  private static final int STRENGTH = 34;

  /** How quickly the blurred picture takes the place of the sharp one. */
  private static final double HASTE = 2.2;

  private final Reduced old = new Reduced();
  private final Reduced incomingReduced = new Reduced();

  @Override
  public void mix(YuvFrame frame, YuvFrame incoming, Progress progress) {
    int haze = Progress.weight(Math.min(1, HASTE * progress.swell()));
    int weight = Progress.weight(Easing.inOut(progress.within(0.2, 0.8)));
    if (haze == 0) {
      if (weight == 256) {
        frame.copyFrom(incoming);
      }
      return;
    }
    double radius = progress.swell() * Math.min(frame.width(), frame.height()) * STRENGTH / 1000;
    if (progress.share() >= 0.5) {
      // What is still sharp is the new picture now.
      for (int plane = 0; plane < 3; plane++) {
        blurred(frame.plane(plane), incoming.plane(plane), weight, radius, plane);
        old.over(incoming.plane(plane), haze);
      }
      frame.copyFrom(incoming);
    } else {
      for (int plane = 0; plane < 3; plane++) {
        blurred(frame.plane(plane), incoming.plane(plane), weight, radius, plane);
        old.over(frame.plane(plane), haze);
      }
    }
  }

  /** Both pictures, mixed and blurred at a quarter of their size. */
  private void blurred(Plane first, Plane second, int weight, double radius, int plane) {
    old.read(first);
    if (weight > 0) {
      incomingReduced.read(second);
      old.mix(incomingReduced, weight);
    }
    // Two boxes, together of the wanted radius: finer steps than one box could take.
    int both = (int) (2 * radius / Reduced.FACTOR / (plane == 0 ? 1 : 2) + 0.5);
    old.blur(both / 2);
    old.blur(both - both / 2);
  }

  /** A plane at a quarter of its width and height. */
  private static final class Reduced {
    static final int FACTOR = 4;

    private static final VarHandle LONGS =
        MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOW_BYTES = 0x00FF00FF00FF00FFL;
    private static final int WORD = 8;

    private int width;
    private int height;
    private int[] samples = new int[0];
    private int[] line = new int[0];
    private byte[] row = new byte[0];

    void read(Plane plane) {
      width = (plane.width() + FACTOR - 1) / FACTOR;
      height = (plane.height() + FACTOR - 1) / FACTOR;
      if (samples.length < width * height) {
        samples = new int[width * height];
        line = new int[Math.max(width, height)];
      }
      byte[] bytes = plane.bytes();
      int whole = plane.width() / WORD;
      for (int y = 0; y < height; y++) {
        int[] rows = new int[FACTOR];
        for (int i = 0; i < FACTOR; i++) {
          rows[i] = Math.min(plane.height() - 1, y * FACTOR + i) * plane.stride();
        }
        int target = y * width;
        for (int word = 0; word < whole; word++) {
          long sums = 0;
          for (int i = 0; i < FACTOR; i++) {
            long eight = (long) LONGS.get(bytes, rows[i] + word * WORD);
            sums += (eight & LOW_BYTES) + ((eight >>> 8) & LOW_BYTES);
          }
          // Four lanes, each the sum of two columns of four rows.
          samples[target + 2 * word] =
              (int) (((sums & 0xFFFF) + ((sums >>> 16) & 0xFFFF) + 8) >> 4);
          samples[target + 2 * word + 1] =
              (int) ((((sums >>> 32) & 0xFFFF) + (sums >>> 48) + 8) >> 4);
        }
        for (int x = 2 * whole; x < width; x++) {
          int sum = 8;
          for (int i = 0; i < FACTOR * FACTOR; i++) {
            int column = Math.min(plane.width() - 1, x * FACTOR + i % FACTOR);
            sum += bytes[rows[i / FACTOR] + column] & 0xFF;
          }
          samples[target + x] = sum >> 4;
        }
      }
    }

    void mix(Reduced other, int weight) {
      for (int i = 0; i < width * height; i++) {
        samples[i] += ((other.samples[i] - samples[i]) * weight + 128) >> 8;
      }
    }

    void blur(int radius) {
      if (radius == 0) {
        return;
      }
      for (int y = 0; y < height; y++) {
        box(y * width, 1, width, radius);
      }
      for (int x = 0; x < width; x++) {
        box(x, width, height, radius);
      }
    }

    private void box(int start, int step, int length, int radius) {
      for (int i = 0; i < length; i++) {
        line[i] = samples[start + i * step];
      }
      int count = 2 * radius + 1;
      int sum = count / 2;
      for (int i = -radius; i <= radius; i++) {
        sum += line[Math.min(length - 1, Math.max(0, i))];
      }
      for (int i = 0; i < length; i++) {
        samples[start + i * step] = sum / count;
        sum += line[Math.min(length - 1, i + radius + 1)] - line[Math.max(0, i - radius)];
      }
    }

    /** Enlarges, bilinear, and lays the result over a plane. */
    void over(Plane plane, int opacity) {
      if (row.length < plane.stride()) {
        row = new byte[plane.stride()];
      }
      byte[] bytes = plane.bytes();
      for (int y = 0; y < plane.height(); y++) {
        // Centres of four rows lie at 1/8, 3/8, 5/8 and 7/8 of a reduced one.
        int phase = 2 * (y % FACTOR) + 1;
        int above = Math.max(0, phase < 4 ? y / FACTOR - 1 : y / FACTOR);
        int below = Math.min(height - 1, phase < 4 ? y / FACTOR : y / FACTOR + 1);
        int lower = phase < 4 ? phase + 4 : phase - 4;
        expand(above * width, below * width, lower);
        int start = y * plane.stride();
        for (int x = 0; x < plane.width(); x += WORD) {
          LONGS.set(
              bytes,
              start + x,
              Warp.mix((long) LONGS.get(bytes, start + x), (long) LONGS.get(row, x), opacity));
        }
      }
    }

    private void expand(int above, int below, int lower) {
      int last = width - 1;
      int left = 0;
      int here = 0;
      for (int x = 0; x <= width; x++) {
        int i = Math.min(x, last);
        int next = samples[above + i] * (8 - lower) + samples[below + i] * lower;
        if (x == 0) {
          left = next;
          here = next;
          continue;
        }
        int at = FACTOR * (x - 1);
        put(at, left * 3 + here * 5);
        put(at + 1, left + here * 7);
        put(at + 2, here * 7 + next);
        put(at + 3, here * 5 + next * 3);
        left = here;
        here = next;
      }
    }

    private void put(int at, int sixtyFourths) {
      // Rows are padded to more than a reduced sample's width.
      row[at] = (byte) ((sixtyFourths + 32) >> 6);
    }
  }
}
