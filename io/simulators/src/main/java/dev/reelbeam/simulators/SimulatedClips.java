package dev.reelbeam.simulators;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The camera behind the simulators: a landscape in the colours of the words that goes by, of the
 * size, length and rate asked for. Every frame is a JPEG in an MP4, which takes no encoder; equal
 * words give equal clips.
 */
final class SimulatedClips {
  private static final int TIMESCALE = 60_000;
  private static final int HEAD_BYTES = 32;
  private static final int MOUTHS = 5;

  private SimulatedClips() {}

  static byte[] clip(
      String words, int width, int height, int frames, int frameRate, @Nullable Fault fault) {
    if (fault == Fault.NO_PICTURE || fault == Fault.NONSENSE) {
      return SimulatedPictures.picture(words, 1, 1, "jpg", fault);
    }
    int wide = fault == Fault.WRONG_SIZE ? 480 : width;
    int high = fault == Fault.WRONG_SIZE ? 480 : height;
    int count = fault == Fault.SHORT_CLIP ? Math.max(2, frames / 4) : frames;
    boolean black = fault == Fault.BLACK_CLIP;
    boolean still = black || fault == Fault.FROZEN_CLIP;
    List<byte[]> pictures =
        Negatives.of(
            List.of("clip", words, wide, high, frames, count, still, black),
            () -> {
              BufferedImage land =
                  SimulatedPictures.draw(
                      words, wide + wide / 3, high + high / 12, /* grain= */ false);
              List<byte[]> drawn = new ArrayList<>();
              for (int i = 0; i < count; i++) {
                double time = still ? 0 : (double) i / Math.max(1, frames - 1);
                drawn.add(
                    i > 0 && still ? drawn.get(0) : jpeg(frame(land, wide, high, time, black)));
              }
              return drawn;
            });
    byte[] whole = mp4(pictures, wide, high, frameRate);
    // The head of a file, which says what it is, and nothing behind it.
    return fault == Fault.CLIP_WITHOUT_FRAMES ? Arrays.copyOf(whole, HEAD_BYTES) : whole;
  }

  /** Somebody who looks at you and moves their mouth. */
  static byte[] presenter(
      String words, int width, int height, int frames, int frameRate, @Nullable Fault fault) {
    if (fault == Fault.NO_PICTURE || fault == Fault.NONSENSE) {
      return SimulatedPictures.picture(words, 1, 1, "jpg", fault);
    }
    int wide = fault == Fault.WRONG_SIZE ? 480 : width;
    int high = fault == Fault.WRONG_SIZE ? 480 : height;
    boolean black = fault == Fault.BLACK_CLIP;
    // A mouth has few positions, so few pictures have to be drawn.
    List<byte[]> mouths =
        Negatives.of(
            List.of("presenter", wide, high, black),
            () -> {
              BufferedImage room = SimulatedPictures.draw("studio", wide, high, /* grain= */ false);
              List<byte[]> drawn = new ArrayList<>();
              for (int open = 0; open < MOUTHS; open++) {
                drawn.add(jpeg(face(room, wide, high, open, black)));
              }
              return drawn;
            });
    Random random = new Random(words.hashCode());
    List<byte[]> pictures = new ArrayList<>();
    int count = fault == Fault.SHORT_CLIP ? Math.max(2, frames / 4) : frames;
    boolean still = fault == Fault.FROZEN_CLIP || black;
    for (int i = 0; i < count; i++) {
      pictures.add(mouths.get(still ? 0 : random.nextInt(MOUTHS)));
    }
    byte[] whole = mp4(pictures, wide, high, frameRate);
    return fault == Fault.CLIP_WITHOUT_FRAMES ? Arrays.copyOf(whole, HEAD_BYTES) : whole;
  }

  private static BufferedImage face(
      BufferedImage room, int width, int height, int open, boolean black) {
    BufferedImage frame = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    if (black) {
      return frame;
    }
    Graphics2D canvas = frame.createGraphics();
    canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    canvas.drawImage(room, 0, 0, null);
    int head = Math.min(width, height) / 2;
    int left = (width - head) / 2;
    int top = height / 2 - head;
    canvas.setColor(new Color(44, 62, 90));
    canvas.fillRoundRect(left - head / 2, top + head, 2 * head, height, head, head);
    canvas.setColor(new Color(224, 180, 150));
    canvas.fillRect(left + head * 3 / 8, top + head * 3 / 4, head / 4, head / 2);
    canvas.fillOval(left, top, head, head * 6 / 5);
    canvas.setColor(new Color(60, 40, 30));
    canvas.fillArc(left, top - head / 12, head, head * 3 / 4, 0, 180);
    canvas.fillOval(left + head * 11 / 40, top + head / 2, head / 12, head / 12);
    canvas.fillOval(left + head * 26 / 40, top + head / 2, head / 12, head / 12);
    canvas.setColor(new Color(150, 50, 60));
    int mouth = head / 40 + open * head / 30;
    canvas.fillOval(left + head * 3 / 8, top + head * 17 / 20 - mouth / 2, head / 4, mouth);
    canvas.dispose();
    return frame;
  }

