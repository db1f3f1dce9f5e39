package dev.reelbeam.embedded.speech;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Mono 16-bit samples.
 *
 * @param samples the samples, owned by this record
 * @param sampleRate samples per second
 */
@SuppressWarnings("ArrayRecordComponent") // Handed over once, never compared.
record WavAudio(short[] samples, int sampleRate) {
  private static final int HEADER_BYTES = 44;
  private static final int RIFF = 0x46464952;
  private static final int WAVE = 0x45564157;
  private static final int FMT = 0x20746d66;
  private static final int DATA = 0x61746164;

  /**
   * Reads a RIFF file as the voices' process writes it.
   *
   * @throws IOException if it is anything else, or cut short
   */
  static WavAudio parse(byte[] file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (file.length < HEADER_BYTES
        || bytes.getInt(0) != RIFF
        || bytes.getInt(8) != WAVE
        || bytes.getShort(22) != 1
        || bytes.getShort(34) != 16
        || bytes.getInt(36) != DATA
        || bytes.getInt(40) != file.length - HEADER_BYTES) {
      throw new IOException("not a complete 16-bit mono WAV file");
    }
    short[] samples = new short[(file.length - HEADER_BYTES) / 2];
    bytes.position(HEADER_BYTES);
    bytes.asShortBuffer().get(samples);
    return new WavAudio(samples, bytes.getInt(24));
  }

  /** The file of these samples. */
  byte[] toBytes() {
    int dataBytes = samples.length * 2;
    ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(RIFF).putInt(HEADER_BYTES - 8 + dataBytes).putInt(WAVE);
    bytes.putInt(FMT).putInt(16);
    bytes.putShort((short) 1).putShort((short) 1);
    bytes.putInt(sampleRate).putInt(sampleRate * 2);
    bytes.putShort((short) 2).putShort((short) 16);
    bytes.putInt(DATA).putInt(dataBytes);
    bytes.asShortBuffer().put(samples);
    return bytes.array();
  }

  /** A copy of the samples from {@code start} up to {@code end}. */
  WavAudio slice(int start, int end) {
    return new WavAudio(Arrays.copyOfRange(samples, start, end), sampleRate);
  }

  long durationUs() {
    return samples.length * 1_000_000L / sampleRate;
  }
}
