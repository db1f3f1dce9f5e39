package dev.reelbeam.voices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MaryEngineTest {
  private static final String VOICE = "cmu-slt-hsmm";
  private static final String TEXT =
      "Grind the beans, then press them flat. Most home machines don't hold ninety-three degrees.";

  /** One engine for all tests: it takes its time to start. */
  private static final MaryEngine ENGINE = new MaryEngine();

  @Test
  void everyWordIsFoundInTheTextWithATimeInsideTheAudio() throws EngineException {
    Utterance spoken = ENGINE.speak(VOICE, TEXT, 1000);

    assertThat(spoken.words().stream().map(TimedWord::text).collect(Collectors.toList()))
        .containsExactly(
            "Grind",
            "the",
            "beans",
            "then",
            "press",
            "them",
            "flat",
            "Most",
            "home",
            "machines",
            "don't",
            "hold",
            "ninety-three",
            "degrees");
    long lastUs = 0;
    for (TimedWord word : spoken.words()) {
      assertThat(TEXT.substring(word.charStart(), word.charEnd())).isEqualTo(word.text());
      assertThat(word.startUs()).isGreaterThanOrEqualTo(lastUs);
      assertThat(word.endUs()).isGreaterThan(word.startUs());
      lastUs = word.endUs();
    }
    assertThat(lastUs).isLessThanOrEqualTo(lengthUs(spoken));
  }

  @Test
  void theWordsAndThePausesTogetherAreTheAudio() throws EngineException {
    Utterance spoken = ENGINE.speak(VOICE, "Grind the beans.", 1000);

    List<TimedWord> words = spoken.words();
    assertThat(words.get(0).startUs()).isZero();
    for (int i = 1; i < words.size(); i++) {
      assertThat(words.get(i).startUs()).isEqualTo(words.get(i - 1).endUs());
    }
    // What is left is the pause at the end of the sentence, a whole number of 5 ms frames.
    long pauseUs = lengthUs(spoken) - words.get(words.size() - 1).endUs();
    assertThat(pauseUs).isBetween(200_000L, 500_000L);
    assertThat(pauseUs % 5_000).isZero();
  }

  @Test
  void theLastWordEndsWhereTheSoundEnds() throws EngineException {
    Utterance spoken = ENGINE.speak(VOICE, "Grind the beans.", 1000);

    int last = spoken.sampleCount();
    while (Math.abs(spoken.samples()[last - 1]) < 160) {
      last--;
    }
    long soundEndUs = last * 1_000_000L / spoken.sampleRate();
    // A voice dies away: the last consonant is heard a little longer than it is formed.
    assertThat(spoken.words().get(2).endUs()).isBetween(soundEndUs - 150_000, soundEndUs + 60_000);
  }

  @Test
  void theSameTextGivesTheSameSamplesWhateverWasSaidBefore() throws EngineException {
    Utterance first = ENGINE.speak(VOICE, TEXT, 1000);
    ENGINE.speak(VOICE, "Something else.", 900);
    Utterance second = ENGINE.speak(VOICE, TEXT, 1000);

    assertThat(Arrays.equals(first.samples(), second.samples())).isTrue();
    assertThat(second.words()).isEqualTo(first.words());
  }

  @Test
  void speedShortensTheSpeech() throws EngineException {
    double normal = lengthUs(ENGINE.speak(VOICE, TEXT, 1000));
    double faster = lengthUs(ENGINE.speak(VOICE, TEXT, 1080));

    assertThat(normal / faster).isBetween(1.06, 1.10);
  }

  @Test
  void nothingIsClippedAndSomethingIsHeard() throws EngineException {
    Utterance spoken = ENGINE.speak(VOICE, TEXT, 1000);

    int peak = 0;
    for (short sample : spoken.samples()) {
      peak = Math.max(peak, Math.abs(sample));
    }
    assertThat(peak).isBetween(8_000, 32_000);
  }

  @Test
  void anotherVoiceIsRefused() {
    assertThatThrownBy(() -> ENGINE.speak("bits1", TEXT, 1000))
        .isInstanceOfSatisfying(
            EngineException.class, refused -> assertThat(refused.code()).isEqualTo("no_voice"));
  }

  private static long lengthUs(Utterance spoken) {
    return spoken.sampleCount() * 1_000_000L / spoken.sampleRate();
  }
}
