package dev.reelbeam.media.picture;

import com.drew.imaging.tiff.TiffProcessingException;
import com.drew.imaging.tiff.TiffReader;
import com.drew.lang.ByteArrayReader;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifDirectoryBase;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifTiffHandler;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The tags of a TIFF file's first directory that bound its decoding. */
record TiffTags(
    int widthPx, int heightPx, int samplesPerPixel, int bitsPerSample, int orientation) {
  /** The tags, or null when the directory cannot be read. */
  static @Nullable TiffTags read(byte[] file) {
    Metadata metadata = new Metadata();
    try {
      new TiffReader()
          .processTiff(new ByteArrayReader(file), new ExifTiffHandler(metadata, null, 0), 0);
    } catch (TiffProcessingException | IOException | RuntimeException e) {
      return null;
    }
    ExifIFD0Directory directory = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
    if (directory == null) {
      return null;
    }
    int orientation = number(directory, ExifDirectoryBase.TAG_ORIENTATION, 1);
    return new TiffTags(
        number(directory, ExifDirectoryBase.TAG_IMAGE_WIDTH, 0),
        number(directory, ExifDirectoryBase.TAG_IMAGE_HEIGHT, 0),
        number(directory, ExifDirectoryBase.TAG_SAMPLES_PER_PIXEL, 1),
        number(directory, ExifDirectoryBase.TAG_BITS_PER_SAMPLE, 1),
        orientation < 1 || orientation > 8 ? 1 : orientation);
  }

  private static int number(ExifIFD0Directory directory, int tag, int otherwise) {
    int[] many = directory.getIntArray(tag);
    if (many != null && many.length > 0) {
      return many[0];
    }
    Integer one = directory.getInteger(tag);
    return one == null ? otherwise : one;
  }
}
