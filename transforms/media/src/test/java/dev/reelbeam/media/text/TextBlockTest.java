package dev.reelbeam.media.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reelbeam.media.text.TextBlock.Limits;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class TextBlockTest {
  private static final TextStyle STYLE = new TextStyle("Open Sans", FontWeight.EXTRABOLD, 10);

  private final FontBook fonts = FontBook.bundled();

  @Test
  void shortTextsGetTheLargestSize() {
    TextBlock block = fit("Hello", 40, 110, 852, 800, 4);
    assertThat(block.style().sizePx()).isEqualTo(110f);
    assertThat(block.shortened()).isFalse();
  }

  @Test
  void longerTextsShrinkUntilTheyFit() {
    TextBlock block =
        fit("Water that is too hot draws bitter oils out of the coffee", 40, 110, 600, 420, 6);
    assertThat(block.style().sizePx()).isBetween(40f, 109f);
    assertThat(block.shortened()).isFalse();
    assertThat(block.width()).isLessThanOrEqualTo(601);
    assertThat(block.height()).isLessThanOrEqualTo(420 + block.style().sizePx() * 0.3);
  }

  @Test
  void whatDoesNotFitAtTheSmallestSizeEndsAtAWordWithAnEllipsis() {
    String text = "one two three four five six seven eight nine ten ".repeat(30);
    TextBlock block = fit(text, 40, 110, 600, 200, 3);
    assertThat(block.shortened()).isTrue();
    assertThat(String.join(" ", block.texts())).matches(".*[a-z]…");
    String lastWord = String.join(" ", block.texts()).replaceAll(".* |…", "");
    assertThat(text.split(" ")).contains(lastWord);
  }

  @Test
  void linesAreBalancedAndDoNotEndInAnArticle() {
    TextBlock block =
        TextBlock.wrap(fonts, "Rinse the filter with the hot water", STYLE.at(80), 700, 1.2);
    assertThat(block.texts()).noneMatch(line -> line.endsWith(" the") || line.equals("the"));
  }

  @Test
  void hyphenatedWordsStayWhole() {
    TextBlock block = TextBlock.wrap(fonts, "Brew better pour-over coffee", STYLE.at(80), 560, 1.2);
    assertThat(String.join("|", block.texts())).contains("pour-over");
  }

  @Test
  void aWordOfTenThousandLettersIsSetWithinItsBox() {
    String word = "x".repeat(10_000);
    TextBlock block =
        Assertions.assertTimeoutPreemptively(
            Duration.ofSeconds(10), () -> fit(word, 40, 110, 852, 800, 8));
    assertThat(block.width()).isLessThanOrEqualTo(853);
    assertThat(block.lines()).hasSizeBetween(1, 8);
    assertThat(block.shortened()).isTrue();
  }

  @Test
  void blankTextsHaveNoLines() {
    assertThat(fit("   ", 40, 110, 852, 800, 8).lines()).isEmpty();
  }

  @Test
  void shorteningKeepsWholeWordsAndCharacters() {
    assertThat(Ellipsis.shorten("The quick brown fox", 12)).isEqualTo("The quick…");
    assertThat(Ellipsis.shorten("😀😀😀😀", 4)).isEqualTo("😀…");
    assertThat(Ellipsis.shorten("short", 10)).isEqualTo("short");
  }

  @Test
  void numbersKeepTheirUnitsAndArticlesTheirNouns() {
    assertThat(WordBinding.binds("3.5", "litres")).isTrue();
    assertThat(WordBinding.binds("the", "pump")).isTrue();
    assertThat(WordBinding.binds("of", "water")).isTrue();
    assertThat(WordBinding.binds("im", "Wald")).isTrue();
    assertThat(WordBinding.binds("pump,", "that")).isFalse();
    assertThat(WordBinding.binds("pump", "works")).isFalse();
    assertThat(List.of("done.", "(really!)", "wait…")).allMatch(WordBinding::endsSentence);
  }

  private TextBlock fit(String text, double min, double max, double w, double h, int lines) {
    return TextBlock.fit(fonts, text, STYLE, new Limits(min, max, w, h, lines));
  }
}
