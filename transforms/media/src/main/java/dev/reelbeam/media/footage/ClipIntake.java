package dev.reelbeam.media.footage;

import dev.reelbeam.media.codec.ClipReader;
import dev.reelbeam.media.frame.Bt709;
import dev.reelbeam.media.frame.Window;
import dev.reelbeam.media.frame.YuvFrame;
import dev.reelbeam.media.picture.NormalizedPicture;
import dev.reelbeam.media.picture.PictureCap;
import dev.reelbeam.media.picture.PictureIntake;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;
import javax.imageio.ImageIO;

/**
 * Looks at a clip from its first to its last usable frame, once, so that no worker meets damage
 * later. The clip itself is kept as it is: its frames are scaled and converted where they are
 * shown. Thread-safe.
 */
public final class ClipIntake {
  /** What lies beyond the first minute of a clip's useful part is not looked at. */
  public static final long MAX_USABLE_US = 60_000_000;

  /** A clip shorter than this is a blink, not a shot. */
  public static final long MIN_USABLE_US = 400_000;

  /** Of the thread's own work: how busy the machine is does not decide about a clip. */
  private static final long MOST_CPU_NANOS = 180_000_000_000L;

  private static final int MAX_FRAMES = 60 * 240;
  private static final int HEAD_BYTES = 64;
  private static final int TS_PACKET_BYTES = 188;
  private static final byte TS_MARK = 0x47;

  private static final Set<String> ENDINGS =
      Set.of("mp4", "m4v", "mov", "webm", "mkv", "avi", "ts", "3gp", "qt");

  private static final Set<String> STILL_BRANDS =
      Set.of("avif", "avis", "heic", "heix", "mif1", "msf1", "hevc", "hevx");

  private ClipIntake() {}

  /** A clip and a picture of it, for everything that wants a still. */
  public record Examined(ClipFacts facts, NormalizedPicture poster) {}

  /** Whether a name says that it is a clip. */
  public static boolean namedAsClip(String url) {
    String path = url.replaceAll("[?#].*$", "");
    String ending = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return ENDINGS.contains(ending);
  }

  /** Whether bytes are those of a clip, an animation of several frames included. */
  public static boolean isClip(byte[] bytes) {
    String head =
        new String(bytes, 0, Math.min(bytes.length, HEAD_BYTES), StandardCharsets.ISO_8859_1);
    if (head.startsWith("GIF8")) {
      return animated(bytes);
    }
    if (head.length() < 12) {
      return false;
    }
    if (transportStream(bytes)) {
      return true;
    }
    String box = head.substring(4, 8);
    if (box.equals("ftyp")) {
      return !STILL_BRANDS.contains(head.substring(8, 12));
    }
    return Set.of("moov", "mdat", "wide", "skip").contains(box)
        || head.startsWith("\u001A\u0045\u00DF\u00A3")
        || (head.startsWith("RIFF") && head.startsWith("AVI ", 8));
  }

  /** MPEG-TS has no header, but a mark at the beginning of every packet. */
  private static boolean transportStream(byte[] bytes) {
    for (int packet = 0; packet < 3; packet++) {
      int at = packet * TS_PACKET_BYTES;
      if (at >= bytes.length || bytes[at] != TS_MARK) {
        return false;
      }
    }
    return true;
  }

  /** Each frame of an animation has a control block of its own. */
  private static boolean animated(byte[] gif) {
    int blocks = 0;
    for (int i = 0; i + 2 < gif.length && blocks < 2; i++) {
      if (gif[i] == 0x21 && gif[i + 1] == (byte) 0xF9 && gif[i + 2] == 4) {
        blocks++;
      }
    }
    return blocks >= 2;
  }

