package dev.reelbeam.media.caption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reelbeam.model.speech.WordTiming;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CaptionPagerTest {
  private static final double LINE_PX = 20 * 40;

  /** Forty pixels a letter: 20 characters fill a line. */
  private final CaptionPager pager = new CaptionPager(text -> text.length() * 40.0, LINE_PX);

  @Test
  void pagesBreakAtPunctuationFirst() {
    assertThat(texts("Clean the filter, then start the pump again. It runs quietly now."))
        .contains("Clean the filter,")
        .allSatisfy(page -> assertThat(page).doesNotContain(". It"));
  }

  @Test
  void aNumberStaysWithItsUnitAndAnArticleWithItsNoun() {
    for (String page :
        texts("We measured a flow of 3.5 litres per minute at the pump in the garden yesterday")) {
      assertThat(page).doesNotEndWith(" 3.5").doesNotEndWith(" the").doesNotEndWith(" of");
      assertThat(page).doesNotEndWith(" a").doesNotEndWith(" in").doesNotEndWith(" at");
    }
  }

  @Test
  void aPauseIsABetterBreakThanNone() {
    List<CaptionWord> words = new ArrayList<>();
    long[] starts = {0, 300, 600, 1_300, 1_600, 1_900};
    String[] texts = {"engines", "hum", "softly", "gardens", "bloom", "early"};
    for (int i = 0; i < starts.length; i++) {
      words.add(new CaptionWord(texts[i], starts[i] * 1_000, (starts[i] + 290) * 1_000, i == 5));
    }
    List<CaptionPage> pages = pager.paginate(words);
    assertThat(pages).extracting(CaptionPage::text).contains("engines hum softly");
  }

  @Test
  void aPageComesEarlyAndStaysLate() {
    List<CaptionPage> pages =
        pager.paginate(
            List.of(
                new CaptionWord("Hello", 1_000_000, 1_300_000, false),
                new CaptionWord("there.", 1_300_000, 1_700_000, true),
                new CaptionWord("Good", 4_000_000, 4_300_000, false),
                new CaptionWord("bye.", 4_300_000, 4_600_000, true)));
    assertThat(pages).hasSize(2);
    assertThat(pages.get(0).startUs()).isEqualTo(920_000);
    assertThat(pages.get(0).endUs()).isEqualTo(2_100_000);
    assertThat(pages.get(1).startUs()).isEqualTo(3_920_000);
    assertThat(pages.get(1).endUs()).isEqualTo(5_000_000);
  }

  @Test
  void aWordWiderThanALineStandsAlone() {
    List<CaptionPage> pages =
        pager.paginate(words("see Donaudampfschifffahrtsgesellschaftskapitän run fast"));
    assertThat(pages)
        .extracting(CaptionPage::text)
        .contains("Donaudampfschifffahrtsgesellschaftskapitän");
  }

  @Test
  void wordsOfTheEngineKeepTheirTimesBehindAnOffset() {
    CaptionWord word = CaptionWord.of(new WordTiming("done.", 4, 9, 250_000, 600_000), 1_000_000);
    assertThat(word).isEqualTo(new CaptionWord("done.", 1_250_000, 1_600_000, true));
  }

  @Test
  void noWordsGiveNoPages() {
    assertThat(pager.paginate(List.of())).isEmpty();
  }

  @Test
  void wordsOutOfOrderAreRefused() {
    assertThatThrownBy(
            () ->
                pager.paginate(
                    List.of(
                        new CaptionWord("b", 500, 600, false),
                        new CaptionWord("a", 100, 200, false))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property(tries = 300)
  void everyWordStandsOnOnePageInOrder(@ForAll("narrations") List<CaptionWord> words) {
    List<CaptionWord> shown = new ArrayList<>();
    pager.paginate(words).forEach(page -> shown.addAll(page.words()));
    assertThat(shown).isEqualTo(words);
  }

  @Property(tries = 300)
  void pagesHaveAtMostTwoLinesThatFitAndSixWords(@ForAll("narrations") List<CaptionWord> words) {
    for (CaptionPage page : pager.paginate(words)) {
      assertThat(page.lines()).hasSizeBetween(1, 2);
      assertThat(page.words()).hasSizeBetween(1, 6);
      for (CaptionLine line : page.lines()) {
        if (line.words().size() > 1) {
          assertThat(line.text().length() * 40.0).isLessThanOrEqualTo(LINE_PX);
        }
      }
    }
  }

  @Property(tries = 300)
  void pagesNeitherOverlapNorFlickerNorComeLate(@ForAll("narrations") List<CaptionWord> words) {
    List<CaptionPage> pages = pager.paginate(words);
    for (int i = 0; i < pages.size(); i++) {
      CaptionPage page = pages.get(i);
      assertThat(page.endUs()).isGreaterThan(page.startUs());
      long first = page.words().get(0).startUs();
      assertThat(page.startUs()).isBetween(Math.max(0, first - 80_000), first);
      if (i + 1 < pages.size()) {
        long gap = pages.get(i + 1).startUs() - page.endUs();
        assertThat(gap).isGreaterThanOrEqualTo(0);
        assertThat(gap == 0 || gap >= 200_000).isTrue();
      }
    }
  }

  @Provide
  Arbitrary<List<CaptionWord>> narrations() {
    Arbitrary<String> text =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(
                6, Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).ofMaxLength(13)),
            net.jqwik.api.Tuple.of(
                2, Arbitraries.of("the", "of", "3.5", "and", "in", "ends.", "well,", "really?")),
            net.jqwik.api.Tuple.of(1, Arbitraries.just("x".repeat(60))));
    Arbitrary<int[]> timing =
        Combinators.combine(
                Arbitraries.integers().between(30, 900), Arbitraries.integers().between(0, 1_200))
            .as((length, pause) -> new int[] {length, pause < 900 ? 0 : pause});
    return Combinators.combine(text.list().ofMaxSize(40), timing.list().ofSize(40))
        .as(
            (texts, timings) -> {
              List<CaptionWord> words = new ArrayList<>();
              long at = 0;
              for (int i = 0; i < texts.size(); i++) {
                long end = at + timings.get(i)[0] * 1_000L;
                words.add(new CaptionWord(texts.get(i), at, end, texts.get(i).matches(".*[.?]")));
                at = end + timings.get(i)[1] * 1_000L;
              }
              return words;
            });
  }

  private List<String> texts(String narration) {
    return pager.paginate(words(narration)).stream().map(CaptionPage::text).toList();
  }

  static List<CaptionWord> words(String narration) {
    List<CaptionWord> words = new ArrayList<>();
    long at = 200_000;
    for (String text : narration.split(" ")) {
      long end = at + 120_000 + 40_000L * text.length();
      boolean last = text.endsWith(".");
      words.add(new CaptionWord(text, at, end, last));
      at = end + (last ? 350_000 : 0);
    }
    return words;
  }
}
