package dev.reelbeam.media.picture;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Walks the markers of a JPEG file (ITU-T T.81 annex B) from start to end. */
final class JpegScan {
  /** Ordinary progressive files have about ten scans; thousands of them are an attack. */
  private static final int MAX_SCANS = 100;

  private static final String ICC_PREFIX = "ICC_PROFILE\0";

  private static final long MAX_SCANNED_PIXELS = 2_000_000_000L;

  private JpegScan() {}

  /**
   * The header of a complete file.
   *
   * @throws StageException 3001 when the file is cut short or not a JPEG, 3003 for kinds of JPEG
   *     that are not read, 3002 when it is too large
   */
  static PictureHeader read(byte[] b, PictureLimits limits, String name) throws StageException {
    int width = 0;
    int height = 0;
    int components = 0;
    int orientation = 1;
    int scans = 0;
    TreeMap<Integer, byte[]> profileParts = new TreeMap<>();
    ByteArrayOutputStream needed = new ByteArrayOutputStream(b.length);
    needed.write(b, 0, 2);
    int at = 2;
    int keptUntil = 2;
    while (true) {
      at = nextMarker(b, at);
      if (at < 0) {
        throw cutShort(name, width, height, scans);
      }
      int marker = Bytes.u8(b, at + 1);
      at += 2;
      if (marker == 0xD9) {
        needed.write(b, keptUntil, at - keptUntil);
        break;
      }
      if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {
        continue;
      }
      if (at + 2 > b.length) {
        throw cutShort(name, width, height, scans);
      }
      int length = Bytes.u16(b, at);
      if (length < 2 || at + length > b.length) {
        throw cutShort(name, width, height, scans);
      }
      if (isFrame(marker)) {
        if (length < 8) {
          throw cutShort(name, width, height, scans);
        }
        int precision = Bytes.u8(b, at + 2);
        height = Bytes.u16(b, at + 3);
        width = Bytes.u16(b, at + 5);
        components = Bytes.u8(b, at + 7);
        limits.requireSize(name, width, height);
        requireSupported(name, marker, precision, components);
      } else if (marker == 0xE1 && hasPrefix(b, at + 2, "Exif\0")) {
        orientation = Exif.orientation(b, at + 8, at + length);
      } else if (marker == 0xE2 && hasPrefix(b, at + 2, ICC_PREFIX) && length > 16) {
        profileParts.put(Bytes.u8(b, at + 14), Arrays.copyOfRange(b, at + 16, at + length));
      } else if (marker == 0xDA) {
        scans++;
        if (width == 0) {
          throw new StageException(
              FailureCode.PICTURE_UNDECODABLE, name + ": JPEG data without a frame header");
        }
        if (scans > MAX_SCANS || (long) scans * width * height > MAX_SCANNED_PIXELS) {
          throw new StageException(
              FailureCode.PICTURE_TOO_LARGE,
              name + ": " + scans + " scans of " + width + "x" + height + " pixels");
        }
      }
      if (isAside(marker)) {
        // Metadata is read here and kept from the decoder, so that colour is managed in one place.
        needed.write(b, keptUntil, at - 2 - keptUntil);
        keptUntil = at + length;
      }
      at += length;
    }
    if (scans == 0) {
      throw new StageException(
          FailureCode.PICTURE_UNDECODABLE, name + ": a JPEG without picture data");
    }
    return new PictureHeader(
        PictureFormat.JPEG,
        width,
        height,
        components == 4 ? 8 : 3,
        orientation,
        profile(profileParts),
        needed.toByteArray());
  }

  private static boolean isAside(int marker) {
    boolean application = marker >= 0xE1 && marker <= 0xEF && marker != 0xEE;
    return application || marker == 0xFE;
  }

  /** The parts of a profile in their order (ICC.1:2022, annex B.4); null when one is missing. */
  private static byte @Nullable [] profile(SortedMap<Integer, byte[]> parts) {
    if (parts.isEmpty() || parts.firstKey() != 1 || parts.lastKey() != parts.size()) {
      return null;
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (byte[] part : parts.values()) {
      whole.writeBytes(part);
    }
    return whole.toByteArray();
  }

  /** Number of colour components of a file that {@link #read} has passed. */
  static int components(byte[] b) {
    return Bytes.u8(b, frame(b) + 9);
  }

  /** Whether such a file is sent coarse to fine, in several scans. */
  static boolean progressive(byte[] b) {
    return Bytes.u8(b, frame(b) + 1) == 0xC2;
  }

  /** Index of the marker of the frame header. */
  private static int frame(byte[] b) {
    int at = 2;
    while (!isFrame(Bytes.u8(b, at + 1))) {
      at += 2 + Bytes.u16(b, at + 2);
      at = Math.max(at, nextMarker(b, at));
    }
    return at;
  }

  /** Colour transform of the Adobe marker: 0 none, 1 YCbCr, 2 YCCK; -1 without the marker. */
  static int adobeTransform(byte[] b) {
    int at = 2;
    while (at + 16 <= b.length && Bytes.u8(b, at + 1) != 0xDA) {
      if (Bytes.u8(b, at + 1) == 0xEE && hasPrefix(b, at + 4, "Adobe")) {
        return Bytes.u8(b, at + 15);
      }
      at += 2 + Bytes.u16(b, at + 2);
      at = Math.max(at, nextMarker(b, at));
    }
    return -1;
  }

  /** Index of the next 0xFF that begins a marker, past entropy-coded data, or -1 at the end. */
  private static int nextMarker(byte[] b, int from) {
    for (int at = from; at + 1 < b.length; at++) {
      if (b[at] == (byte) 0xFF && b[at + 1] != 0 && b[at + 1] != (byte) 0xFF) {
        return at;
      }
    }
    return -1;
  }

  private static boolean isFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  private static void requireSupported(String name, int marker, int precision, int components)
      throws StageException {
    boolean huffmanDct = marker <= 0xC2;
    if (!huffmanDct || precision != 8) {
      throw new StageException(
          FailureCode.PICTURE_FORMAT_UNSUPPORTED,
          name
              + ": a rare kind of JPEG ("
              + (huffmanDct ? precision + " bits" : "lossless, hierarchical or arithmetic coding")
              + ")");
    }
    if (components != 1 && components != 3 && components != 4) {
      throw new StageException(
          FailureCode.PICTURE_FORMAT_UNSUPPORTED,
          name + ": a JPEG with " + components + " colour components");
    }
  }

  private static boolean hasPrefix(byte[] b, int at, String prefix) {
    byte[] wanted = prefix.getBytes(StandardCharsets.ISO_8859_1);
    return at + wanted.length <= b.length
        && Arrays.equals(b, at, at + wanted.length, wanted, 0, wanted.length);
  }

  private static StageException cutShort(String name, int width, int height, int scans) {
    String missing =
        width == 0
            ? "its frame header is missing"
            : scans == 0
                ? "the data of its " + width + "x" + height + " pixels is missing"
                : "the end of the data of its " + width + "x" + height + " pixels is missing";
    return new StageException(
        FailureCode.PICTURE_UNDECODABLE, name + ": the JPEG is cut short, " + missing);
  }
}
