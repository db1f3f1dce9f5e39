package dev.reelbeam.media.frame;

import java.util.Arrays;

/** One component of a frame: rows of bytes, each padded to {@code stride} bytes. */
public final class Plane {
  private final int width;
  private final int height;
  private final int stride;
  private final byte[] bytes;

  Plane(int width, int height) {
    this.width = width;
    this.height = height;
    this.stride =
        (width + YuvFrame.ROW_ALIGNMENT - 1) / YuvFrame.ROW_ALIGNMENT * YuvFrame.ROW_ALIGNMENT;
    this.bytes = new byte[stride * height];
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** Distance of two rows in bytes. */
  public int stride() {
    return stride;
  }

  /** The bytes themselves, row after row. */
  public byte[] bytes() {
    return bytes;
  }

  /** The sample at a place, 0 to 255. */
  public int at(int x, int y) {
    return bytes[y * stride + x] & 0xFF;
  }

  public void set(int x, int y, int value) {
    bytes[y * stride + x] = (byte) value;
  }

  /** Gives every sample the same value. */
  public void fill(int value) {
    Arrays.fill(bytes, (byte) value);
  }

  void copyFrom(Plane source) {
    System.arraycopy(source.bytes, 0, bytes, 0, bytes.length);
  }
}
