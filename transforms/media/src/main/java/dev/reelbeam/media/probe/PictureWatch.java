package dev.reelbeam.media.probe;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds black and frozen stretches while frames go by, from every eighth sample of every eighth row
 * of their luma: 2 % of the picture, at a cost far below that of decoding it.
 *
 * <p>The rules are those of libavfilter's blackdetect (98 % of the picture at most 10 % above
 * black) and freezedetect (mean difference from the first still frame at most 0.1 % of the range).
 */
final class PictureWatch {
  private static final int STEP = 8;
  private static final long SHORTEST_BLACK_US = 100_000;
  private static final long SHORTEST_FROZEN_US = 1_000_000;

  private final int width;
  private final int height;
  private final int blackBelow;
  private final int columns;
  private final byte[] row;
  private final byte[] current;
  private final byte[] reference;
  private boolean hasReference;
  private long frozenSinceUs;
  private long blackSinceUs = -1;
  private final List<Stretch> black = new ArrayList<>();
  private final List<Stretch> frozen = new ArrayList<>();

  PictureWatch(int width, int height, boolean fullRange) {
    this.width = width;
    this.height = height;
    this.blackBelow = fullRange ? 25 : 16 + 22;
    this.columns = (width + STEP - 1) / STEP;
    int rows = (height + STEP - 1) / STEP;
    this.row = new byte[width];
    this.current = new byte[columns * rows];
    this.reference = new byte[columns * rows];
  }

  /** Takes the next frame in order of presentation; {@code luma} holds rows of {@code stride}. */
  void frame(ByteBuffer luma, int stride, long timeUs) {
    int dark = 0;
    long difference = 0;
    int index = 0;
    for (int y = 0; y < height; y += STEP) {
      luma.get(y * stride, row, 0, width);
      for (int x = 0; x < width; x += STEP) {
        byte sample = row[x];
        int value = sample & 0xff;
        dark += value <= blackBelow ? 1 : 0;
        difference += Math.abs(value - (reference[index] & 0xff));
        current[index++] = sample;
      }
    }
    watchBlack(dark * 100L >= index * 98L, timeUs);
    // 0.1 % of the range of 255.
    boolean still = hasReference && difference * 1000 <= index * 255L;
    if (!still) {
      endFrozen(timeUs);
      System.arraycopy(current, 0, reference, 0, current.length);
      hasReference = true;
      frozenSinceUs = timeUs;
    }
  }

  /** Closes what is still open at the end of the last frame. */
  void end(long timeUs) {
    watchBlack(false, timeUs);
    endFrozen(timeUs);
  }

  private void watchBlack(boolean isBlack, long timeUs) {
    if (isBlack && blackSinceUs < 0) {
      blackSinceUs = timeUs;
    } else if (!isBlack && blackSinceUs >= 0) {
      if (timeUs - blackSinceUs >= SHORTEST_BLACK_US) {
        black.add(new Stretch(blackSinceUs, timeUs));
      }
      blackSinceUs = -1;
    }
  }

  private void endFrozen(long timeUs) {
    if (hasReference && timeUs - frozenSinceUs >= SHORTEST_FROZEN_US) {
      frozen.add(new Stretch(frozenSinceUs, timeUs));
    }
  }

  List<Stretch> black() {
    return List.copyOf(black);
  }

  List<Stretch> frozen() {
    return List.copyOf(frozen);
  }
}
