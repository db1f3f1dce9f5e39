package dev.reelbeam.media.picture;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;

/** The bounds that hold before any pixel is decoded. */
record PictureLimits(int maxBytes, long maxPixels, int minSidePx) {
  static final PictureLimits DEFAULT = new PictureLimits(50_000_000, 100_000_000L, 64);

  void requireBytes(String name, int bytes) throws StageException {
    if (bytes == 0) {
      throw new StageException(FailureCode.PICTURE_UNDECODABLE, name + ": the file is empty");
    }
    if (bytes > maxBytes) {
      throw new StageException(
          FailureCode.PICTURE_TOO_LARGE,
          name + ": " + bytes / 1_000_000 + " MB, at most " + maxBytes / 1_000_000 + " MB");
    }
  }

  void requireSize(String name, int widthPx, int heightPx) throws StageException {
    if (widthPx <= 0 || heightPx <= 0) {
      throw new StageException(
          FailureCode.PICTURE_UNDECODABLE,
          name + ": its header says " + widthPx + "x" + heightPx + " pixels");
    }
    if ((long) widthPx * heightPx > maxPixels) {
      throw new StageException(
          FailureCode.PICTURE_TOO_LARGE,
          name
              + ": "
              + widthPx
              + "x"
              + heightPx
              + " is "
              + (long) widthPx * heightPx / 1_000_000
              + " megapixels, at most "
              + maxPixels / 1_000_000);
    }
    if (widthPx < minSidePx || heightPx < minSidePx) {
      throw new StageException(
          FailureCode.PICTURE_TOO_SMALL,
          name + ": " + widthPx + "x" + heightPx + ", at least " + minSidePx + " on each side");
    }
  }
}
