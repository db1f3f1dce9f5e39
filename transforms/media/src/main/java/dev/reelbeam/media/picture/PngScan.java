package dev.reelbeam.media.picture;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Walks the chunks of a PNG file (W3C PNG, third edition), proves the checksums and that the
 * compressed data holds every row, and leaves out the chunks that a decoder does not need.
 */
final class PngScan {
  private static final int MAX_ICC_BYTES = 4 << 20;
  private static final int SIGNATURE_BYTES = 8;

  private record Chunk(String type, int dataAt, int length) {
    int start() {
      return dataAt - 8;
    }

    int end() {
      return dataAt + length + 4;
    }
  }

  private final byte[] b;
  private final String name;

  private PngScan(byte[] b, String name) {
    this.b = b;
    this.name = name;
  }

  /**
   * The header of a complete, undamaged file.
   *
   * @throws StageException 3001 when it is damaged or cut short, 3002 when it is too large
   */
  static PictureHeader read(byte[] b, PictureLimits limits, String name) throws StageException {
    return new PngScan(b, name).read(limits);
  }

  private PictureHeader read(PictureLimits limits) throws StageException {
    Chunk header = chunkAt(SIGNATURE_BYTES);
    if (!header.type.equals("IHDR") || header.length != 13) {
      throw damaged("its header chunk is missing");
    }
    int width = (int) Math.min(Integer.MAX_VALUE, Bytes.u32(b, header.dataAt));
    int height = (int) Math.min(Integer.MAX_VALUE, Bytes.u32(b, header.dataAt + 4));
    limits.requireSize(name, width, height);
    int bits = Bytes.u8(b, header.dataAt + 8);
    int channels = channels(Bytes.u8(b, header.dataAt + 9));
    boolean interlaced = Bytes.u8(b, header.dataAt + 12) == 1;
    if (channels == 0 || bits == 0 || bits > 16 || Integer.bitCount(bits) != 1) {
      throw damaged("its header names an unknown colour type");
    }

    ByteArrayOutputStream needed = new ByteArrayOutputStream(b.length);
    needed.write(b, 0, SIGNATURE_BYTES);
    List<Chunk> data = new ArrayList<>();
    byte[] iccProfile = null;
    int orientation = 1;
    int at = SIGNATURE_BYTES;
    while (true) {
      Chunk chunk = chunkAt(at);
      at = chunk.end();
      switch (chunk.type) {
        case "IDAT" -> data.add(chunk);
        case "iCCP" -> iccProfile = inflateProfile(chunk);
        case "eXIf" -> orientation = Exif.orientation(b, chunk.dataAt, chunk.dataAt + chunk.length);
        default -> {}
      }
      if (isNeeded(chunk.type)) {
        needed.write(b, chunk.start(), chunk.end() - chunk.start());
      }
      if (chunk.type.equals("IEND")) {
        break;
      }
    }
    requireAllRows(data, rawBytes(width, height, bits * channels, interlaced), height);
    int decodedBytes = channels * (bits == 16 ? 2 : 1);
    return new PictureHeader(
        PictureFormat.PNG,
        width,
        height,
        decodedBytes,
        orientation,
        iccProfile,
        needed.toByteArray());
  }

  private static boolean isNeeded(String type) {
    return switch (type) {
      case "IHDR", "PLTE", "tRNS", "IDAT", "IEND" -> true;
      default -> false;
    };
  }

  private Chunk chunkAt(int at) throws StageException {
    if (at + 12 > b.length) {
      throw damaged("it is cut short after " + b.length + " bytes");
    }
    long length = Bytes.u32(b, at);
    String type = new String(b, at + 4, 4, StandardCharsets.ISO_8859_1);
    if (length > b.length - at - 12L) {
      throw damaged("it is cut short inside a chunk " + printable(type));
    }
    int end = at + 8 + (int) length;
    CRC32 crc = new CRC32();
    crc.update(b, at + 4, (int) length + 4);
    if (crc.getValue() != Bytes.u32(b, end)) {
      throw damaged("the checksum of a chunk " + printable(type) + " is wrong");
    }
    return new Chunk(type, at + 8, (int) length);
  }

  private static String printable(String type) {
    return type.chars().allMatch(c -> c > ' ' && c < 127) ? type : "with a damaged name";
  }

  private static int channels(int colourType) {
    return switch (colourType) {
      case 0, 3 -> 1;
      case 2 -> 3;
      case 4 -> 2;
      case 6 -> 4;
      default -> 0;
    };
  }

  private static long rawBytes(int width, int height, int bitsPerPixel, boolean interlaced) {
    if (!interlaced) {
      return (((long) width * bitsPerPixel + 7) / 8 + 1) * height;
    }
    int[][] adam7 = {
      {0, 0, 8, 8},
      {4, 0, 8, 8},
      {0, 4, 4, 8},
      {2, 0, 4, 4},
      {0, 2, 2, 4},
      {1, 0, 2, 2},
      {0, 1, 1, 2}
    };
    long total = 0;
    for (int[] pass : adam7) {
      long columns = Math.max(0, (width - pass[0] + pass[2] - 1) / pass[2]);
      long rows = Math.max(0, (height - pass[1] + pass[3] - 1) / pass[3]);
      if (columns > 0) {
        total += ((columns * bitsPerPixel + 7) / 8 + 1) * rows;
      }
    }
    return total;
  }

  /** Inflates into one small buffer, and never more than the header promises. */
  private void requireAllRows(List<Chunk> data, long wanted, int height) throws StageException {
    Inflater inflater = new Inflater();
    byte[] buffer = new byte[1 << 16];
    long got = 0;
    try {
      for (Chunk chunk : data) {
        inflater.setInput(b, chunk.dataAt, chunk.length);
        while (got < wanted && !inflater.needsInput() && !inflater.finished()) {
          int n = inflater.inflate(buffer);
          if (n == 0 && inflater.needsDictionary()) {
            throw damaged("its compressed data is damaged");
          }
          got += n;
        }
      }
    } catch (DataFormatException e) {
      throw new StageException(
          FailureCode.PICTURE_UNDECODABLE,
          name + ": the PNG's compressed data is damaged after " + rows(got, wanted, height),
          e);
    } finally {
      inflater.end();
    }
    if (got < wanted) {
      throw damaged("it holds only " + rows(got, wanted, height));
    }
  }

  private static String rows(long got, long wanted, int height) {
    return got * height / wanted + " of " + height + " rows";
  }

  /** The profile of an iCCP chunk; null when it is broken or absurdly large. */
  private byte @Nullable [] inflateProfile(Chunk chunk) {
    int at = chunk.dataAt;
    int end = chunk.dataAt + chunk.length;
    while (at < end && b[at] != 0) {
      at++;
    }
    at += 2;
    if (at >= end) {
      return null;
    }
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(b, at, end - at);
      ByteArrayOutputStream profile = new ByteArrayOutputStream();
      byte[] buffer = new byte[8192];
      while (!inflater.finished()) {
        int n = inflater.inflate(buffer);
        if (n == 0 || profile.size() + n > MAX_ICC_BYTES) {
          return null;
        }
        profile.write(buffer, 0, n);
      }
      return profile.toByteArray();
    } catch (DataFormatException e) {
      return null;
    } finally {
      inflater.end();
    }
  }

  private StageException damaged(String what) {
    return new StageException(
        FailureCode.PICTURE_UNDECODABLE, name + ": the PNG is damaged, " + what);
  }
}
