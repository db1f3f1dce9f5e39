package dev.reelbeam.connectors;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Lines of bounded length: of one that is longer nothing but its beginning is ever in memory. */
final class Lines {
  private static final int BUFFER_BYTES = 1 << 16;

  private Lines() {}

  /** Takes one line. */
  @FunctionalInterface
  interface Taker {
    /**
     * Takes a line that is not blank.
     *
     * @param number from 1 on, blank lines counted
     * @param bytes without the line break
     * @param whole false when the line goes on
     */
    void take(int number, byte[] bytes, boolean whole);
  }

  /**
   * Gives each line.
   *
   * @param most bytes of a line
   */
  static void read(InputStream from, int most, Taker taker) throws IOException {
    InputStream in = new BufferedInputStream(from, BUFFER_BYTES);
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    boolean whole = true;
    int number = 1;
    for (int next = in.read(); next >= 0; next = in.read()) {
      if (next == '\n') {
        give(number++, line, whole, taker);
        whole = true;
      } else if (line.size() < most) {
        line.write(next);
      } else {
        whole = false;
      }
    }
    give(number, line, whole, taker);
  }

  private static void give(int number, ByteArrayOutputStream line, boolean whole, Taker taker) {
    byte[] bytes = line.toByteArray();
    line.reset();
    if (!isBlank(bytes)) {
      taker.take(number, bytes, whole);
    }
  }

  static boolean isBlank(byte[] bytes) {
    for (byte b : bytes) {
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return false;
      }
    }
    return true;
  }
}
