package dev.reelbeam.media.picture;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a file is by its first bytes; its name is never asked. */
enum PictureFormat {
  JPEG,
  PNG,
  GIF,
  WEBP,
  BMP,
  TIFF,
  SVG,
  AVIF,
  HEIC,
  JPEG_XL,
  JPEG_2000,
  PSD,
  ICO,
  PDF;

  private static final int TEXT_PROBE_BYTES = 4096;

  /** The format, or null when the bytes begin like nothing known. */
  static @Nullable PictureFormat of(byte[] b) {
    if (starts(b, 0, 0xFF, 0xD8, 0xFF)) {
      return JPEG;
    }
    if (starts(b, 0, 0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A)) {
      return PNG;
    }
    if (starts(b, 0, 'G', 'I', 'F', '8') && b.length > 5 && (b[4] == '7' || b[4] == '9')) {
      return GIF;
    }
    if (starts(b, 0, 'R', 'I', 'F', 'F') && starts(b, 8, 'W', 'E', 'B', 'P')) {
      return WEBP;
    }
    // "BM" alone begins many texts: the size of the info header must be one that exists.
    if (starts(b, 0, 'B', 'M') && b.length > 18 && b[14] >= 12 && b[15] == 0 && b[16] == 0) {
      return BMP;
    }
    if (starts(b, 0, 'I', 'I', 42, 0) || starts(b, 0, 'M', 'M', 0, 42)) {
      return TIFF;
    }
    if (starts(b, 4, 'f', 't', 'y', 'p') && b.length >= 16) {
      return isoBrand(b);
    }
    if (starts(b, 0, 0xFF, 0x0A) || starts(b, 4, 'J', 'X', 'L', ' ')) {
      return JPEG_XL;
    }
    if (starts(b, 4, 'j', 'P', ' ', ' ')) {
      return JPEG_2000;
    }
    if (starts(b, 0, '8', 'B', 'P', 'S')) {
      return PSD;
    }
    if (starts(b, 0, 0, 0, 1, 0) || starts(b, 0, 0, 0, 2, 0)) {
      return ICO;
    }
    if (starts(b, 0, '%', 'P', 'D', 'F')) {
      return PDF;
    }
    return looksLikeSvg(b) ? SVG : null;
  }

  private static @Nullable PictureFormat isoBrand(byte[] b) {
    int boxBytes = Math.min(Bytes.u32(b, 0) > 4096 ? 4096 : (int) Bytes.u32(b, 0), b.length);
    PictureFormat found = null;
    for (int at = 8; at + 4 <= boxBytes; at += 4) {
      String brand = new String(b, at, 4, StandardCharsets.ISO_8859_1);
      if (brand.equals("avif") || brand.equals("avis")) {
        return AVIF;
      }
      if (brand.startsWith("hei") || brand.startsWith("hev") || brand.equals("mif1")) {
        found = HEIC;
      }
    }
    return found;
  }

  private static boolean looksLikeSvg(byte[] b) {
    String head =
        new String(b, 0, Math.min(b.length, TEXT_PROBE_BYTES), StandardCharsets.UTF_8)
            .toLowerCase(Locale.ROOT);
    String text =
        head.startsWith("\uFEFF") ? head.substring(1).stripLeading() : head.stripLeading();
    boolean markup = text.startsWith("<?xml") || text.startsWith("<!") || text.startsWith("<svg");
    return markup && text.contains("<svg");
  }

  private static boolean starts(byte[] b, int offset, int... wanted) {
    if (b.length < offset + wanted.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if ((b[offset + i] & 0xFF) != wanted[i]) {
        return false;
      }
    }
    return true;
  }
}
