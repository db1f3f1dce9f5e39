package dev.reelbeam.media.picture;

import com.twelvemonkeys.imageio.plugins.bmp.BMPImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import dev.reelbeam.media.codec.PictureStillDecoder;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;

/** Decodes the pixels of a file whose header has passed. */
final class PictureDecoder {
  /** Decoder's picture and our copy together; larger pictures are read in every n-th pixel. */
  private static final long MAX_DECODED_BYTES = 256L << 20;

  private static final int MAX_HALVINGS = 3;

  /**
   * A file that takes more than this to be reduced is read in every n-th pixel, which takes less.
   */
  private static final long MAX_REDUCED_BYTES = 512L << 20;

  private PictureDecoder() {}

  /**
   * Whether a picture is brought to the size that is kept while it is decoded: a JPEG that is
   * larger than that. A function of its header: each way to decode it gives other pixels.
   */
  static boolean reducible(PictureHeader header, PictureCap cap) {
    return header.format() == PictureFormat.JPEG
        && cap.fit(header.widthPx(), header.heightPx()).pixels() < header.pixels()
        && greyOrYcc(header.decodable())
        && reducedBytes(header, cap) <= MAX_REDUCED_BYTES;
  }

  /** How often a JPEG is halved by its decoder, so that it still has what is kept of it. */
  static int halvings(PictureHeader header, PictureCap cap) {
    PictureCap.Size kept = cap.fit(header.widthPx(), header.heightPx());
    int halvings = 0;
    while (halvings < MAX_HALVINGS
        && header.widthPx() >> (halvings + 1) >= kept.widthPx()
        && header.heightPx() >> (halvings + 1) >= kept.heightPx()) {
      halvings++;
    }
    return halvings;
  }

  private static boolean greyOrYcc(byte[] jpeg) {
    int components = JpegScan.components(jpeg);
    return components == 1 || (components == 3 && JpegScan.adobeTransform(jpeg) != 0);
  }

  /** Memory that decoding to the kept size may take at its height, in bytes. */
  static long reducedBytes(PictureHeader header, PictureCap cap) {
    long kept = cap.fit(header.widthPx(), header.heightPx()).pixels();
    long decoded = (header.pixels() >> (2 * halvings(header, cap))) * header.bytesPerPixel();
    // A progressive file keeps its coefficients, two bytes each, until its last scan.
    long coefficients =
        JpegScan.progressive(header.decodable()) ? header.pixels() * header.bytesPerPixel() * 2 : 0;
    return coefficients + decoded + kept * 12 + 2L * header.decodable().length;
  }

  /**
   * The pixels of a JPEG in the size that is kept.
   *
   * @throws StageException 3001 when the data is damaged
   */
  static PixelGrid decodeReduced(PictureHeader header, PictureCap cap, String name)
      throws StageException {
    PictureCap.Size kept = cap.fit(header.widthPx(), header.heightPx());
    PictureStillDecoder.Still still =
        PictureStillDecoder.decodeJpeg(
            header.decodable(), halvings(header, cap), kept.widthPx(), kept.heightPx(), name);
    return new PixelGrid(still.widthPx(), still.heightPx(), still.argb());
  }

  /** Every how many pixels a file is read in both directions: 1 for all ordinary pictures. */
  static int subsampling(PictureHeader header) {
    int step = 1;
    while (header.pixels() / ((long) step * step) * (header.bytesPerPixel() + 4)
        > MAX_DECODED_BYTES) {
      step++;
    }
    return step;
  }

  /** Heap that decoding may take at its height, in bytes. */
  static long heapBytes(PictureHeader header, PictureCap cap) {
    if (header.format() == PictureFormat.SVG) {
      return 16L * cap.shortSidePx() * cap.shortSidePx();
    }
    int step = subsampling(header);
    long kept = header.pixels() / ((long) step * step);
    // These two decoders build the whole picture first, whatever is asked of them.
    boolean wholeFirst =
        header.format() == PictureFormat.WEBP || header.format() == PictureFormat.AVIF;
    long decoded = (wholeFirst ? header.pixels() : kept) * header.bytesPerPixel();
    return decoded + kept * 8 + header.decodable().length;
  }

