package dev.reelbeam.media.probe;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the boxes of an MP4 file say that a demuxer does not tell: order, edit lists, colour tags.
 *
 * <p>Boxes as in ISO/IEC 14496-12: size, four letters, content. Sizes are checked against their
 * parent, depth and count are bounded.
 *
 * @param brand major brand of {@code ftyp}
 * @param moovBeforeMdat order of the two
 * @param editList whether there is an {@code elst}
 * @param colorBox numbers of the {@code colr} box of kind nclx, joined by slashes
 */
record Mp4Boxes(String brand, boolean moovBeforeMdat, boolean editList, @Nullable String colorBox) {
  private static final int MAX_MOOV_BYTES = 64 << 20;
  private static final int MAX_TOP_LEVEL_BOXES = 100_000;
  private static final int MAX_DEPTH = 12;

  /** Reads the boxes. Fails when the file is no MP4 file or its boxes do not nest. */
  static Mp4Boxes read(Path file) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      Scan scan = new Scan();
      long at = 0;
      long moovAt = -1;
      long mdatAt = -1;
      for (int count = 0; at + 8 <= in.length(); count++) {
        in.seek(at);
        long size = Integer.toUnsignedLong(in.readInt());
        String type = type(in.readInt());
        if (at == 0 && !type.equals("ftyp")) {
          throw new IOException("not an MP4 file");
        }
        long header = 8;
        if (size == 1) {
          size = in.readLong();
          header = 16;
        } else if (size == 0) {
          size = in.length() - at;
        }
        if (size < header || size > in.length() - at || count > MAX_TOP_LEVEL_BOXES) {
          throw new IOException("truncated inside its box " + type);
        }
        switch (type) {
          case "ftyp" -> scan.brand = type(in.readInt());
          case "mdat" -> mdatAt = mdatAt < 0 ? at : mdatAt;
          case "moov" -> {
            moovAt = at;
            if (size > MAX_MOOV_BYTES) {
              throw new IOException("an index of " + size + " bytes");
            }
            byte[] content = new byte[(int) (size - header)];
            in.readFully(content);
            scan.inside(ByteBuffer.wrap(content), 0, content.length, 0);
          }
          default -> {}
        }
        at += size;
      }
      if (moovAt < 0) {
        throw new IOException("it has no index (moov): truncated");
      }
      return new Mp4Boxes(scan.brand, mdatAt < 0 || moovAt < mdatAt, scan.editList, scan.colorBox);
    }
  }

  private static String type(int letters) {
    byte[] bytes = ByteBuffer.allocate(4).putInt(letters).array();
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static final class Scan {
    private String brand = "";
    private boolean editList;
    private @Nullable String colorBox;

    void inside(ByteBuffer bytes, int from, int to, int depth) throws IOException {
      int at = from;
      while (at + 8 <= to) {
        int size = bytes.getInt(at);
        if (size < 8 || size > to - at) {
          // User data may end with four zero bytes.
          return;
        }
        String type = type(bytes.getInt(at + 4));
        int end = at + size;
        if (depth < MAX_DEPTH) {
          visit(bytes, type, at + 8, end, depth);
        }
        at = end;
      }
    }

    private void visit(ByteBuffer bytes, String type, int from, int to, int depth)
        throws IOException {
      switch (type) {
        case "trak", "edts", "mdia", "minf", "stbl" -> inside(bytes, from, to, depth + 1);
        case "elst" -> editList = true;
        // Version, flags and entry count come before the entries.
        case "stsd" -> inside(bytes, from + 8, to, depth + 1);
        // The fixed part of a visual sample entry is 78 bytes long.
        case "avc1", "avc3", "hvc1", "hev1", "av01" -> inside(bytes, from + 78, to, depth + 1);
        case "colr" -> {
          if (to - from >= 11 && type(bytes.getInt(from)).equals("nclx")) {
            int range = (bytes.get(from + 10) >> 7) & 1;
            colorBox =
                bytes.getShort(from + 4)
                    + "/"
                    + bytes.getShort(from + 6)
                    + "/"
                    + bytes.getShort(from + 8)
                    + (range == 1 ? "/pc" : "/tv");
          }
        }
        default -> {}
      }
    }
  }
}
