package dev.reelbeam.clients.speech;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class TextPartsTest {
  @Test
  void sentencesStayTogetherAsLongAsTheyFit() {
    assertThat(parts("One is short. Two is short. Three is a little longer.", 30))
        .containsExactly("One is short. Two is short.", "Three is a little longer.");
  }

  @Test
  void aSentenceThatIsTooLongIsCutBehindACommaElseAtASpace() {
    assertThat(parts("First this and then, after a while, that and more of it.", 40))
        .containsExactly("First this and then, after a while,", "that and more of it.");
    assertThat(parts("one two three four five six", 14))
        .containsExactly("one two three", "four five six");
    assertThat(parts("abcdefghij", 4)).containsExactly("abcd", "efgh", "ij");
  }

  @Property(tries = 300)
  void nothingIsLostAndEveryPartFits(
      @ForAll @StringLength(max = 200) String text, @ForAll @IntRange(min = 2, max = 60) int max) {
    StringBuilder joined = new StringBuilder();
    for (TextParts.Part part : TextParts.of(text, "en", max)) {
      assertThat(part.end() - part.start()).isBetween(1, max);
      joined.append(text, part.start(), part.end());
    }
    assertThat(withoutSpace(joined.toString())).isEqualTo(withoutSpace(text));
  }

  private static String withoutSpace(String text) {
    StringBuilder kept = new StringBuilder();
    text.chars().filter(c -> !Character.isWhitespace(c)).forEach(c -> kept.append((char) c));
    return kept.toString();
  }

  private static List<String> parts(String text, int max) {
    return TextParts.of(text, "en", max).stream()
        .map(part -> text.substring(part.start(), part.end()))
        .toList();
  }
}
