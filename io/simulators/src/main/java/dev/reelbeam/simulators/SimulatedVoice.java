package dev.reelbeam.simulators;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Hums the words of a text, about 14 characters a second, with silence at both ends as providers
 * send it, and hears such humming again. Thread-safe.
 */
final class SimulatedVoice {
  private static final Pattern WORD = Pattern.compile("\\S*[\\p{L}\\p{N}&%+$€]\\S*");
  private static final int US_PER_CHAR = 55_000;
  private static final int US_PER_WORD = 40_000;
  private static final int GAP_US = 50_000;
  private static final int EDGE_US = 250_000;
  private static final int FADE_MS = 4;
  private static final int LEVEL = 8_000;
  private static final int HEARD_LEVEL = 300;
  private static final int HEADER_BYTES = 44;
  private static final int REMEMBERED = 1_000;

  private final List<List<Word>> said = new ArrayList<>();

  /** A word with its exact time. */
  record Word(String text, int charStart, int charEnd, long startUs, long endUs) {}

  /** What was said. */
  @SuppressWarnings("ArrayRecordComponent") // Handed over once, never compared.
  record Spoken(short[] samples, int sampleRate, List<Word> words) {}

  Spoken speak(String text, int sampleRate, double speed) {
    List<Word> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(text);
    long clockUs = EDGE_US;
    while (matcher.find()) {
      long lengthUs =
          Math.round((US_PER_WORD + US_PER_CHAR * (double) matcher.group().length()) / speed);
      words.add(
          new Word(matcher.group(), matcher.start(), matcher.end(), clockUs, clockUs + lengthUs));
      clockUs += lengthUs + GAP_US;
    }
    short[] samples = new short[(int) ((clockUs + EDGE_US) * sampleRate / 1_000_000)];
    for (Word word : words) {
      int from = (int) (word.startUs() * sampleRate / 1_000_000);
      int to = (int) (word.endUs() * sampleRate / 1_000_000);
      for (int i = from; i < to; i++) {
        // Nobody begins a word with a step.
        double fade =
            Math.min(1, Math.min(i - from, to - 1 - i) * 1_000.0 / (FADE_MS * sampleRate));
        double hum = StrictMath.cos(2 * StrictMath.PI * 160 * i / sampleRate);
        samples[i] = (short) (LEVEL * fade * hum);
      }
    }
    synchronized (said) {
      if (said.size() == REMEMBERED) {
        said.remove(0);
      }
      said.add(words);
    }
    return new Spoken(samples, sampleRate, List.copyOf(words));
  }

  /**
   * The words of a 16 bit mono WAV file, with the texts of what was said in as many words that last
   * as long as these; of equals, the last.
   */
  List<Word> hear(byte[] wav) {
    ByteBuffer bytes = ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN);
    int rate = wav.length < HEADER_BYTES ? 1 : bytes.getInt(24);
    int count = Math.max(0, (wav.length - HEADER_BYTES) / 2);
    int patience = rate * GAP_US / 2 / 1_000_000;
    List<long[]> bursts = new ArrayList<>();
    int from = -1;
    int last = -1;
    for (int i = 0; i <= count; i++) {
      boolean loud = i < count && Math.abs(bytes.getShort(HEADER_BYTES + 2 * i)) > HEARD_LEVEL;
      if (loud) {
        from = from < 0 ? i : from;
        last = i;
      } else if (from >= 0 && (i == count || i - last > patience)) {
        bursts.add(new long[] {from * 1_000_000L / rate, (last + 1) * 1_000_000L / rate});
        from = -1;
      }
    }
    List<Word> texts = List.of();
    synchronized (said) {
      long closest = Long.MAX_VALUE;
      for (List<Word> each : said) {
        long apart = each.size() == bursts.size() ? apart(each, bursts) : Long.MAX_VALUE;
        if (apart <= closest && apart < Long.MAX_VALUE) {
          closest = apart;
          texts = each;
        }
      }
    }
    List<Word> heard = new ArrayList<>();
    for (int i = 0; i < bursts.size(); i++) {
      String text = i < texts.size() ? texts.get(i).text() : "mumble";
      heard.add(new Word(text, 0, 0, bursts.get(i)[0], bursts.get(i)[1]));
    }
    return heard;
  }

  /** By how much the lengths of the words differ, in us. */
  private static long apart(List<Word> words, List<long[]> bursts) {
    long sum = 0;
    for (int i = 0; i < words.size(); i++) {
      long length = words.get(i).endUs() - words.get(i).startUs();
      sum += Math.abs(length - (bursts.get(i)[1] - bursts.get(i)[0]));
    }
    return sum;
  }

  /** The bytes of what was said, as they are sent when this goes wrong with them. */
  static byte[] faulty(Spoken spoken, boolean wav, @Nullable Fault fault) {
    short[] samples =
        fault == Fault.SILENT_AUDIO
            ? new short[spoken.samples().length]
            : fault == Fault.EMPTY_AUDIO
                ? new short[0]
                : fault == Fault.AUDIO_TOO_SHORT
                    ? Arrays.copyOfRange(
                        spoken.samples(),
                        spoken.sampleRate() / 4,
                        spoken.sampleRate() / 4 + spoken.sampleRate() / 50)
                    : spoken.samples();
    byte[] audio = wav ? wav(samples, spoken.sampleRate(), fault == null) : raw(samples);
    if (fault == Fault.AUDIO_CUT) {
      return Arrays.copyOf(audio, audio.length / 2);
    }
    if (fault == Fault.OTHER_AUDIO) {
      audio[0] = (byte) 0xFF;
      audio[1] = (byte) 0xFB;
    }
    return audio;
  }

  static byte[] raw(short[] samples) {
    ByteBuffer bytes = ByteBuffer.allocate(samples.length * 2).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asShortBuffer().put(samples);
    return bytes.array();
  }

  /**
   * A WAV file.
   *
   * @param streamed without its length, which a server that streams does not know when it begins
   */
  static byte[] wav(short[] samples, int sampleRate, boolean streamed) {
    int dataBytes = samples.length * 2;
    ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put("RIFF".getBytes(StandardCharsets.US_ASCII));
    bytes.putInt(streamed ? -1 : HEADER_BYTES - 8 + dataBytes);
    bytes.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16).putShort((short) 1);
    bytes.putShort((short) 1).putInt(sampleRate).putInt(2 * sampleRate).putShort((short) 2);
    bytes.putShort((short) 16).put("data".getBytes(StandardCharsets.US_ASCII));
    bytes.putInt(streamed ? -1 : dataBytes);
    bytes.asShortBuffer().put(samples);
    return bytes.array();
  }
}