  /**
   * Decodes the useful part of a clip.
   *
   * @param name for messages only
   * @param fromUs where the useful part begins; the look goes on to {@link #MAX_USABLE_US} after
   *     it, and what comes before is not decoded where the clip has an index
   * @param maxSidePx of the poster
   * @throws StageException 3050 if nothing of it can be shown, 3051 if it is over the bounds, 3052
   *     without a moving picture, 3053 if it takes more than three minutes of CPU time
   */
  public static Examined examine(Path file, String name, long fromUs, int maxSidePx)
      throws StageException {
    return examine(file, name, fromUs, maxSidePx, ClipIntake::cpuNanos);
  }

  /** CPU time of this thread. Clips are decoded on the thread that asks for them. */
  static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** The same by another clock. */
  static Examined examine(Path file, String name, long fromUs, int maxSidePx, LongSupplier cpuNanos)
      throws StageException {
    long start = cpuNanos.getAsLong();
    ClipReader.Watch watch =
        () -> {
          if (cpuNanos.getAsLong() - start > MOST_CPU_NANOS) {
            throw new StageException(
                FailureCode.CLIP_TIMEOUT, "clip " + name + " takes too long to decode");
          }
        };
    try (ClipReader clip = ClipReader.open(file, name, watch)) {
      ClipFacts facts = walk(clip, name, fromUs);
      // A third in, past fades and titles.
      long ignored = clip.seek(fromUs + (facts.usableUs() - fromUs) / 3);
      return new Examined(facts, poster(clip, name, maxSidePx));
    }
  }

  private static ClipFacts walk(ClipReader clip, String name, long fromUs) throws StageException {
    int frames = 0;
    long latestUs = 0;
    long usableUs = 0;
    boolean complete = true;
    try {
      // What lies before the useful part is never shown, and there may be hours of it.
      latestUs = clip.seek(fromUs);
      for (long us = latestUs; us >= 0; us = clip.step()) {
        // The last frame stays as long as the one before it did.
        usableUs = us + Math.max(1, us - latestUs);
        latestUs = us;
        if (++frames > MAX_FRAMES || usableUs - fromUs >= MAX_USABLE_US) {
          break;
        }
      }
    } catch (StageException e) {
      // Up to the last frame before the damage, which nobody needs to decode beyond.
      if (e.code() != FailureCode.CLIP_UNDECODABLE || latestUs - fromUs < MIN_USABLE_US) {
        throw e;
      }
      usableUs = latestUs;
      complete = false;
    }
    if (frames < 2 || usableUs - fromUs < MIN_USABLE_US) {
      throw new StageException(
          FailureCode.CLIP_WITHOUT_PICTURE,
          "clip "
              + name
              + " has "
              + frames
              + " frames from "
              + fromUs / 1000
              + " ms on, "
              + usableUs / 1000
              + " ms altogether");
    }
    return new ClipFacts(
        clip.width(),
        clip.height(),
        usableUs,
        frames,
        clip.hasSound(),
        complete,
        clip.highDynamicRange());
  }

  private static NormalizedPicture poster(ClipReader clip, String name, int maxSidePx)
      throws StageException {
    double scale = Math.min(1, (double) maxSidePx / Math.max(clip.width(), clip.height()));
    YuvFrame frame = new YuvFrame(even(clip.width() * scale), even(clip.height() * scale));
    clip.scaled(new Window(0, 0, clip.width(), clip.height()), frame);
    BufferedImage image =
        new BufferedImage(frame.width(), frame.height(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < frame.height(); y++) {
      for (int x = 0; x < frame.width(); x++) {
        int chroma = x / 2;
        image.setRGB(
            x,
            y,
            Bt709.rgb(
                frame.luma().at(x, y), frame.u().at(chroma, y / 2), frame.v().at(chroma, y / 2)));
      }
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      boolean ignored = ImageIO.write(image, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // It has its size; nothing is to be taken off again.
    PictureCap whole = new PictureCap(maxSidePx, (long) maxSidePx * maxSidePx);
    return PictureIntake.normalize(png.toByteArray(), name, whole);
  }

  private static int even(double length) {
    return Math.max(2, (int) (length / 2) * 2);
  }
}
