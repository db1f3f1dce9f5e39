package dev.reelbeam.clients.speech;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.speech.HeardWord;
import dev.reelbeam.model.speech.WordTiming;
import java.util.List;
import org.junit.jupiter.api.Test;

class EstimatedTimesTest {
  private static final int RATE = 16_000;

  /** Hums from and to these milliseconds, and is silent between. */
  private static PcmAudio hum(int lengthMs, int... fromTo) {
    short[] samples = new short[RATE * lengthMs / 1000];
    for (int k = 0; k < fromTo.length; k += 2) {
      for (int i = RATE * fromTo[k] / 1000; i < RATE * fromTo[k + 1] / 1000; i++) {
        samples[i] = (short) (6_000 * StrictMath.cos(2 * StrictMath.PI * 150 * i / RATE));
      }
    }
    return new PcmAudio(samples, RATE);
  }

  @Test
  void aPauseFallsBehindTheCommaAndWordsKeepOutOfIt() {
    List<WordTiming> words =
        EstimatedTimes.of("Pour slowly now, then wait.", hum(2_600, 20, 1_220, 1_720, 2_580));

    assertThat(words).hasSize(5);
    assertThat(words.get(0).startUs()).isBetween(0L, 30_000L);
    assertThat(words.get(2).endUs()).isBetween(1_200_000L, 1_240_000L);
    assertThat(words.get(3).startUs()).isBetween(1_700_000L, 1_740_000L);
    assertThat(words.get(4).endUs()).isBetween(2_560_000L, 2_600_000L);
  }

  @Test
  void longerWordsTakeLonger() {
    List<WordTiming> words = EstimatedTimes.of("a extraordinary day comes", hum(2_000, 0, 2_000));

    assertThat(length(words.get(1))).isGreaterThan(2 * length(words.get(2)));
    assertThat(length(words.get(0))).isLessThan(length(words.get(2)));
  }

  @Test
  void audioThatIsTooShortForItsWordsStillKeepsThePromise() {
    List<WordTiming> words = EstimatedTimes.of("one two three four five", hum(40, 5, 30));

    assertThat(words).hasSize(5);
    assertThat(words.get(4).endUs()).isLessThanOrEqualTo(40_000);
    assertThat(EstimatedTimes.of("– …", hum(500, 0, 500))).isEmpty();
  }

  @Test
  void aWordThatWasHeardInThePauseBeginsBehindIt() {
    // As Whisper times words: each begins where the one before ends, wherever that is in a pause.
    List<HeardWord> heard =
        List.of(
            new HeardWord("pour", 0, 400_000),
            new HeardWord("slowly", 400_000, 900_000),
            new HeardWord("now", 900_000, 1_400_000),
            new HeardWord("then", 1_400_000, 2_250_000),
            new HeardWord("wait", 2_250_000, 2_600_000));

    List<WordTiming> words =
        ScriptAlignment.align(
                "Pour slowly now, then wait.", heard, hum(2_600, 20, 1_220, 1_720, 2_580))
            .orElseThrow();

    assertThat(words.get(2).endUs()).isBetween(1_200_000L, 1_240_000L);
    assertThat(words.get(3).startUs()).isBetween(1_700_000L, 1_740_000L);
    assertThat(words.get(1).startUs()).isBetween(330_000L, 470_000L);
    assertThat(words.get(4).startUs()).isBetween(2_130_000L, 2_290_000L);
  }

  private static long length(WordTiming word) {
    return word.endUs() - word.startUs();
  }
}
