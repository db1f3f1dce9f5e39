package dev.reelbeam.media.picture;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.util.concurrent.Semaphore;

/**
 * Takes in pictures of strangers.
 *
 * <p>The format is told by the bytes, never by the name. The header is read and the bounds are
 * checked before a pixel is decoded: at most 50 MB and 100 megapixels, at least 64 pixels on each
 * side. Decoders run inside a share of the heap that all threads divide among themselves, and a
 * JPEG that is much larger than what is kept of it is halved while it is decoded, other very large
 * pictures are read in every second or third pixel.
 *
 * <p>Read: JPEG (baseline and progressive; grey, RGB, CMYK, YCCK), PNG (all kinds), GIF and
 * animations by their first frame, WebP, BMP, TIFF, SVG, AVIF. Thread-safe.
 */
public final class PictureIntake {
  /** Largest value that {@code maxSidePx} may take. */
  public static final int MAX_SIDE_PX = 8192;

  private static final int MEBIBYTE = 1 << 20;
  private static final int HEAP_SHARE_MIB =
      (int) Math.max(64, Runtime.getRuntime().maxMemory() / MEBIBYTE / 2);
  private static final Semaphore HEAP = new Semaphore(HEAP_SHARE_MIB, true);

  private PictureIntake() {}

  /**
   * Any picture as an upright, opaque or alpha sRGB picture, at most {@code maxSidePx} on its
   * longer side, never enlarged (SVG is drawn at that size).
   *
   * @param name for messages only
   * @throws StageException 3001 damaged, cut short, empty or no picture; 3002 over the bounds; 3003
   *     a format that is not read; 3004 too small; 5003 when this process has too little heap
   */
  public static NormalizedPicture normalize(byte[] bytes, String name, int maxSidePx)
      throws StageException {
    return normalize(bytes, name, maxSidePx, HEAP_SHARE_MIB);
  }

  /** The same with another share of the heap. */
  static NormalizedPicture normalize(byte[] bytes, String name, int maxSidePx, int heapShareMib)
      throws StageException {
    if (maxSidePx < PictureLimits.DEFAULT.minSidePx() || maxSidePx > MAX_SIDE_PX) {
      throw new IllegalArgumentException("maxSidePx " + maxSidePx);
    }
    PictureHeader header = PictureHeaders.read(bytes, PictureLimits.DEFAULT, name);
    int halvings = PictureDecoder.halvings(header, maxSidePx);
    // By the header alone: another decoder gives other pixels, and the size of this process's heap
    // must not decide about pixels.
    if (halvings > 0) {
      try {
        return describe(
            within(
                PictureDecoder.halvedBytes(header, halvings),
                heapShareMib,
                name,
                () ->
                    finished(
                        header, PictureDecoder.decodeHalved(header, halvings, name), maxSidePx)));
      } catch (StageException e) {
        if (e.code() != FailureCode.PICTURE_UNDECODABLE) {
          throw e;
        }
        // The other decoder forgives a little more, and has the last word.
      }
    }
    return describe(
        within(
            PictureDecoder.heapBytes(header, maxSidePx),
            heapShareMib,
            name,
            () -> pixels(header, maxSidePx, name)));
  }

  /** What is decoded at the same time shares this process's memory. */
  private static PixelGrid within(long bytes, int heapShareMib, String name, Decoding decoding)
      throws StageException {
    long wantedMib = bytes / MEBIBYTE + 1;
    if (wantedMib > heapShareMib) {
      throw new StageException(
          FailureCode.MEMORY_SHORT,
          name
              + ": decoding takes "
              + wantedMib
              + " MiB, this process has "
              + heapShareMib
              + " for it");
    }
    HEAP.acquireUninterruptibly((int) wantedMib);
    try {
      return decoding.pixels();
    } finally {
      HEAP.release((int) wantedMib);
    }
  }

  private interface Decoding {
    PixelGrid pixels() throws StageException;
  }

  private static PixelGrid pixels(PictureHeader header, int maxSidePx, String name)
      throws StageException {
    if (header.format() == PictureFormat.SVG) {
      return SvgRaster.draw(header.decodable(), maxSidePx, name);
    }
    return finished(header, PictureDecoder.decode(header, name), maxSidePx);
  }

  private static PixelGrid finished(PictureHeader header, PixelGrid decoded, int maxSidePx)
      throws StageException {
    PixelGrid grid = Resampler.atMost(decoded, maxSidePx);
    byte[] profile = header.iccProfile();
    PixelGrid srgb = profile == null ? grid : IccColours.toSrgb(grid, profile);
    return srgb.upright(header.orientation());
  }

  private static NormalizedPicture describe(PixelGrid decoded) {
    boolean alpha = decoded.usesAlpha();
    PixelGrid grid = alpha ? decoded : decoded.over(0xFFFFFF);
    PictureFacts facts = PictureAnalyst.examine(grid);
    var image = grid.toImage(alpha);
    boolean asPng = alpha || facts.kind() != PictureKind.PHOTO;
    byte[] encoded = asPng ? PictureEncoder.png(image) : PictureEncoder.jpeg(image);
    return new NormalizedPicture(image, alpha, encoded, asPng ? "image/png" : "image/jpeg", facts);
  }
}
