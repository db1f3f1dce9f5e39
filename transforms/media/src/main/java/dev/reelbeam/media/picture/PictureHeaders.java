package dev.reelbeam.media.picture;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header of any format, and proves as far as the container allows that it is complete.
 */
final class PictureHeaders {
  private static final int MAX_TIFF_SAMPLES = 5;

  private PictureHeaders() {}

  /**
   * The header, with its size within the limits.
   *
   * @throws StageException 3001 damaged, 3002 too large, 3003 not a format that is read, 3004 too
   *     small
   */
  static PictureHeader read(byte[] b, PictureLimits limits, String name) throws StageException {
    limits.requireBytes(name, b.length);
    PictureFormat format = PictureFormat.of(b);
    if (format == null) {
      throw unknown(b, name);
    }
    return switch (format) {
      case JPEG -> JpegScan.read(b, limits, name);
      case PNG -> PngScan.read(b, limits, name);
      case GIF -> gif(b, limits, name);
      case WEBP -> webp(b, limits, name);
      case BMP -> bmp(b, limits, name);
      case TIFF -> tiff(b, limits, name);
      case SVG -> new PictureHeader(format, 0, 0, 4, 1, null, b);
      case AVIF -> avif(b, limits, name);
      case HEIC ->
          throw unsupported(name, "HEIC pictures cannot be read; phones can export JPEG instead");
      case JPEG_XL, JPEG_2000, PSD, ICO, PDF ->
          throw unsupported(
              name, format.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " cannot be read");
    };
  }

  /** Text or a web page under a picture's name is damage; anything else may be a rare format. */
  private static StageException unknown(byte[] b, String name) {
    int probe = Math.min(b.length, 512);
    boolean text = true;
    for (int i = 0; i < probe && text; i++) {
      int c = Bytes.u8(b, i);
      text = c >= 32 || c == '\n' || c == '\r' || c == '\t';
    }
    String lower = name.toLowerCase(Locale.ROOT);
    boolean namedAsPicture =
        lower.endsWith(".png")
            || lower.endsWith(".jpg")
            || lower.endsWith(".jpeg")
            || lower.endsWith(".gif")
            || lower.endsWith(".webp")
            || lower.endsWith(".bmp")
            || lower.endsWith(".tif")
            || lower.endsWith(".tiff")
            || lower.endsWith(".svg")
            || lower.endsWith(".avif");
    if (text) {
      return new StageException(
          FailureCode.PICTURE_UNDECODABLE, name + ": holds text, not a picture");
    }
    if (namedAsPicture) {
      return new StageException(
          FailureCode.PICTURE_UNDECODABLE, name + ": does not begin like a picture");
    }
    return unsupported(name, "begins like no known picture format");
  }

  private static PictureHeader gif(byte[] b, PictureLimits limits, String name)
      throws StageException {
    // Logical screen descriptor, then blocks until the first image has ended (GIF89a, section 17).
    need(b, 13, name, "GIF");
    int at = 13 + colourTableBytes(Bytes.u8(b, 10));
    while (true) {
      need(b, at + 1, name, "GIF");
      int block = Bytes.u8(b, at);
      if (block == 0x21) {
        at = skipSubBlocks(b, at + 2, name);
      } else if (block == 0x2C) {
        need(b, at + 11, name, "GIF");
        int width = Bytes.u16le(b, at + 5);
        int height = Bytes.u16le(b, at + 7);
        limits.requireSize(name, width, height);
        int end = skipSubBlocks(b, at + 11 + colourTableBytes(Bytes.u8(b, at + 9)), name);
        // Only the first picture is handed on, so that later ones cost nothing.
        byte[] first = Arrays.copyOf(b, end + 1);
        first[end] = 0x3B;
        return new PictureHeader(PictureFormat.GIF, width, height, 1, 1, null, first);
      } else {
        throw new StageException(
            FailureCode.PICTURE_UNDECODABLE, name + ": a GIF without a picture");
      }
    }
  }

