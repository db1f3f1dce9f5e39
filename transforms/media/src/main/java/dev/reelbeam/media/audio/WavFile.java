package dev.reelbeam.media.audio;

import dev.reelbeam.media.codec.AudioPcm;
import dev.reelbeam.media.codec.AudioSource;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes RIFF WAVE files: 48 kHz, 16 bit, one or two channels. */
public final class WavFile {
  private static final int BLOCK = 8192;

  private WavFile() {}

  /** Writes the sound, clipped to full scale; a file of that name is replaced. */
  public static void write(AudioSource sound, Path file) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      write(sound, out);
    }
  }

  /** Writes the sound, clipped to full scale, and leaves the stream open. */
  public static void write(AudioSource sound, OutputStream out) throws IOException {
    int channels = sound.channels();
    int dataBytes = Math.multiplyExact(sound.samples(), 2 * channels);
    ByteBuffer header = ByteBuffer.allocate(44).order(ByteOrder.LITTLE_ENDIAN);
    header.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(Math.addExact(36, dataBytes));
    header.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
    header.putShort((short) 1).putShort((short) channels);
    header.putInt(AudioPcm.SAMPLE_RATE).putInt(AudioPcm.SAMPLE_RATE * 2 * channels);
    header.putShort((short) (2 * channels)).putShort((short) 16);
    header.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(dataBytes);
    out.write(header.array());
    float[][] block = new float[channels][BLOCK];
    for (int from = 0; from < sound.samples(); from += BLOCK) {
      int count = Math.min(BLOCK, sound.samples() - from);
      sound.read(from, count, block);
      ByteBuffer bytes = ByteBuffer.allocate(count * 2 * channels).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < count; i++) {
        for (int channel = 0; channel < channels; channel++) {
          bytes.putShort(toShort(block[channel][i]));
        }
      }
      out.write(bytes.array());
    }
  }

  private static short toShort(float sample) {
    return (short) Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768f)));
  }
}
