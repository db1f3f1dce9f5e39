package dev.reelbeam.media.picture;

import com.drew.lang.ByteArrayReader;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifDirectoryBase;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;
import java.util.Arrays;

/** The one thing that is taken from EXIF data: which way is up. */
final class Exif {
  private static final int MAX_BLOCK_BYTES = 1 << 20;

  private Exif() {}

  /**
   * Orientation 1-8 of a TIFF-shaped EXIF block; 1 when it is absent or broken, because a picture
   * with broken metadata is still a picture.
   */
  static int orientation(byte[] file, int from, int to) {
    if (to - from < 8 || from < 0 || to > file.length) {
      return 1;
    }
    byte[] block = Arrays.copyOfRange(file, from, Math.min(to, from + MAX_BLOCK_BYTES));
    Metadata metadata = new Metadata();
    try {
      new ExifReader().extract(new ByteArrayReader(block), metadata);
    } catch (RuntimeException e) {
      return 1;
    }
    ExifIFD0Directory directory = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
    Integer value =
        directory == null ? null : directory.getInteger(ExifDirectoryBase.TAG_ORIENTATION);
    return value == null || value < 1 || value > 8 ? 1 : value;
  }
}
