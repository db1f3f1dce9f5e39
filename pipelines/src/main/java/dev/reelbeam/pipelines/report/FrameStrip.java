package dev.reelbeam.pipelines.report;

import dev.reelbeam.media.codec.VideoFrames;
import dev.reelbeam.media.frame.Plane;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.model.failure.StageException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Small JPEGs of single frames of a video. */
final class FrameStrip {
  /** Longest width and height of a small picture, in pixels, by shape. */
  private static final int NARROW = 180;

  private static final int WIDE = 320;
  private static final float JPEG_QUALITY = 0.82f;
  private static final Pattern NAME = Pattern.compile("[0-9a-f]{1,12}-[0-9]{6,}\\.jpg");

  private FrameStrip() {}

  /** What a frame's picture is called; the same frame of the same video has the same name. */
  static String nameOf(String videoSha256, long frame) {
    String video = videoSha256.substring(0, Math.min(12, videoSha256.length()));
    return String.format(Locale.ROOT, "%s-%06d.jpg", video, frame);
  }

  /** Whether a file was named by {@link #nameOf}: nothing else in the folder is touched. */
  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** Width of the small picture of a frame of this size. */
  static int widthFor(int width, int height) {
    return Math.min(width, width > height ? WIDE : NARROW);
  }

  /** Height of the small picture of a frame of this size. */
  static int heightFor(int width, int height) {
    return Math.max(1, (int) Math.round((double) height * widthFor(width, height) / width));
  }

  /**
   * Writes the frames that are not there yet.
   *
   * @param folder an existing folder
   * @throws StageException 3034 if the video cannot be decoded
   * @throws IOException if a picture cannot be written
   */
  static void capture(Path video, String videoSha256, Collection<Long> frames, Path folder)
      throws StageException, IOException {
    TreeMap<Long, Path> missing = new TreeMap<>();
    for (long frame : new TreeSet<>(frames)) {
      Path target = folder.resolve(nameOf(videoSha256, frame));
      if (!Files.isRegularFile(target)) {
        missing.put(frame, target);
      }
    }
    if (missing.isEmpty()) {
      return;
    }
    try (VideoFrames decoder = VideoFrames.open(video)) {
      // From the last to the first: going back seeks, so that each frame costs only what lies
      // between it and its key frame.
      for (Map.Entry<Long, Path> frame : missing.descendingMap().entrySet()) {
        WholeFile.write(frame.getValue(), jpeg(shrink(decoder.yuv(frame.getKey()))));
      }
    }
  }

  /** Averages BT.709 limited-range pixels into a small sRGB picture. */
  static BufferedImage shrink(YuvFrame frame) {
    int width = widthFor(frame.width(), frame.height());
    int height = heightFor(frame.width(), frame.height());
    int[] luma = averages(frame.luma(), width, height);
    int[] u = averages(frame.u(), width, height);
    int[] v = averages(frame.v(), width, height);
    BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] pixels = new int[width * height];
    for (int i = 0; i < pixels.length; i++) {
      double y = (luma[i] / 256.0 - 16) * 255 / 219;
      double cb = (u[i] / 256.0 - 128) * 255 / 224;
      double cr = (v[i] / 256.0 - 128) * 255 / 224;
      pixels[i] =
          level(y + 1.5748 * cr) << 16
              | level(y - 0.1873 * cb - 0.4681 * cr) << 8
              | level(y + 1.8556 * cb);
    }
    small.setRGB(0, 0, width, height, pixels, 0, width);
    return small;
  }

  private static int level(double value) {
    return (int) Math.max(0, Math.min(255, Math.round(value)));
  }

  /** Mean of the samples under each target pixel, times 256. */
  private static int[] averages(Plane plane, int width, int height) {
    int[] result = new int[width * height];
    byte[] bytes = plane.bytes();
    for (int ty = 0; ty < height; ty++) {
      int top = (int) ((long) ty * plane.height() / height);
      int bottom = Math.max(top + 1, (int) ((ty + 1L) * plane.height() / height));
      for (int tx = 0; tx < width; tx++) {
        int left = (int) ((long) tx * plane.width() / width);
        int right = Math.max(left + 1, (int) ((tx + 1L) * plane.width() / width));
        int sum = 0;
        for (int y = top; y < bottom; y++) {
          int row = y * plane.stride();
          for (int x = left; x < right; x++) {
            sum += bytes[row + x] & 0xFF;
          }
        }
        result[ty * width + tx] = (int) (256L * sum / ((long) (bottom - top) * (right - left)));
      }
    }
    return result;
  }

  private static byte[] jpeg(BufferedImage image) throws IOException {
    Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName("jpeg");
    ImageWriter writer = writers.next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(out);
      ImageWriteParam settings = writer.getDefaultWriteParam();
      settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      settings.setCompressionQuality(JPEG_QUALITY);
      writer.write(null, new IIOImage(image, null, null), settings);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
