package dev.reelbeam.pipelines.report;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The outline of a sound: the loudest sample of each of many equal stretches. */
final class Waveform {
  /** Stretches of an outline; also its width in user units. */
  static final int COLUMNS = 900;

  /** Half its height in user units. */
  static final int HALF = 50;

  private static final int PCM = 1;
  private static final int SAMPLE_BYTES = 2;

  private Waveform() {}

  /**
   * Loudest sample of each stretch of a RIFF WAVE file with 16-bit samples, 0 to 32768. The file is
   * read once, in blocks.
   *
   * @param durationUs length of the video: the file may end before or after it
   * @throws IOException if it cannot be read, or is another kind of file
   */
  static int[] peaks(Path wav, long durationUs) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(wav), 1 << 16))) {
      if (in.readInt() != 0x52494646) {
        throw new IOException(wav.getFileName() + " is not a WAVE file");
      }
      in.skipNBytes(8);
      int channels = 0;
      int sampleRate = 0;
      while (true) {
        int id = in.readInt();
        long size = Integer.toUnsignedLong(Integer.reverseBytes(in.readInt()));
        if (id == 0x666D7420) {
          int kind = Short.reverseBytes(in.readShort());
          channels = Short.reverseBytes(in.readShort());
          sampleRate = Integer.reverseBytes(in.readInt());
          in.skipNBytes(6);
          int bits = Short.reverseBytes(in.readShort());
          in.skipNBytes(size - 16);
          if (kind != PCM || bits != 8 * SAMPLE_BYTES || channels < 1 || sampleRate < 1) {
            throw new IOException(wav.getFileName() + " has no 16-bit samples");
          }
        } else if (id == 0x64617461) {
          if (channels == 0) {
            throw new IOException(wav.getFileName() + " has no format");
          }
          long total = Math.max(1, durationUs * sampleRate / 1_000_000);
          return peaks(in, size / SAMPLE_BYTES, channels, total);
        } else {
          in.skipNBytes(size + (size & 1));
        }
      }
    } catch (EOFException e) {
      throw new IOException(wav.getFileName() + " ends early", e);
    }
  }

  private static int[] peaks(DataInputStream in, long values, int channels, long total)
      throws IOException {
    int[] peaks = new int[COLUMNS];
    byte[] block = new byte[SAMPLE_BYTES * channels * 4096];
    long sample = 0;
    long left = values * SAMPLE_BYTES;
    while (left > 0 && sample < total) {
      int count = in.readNBytes(block, 0, (int) Math.min(block.length, left));
      if (count <= 0) {
        break;
      }
      left -= count;
      int samples = count / (SAMPLE_BYTES * channels);
      for (int i = 0; i < samples && sample < total; i++, sample++) {
        int column = (int) (sample * COLUMNS / total);
        for (int channel = 0; channel < channels; channel++) {
          int at = SAMPLE_BYTES * (i * channels + channel);
          int value = Math.abs((short) ((block[at] & 0xFF) | block[at + 1] << 8));
          peaks[column] = Math.max(peaks[column], value);
        }
      }
    }
    return peaks;
  }

  /** The outline as SVG path data, its loudest stretch drawn at full height. */
  static String path(int[] peaks) {
    int loudest = Math.max(1, Arrays.stream(peaks).max().orElse(1));
    StringBuilder path = new StringBuilder("M0 " + HALF);
    for (int x = 0; x < peaks.length; x++) {
      path.append('L').append(x).append(' ').append(HALF - height(peaks[x], loudest));
    }
    for (int x = peaks.length - 1; x >= 0; x--) {
      path.append('L').append(x).append(' ').append(HALF + height(peaks[x], loudest));
    }
    return path.append('Z').toString();
  }

  /** A square root keeps quiet speech visible beside loud vowels. */
  private static long height(int peak, int loudest) {
    return Math.round(Math.sqrt((double) peak / loudest) * (HALF - 2));
  }
}