  private static int colourTableBytes(int flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
  }

  private static int skipSubBlocks(byte[] b, int from, String name) throws StageException {
    int at = from;
    while (true) {
      need(b, at + 1, name, "GIF");
      int length = Bytes.u8(b, at);
      at += 1 + length;
      if (length == 0) {
        return at;
      }
    }
  }

  private static PictureHeader webp(byte[] b, PictureLimits limits, String name)
      throws StageException {
    need(b, 30, name, "WebP");
    long riffEnd = Bytes.u32le(b, 4) + 8;
    // The last padding byte is often left out.
    if (riffEnd > b.length + 1L) {
      throw new StageException(
          FailureCode.PICTURE_UNDECODABLE,
          name + ": the WebP is cut short, " + b.length + " of " + riffEnd + " bytes are there");
    }
    int width;
    int height;
    byte[] iccProfile = null;
    int orientation = 1;
    String kind = new String(b, 12, 4, StandardCharsets.ISO_8859_1);
    switch (kind) {
      case "VP8 " -> {
        width = Bytes.u16le(b, 26) & 0x3FFF;
        height = Bytes.u16le(b, 28) & 0x3FFF;
      }
      case "VP8L" -> {
        long bits = Bytes.u32le(b, 21);
        width = (int) (bits & 0x3FFF) + 1;
        height = (int) (bits >> 14 & 0x3FFF) + 1;
      }
      case "VP8X" -> {
        width = Bytes.u24le(b, 24) + 1;
        height = Bytes.u24le(b, 27) + 1;
      }
      default ->
          throw new StageException(
              FailureCode.PICTURE_UNDECODABLE, name + ": a WebP without a picture");
    }
    limits.requireSize(name, width, height);
    for (long at = 12; at + 8 <= b.length; ) {
      int chunk = (int) at;
      long length = Bytes.u32le(b, chunk + 4);
      long end = at + 8 + length;
      if (end > b.length) {
        break;
      }
      String type = new String(b, chunk, 4, StandardCharsets.ISO_8859_1);
      if (type.equals("EXIF")) {
        int from = chunk + 8;
        boolean prefixed = length > 6 && b[from] == 'E' && b[from + 1] == 'x';
        orientation = Exif.orientation(b, prefixed ? from + 6 : from, (int) end);
      } else if (type.equals("ICCP")) {
        iccProfile = Arrays.copyOfRange(b, chunk + 8, (int) end);
      }
      at = end + (length & 1);
    }
    return new PictureHeader(PictureFormat.WEBP, width, height, 8, orientation, iccProfile, b);
  }

  private static PictureHeader bmp(byte[] b, PictureLimits limits, String name)
      throws StageException {
    need(b, 30, name, "BMP");
    boolean os2 = Bytes.u8(b, 14) == 12;
    long width = os2 ? Bytes.u16le(b, 18) : (int) Bytes.u32le(b, 18);
    long height = os2 ? Bytes.u16le(b, 20) : Math.abs((long) (int) Bytes.u32le(b, 22));
    limits.requireSize(
        name,
        (int) Math.max(Math.min(width, Integer.MAX_VALUE), -1),
        (int) Math.min(height, Integer.MAX_VALUE));
    int bits = os2 ? Bytes.u16le(b, 24) : Bytes.u16le(b, 28);
    boolean packed = !os2 && b.length > 34 && Bytes.u32le(b, 30) != 0 && Bytes.u32le(b, 30) != 3;
    long wanted = (width * bits + 31) / 32 * 4 * height + Bytes.u32le(b, 10);
    if (!packed && wanted > b.length) {
      throw new StageException(
          FailureCode.PICTURE_UNDECODABLE,
          name + ": the BMP is cut short, " + b.length + " of " + wanted + " bytes are there");
    }
    return new PictureHeader(PictureFormat.BMP, (int) width, (int) height, 4, 1, null, b);
  }

