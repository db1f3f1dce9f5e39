package dev.reelbeam.clients.speech;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * Mono 16 bit samples, however they arrived.
 *
 * @param samples owned by this record
 */
@SuppressWarnings("ArrayRecordComponent") // Handed over once, never compared.
record PcmAudio(short[] samples, int sampleRate) {
  private static final int RIFF = 0x46464952;
  private static final int WAVE = 0x45564157;
  private static final int FMT = 0x20746d66;
  private static final int DATA = 0x61746164;
  private static final int HEADER_BYTES = 44;
  private static final int FORMAT_PCM = 1;
  private static final int FORMAT_FLOAT = 3;
  private static final int FORMAT_EXTENSIBLE = 0xFFFE;
  private static final int MIN_RATE = 8_000;
  private static final int MAX_RATE = 192_000;

  /** A server that streams does not know the length yet, and writes a number that none has. */
  private static final long LENGTH_UNKNOWN = 0x7FFF_0000L;

  /** About -46 dBFS, as for the embedded voices. */
  private static final int SILENCE_LEVEL = 160;

  /** What is kept around the speech: a soft consonant may begin below the threshold. */
  private static final int KEPT_MS = 20;

  private static final int RAMP_MS = 5;

  /** Zero crossings on each side of a sample; enough for speech. */
  private static final int CROSSINGS = 16;

  /** What lies above folds back, or would. */
  private static final double PASSED = 0.94;

  /** Whether these bytes say that they are a RIFF file. */
  static boolean isWav(byte[] file) {
    return file.length >= 12
        && ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(0) == RIFF;
  }

  /**
   * Reads a WAV file of 16, 24 or 32 bit integers or 32 bit floats, of one or two channels.
   *
   * @throws IOException saying what is wrong: another format, or less audio than the file says
   */
  static PcmAudio parseWav(byte[] file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (!isWav(file) || bytes.getInt(8) != WAVE) {
      throw new IOException("it is no WAV file");
    }
    int format = 0;
    int channels = 0;
    int rate = 0;
    int bits = 0;
    int at = 12;
    while (at + 8 <= file.length) {
      int id = bytes.getInt(at);
      long size = bytes.getInt(at + 4) & 0xFFFF_FFFFL;
      int body = at + 8;
      if (id == FMT && size >= 16 && body + size <= file.length) {
        format = bytes.getShort(body) & 0xFFFF;
        channels = bytes.getShort(body + 2);
        rate = bytes.getInt(body + 4);
        bits = bytes.getShort(body + 14);
        if (format == FORMAT_EXTENSIBLE && size >= 26) {
          format = bytes.getShort(body + 24) & 0xFFFF;
        }
      } else if (id == DATA) {
        long there = file.length - body;
        if (size > there && size < LENGTH_UNKNOWN) {
          throw new IOException("its audio is cut off: " + there + " of " + size + " bytes");
        }
        return decode(bytes, body, (int) Math.min(size, there), format, channels, rate, bits);
      }
      long next = body + size + (size & 1);
      if (next > file.length) {
        break;
      }
      at = (int) next;
    }
    throw new IOException("it is a WAV file without audio");
  }

  private static PcmAudio decode(
      ByteBuffer bytes, int from, int length, int format, int channels, int rate, int bits)
      throws IOException {
    boolean readable =
        (format == FORMAT_PCM && (bits == 16 || bits == 24 || bits == 32))
            || (format == FORMAT_FLOAT && bits == 32);
    if (!readable || channels < 1 || channels > 2 || rate < MIN_RATE || rate > MAX_RATE) {
      throw new IOException(
          "its form is not read: format "
              + format
              + ", "
              + bits
              + " bit, "
              + channels
              + " channels, "
              + rate
              + " Hz");
    }
    int width = bits / 8;
    short[] samples = new short[length / (width * channels)];
    for (int i = 0; i < samples.length; i++) {
      int sum = 0;
      for (int channel = 0; channel < channels; channel++) {
        int at = from + (i * channels + channel) * width;
        if (format == FORMAT_FLOAT) {
          sum += Math.round(Math.max(-1, Math.min(1, bytes.getFloat(at))) * Short.MAX_VALUE);
        } else {
          // Little endian: the two upper bytes are the sample in 16 bit.
          sum += bytes.getShort(at + width - 2);
        }
      }
      samples[i] = (short) (sum / channels);
    }
    return new PcmAudio(samples, rate);
  }

