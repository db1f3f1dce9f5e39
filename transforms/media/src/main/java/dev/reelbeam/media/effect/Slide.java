package dev.reelbeam.media.effect;

import dev.reelbeam.media.frame.Plane;
import dev.reelbeam.media.frame.YuvFrame;

/** The new picture pushes the old one out of the frame. */
public final class Slide {
  private Slide() {}

  /**
   * Moves the old picture to the left and puts the new one at its right.
   *
   * @param frame the old picture, which becomes the mixture
   * @param incoming the new picture
   * @param shift how far the new one has come in, in even pixels
   */
  public static void left(YuvFrame frame, YuvFrame incoming, int shift) {
    shiftLeft(frame.luma(), incoming.luma(), shift);
    shiftLeft(frame.u(), incoming.u(), shift / 2);
    shiftLeft(frame.v(), incoming.v(), shift / 2);
  }

  /** Moves the old picture up and puts the new one below it. */
  public static void up(YuvFrame frame, YuvFrame incoming, int shift) {
    shiftUp(frame.luma(), incoming.luma(), shift);
    shiftUp(frame.u(), incoming.u(), shift / 2);
    shiftUp(frame.v(), incoming.v(), shift / 2);
  }

  /** A share of the way in whole chroma samples, so that colour moves with its picture. */
  public static int evenShift(int length, double share) {
    return 2 * (int) (length * share / 2 + 0.5);
  }

  private static void shiftLeft(Plane old, Plane incoming, int shift) {
    int kept = old.width() - shift;
    for (int y = 0; y < old.height(); y++) {
      int row = y * old.stride();
      System.arraycopy(old.bytes(), row + shift, old.bytes(), row, kept);
      System.arraycopy(incoming.bytes(), row, old.bytes(), row + kept, shift);
    }
  }

  private static void shiftUp(Plane old, Plane incoming, int shift) {
    int stride = old.stride();
    int kept = old.height() - shift;
    System.arraycopy(old.bytes(), shift * stride, old.bytes(), 0, kept * stride);
    System.arraycopy(incoming.bytes(), 0, old.bytes(), kept * stride, shift * stride);
  }
}