  private static PictureHeader tiff(byte[] b, PictureLimits limits, String name)
      throws StageException {
    TiffTags tags = TiffTags.read(b);
    if (tags == null) {
      throw new StageException(
          FailureCode.PICTURE_UNDECODABLE, name + ": the TIFF's directory is damaged or missing");
    }
    limits.requireSize(name, tags.widthPx(), tags.heightPx());
    if (tags.samplesPerPixel() > MAX_TIFF_SAMPLES || tags.bitsPerSample() > 32) {
      throw unsupported(
          name,
          "a TIFF with "
              + tags.samplesPerPixel()
              + " samples of "
              + tags.bitsPerSample()
              + " bits cannot be read");
    }
    int bytesPerPixel = tags.samplesPerPixel() * ((tags.bitsPerSample() + 7) / 8) + 4;
    return new PictureHeader(
        PictureFormat.TIFF,
        tags.widthPx(),
        tags.heightPx(),
        bytesPerPixel,
        tags.orientation(),
        null,
        b);
  }

  /** Properties of the items in the {@code meta} box (ISO/IEC 23008-12, section 6.5). */
  private static PictureHeader avif(byte[] b, PictureLimits limits, String name)
      throws StageException {
    int at = 0;
    while (at + 8 <= b.length && !isType(b, at + 4, "meta")) {
      long length = Bytes.u32(b, at);
      if (length < 8 || at + length > b.length) {
        at = b.length;
      } else {
        at += (int) length;
      }
    }
    need(b, at + 12, name, "AVIF");
    int end = (int) Math.min(b.length, at + Math.max(12, Bytes.u32(b, at)));
    int width = 0;
    int height = 0;
    int quarterTurns = 0;
    int mirror = -1;
    byte[] iccProfile = null;
    for (int i = at + 8; i + 12 <= end; i++) {
      if (isType(b, i, "ispe") && i + 16 <= end) {
        width = Math.max(width, (int) Math.min(Integer.MAX_VALUE, Bytes.u32(b, i + 8)));
        height = Math.max(height, (int) Math.min(Integer.MAX_VALUE, Bytes.u32(b, i + 12)));
      } else if (isType(b, i, "irot")) {
        quarterTurns = Bytes.u8(b, i + 4) & 3;
      } else if (isType(b, i, "imir")) {
        mirror = Bytes.u8(b, i + 4) & 1;
      } else if (isType(b, i, "colr") && isType(b, i + 4, "prof")) {
        long profileEnd = i - 4 + Bytes.u32(b, i - 4);
        if (profileEnd > i + 8 && profileEnd <= end) {
          iccProfile = Arrays.copyOfRange(b, i + 8, (int) profileEnd);
        }
      }
    }
    limits.requireSize(name, width, height);
    return new PictureHeader(
        PictureFormat.AVIF, width, height, 12, orientation(quarterTurns, mirror), iccProfile, b);
  }

  /**
   * The EXIF orientation that equals a turn to the left and then a mirroring.
   *
   * @param mirror 0 swaps top and bottom, 1 left and right, -1 neither
   */
  private static int orientation(int quarterTurnsLeft, int mirror) {
    int[][] byTurnAndMirror = {{1, 4, 2}, {8, 5, 7}, {3, 2, 4}, {6, 7, 5}};
    return byTurnAndMirror[quarterTurnsLeft][mirror + 1];
  }

  private static boolean isType(byte[] b, int at, String type) {
    return at + 4 <= b.length
        && b[at] == type.charAt(0)
        && b[at + 1] == type.charAt(1)
        && b[at + 2] == type.charAt(2)
        && b[at + 3] == type.charAt(3);
  }

  static StageException unsupported(String name, String why) {
    return new StageException(FailureCode.PICTURE_FORMAT_UNSUPPORTED, name + ": " + why);
  }

  private static void need(byte[] b, int bytes, String name, @Nullable String format)
      throws StageException {
    if (bytes > b.length) {
      throw new StageException(
          FailureCode.PICTURE_UNDECODABLE,
          name + ": the " + format + " is cut short after " + b.length + " bytes");
    }
  }
}
