package dev.reelbeam.media.picture;

/** Reads numbers out of byte arrays; the caller checks the bounds. */
final class Bytes {
  private Bytes() {}

  static int u8(byte[] b, int at) {
    return b[at] & 0xFF;
  }

  /** Big-endian. */
  static int u16(byte[] b, int at) {
    return u8(b, at) << 8 | u8(b, at + 1);
  }

  /** Big-endian. */
  static long u32(byte[] b, int at) {
    return (long) u16(b, at) << 16 | u16(b, at + 2);
  }

  /** Little-endian. */
  static int u16le(byte[] b, int at) {
    return u8(b, at) | u8(b, at + 1) << 8;
  }

  /** Little-endian. */
  static int u24le(byte[] b, int at) {
    return u16le(b, at) | u8(b, at + 2) << 16;
  }

  /** Little-endian. */
  static long u32le(byte[] b, int at) {
    return u16le(b, at) | (long) u16le(b, at + 2) << 16;
  }
}
