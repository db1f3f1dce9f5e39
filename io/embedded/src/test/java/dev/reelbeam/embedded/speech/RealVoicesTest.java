package dev.reelbeam.embedded.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reelbeam.model.speech.Speech;
import dev.reelbeam.model.speech.SpeechRequest;
import dev.reelbeam.model.speech.WordTiming;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The real engines, where the voices are built: in the whole build they are. */
class RealVoicesTest {
  private static final Path VOICES =
      Path.of(System.getProperty("reelbeam.root", "."), "io", "voices", "target", "lib");

  private static final String NARRATION =
      "In 2020, a good espresso machine cost $18,500; today it costs about 3.5x less (i.e. $5,200)."
          + " Grind 18 g of beans, heat the water to 93 °C and aim for a ratio of 1:2 in 25-30 s."
          + " The API & the GPU [3] don't care, see https://example.com/shot 🎉 – but 50 % of all"
          + " people can taste it. Don't they?";

  @Test
  void aNarrationIsTimedWordByWordAndTheSameInEveryProcess() throws Exception {
    assumeTrue(Files.isDirectory(VOICES), "the voices are not built");
    Speech first;
    try (EmbeddedSpeech speech = EmbeddedSpeech.withVoices(VOICES)) {
      first = speech.synthesize(new SpeechRequest(NARRATION, "en", "default", 1000));
      Speech german =
          speech.synthesize(
              new SpeechRequest("Bei 93 °C kostet er 3,50 €.", "de", "default", 1000));
      assertTimed("Bei 93 °C kostet er 3,50 €.", german);
      assertThat(german.voiceId()).isEqualTo("espeak:de");
      assertThat(german.words()).hasSize(7);
    }

    assertTimed(NARRATION, first);
    assertThat(first.words()).hasSizeGreaterThan(48);
    List<String> displayed =
        first.words().stream().map(WordTiming::text).collect(Collectors.toList());
    assertThat(displayed)
        .contains("$18,500;", "3.5x", "93", "°C", "1:2", "25-30", "s.", "API", "&", "%", "they?")
        .doesNotContain("[3]", "https://example.com/shot", "🎉", "–");

    try (EmbeddedSpeech again = EmbeddedSpeech.withVoices(VOICES)) {
      assertThat(again.synthesize(new SpeechRequest(NARRATION, "en", "default", 1000)).wav())
          .isEqualTo(first.wav());
    }
  }

  private static void assertTimed(String text, Speech speech) throws Exception {
    long audioUs = speech.samples() * 1_000_000L / speech.sampleRate();
    long lastUs = 0;
    for (WordTiming word : speech.words()) {
      assertThat(text.substring(word.charStart(), word.charEnd())).isEqualTo(word.text());
      assertThat(word.startUs()).as(word.text()).isGreaterThanOrEqualTo(lastUs);
      assertThat(word.endUs()).as(word.text()).isGreaterThan(word.startUs());
      lastUs = word.endUs();
    }
    assertThat(lastUs).isBetween(audioUs - 200_000, audioUs);
    assertThat(speech.words().get(0).startUs()).isLessThan(60_000);
    int peak = 0;
    for (short sample : WavAudio.parse(speech.wav()).samples()) {
      peak = Math.max(peak, Math.abs(sample));
    }
    assertThat(peak).isBetween(8_000, 32_000);
  }
}
