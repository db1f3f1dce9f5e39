package dev.reelbeam.media.picture;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.util.concurrent.Semaphore;

/**
 * Takes in pictures of strangers.
 *
 * <p>The format is told by the bytes, never by the name. The header is read and the bounds are
 * checked before a pixel is decoded: at most 50 MB and 100 megapixels, at least 64 pixels on each
 * side. What decodes, scales and examines runs inside a share of the heap that all threads divide
 * among themselves. A JPEG that is larger than what is kept of it is never in memory whole: it is
 * halved by its decoder as long as enough is left, and scaled from the decoder's own planes. Other
 * very large pictures are read in every second or third pixel.
 *
 * <p>Read: JPEG (baseline and progressive; grey, RGB, CMYK, YCCK), PNG (all kinds), GIF and
 * animations by their first frame, WebP, BMP, TIFF, SVG, AVIF. Thread-safe.
 */
public final class PictureIntake {
  private static final int MEBIBYTE = 1 << 20;
  private static final int HEAP_SHARE_MIB =
      (int) Math.max(64, Runtime.getRuntime().maxMemory() / MEBIBYTE / 2);
  private static final Semaphore HEAP = new Semaphore(HEAP_SHARE_MIB, true);

  private PictureIntake() {}

  /**
   * Any picture as an upright, opaque or alpha sRGB picture, never enlarged. SVG is drawn so that
   * its longer side has as many pixels as the cap gives the shorter: drawings are shown whole.
   *
   * @param name for messages only
   * @param cap the most that is kept
   * @throws StageException 3001 damaged, cut short, empty or no picture; 3002 over the bounds; 3003
   *     a format that is not read; 3004 too small; 5003 when this process has too little heap
   */
  public static NormalizedPicture normalize(byte[] bytes, String name, PictureCap cap)
      throws StageException {
    return normalize(bytes, name, cap, HEAP_SHARE_MIB);
  }

  /** The same with another share of the heap. */
  static NormalizedPicture normalize(byte[] bytes, String name, PictureCap cap, int heapShareMib)
      throws StageException {
    PictureHeader header = PictureHeaders.read(bytes, PictureLimits.DEFAULT, name);
    // By the header alone: another decoder gives other pixels, and the size of this process's heap
    // must not decide about pixels.
    if (PictureDecoder.reducible(header, cap)) {
      try {
        return within(
            Math.max(PictureDecoder.reducedBytes(header, cap), describedBytes(header, cap)),
            heapShareMib,
            name,
            () -> finished(header, PictureDecoder.decodeReduced(header, cap, name), cap));
      } catch (StageException e) {
        if (e.code() != FailureCode.PICTURE_UNDECODABLE) {
          throw e;
        }
        // The other decoder forgives a little more, and has the last word.
      }
    }
    return within(
        Math.max(PictureDecoder.heapBytes(header, cap), describedBytes(header, cap)),
        heapShareMib,
        name,
        () -> pixels(header, cap, name));
  }

  /** Heap that examining and encoding may take: the pixels, a copy on a ground, what comes out. */
  private static long describedBytes(PictureHeader header, PictureCap cap) {
    return header.format() == PictureFormat.SVG
        ? 0
        : 14 * cap.fit(header.widthPx(), header.heightPx()).pixels();
  }

  /** What is decoded at the same time shares this process's memory. */
  private static NormalizedPicture within(
      long bytes, int heapShareMib, String name, Decoding decoding) throws StageException {
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
      return describe(decoding.pixels());
    } finally {
      HEAP.release((int) wantedMib);
    }
  }

  private interface Decoding {
    PixelGrid pixels() throws StageException;
  }

  private static PixelGrid pixels(PictureHeader header, PictureCap cap, String name)
      throws StageException {
    if (header.format() == PictureFormat.SVG) {
      return SvgRaster.draw(header.decodable(), cap.shortSidePx(), name);
    }
    return finished(header, PictureDecoder.decode(header, name), cap);
  }

  private static PixelGrid finished(PictureHeader header, PixelGrid decoded, PictureCap cap)
      throws StageException {
    PixelGrid grid = Resampler.atMost(decoded, cap);
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
