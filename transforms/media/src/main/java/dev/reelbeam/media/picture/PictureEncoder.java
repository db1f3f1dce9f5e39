package dev.reelbeam.media.picture;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import javax.imageio.IIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOInvalidTreeException;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.NodeList;

/**
 * Writes pictures for the store, without metadata: equal pixels give equal bytes on one runtime.
 */
final class PictureEncoder {
  private static final float PHOTO_QUALITY = 0.92f;

  private PictureEncoder() {}

  /** Baseline JPEG without chroma subsampling; the picture must be opaque. */
  static byte[] jpeg(BufferedImage image) {
    return write("jpeg", image, PHOTO_QUALITY);
  }

  /** PNG of 8 bits per channel. */
  static byte[] png(BufferedImage image) {
    return write("png", image, null);
  }

  private static byte[] write(String format, BufferedImage image, @Nullable Float quality) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 20);
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriter writer = ofTheJdk(format);
      try {
        ImageWriteParam param = writer.getDefaultWriteParam();
        IIOMetadata metadata = null;
        if (quality != null) {
          param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
          param.setCompressionQuality(quality);
          metadata = withoutSubsampling(writer, image, param);
        }
        writer.setOutput(out);
        writer.write(null, new IIOImage(image, null, metadata), param);
      } finally {
        writer.dispose();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  private static IIOMetadata withoutSubsampling(
      ImageWriter writer, BufferedImage image, ImageWriteParam param)
      throws IIOInvalidTreeException {
    IIOMetadata metadata =
        writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), param);
    String format = metadata.getNativeMetadataFormatName();
    IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(format);
    NodeList components = root.getElementsByTagName("componentSpec");
    for (int i = 0; i < components.getLength(); i++) {
      IIOMetadataNode component = (IIOMetadataNode) components.item(i);
      component.setAttribute("HsamplingFactor", "1");
      component.setAttribute("VsamplingFactor", "1");
    }
    metadata.setFromTree(format, root);
    return metadata;
  }

  private static ImageWriter ofTheJdk(String format) throws IIOException {
    synchronized (PictureEncoder.class) {
      Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName(format);
      while (writers.hasNext()) {
        ImageWriter writer = writers.next();
        if (writer.getClass().getName().startsWith("com.sun.imageio.")) {
          return writer;
        }
      }
    }
    throw new IIOException("this Java runtime has no encoder for " + format);
  }
}