  /**
   * The pixels as stored: not yet turned upright, in the colours of the file's own profile.
   *
   * @throws StageException 3001 when the data is damaged, 3003 when no decoder knows its kind
   */
  static PixelGrid decode(PictureHeader header, String name) throws StageException {
    if (header.format() == PictureFormat.AVIF) {
      return avif(header, name);
    }
    ImageReader reader = null;
    List<String> warnings = new ArrayList<>();
    try (ImageInputStream in = new ByteArrayImageInputStream(header.decodable())) {
      boolean cmyk =
          header.format() == PictureFormat.JPEG && JpegScan.components(header.decodable()) == 4;
      reader = cmyk ? ofTheJdk("jpeg") : reader(header.format());
      reader.setInput(in, true, true);
      reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
      if (reader.getWidth(0) != header.widthPx() || reader.getHeight(0) != header.heightPx()) {
        throw new IIOException("its parts disagree about the size");
      }
      ImageReadParam param = reader.getDefaultReadParam();
      int step = subsampling(header);
      param.setSourceSubsampling(step, step, 0, 0);
      PixelGrid grid =
          cmyk
              ? InkColours.toSrgb(
                  reader.readRaster(0, param),
                  JpegScan.adobeTransform(header.decodable()),
                  header.iccProfile())
              : PixelGrid.of(reader.read(0, param));
      for (String warning : warnings) {
        if (warning.contains("premature end")) {
          throw new IIOException(warning);
        }
      }
      return grid;
    } catch (IOException | RuntimeException e) {
      throw new StageException(
          FailureCode.PICTURE_UNDECODABLE,
          name + ": the data of the " + header.format() + " is damaged" + detail(e),
          e);
    } finally {
      if (reader != null) {
        reader.dispose();
      }
    }
  }

  private static String detail(Exception e) {
    String message = e.getMessage();
    return message == null || message.isBlank() ? "" : " (" + message.strip() + ")";
  }

  private static PixelGrid avif(PictureHeader header, String name) throws StageException {
    PictureStillDecoder.Still still =
        PictureStillDecoder.decodeAvif(
            header.decodable(), header.widthPx(), header.heightPx(), name);
    return new PixelGrid(still.widthPx(), still.heightPx(), still.argb());
  }

  private static ImageReader reader(PictureFormat format) throws IOException {
    return switch (format) {
      case JPEG -> provider(JPEGImageReaderSpi.class).createReaderInstance();
      case WEBP -> provider(WebPImageReaderSpi.class).createReaderInstance();
      case TIFF -> provider(TIFFImageReaderSpi.class).createReaderInstance();
      case BMP -> provider(BMPImageReaderSpi.class).createReaderInstance();
      case PNG -> ofTheJdk("png");
      case GIF -> ofTheJdk("gif");
      default -> throw new IIOException("no decoder for " + format);
    };
  }

  /**
   * Asked for by class, so that the choice does not depend on the class path's order; registered
   * here when the service files were lost or belong to another class loader.
   */
  private static synchronized <T extends ImageReaderSpi> T provider(Class<T> type)
      throws IOException {
    IIORegistry registry = IIORegistry.getDefaultInstance();
    T found = registry.getServiceProviderByClass(type);
    if (found == null) {
      try {
        found = type.getDeclaredConstructor().newInstance();
      } catch (ReflectiveOperationException e) {
        throw new IIOException("cannot create " + type.getName(), e);
      }
      registry.registerServiceProvider(found);
    }
    return found;
  }

  private static synchronized ImageReader ofTheJdk(String format) throws IIOException {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      if (reader.getClass().getName().startsWith("com.sun.imageio.")) {
        return reader;
      }
    }
    throw new IIOException("this Java runtime has no decoder for " + format);
  }
}
