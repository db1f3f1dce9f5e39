package dev.reelbeam.fakes;

import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.port.SpeechSynthesizer;
import dev.reelbeam.model.speech.Speech;
import dev.reelbeam.model.speech.SpeechRequest;
import dev.reelbeam.model.speech.Voice;
import dev.reelbeam.model.speech.WordTiming;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hums each word for a time that grows with its letters; word times are exact.
 *
 * <p>Thread-safe. Counts its calls, so that a test can tell what was spoken from what was found.
 */
public final class FakeSpeechSynthesizer implements SpeechSynthesizer {
  private static final int SAMPLE_RATE = 16_000;
  private static final int GAP_MS = 40;
  private static final Pattern WORD = Pattern.compile("\\S+");

  private final AtomicInteger calls = new AtomicInteger();

  @Override
  public String identity() {
    return "fake-speech-1";
  }

  @Override
  public List<Voice> voices() {
    return List.of(new Voice("hum", "Hum", "en", "fake", "none"));
  }

  @Override
  public String resolveVoice(String voiceId, String language) throws StageException {
    if (voiceId.equals("default") || voiceId.equals("hum")) {
      return "hum";
    }
    throw new StageException(FailureCode.VOICE_MISSING, "no voice '" + voiceId + "'");
  }

  @Override
  public Speech synthesize(SpeechRequest request) {
    calls.incrementAndGet();
    List<WordTiming> words = new ArrayList<>();
    long cursorMs = 0;
    Matcher matcher = WORD.matcher(request.text());
    while (matcher.find()) {
      long lengthMs = (120L + 45L * matcher.group().length()) * 1000 / request.speedPermille();
      words.add(
          new WordTiming(
              matcher.group(),
              matcher.start(),
              matcher.end(),
              cursorMs * 1000,
              (cursorMs + lengthMs) * 1000));
      cursorMs += lengthMs + GAP_MS;
    }
    int samples = (int) (cursorMs * SAMPLE_RATE / 1000);
    ByteBuffer wav = ByteBuffer.allocate(44 + 2 * samples).order(ByteOrder.LITTLE_ENDIAN);
    wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + 2 * samples);
    wav.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16).putShort((short) 1);
    wav.putShort((short) 1).putInt(SAMPLE_RATE).putInt(2 * SAMPLE_RATE).putShort((short) 2);
    wav.putShort((short) 16).put("data".getBytes(StandardCharsets.US_ASCII)).putInt(2 * samples);
    for (int i = 0; i < samples; i++) {
      long atUs = i * 1_000_000L / SAMPLE_RATE;
      boolean voiced =
          words.stream().anyMatch(word -> atUs >= word.startUs() && atUs < word.endUs());
      double hum = StrictMath.sin(2 * StrictMath.PI * 180 * i / SAMPLE_RATE);
      wav.putShort((short) (voiced ? 9000 * hum : 0));
    }
    return new Speech(wav.array(), SAMPLE_RATE, samples, List.copyOf(words), "hum");
  }

  /** How often it was asked to speak. */
  public int calls() {
    return calls.get();
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
