package dev.reelbeam.clients.speech;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.model.speech.HeardWord;
import dev.reelbeam.model.speech.WordTiming;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ScriptAlignmentTest {
  private static final long SECOND = 1_000_000;

  /** Words of half a second each, one after the other. */
  private static List<HeardWord> heard(String... words) {
    List<HeardWord> heard = new ArrayList<>();
    for (String word : words) {
      long start = heard.size() * SECOND / 2;
      heard.add(new HeardWord(word, start, start + SECOND / 2));
    }
    return heard;
  }

  private static List<WordTiming> align(String text, List<HeardWord> heard) {
    return ScriptAlignment.align(text, heard, Math.max(1, heard.size()) * SECOND / 2).orElseThrow();
  }

  private static String times(List<WordTiming> words) {
    StringBuilder line = new StringBuilder();
    words.forEach(
        word ->
            line.append(word.text())
                .append(' ')
                .append(word.startUs() / 1000)
                .append('-')
                .append(word.endUs() / 1000)
                .append("; "));
    return line.toString().strip();
  }

  @Test
  void theScriptsSpellingIsKept() {
    assertThat(times(align("The café's “crema”, naïve?", heard("the", "cafes", "crema", "naive"))))
        .isEqualTo("The 0-500; café's 500-1000; “crema”, 1000-1500; naïve? 1500-2000;");
  }

  @Test
  void aWordThatWasHeardFarTooLateCostsItselfAlone() {
    List<HeardWord> words = new ArrayList<>(heard("it", "costs", "a", "little", "more", "today"));
    HeardWord second = words.get(1);
    words.set(1, new HeardWord(second.text(), 2_900_000, 2_950_000));

    assertThat(times(align("It costs a little more today.", words)))
        .startsWith("It 0-")
        .contains("a 1000-1500; little 1500-2000; more 2000-2500; today. 2500-3000;");
  }

  @Test
  void numbersThatWereHeardAsWordsTakeAllOfTheirTime() {
    List<WordTiming> words =
        align(
            "It costs $18,500 today.",
            heard("it", "costs", "eighteen", "thousand", "five", "hundred", "dollars", "today"));

    assertThat(times(words))
        .isEqualTo("It 0-500; costs 500-1000; $18,500 1000-3500; today. 3500-4000;");
  }

  @Test
  void wordsThatWereHeardAsOneShareItsTime() {
    List<WordTiming> words =
        align("Use the e mail now please", heard("use", "the", "email", "now", "please"));

    assertThat(words).hasSize(6);
    assertThat(words.get(1).startUs()).isEqualTo(500_000);
    assertThat(words.get(3).startUs()).isBetween(1_000_000L, 1_500_000L);
    assertThat(words.get(4).startUs()).isEqualTo(1_500_000);
  }

  @Test
  void aWordThatWasNotHeardFillsTheGapOrTakesFromItsNeighbour() {
    List<HeardWord> gap = new ArrayList<>(heard("we", "grind"));
    gap.add(new HeardWord("beans", 2 * SECOND, 3 * SECOND));
    assertThat(times(ScriptAlignment.align("We grind fresh beans", gap, 3 * SECOND).orElseThrow()))
        .isEqualTo("We 0-500; grind 500-1000; fresh 1000-2000; beans 2000-3000;");

    List<WordTiming> close = align("We grind fresh beans", heard("we", "grind", "beans"));
    assertThat(close.get(1).endUs()).isBetween(600_000L, 900_000L);
    assertThat(close.get(2).endUs()).isEqualTo(1_000_000);
    assertThat(close.get(3).startUs()).isEqualTo(1_000_000);

    List<WordTiming> first = align("Please grind the beans", heard("grind", "the", "beans"));
    assertThat(first.get(0).startUs()).isZero();
    assertThat(first.get(1).endUs()).isEqualTo(500_000);
  }

  @Test
  void whatWasHeardTwiceOrWronglyDoesNotShiftTheRest() {
    assertThat(
            times(
                align(
                    "water runs through too fast",
                    heard("uh", "water", "water", "runs", "threw", "too", "fast"))))
        .contains("runs 1500-2000;")
        .contains("through 2000-2500; too 2500-3000; fast 3000-3500;");
  }

  @Test
  void anotherTextIsNoAlignment() {
    assertThat(
            ScriptAlignment.align(
                "Pour slowly in circles from the middle outwards",
                heard("thanks", "for", "watching", "subscribe", "my", "channel"),
                4 * SECOND))
        .isEmpty();
    assertThat(ScriptAlignment.align("Pour slowly", List.of(), SECOND)).isEmpty();
  }

  @Property(tries = 300)
  void whateverTheTimesAreTheResultKeepsThePromise(
      @ForAll @Size(min = 1, max = 12) List<@LongRange(min = -500_000, max = 9_000_000) Long> times,
      @ForAll @LongRange(min = 20_000, max = 6_000_000) long audioUs) {
    String text = "one two three four five six seven eight nine ten eleven twelve";
    String[] words = text.split(" ");
    List<HeardWord> heard = new ArrayList<>();
    for (int i = 0; i < times.size(); i++) {
      heard.add(new HeardWord(words[i], times.get(i), times.get(i) + 200_000 - i * 30_000L));
    }

    ScriptAlignment.align(text, heard, audioUs)
        .ifPresent(
            aligned -> {
              assertThat(aligned).hasSize(12);
              long clock = 0;
              for (WordTiming word : aligned) {
                assertThat(word.startUs()).isGreaterThanOrEqualTo(clock);
                assertThat(word.endUs()).isGreaterThan(word.startUs());
                clock = word.endUs();
              }
              assertThat(clock).isLessThanOrEqualTo(audioUs);
            });
  }
}