  /** Reads samples without a header, 16 bit mono, little endian. */
  static PcmAudio ofRaw(byte[] bytes, int sampleRate) {
    short[] samples = new short[bytes.length / 2];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
    return new PcmAudio(samples, sampleRate);
  }

  /** The RIFF file of these samples. */
  byte[] toWav() {
    int dataBytes = samples.length * 2;
    ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(RIFF).putInt(HEADER_BYTES - 8 + dataBytes).putInt(WAVE);
    bytes.putInt(FMT).putInt(16).putShort((short) FORMAT_PCM).putShort((short) 1);
    bytes.putInt(sampleRate).putInt(sampleRate * 2).putShort((short) 2).putShort((short) 16);
    bytes.putInt(DATA).putInt(dataBytes);
    bytes.asShortBuffer().put(samples);
    return bytes.array();
  }

  long durationUs() {
    return samples.length * 1_000_000L / sampleRate;
  }

  /** Whether nothing in it is loud enough to be heard as speech. */
  boolean silent() {
    for (short sample : samples) {
      if (Math.abs((int) sample) >= SILENCE_LEVEL) {
        return false;
      }
    }
    return true;
  }

  /**
   * Audio without the silence at its ends.
   *
   * @param cutUs how much earlier everything is now
   */
  record Trimmed(PcmAudio audio, long cutUs) {}

  /**
   * Cuts the silence at both ends down to 20 ms and ramps the ends, so that pieces join without a
   * click and pauses are made by the narration alone.
   */
  Trimmed trimmed() {
    if (silent()) {
      return new Trimmed(this, 0);
    }
    int first = 0;
    while (Math.abs((int) samples[first]) < SILENCE_LEVEL) {
      first++;
    }
    int last = samples.length;
    while (Math.abs((int) samples[last - 1]) < SILENCE_LEVEL) {
      last--;
    }
    int kept = sampleRate * KEPT_MS / 1000;
    int start = Math.max(0, first - kept);
    short[] cut = Arrays.copyOfRange(samples, start, Math.min(samples.length, last + kept));
    int ramp = Math.min(cut.length / 2, sampleRate * RAMP_MS / 1000);
    for (int i = 0; i < ramp; i++) {
      int mirrored = cut.length - 1 - i;
      cut[i] = (short) (cut[i] * i / ramp);
      cut[mirrored] = (short) (cut[mirrored] * i / ramp);
    }
    return new Trimmed(new PcmAudio(cut, sampleRate), start * 1_000_000L / sampleRate);
  }

  /** The same at another rate, without what would fold back: a windowed sinc. */
  PcmAudio resampled(int rate) {
    if (rate == sampleRate) {
      return this;
    }
    // Of what may pass, in cycles of the source, times two.
    double cutoff = PASSED * Math.min(1, (double) rate / sampleRate);
    double reach = CROSSINGS / cutoff;
    short[] out = new short[(int) ((long) samples.length * rate / sampleRate)];
    for (int i = 0; i < out.length; i++) {
      double centre = (double) i * sampleRate / rate;
      int last = Math.min(samples.length - 1, (int) Math.floor(centre + reach));
      double sum = 0;
      for (int at = Math.max(0, (int) Math.ceil(centre - reach)); at <= last; at++) {
        double angle = Math.PI * (at - centre);
        double sinc = at == centre ? 1 : Math.sin(angle * cutoff) / (angle * cutoff);
        sum += samples[at] * sinc * (0.5 + 0.5 * Math.cos(angle / reach));
      }
      out[i] = (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, sum * cutoff));
    }
    return new PcmAudio(out, rate);
  }

  /** One after the other; all of one rate. */
  static PcmAudio join(List<PcmAudio> pieces) {
    int rate = pieces.get(0).sampleRate();
    short[] joined = new short[pieces.stream().mapToInt(piece -> piece.samples().length).sum()];
    int at = 0;
    for (PcmAudio piece : pieces) {
      System.arraycopy(piece.samples(), 0, joined, at, piece.samples().length);
      at += piece.samples().length;
    }
    return new PcmAudio(joined, rate);
  }

  /** Silence of a length. */
  static PcmAudio silence(int millis, int sampleRate) {
    return new PcmAudio(new short[sampleRate * millis / 1000], sampleRate);
  }
}
