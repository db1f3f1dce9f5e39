package dev.reelbeam.voices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EspeakEngineTest {
  private static final EspeakEngine ENGINE = new EspeakEngine();
  private static final String TEXT = "Die Maschine drückt heißes Wasser durch den Kaffee.";

  @Test
  void theUsualLanguagesAreOnOffer() throws EngineException {
    assertThat(ENGINE.voices().stream().map(VoiceInfo::voice).collect(Collectors.toSet()))
        .contains("de", "fr", "it", "es", "pt", "pt-BR", "nl", "pl", "sv", "tr", "ru", "ja")
        .hasSizeGreaterThan(80);
  }

  @Test
  void everyVoiceOnOfferSpeaks() throws EngineException {
    for (VoiceInfo voice : ENGINE.voices()) {
      assertThat(ENGINE.speak(voice.voice(), "1 2", 1000).sampleCount())
          .as(voice.voice())
          .isPositive();
    }
  }

  @Test
  void wordsAreFoundInTheTextWithUmlauts() throws EngineException {
    Utterance spoken = ENGINE.speak("de", TEXT, 1000);

    assertThat(spoken.words().stream().map(TimedWord::text).collect(Collectors.toList()))
        .contains("Maschine", "drückt", "heißes", "Wasser");
    long lastUs = 0;
    for (TimedWord word : spoken.words()) {
      assertThat(TEXT.substring(word.charStart(), word.charEnd())).isEqualTo(word.text());
      assertThat(word.startUs()).isGreaterThanOrEqualTo(lastUs);
      lastUs = word.endUs();
    }
    assertThat(lastUs).isLessThanOrEqualTo(spoken.sampleCount() * 1_000_000L / 22_050);
  }

  @Test
  void theSameTextGivesTheSameSamplesWhateverWasSaidBefore() throws EngineException {
    Utterance first = ENGINE.speak("de", TEXT, 1000);
    ENGINE.speak("fr", "Bonjour, tout le monde.", 900);
    Utterance second = ENGINE.speak("de", TEXT, 1000);

    assertThat(Arrays.equals(first.samples(), second.samples())).isTrue();
    assertThat(second.words()).isEqualTo(first.words());
  }

  @Test
  void anotherVoiceIsRefused() {
    assertThatThrownBy(() -> ENGINE.speak("xx", TEXT, 1000))
        .isInstanceOfSatisfying(
            EngineException.class, refused -> assertThat(refused.code()).isEqualTo("no_voice"));
  }
}