  private static BufferedImage frame(
      BufferedImage land, int width, int height, double time, boolean black) {
    BufferedImage frame = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    if (black) {
      return frame;
    }
    Graphics2D canvas = frame.createGraphics();
    canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    canvas.translate(-time * (land.getWidth() - width), -time * (land.getHeight() - height));
    canvas.drawImage(land, 0, 0, null);
    // A flock that crosses the sky.
    canvas.setColor(new Color(30, 30, 40, 200));
    int size = Math.max(6, width / 40);
    for (int bird = 0; bird < 5; bird++) {
      int x = (int) (width * (0.1 + 0.9 * time)) + bird * size * 2;
      int flap = (int) (size * 0.5 * Math.sin(40 * time + bird));
      int y = height / 5 + (bird % 3) * size * 2;
      canvas.drawLine(x - size, y - flap, x, y);
      canvas.drawLine(x, y, x + size, y - flap);
    }
    canvas.dispose();
    return frame;
  }

  private static byte[] jpeg(BufferedImage image) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ImageIO.write(image, "jpg", bytes);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** ISO 14496-12, with one track of JPEG pictures. */
  private static byte[] mp4(List<byte[]> pictures, int width, int height, int frameRate) {
    Buffer type = box("ftyp", ascii("isom").writeInt(0x200).writeUtf8("isomqt  "));
    int duration = pictures.size() * TIMESCALE / frameRate;
    // Where the pictures begin depends on the length of what comes before them.
    long size = box("moov", movie(pictures, width, height, frameRate, duration, 0)).size();
    int begin = (int) (type.size() + size + 8);
    Buffer movie = box("moov", movie(pictures, width, height, frameRate, duration, begin));
    Buffer data = new Buffer();
    pictures.forEach(data::write);
    Buffer file = new Buffer();
    add(file, type);
    add(file, movie);
    add(file, box("mdat", data));
    return file.readByteArray();
  }

  private static Buffer movie(
      List<byte[]> pictures, int width, int height, int frameRate, int duration, int begin) {
    Buffer header = new Buffer().writeInt(0).writeInt(0).writeInt(0);
    header.writeInt(TIMESCALE).writeInt(duration).writeInt(0x10000).writeInt(0x1000000);
    header.writeLong(0);
    matrix(header).write(new byte[24]).writeInt(2);
    Buffer track = new Buffer().writeInt(3).writeInt(0).writeInt(0).writeInt(1).writeInt(0);
    track.writeInt(duration).writeLong(0).writeLong(0);
    matrix(track).writeInt(width << 16).writeInt(height << 16);
    Buffer media = new Buffer().writeInt(0).writeInt(0).writeInt(0);
    media.writeInt(TIMESCALE).writeInt(duration).writeInt(0x55c40000);
    Buffer handler = new Buffer().writeInt(0).writeInt(0);
    handler.writeUtf8("vide").write(new byte[12]).writeByte(0);
    Buffer entry = new Buffer().write(new byte[6]).writeShort(1).write(new byte[16]);
    entry.writeShort(width).writeShort(height).writeInt(0x480000).writeInt(0x480000);
    entry.writeInt(0).writeShort(1).write(new byte[32]).writeShort(24).writeShort(-1);
    Buffer sizes = new Buffer().writeInt(0).writeInt(0).writeInt(pictures.size());
    pictures.forEach(picture -> sizes.writeInt(picture.length));
    Buffer samples = new Buffer();
    add(samples, box("stsd", list(1, box("jpeg", entry))));
    add(
        samples,
        box(
            "stts",
            list(1, new Buffer().writeInt(pictures.size()).writeInt(TIMESCALE / frameRate))));
    add(
        samples,
        box("stsc", list(1, new Buffer().writeInt(1).writeInt(pictures.size()).writeInt(1))));
    add(samples, box("stsz", sizes));
    add(samples, box("stco", list(1, new Buffer().writeInt(begin))));
    Buffer information = box("vmhd", new Buffer().writeInt(1).writeLong(0));
    add(information, box("dinf", box("dref", list(1, box("url ", new Buffer().writeInt(1))))));
    add(information, box("stbl", samples));
    Buffer inside = box("mdhd", media);
    add(inside, box("hdlr", handler));
    add(inside, box("minf", information));
    Buffer both = box("tkhd", track);
    add(both, box("mdia", inside));
    Buffer movie = box("mvhd", header);
    add(movie, box("trak", both));
    return movie;
  }

  /** Appends one buffer to another, which is empty then. */
  private static void add(Buffer to, Buffer from) {
    to.write(from, from.size());
  }

  private static Buffer ascii(String text) {
    return new Buffer().writeString(text, StandardCharsets.US_ASCII);
  }

  private static Buffer list(int entries, Buffer content) {
    Buffer list = new Buffer().writeInt(0).writeInt(entries);
    add(list, content);
    return list;
  }

  private static Buffer matrix(Buffer to) {
    int one = 0x10000;
    for (int value : new int[] {one, 0, 0, 0, one, 0, 0, 0, 0x40000000}) {
      to.writeInt(value);
    }
    return to;
  }

  private static Buffer box(String type, Buffer content) {
    Buffer box = new Buffer().writeInt((int) content.size() + 8);
    box.writeString(type, StandardCharsets.US_ASCII);
    add(box, content);
    return box;
  }
}
