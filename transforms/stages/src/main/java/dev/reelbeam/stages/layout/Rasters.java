package dev.reelbeam.stages.layout;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ObjectStore;
import dev.reelbeam.model.port.StoreException;
import dev.reelbeam.model.store.MediaRef;
import dev.reelbeam.model.store.StepKey;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Rasters to and from the store. */
public final class Rasters {
  private static final int CACHED_PICTURES = 6;
  private static final int RASTER_VERSION = 1;

  /** Deflate level 1: rasters are read back once, on this machine or the next. */
  private static final float QUICK_COMPRESSION = 0.89f;

  private final ObjectStore store;
  private final Map<String, BufferedImage> cache =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, BufferedImage> eldest) {
          return size() > CACHED_PICTURES;
        }
      };

  public Rasters(ObjectStore store) {
    this.store = store;
  }

  /**
   * Stores a raster as PNG and names it by what is seen of it: equal pixels give the same reference
   * in one store, whatever the compressor of the machine that drew them makes of them.
   */
  public MediaRef store(BufferedImage image) {
    StepKey key =
        StepKey.of("raster", RASTER_VERSION, image.getWidth(), image.getHeight(), pixels(image));
    return store.find(key).orElseGet(() -> store.putIfAbsent(key, encode(image)));
  }

  /** Hash of the colours that show; what is fully transparent has none. */
  private static String pixels(BufferedImage image) {
    int width = image.getWidth();
    int[] row = new int[width];
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * width * image.getHeight());
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int argb : row) {
        bytes.putInt(argb >>> 24 == 0 ? 0 : argb);
      }
    }
    return RecordJson.sha256(bytes.array());
  }

  private MediaRef encode(BufferedImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 * 1024);
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionQuality(QUICK_COMPRESSION);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), param);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return store.put(bytes.toByteArray(), "image/png");
  }

  /**
   * Loads a normalized picture, reduced by a whole factor so that its long side is at least {@code
   * enoughPx} where the picture has as many.
   */
  public BufferedImage load(MediaRef ref, int enoughPx) {
    return cache.computeIfAbsent(ref.sha256() + "/" + enoughPx, key -> decode(ref, enoughPx));
  }

  private BufferedImage decode(MediaRef ref, int enoughPx) {
    try (ImageInputStream in = ImageIO.createImageInputStream(store.localFile(ref).toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new IllegalArgumentException(ref + " is not a picture");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        int longSide = Math.max(reader.getWidth(0), reader.getHeight(0));
        ImageReadParam param = reader.getDefaultReadParam();
        int step = Math.max(1, longSide / Math.max(1, enoughPx));
        param.setSourceSubsampling(step, step, 0, 0);
        return reader.read(0, param);
      } finally {
        reader.dispose();
      }
    } catch (IOException e) {
      throw new StoreException(
          FailureCode.STORAGE_UNAVAILABLE, "cannot read picture " + ref.sha256(), e);
    }
  }
}
