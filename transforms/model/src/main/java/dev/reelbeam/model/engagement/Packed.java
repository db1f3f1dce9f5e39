package dev.reelbeam.model.engagement;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Compact binary writing and reading of whole numbers and texts in one growing array: seven bits a
 * byte, small numbers of either sign short. Not thread-safe.
 */
public final class Packed {
  private Packed() {}

  /** Writes; {@link #toBytes} gives what was written. */
  public static final class Writer {
    private byte[] bytes;
    private int length;

    public Writer(int expectedBytes) {
      bytes = new byte[Math.max(16, expectedBytes)];
    }

    /** A byte as it is. */
    public Writer raw(int value) {
      room(1);
      bytes[length++] = (byte) value;
      return this;
    }

    /** A number that is rarely negative. */
    public Writer unsigned(long value) {
      room(10);
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        bytes[length++] = (byte) ((rest & 0x7f) | 0x80);
        rest >>>= 7;
      }
      bytes[length++] = (byte) rest;
      return this;
    }

    /** A number of either sign. */
    public Writer signed(long value) {
      return unsigned((value << 1) ^ (value >> 63));
    }

    /** A text in UTF-8 with its length. */
    public Writer text(String value) {
      byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
      unsigned(utf8.length);
      return raw(utf8, 0, utf8.length);
    }

    /** A text that may be missing. */
    public Writer optional(@Nullable String value) {
      if (value == null) {
        return raw(0);
      }
      raw(1);
      return text(value);
    }

    /** Bytes as they are. */
    public Writer raw(byte[] source, int from, int count) {
      room(count);
      System.arraycopy(source, from, bytes, length, count);
      length += count;
      return this;
    }

    public int length() {
      return length;
    }

    /** The array itself; the first {@link #length} bytes are written. */
    public byte[] array() {
      return bytes;
    }

    /** Begins anew in the same array. */
    public void clear() {
      length = 0;
    }

    public byte[] toBytes() {
      return Arrays.copyOf(bytes, length);
    }

    private void room(int count) {
      if (length + count > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
      }
    }
  }

  /**
   * Reads what a {@link Writer} wrote. Bytes that nobody wrote are an {@link
   * IllegalArgumentException}, never an endless loop or a huge array.
   */
  public static final class Reader {
    private final byte[] bytes;
    private final int end;
    private int at;

    public Reader(byte[] bytes) {
      this(bytes, 0, bytes.length);
    }

    public Reader(byte[] bytes, int from, int count) {
      this.bytes = bytes;
      this.at = from;
      this.end = from + count;
    }

    public boolean hasMore() {
      return at < end;
    }

    /** Where the next byte is in the array. */
    public int position() {
      return at;
    }

    public int raw() {
      if (at >= end) {
        throw new IllegalArgumentException("ends too early, at byte " + at);
      }
      return bytes[at++] & 0xff;
    }

    public long unsigned() {
      long value = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        int next = raw();
        value |= (long) (next & 0x7f) << shift;
        if (next < 0x80) {
          return value;
        }
      }
      throw new IllegalArgumentException("a number has more than 64 bits, at byte " + at);
    }

    public long signed() {
      long value = unsigned();
      return (value >>> 1) ^ -(value & 1);
    }

    /** A count or a length: a number that cannot be more than there are bytes left. */
    public int count() {
      long value = unsigned();
      if (value < 0 || value > end - at) {
        throw new IllegalArgumentException("a length of " + value + " at byte " + at);
      }
      return (int) value;
    }

    public String text() {
      int count = count();
      String text = new String(bytes, at, count, StandardCharsets.UTF_8);
      at += count;
      return text;
    }

    public @Nullable String optional() {
      return raw() == 0 ? null : text();
    }

    /** Fills an array with the next bytes. */
    public void copy(byte[] into) {
      int from = at;
      skip(into.length);
      System.arraycopy(bytes, from, into, 0, into.length);
    }

    /** Passes over bytes. */
    public void skip(int count) {
      if (count < 0 || count > end - at) {
        throw new IllegalArgumentException("ends too early, at byte " + at);
      }
      at += count;
    }
  }
}
