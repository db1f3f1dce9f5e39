package dev.reelbeam.voices;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Writes 16-bit mono RIFF files, and reads those of its caller. */
final class WavFile {
  private static final int HEADER_BYTES = 44;

  private WavFile() {}

  /** Writes under a name of its own beside {@code target}, then moves it there in one step. */
  static void write(Path target, Utterance utterance) throws IOException {
    Path unfinished = target.resolveSibling(target.getFileName() + ".part");
    try {
      try (FileChannel channel =
          FileChannel.open(
              unfinished,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer bytes = bytes(utterance);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
      Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /**
   * Reads a file with the plain header of 44 bytes.
   *
   * @throws IOException if it is anything else, or cut short
   */
  static Utterance read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.capacity() < HEADER_BYTES
        || bytes.getInt(0) != fourCc("RIFF")
        || bytes.getShort(22) != 1
        || bytes.getShort(34) != 16
        || bytes.getInt(36) != fourCc("data")
        || bytes.getInt(40) != bytes.capacity() - HEADER_BYTES) {
      throw new IOException("not a complete 16-bit mono WAV file");
    }
    short[] samples = new short[(bytes.capacity() - HEADER_BYTES) / 2];
    bytes.position(HEADER_BYTES).asShortBuffer().get(samples);
    return new Utterance(samples, samples.length, bytes.getInt(24), List.of());
  }

  private static ByteBuffer bytes(Utterance utterance) {
    int dataBytes = utterance.sampleCount() * 2;
    ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(fourCc("RIFF")).putInt(HEADER_BYTES - 8 + dataBytes).putInt(fourCc("WAVE"));
    bytes.putInt(fourCc("fmt ")).putInt(16);
    bytes.putShort((short) 1).putShort((short) 1);
    bytes.putInt(utterance.sampleRate()).putInt(utterance.sampleRate() * 2);
    bytes.putShort((short) 2).putShort((short) 16);
    bytes.putInt(fourCc("data")).putInt(dataBytes);
    bytes.asShortBuffer().put(utterance.samples(), 0, utterance.sampleCount());
    return bytes.rewind();
  }

  private static int fourCc(String name) {
    return name.charAt(0) | name.charAt(1) << 8 | name.charAt(2) << 16 | name.charAt(3) << 24;
  }
}
