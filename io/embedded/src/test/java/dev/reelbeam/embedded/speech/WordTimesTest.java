package dev.reelbeam.embedded.speech;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.speech.WordTiming;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WordTimesTest {
  @Test
  void aDisplayedWordTakesTheTimeOfAllItsSpokenWords() {
    SpokenText spoken = english("Costs $18,500 now.");
    List<EngineWord> engine = everyWordFor(spoken, 100_000);

    List<WordTiming> words = WordTimes.of(spoken, engine, 0, 2_000_000);

    // costs | eighteen thousand five hundred dollars | now
    assertThat(words)
        .containsExactly(
            new WordTiming("Costs", 0, 5, 0, 100_000),
            new WordTiming("$18,500", 6, 13, 100_000, 600_000),
            new WordTiming("now.", 14, 18, 600_000, 700_000));
  }

  @Test
  void wordsThatTheEngineReportsAsOneShareItsTime() {
    SpokenText spoken = english("part of the tool");
    List<EngineWord> engine =
        List.of(
            new EngineWord(0, 4, 0, 200_000),
            new EngineWord(5, 7, 200_000, 500_000),
            new EngineWord(12, 16, 500_000, 800_000));

    List<WordTiming> words = WordTimes.of(spoken, engine, 0, 800_000);

    assertThat(words).hasSize(4);
    assertThat(words.get(1).startUs()).isEqualTo(200_000);
    assertThat(words.get(1).endUs()).isEqualTo(320_000);
    assertThat(words.get(2).startUs()).isEqualTo(320_000);
    assertThat(words.get(2).endUs()).isEqualTo(500_000);
  }

  @Test
  void timesMoveWithTheCutAndStayInsideTheAudio() {
    SpokenText spoken = english("one two");
    List<EngineWord> engine =
        List.of(new EngineWord(0, 3, 0, 300_000), new EngineWord(4, 7, 300_000, 900_000));

    List<WordTiming> words = WordTimes.of(spoken, engine, 50_000, 700_000);

    assertThat(words.get(0).startUs()).isZero();
    assertThat(words.get(0).endUs()).isEqualTo(250_000);
    assertThat(words.get(1).endUs()).isEqualTo(700_000);
  }

  @Test
  void everySpokenWordHasATimeEvenIfTheEngineReportsNone() {
    SpokenText spoken = english("one two three four");

    List<WordTiming> words = WordTimes.of(spoken, List.of(), 0, 1_000_000);

    assertThat(words).hasSize(4);
    long lastUs = 0;
    for (WordTiming word : words) {
      assertThat(word.startUs()).isGreaterThanOrEqualTo(lastUs);
      assertThat(word.endUs()).isGreaterThan(word.startUs());
      lastUs = word.endUs();
    }
    assertThat(lastUs).isLessThanOrEqualTo(1_000_000);
  }

  private static SpokenText english(String text) {
    return SpokenForm.forLanguage("en", "marytts").of(text);
  }

  /** Each word of the spoken text, one after the other, each {@code eachUs} long. */
  private static List<EngineWord> everyWordFor(SpokenText spoken, long eachUs) {
    List<EngineWord> words = new ArrayList<>();
    int at = 0;
    for (String word : spoken.text().split(" ")) {
      long startUs = words.size() * eachUs;
      words.add(new EngineWord(at, at + word.length(), startUs, startUs + eachUs));
      at += word.length() + 1;
    }
    return words;
  }
}
