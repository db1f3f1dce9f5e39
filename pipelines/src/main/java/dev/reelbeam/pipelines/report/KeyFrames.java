package dev.reelbeam.pipelines.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The frames of an mp4 that can be decoded by themselves, as its sync sample table lists them
 * (ISO/IEC 14496-12, 8.6.2). A picture taken there costs one frame of decoding.
 */
final class KeyFrames {
  private static final int BOX_HEADER = 8;
  private static final long LARGEST_INDEX = 64_000_000;

  private KeyFrames() {}

  /** Numbers from 0, ascending; empty when the file does not say. */
  static NavigableSet<Long> of(Path mp4) throws IOException {
    TreeSet<Long> frames = new TreeSet<>();
    ByteBuffer moov = moov(mp4);
    while (moov != null) {
      ByteBuffer track = next(moov, "trak");
      if (track == null) {
        break;
      }
      ByteBuffer media = next(track, "mdia");
      if (media == null || !isVideo(media.duplicate())) {
        continue;
      }
      ByteBuffer information = next(media, "minf");
      ByteBuffer samples = information == null ? null : next(information, "stbl");
      ByteBuffer sync = samples == null ? null : next(samples, "stss");
      if (sync != null && sync.remaining() >= 8) {
        sync.getInt();
        int count = Math.min(sync.getInt(), sync.remaining() / Integer.BYTES);
        for (int i = 0; i < count; i++) {
          frames.add(Integer.toUnsignedLong(sync.getInt()) - 1);
        }
      }
      break;
    }
    return frames;
  }

  /**
   * The frame to show of a stretch: its middle, or a key frame in its middle half.
   *
   * @param from first frame of the stretch
   * @param to the frame after its last
   */
  static long representative(NavigableSet<Long> keyFrames, long from, long to) {
    long middle = (from + to) / 2;
    Long before = keyFrames.floor(middle);
    Long after = keyFrames.ceiling(middle);
    long margin = (to - from) / 4;
    long best = middle;
    long distance = margin + 1;
    if (before != null && middle - before < distance) {
      best = before;
      distance = middle - before;
    }
    if (after != null && after - middle < distance) {
      best = after;
    }
    return best;
  }

  private static boolean isVideo(ByteBuffer media) {
    ByteBuffer handler = next(media, "hdlr");
    return handler != null && handler.remaining() >= 12 && type(handler, 8).equals("vide");
  }

  private static @Nullable ByteBuffer moov(Path mp4) throws IOException {
    try (SeekableByteChannel file = Files.newByteChannel(mp4)) {
      ByteBuffer header = ByteBuffer.allocate(2 * BOX_HEADER);
      long at = 0;
      while (at + BOX_HEADER <= file.size()) {
        header.clear();
        file.position(at);
        while (header.hasRemaining() && file.read(header) >= 0) {}
        if (header.position() < BOX_HEADER) {
          return null;
        }
        long size = Integer.toUnsignedLong(header.getInt(0));
        if (size == 1 && header.position() == 2 * BOX_HEADER) {
          size = header.getLong(BOX_HEADER);
        }
        if (size < BOX_HEADER) {
          return null;
        }
        if (type(header, 4).equals("moov")) {
          if (size > LARGEST_INDEX || at + size > file.size()) {
            return null;
          }
          ByteBuffer body = ByteBuffer.allocate((int) size - BOX_HEADER);
          file.position(at + BOX_HEADER);
          while (body.hasRemaining() && file.read(body) >= 0) {}
          return body.flip();
        }
        at = Math.addExact(at, size);
      }
      return null;
    }
  }

  /** The body of the next box of a type; the parent is left behind it. */
  private static @Nullable ByteBuffer next(ByteBuffer parent, String wanted) {
    while (parent.remaining() >= BOX_HEADER) {
      int at = parent.position();
      long size = Integer.toUnsignedLong(parent.getInt(at));
      if (size < BOX_HEADER || size > parent.remaining()) {
        return null;
      }
      String type = type(parent, at + 4);
      ByteBuffer body = parent.slice(at + BOX_HEADER, (int) size - BOX_HEADER);
      parent.position(at + (int) size);
      if (type.equals(wanted)) {
        return body;
      }
    }
    return null;
  }

  private static String type(ByteBuffer buffer, int at) {
    byte[] letters = new byte[4];
    buffer.get(at, letters);
    return new String(letters, StandardCharsets.ISO_8859_1);
  }
}
